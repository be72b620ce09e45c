"""Velocity of progress, hazard of reaching, exploration by distance and gating, of paths whose answers are known."""

import numpy as np
import pytest
from rnn_replay.measures import METRICS
from rnn_replay.measures.controls import shuffled
from rnn_replay.measures.progress import last_steps, phase
from scipy.spatial import KDTree
from synthetic_replays import autoregressive, brownian, environment, jumper, laps, record

NAMES = ("triangle", "tmaze", "rat", "figure_eight", "wtrack")
SPEEDS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
NEW = ("progress_speed", "progress_compression", "reach_hazard", "entropy_per_distance")


def value(name, recording):
    return METRICS[name].compute(recording)


@pytest.fixture(scope="module", params=NAMES)
def behaviour(request):
    """An environment's map and awake paths."""
    setting = environment(request.param)
    return setting.map(), setting.paths(200, np.random.default_rng(1)).position


def resampled(position, speed):
    """Paths (path, time, 2) at a multiple of their speed."""
    times = np.arange(0, position.shape[1] - 1, speed)
    low, share = times.astype(int), (times % 1)[:, None]
    return position[:, low] * (1 - share) + position[:, low + 1] * share


def binned(position, map):
    """Positions at centres of bins, as decoders give them."""
    return map.bins[KDTree(map.bins).query(position)[1]]


@pytest.mark.parametrize("speed", SPEEDS)
def test_progress_is_true_from_a_quarter_to_five_times_awake_speed(behaviour, speed):
    map, awake = behaviour
    found = value("progress_compression", record(binned(resampled(awake, speed), map), map, awake))
    # In a box and on a track with dead ends paths turn round. A step is then more of the way than three are awake.
    turns = map.traits.shape != "loop" and not map.traits.rests_at_goals
    bound = {4.0: 0.15, 5.0: 0.25}.get(speed, 0.1) if turns else 0.05
    assert found == pytest.approx(speed, rel=bound)


@pytest.mark.parametrize("sd", [0.02, 0.1, 0.2])
def test_jitter_about_a_point_is_no_progress(behaviour, sd):
    map, awake = behaviour
    rng = np.random.default_rng(2)
    jitter = rng.choice(map.bins, 128)[:, None] + sd * rng.standard_normal((128, 151, 2))
    for position in (jitter, binned(jitter, map)):
        assert value("progress_compression", record(position, map, awake)) == 0


def test_nothing_that_only_wanders_progresses(behaviour):
    map, awake = behaviour
    rng = np.random.default_rng(3)
    place = rng.choice(map.bins, 128)[:, None]
    step = np.linalg.norm(np.diff(awake, axis=1), axis=-1).mean()
    wandering = {
        "frozen": np.repeat(place, 151, axis=1),
        "shuffled": shuffled(awake, last_steps(awake, map) + 1, rng),
        "OU": place + 0.1 * np.sqrt(1 - 0.9**2) * autoregressive((0.9,), (128, 151, 2), rng),
        "brownian": place + brownian(128, 151, step, rng),
        "jumper": jumper(map.bins[[0, -1]], rng.integers(151, size=(128, 20)), 151),
    }
    for name, position in wandering.items():
        # Of a rare false agreement, a fifth of awake speed at most.
        assert value("progress_compression", record(position, map, awake)) <= 0.2, name


def test_persistent_velocity_progresses_by_its_autocorrelation():
    """AR(2): velocity is AR(1), of correlation 0.97; products of windows of w steps, w apart, have a closed form."""
    rng, size, correlation = np.random.default_rng(4), 0.02, 0.97
    velocity = size * np.sqrt((1 - correlation**2) / 2) * autoregressive((correlation,), (400, 151, 2), rng)
    map = environment("rat").map()
    awake = np.array([0.1, 0.1]) + size * np.arange(40)[:, None] * np.array([0.6, 0.8])
    found = value("progress_compression", record(np.cumsum(velocity, axis=1), map, np.repeat(awake[None], 50, 0)))
    lags = 2 * 3 + np.subtract.outer(np.arange(3), np.arange(3))
    assert found == pytest.approx(np.sqrt((correlation**lags).mean()), rel=0.05)


def test_phase_goes_round_with_the_path_whatever_its_amplitude():
    map = environment("triangle").map()
    position = laps(map, 5, 60, 0.1, np.random.default_rng(5))
    way, length = phase(position, map)
    step = (np.diff(way) + length / 2) % length - length / 2
    np.testing.assert_allclose(step, 0.1, atol=0.005)
    np.testing.assert_allclose(phase(position / 2, map)[0], way)


def test_progress_goes_on_from_one_arm_into_the_other():
    map = environment("tmaze").map()
    x = np.linspace(-0.8, 0.8, 41)
    position = np.stack([x, np.full(41, 0.6)], axis=-1)[None]
    found = value("progress_speed", record(np.repeat(position, 10, axis=0), map))
    assert found == pytest.approx(0.04 / 0.1, rel=0.02)


@pytest.mark.parametrize("per_step", [0.002, 0.01, 0.05])
def test_the_hazard_of_reaching_is_the_rate_of_arrival(per_step):
    map = environment("triangle").map()
    rng = np.random.default_rng(6)
    when = 2 + rng.geometric(per_step, size=(2000, 1))  # at a start that smoothing does not blend with the goal
    position = jumper(np.stack([map.goals[:2].mean(0), map.goals[0]]), when, 151)
    arrived = (when <= 149).sum()
    # A smoothed path arrives one step late.
    truth = 1 / (1 / per_step + 3) / 0.1
    assert value("reach_hazard", record(position, map)) == pytest.approx(truth, rel=3 / np.sqrt(arrived))


def test_exploration_by_distance_is_no_function_of_speed(behaviour):
    map, awake = behaviour
    entropy = [
        value("entropy_per_distance", record(resampled(awake, speed), map, awake)) for speed in (0.25, 0.5, 1.0, 2.0)
    ]
    np.testing.assert_allclose(entropy, entropy[2], rtol=0.1)
    assert np.isnan(value("entropy_per_distance", record(np.repeat(awake[:, :1], 151, axis=1), map, awake)))


def test_positions_unlike_awake_ones_do_not_count(behaviour):
    map, awake = behaviour
    rng = np.random.default_rng(7)
    similarity = rng.uniform(0.8, 1, awake.shape[:2])
    known = record(awake, map, awake, similarity=similarity, awake_similarity=similarity)
    assert value("gated_time", known).mean() == pytest.approx(0.05, abs=0.005)
    assert value("gated_trajectory_wasserstein", known) == value("trajectory_wasserstein", known)
    unlike = record(awake, map, awake, similarity=similarity - 0.5, awake_similarity=similarity)
    assert (value("gated_time", unlike) == 1).all()
    assert value("reach_hazard", unlike) == 0
    for name in ("progress_speed", "progress_compression", "entropy_per_distance", "gated_trajectory_wasserstein"):
        assert np.isnan(value(name, unlike)), name


def test_short_replays_are_measured(behaviour):
    map, awake = behaviour
    recording = record(awake[:, :6], map, awake)
    assert all(np.isscalar(METRICS[name].measure(recording)) for name in NEW)
