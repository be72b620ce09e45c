"""Measures of how replay moves from moment to moment, on paths whose answers are known."""

import numpy as np
import pytest
from rnn_replay.measures import METRICS
from rnn_replay.measures.kinematics import HORIZON, LAGS
from synthetic_replays import TIME_STEP, brownian, circle, environment, jumper, record

PERSISTENCE = 0.4  # of velocity, under friction 0.6


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture(scope="module")
def box():
    return environment("rat").map()


def read(name, recording):
    return METRICS[name].compute(recording)


def straight(replays, times, rng):
    """Straight paths at 1 mm per step in directions of their own."""
    angle = 2 * np.pi * rng.random((replays, 1))
    return 0.001 * np.arange(times)[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def lasting(replays, times, rng, persistence=PERSISTENCE):
    """Paths whose velocity is an AR(1) series."""
    velocity = rng.standard_normal((replays, times, 2))
    for t in range(1, times):
        velocity[:, t] = persistence * velocity[:, t - 1] + np.sqrt(1 - persistence**2) * velocity[:, t]
    return np.cumsum(velocity, axis=1)


@pytest.mark.parametrize("lag", LAGS)
def test_velocity_correlation(lag, rng, box):
    name, shape = f"velocity_correlation_{lag}", (400, 151)
    np.testing.assert_allclose(read(name, record(straight(*shape, rng), box)), 1)
    assert read(name, record(brownian(*shape, 1.0, rng), box)).mean() == pytest.approx(0, abs=0.01)
    path = lasting(*shape, rng)
    assert read(name, record(path, box)).mean() == pytest.approx(PERSISTENCE**lag, abs=0.02)
    # Jitter of the variance of a step: increments are (1 + 2) as variable, and −1 of it in common at one step.
    noisy = read(name, record(path + rng.standard_normal(path.shape), box)).mean()
    assert noisy == pytest.approx((PERSISTENCE**lag - (lag == 1)) / 3, abs=0.02)


def test_velocity_of_a_path_that_rests_is_undefined(box):
    still = np.full((2, 61, 2), 0.5)
    assert np.isnan(read("velocity_correlation_2", record(still, box))).all()
    assert np.isnan(read("straightness", record(still, box))).all()


def test_straightness(rng, box):
    period = 50.0
    # Displacements over 5 steps, 6 steps apart, turn by 6 steps of the circle.
    found = read("straightness", record(circle(20, 151, 0.3, period, rng), box))
    np.testing.assert_allclose(found, np.cos(6 * 2 * np.pi / period), atol=1e-6)
    np.testing.assert_allclose(read("straightness", record(straight(20, 151, rng), box)), 1)
    assert read("straightness", record(brownian(400, 151, 1.0, rng), box)).mean() == pytest.approx(0, abs=0.02)
    assert read("straightness", record(lasting(400, 151, rng), box)).mean() > 0.02


def test_what_comes_after_arrival_does_not_count(rng):
    """In the T-maze a path stops at a goal; jitter there is no turn."""
    map = environment("tmaze").map()
    goal = map.goals[0]
    way = goal + np.array([0.0, -1.0]) * (1.0 - np.minimum(np.arange(151) / 50, 1))[:, None] * 0.9
    path = np.tile(way, (8, 1, 1))
    path[:, 60:] += 0.02 * rng.standard_normal(path[:, 60:].shape)
    recording = record(path, map)
    np.testing.assert_allclose(read("straightness", recording), 1)
    np.testing.assert_allclose(read("velocity_correlation_5", recording), 1)


def test_time_to_hover(box):
    times = 151
    awake = 0.004 * np.arange(times)[:, None] * np.ones(2) + np.zeros((3, 1, 1))
    last_window = times - 4 - 10  # of the smoothed path
    always = read("time_to_hover", record(awake * 0.6, box, awake))
    np.testing.assert_allclose(always, last_window * TIME_STEP)
    np.testing.assert_allclose(read("time_to_hover", record(awake * 0.4, box, awake)), 0)
    # It moves for 40 steps, rests for 40 and moves for 70: two stretches, and less of each window at rest counts.
    moved = np.r_[np.ones(40), np.zeros(40), np.ones(70)]
    path = 0.004 * np.cumsum(np.r_[0, moved])[:, None] * np.ones((3, 1, 2))
    centre = np.convolve(np.convolve(moved, np.ones(10)), np.ones(5) / 5, "valid")[9:]  # of a window, in steps
    stretches = (centre[:last_window] > 5).sum() / 2
    found = read("time_to_hover", record(path, box, awake))
    np.testing.assert_allclose(found, stretches * TIME_STEP, atol=2 * TIME_STEP)


def test_start_dependence(rng, box):
    start = np.repeat(np.arange(40), 8)
    course = np.repeat(straight(40, 61, rng), 8, axis=0)
    np.testing.assert_allclose(read("start_dependence", record(course, box, start=start)), 1)
    diffusing = record(brownian(320, 61, 1.0, rng), box, start=start)
    assert read("start_dependence", diffusing).mean() == pytest.approx(0, abs=0.1)
    half = course + 0.001 * HORIZON / 2 * rng.standard_normal(course.shape)
    assert 0.5 < read("start_dependence", record(half, box, start=start)).mean() < 0.95
    assert np.isnan(read("start_dependence", record(course, box))).all()  # a starting state of its own for each


def test_a_jumper_hovers(box):
    path = jumper(np.array([[0.2, 0.2], [0.8, 0.8]]), np.full((4, 1), 70), 151)
    awake = 0.004 * np.arange(151)[:, None] * np.ones((4, 1, 2))
    # A jump is in as many windows as they and the smoothing have steps.
    np.testing.assert_allclose(read("time_to_hover", record(path, box, awake)), (10 + 5 - 1) * TIME_STEP)
