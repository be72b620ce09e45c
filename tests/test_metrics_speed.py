"""Speed, reach and path length of paths whose answers are known."""

import numpy as np
import pytest
from rnn_replay.measures import METRICS
from rnn_replay.measures.base import SMOOTHING, smooth
from rnn_replay.measures.speed import LAG, first_reach, place_on_track, track_distance
from synthetic_replays import (
    TIME_STEP,
    autocovariance,
    autoregressive,
    brownian,
    circle,
    environment,
    laps,
    momentum_coefficients,
    record,
)

TRIANGLE, TMAZE, RAT = (environment(name).map() for name in ("triangle", "tmaze", "rat"))
EDGE = np.sqrt(3)


def value(name, position, map, **changes):
    return METRICS[name].compute(record(position, map, **changes))


def gaussian_speed(covariance):
    """Mean net displacement of a stationary Gaussian path with independent axes, per time."""
    weights = np.zeros(LAG + SMOOTHING)
    weights[LAG:] += 1 / SMOOTHING
    weights[:SMOOTHING] -= 1 / SMOOTHING
    lag = np.abs(np.subtract.outer(np.arange(len(weights)), np.arange(len(weights))))
    return np.sqrt(np.pi / 2 * (weights @ covariance[lag] @ weights)) / (LAG * TIME_STEP)


def test_a_frozen_path_does_not_move():
    position = np.broadcast_to([0.0, 1.0], (3, 60, 2))
    for name in ("speed", "track_speed", "path_length"):
        np.testing.assert_array_equal(value(name, position, TRIANGLE), 0)
    np.testing.assert_array_equal(value("reached", position, TRIANGLE), 0)
    np.testing.assert_allclose(value("reach_time", position, TRIANGLE), 59 * TIME_STEP)


def test_a_straight_run_has_its_speed_and_its_length():
    position = np.array([0.2, 0.3]) + 0.01 * np.arange(60)[:, None] * [0.6, 0.8]
    np.testing.assert_allclose(value("speed", position[None], RAT), 0.01 / TIME_STEP)
    steps = (60 - SMOOTHING) // SMOOTHING * SMOOTHING
    np.testing.assert_allclose(value("path_length", position[None], RAT), 0.01 * steps)


@pytest.mark.parametrize("speed", [0.05, 0.1, 0.2])
def test_laps_have_their_speed_along_the_track_and_their_length(speed):
    position = laps(TRIANGLE, 50, 201, speed, np.random.default_rng(1))
    # Where smoothing cuts a corner, both of its sides lose the same.
    np.testing.assert_allclose(value("track_speed", position, TRIANGLE).mean(), speed / TIME_STEP, rtol=0.01)
    # Smoothing and straight pieces cut corners, the more the faster.
    length = value("path_length", position, TRIANGLE).mean()
    assert (1 - 2 * speed) * 195 * speed < length < 195 * speed


def test_the_crow_flies_less_than_the_track():
    position = laps(TRIANGLE, 50, 201, 0.1, np.random.default_rng(1))
    assert value("speed", position, TRIANGLE).mean() < value("track_speed", position, TRIANGLE).mean()


def test_white_noise_moves_by_what_smoothing_leaves():
    position = 0.03 * np.random.default_rng(2).standard_normal((400, 151, 2))
    expected = gaussian_speed(0.03**2 * (np.arange(20) == 0))
    np.testing.assert_allclose(value("speed", position, RAT).mean(), expected, rtol=0.02)


def test_brownian_motion_moves_by_the_square_root_of_time():
    position = brownian(800, 151, 0.02, np.random.default_rng(3))
    variance = 0.02**2 * (LAG - (SMOOTHING - 1 / SMOOTHING) / 3)
    expected = np.sqrt(np.pi / 2 * variance) / (LAG * TIME_STEP)
    np.testing.assert_allclose(value("speed", position, RAT).mean(), expected, rtol=0.03)


@pytest.mark.parametrize("coefficients", [(0.8,), momentum_coefficients(0.4, 0.1)], ids=["ou", "momentum"])
def test_linear_gaussian_paths_have_the_speed_of_their_autocovariance(coefficients):
    position = 0.02 * autoregressive(coefficients, (800, 151, 2), np.random.default_rng(4))
    expected = gaussian_speed(0.02**2 * autocovariance(coefficients, 20))
    np.testing.assert_allclose(value("speed", position, RAT).mean(), expected, rtol=0.03)


@pytest.mark.parametrize("period", [30, 60])
def test_a_limit_cycle_has_the_chord_of_its_period(period):
    position = circle(20, 151, 0.3, period, np.random.default_rng(5))
    shrunk = np.sin(SMOOTHING * np.pi / period) / (SMOOTHING * np.sin(np.pi / period))
    chord = 2 * 0.3 * shrunk * np.sin(np.pi * LAG / period)
    np.testing.assert_allclose(value("speed", position, RAT), chord / (LAG * TIME_STEP))


def test_compression_is_speed_over_awake_speed():
    rng = np.random.default_rng(6)
    awake, position = (laps(TRIANGLE, 40, 61, speed, rng) for speed in (0.05, 0.1))
    recording = record(position, TRIANGLE, awake)
    np.testing.assert_allclose(METRICS["track_compression"].compute(recording).mean(), 2, rtol=0.02)
    itself = record(awake, TRIANGLE, awake)
    np.testing.assert_allclose(METRICS["compression"].compute(itself).mean(), 1)


def test_resting_at_the_goal_does_not_slow_a_replay():
    steps = np.minimum(0.05 * np.arange(80), 1.0)
    position = np.stack([steps, np.full(80, 0.6)], axis=-1)[None]
    np.testing.assert_allclose(value("speed", position, TMAZE), 0.05 / TIME_STEP)
    np.testing.assert_allclose(value("track_speed", position, TMAZE), 0.05 / TIME_STEP, rtol=0.02)


def test_a_replay_that_starts_at_a_goal_where_behaviour_rests_has_no_speed_and_no_reach():
    position = np.broadcast_to([-0.95, 0.6], (1, 60, 2))
    for name in ("speed", "compression", "reach_time", "reached"):
        assert np.isnan(
            value(name, position, TMAZE, awake=environment("tmaze").paths(10, np.random.default_rng(0)).position)
        )


def test_the_way_along_the_track_goes_round_its_corners():
    def way(a, b, segments):
        return track_distance(place_on_track(a, segments), place_on_track(b, segments), segments)

    foot, left, right = np.array([[0.0, -0.6], [-0.7, 0.6], [0.2, 0.6]])
    np.testing.assert_allclose(way(foot, left, TMAZE.segments), 1.9)
    np.testing.assert_allclose(way(np.stack([foot, left]), np.stack([right, right]), TMAZE.segments), [1.4, 0.9])
    top, left, right = TRIANGLE.goals
    middle = (left + right) / 2
    np.testing.assert_allclose(way(top, middle, TRIANGLE.segments), 1.5 * EDGE)
    np.testing.assert_allclose(way(top + np.array([0, 0.3]), left - np.array([0.2, 0.1]), TRIANGLE.segments), EDGE)


def test_there_is_no_track_speed_in_a_box():
    assert np.isnan(value("track_speed", brownian(3, 60, 0.01, np.random.default_rng(0)), RAT)).all()


@pytest.mark.parametrize("speed", [0.05, 0.1, 0.2, 0.3])
def test_fast_laps_reach_the_next_corner_when_they_pass_it(speed):
    position = laps(TRIANGLE, 300, 101, speed, np.random.default_rng(8))
    at_corner = np.linalg.norm(position[:, :, None] - TRIANGLE.goals, axis=-1)
    clear = np.abs(at_corner[:, 0] - 0.5).min(-1) > 1.1 * speed  # whether a corner is the start is not a close call
    position, at_corner = position[clear], at_corner[clear]
    step, eligible = first_reach(position, TRIANGLE)
    passed = ((at_corner <= 0.25) & (at_corner[:, :1] > 0.5)).any(-1).argmax(1)
    assert eligible.all() and (step > 0).all()
    assert len(step) > 50 and np.abs(step - passed).max() <= 1


def test_jitter_does_not_reach_a_goal():
    rng = np.random.default_rng(9)
    position = np.array([0.0, -0.5]) + 0.1 * rng.standard_normal((200, 151, 2))
    np.testing.assert_array_equal(value("reached", position, TRIANGLE), 0)


def test_smoothing_keeps_a_straight_line_and_refuses_short_paths():
    line = np.arange(20.0)[None, :, None] * [1.0, 2.0]
    np.testing.assert_allclose(smooth(line), line[:, 2:-2])
    with pytest.raises(ValueError, match="4 times; at least 5"):
        smooth(line[:, :4])
