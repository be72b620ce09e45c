"""Replays shuffled in time, and resting ones, of paths whose answers are known."""

import numpy as np
import pytest
from rnn_replay.measures import METRICS
from rnn_replay.measures.controls import shuffled
from rnn_replay.measures.fidelity import distance_to_behaviour
from rnn_replay.measures.speed import LAG
from synthetic_replays import environment, laps, record

TRIANGLE, TMAZE, RAT = (environment(name).map() for name in ("triangle", "tmaze", "rat"))


def value(name, recording):
    return METRICS[name].compute(recording)


def test_positions_before_a_step_are_those_of_before_in_another_order():
    position = np.arange(2 * 30 * 2.0).reshape(2, 30, 2)
    mixed = shuffled(position, np.array([30, 10]), np.random.default_rng(1))
    np.testing.assert_array_equal(mixed[1, 10:], position[1, 10:])
    for path, until in ((0, 30), (1, 10)):
        assert (mixed[path, :until] != position[path, :until]).any()
        np.testing.assert_array_equal(np.sort(mixed[path, :, 0]), position[path, :, 0])
    assert (mixed[0, :10] - position[0, 0] != mixed[1, :10] - position[1, 0]).any()


def test_shuffling_leaves_positions_alone_but_not_trajectories():
    awake, replay = (laps(TRIANGLE, 200, 61, 0.1, np.random.default_rng(seed)) for seed in (2, 3))
    recording = record(replay, TRIANGLE, awake)
    floor = value("trajectory_wasserstein_floor", recording)
    assert value("trajectory_wasserstein", recording) < 2 * floor
    assert value("trajectory_wasserstein_shuffled", recording) > 4 * floor
    mixed = shuffled(replay, np.full(200, 61), recording.stream("shuffled"))
    assert distance_to_behaviour(mixed, recording, 1) < 2 * value("wasserstein_floor", recording)


def test_speed_of_shuffled_laps_does_not_depend_on_their_speed():
    rng = np.random.default_rng(4)
    awake = laps(TRIANGLE, 100, 301, 0.05, rng)
    slow, fast = (record(laps(TRIANGLE, 100, 301, speed, rng), TRIANGLE, awake) for speed in (0.05, 0.1))
    for name in ("compression", "track_compression"):
        assert value(name, fast).mean() > 1.5 * value(name, slow).mean()
        assert value(f"{name}_shuffled", fast).mean() == pytest.approx(value(f"{name}_shuffled", slow).mean(), rel=0.05)


def test_shuffled_noise_is_as_fast_as_noise():
    noise = 0.5 + 0.1 * np.random.default_rng(5).standard_normal((400, 151, 2))
    recording = record(noise, RAT)
    assert value("compression_shuffled", recording).mean() == pytest.approx(1, rel=0.02)
    assert np.isnan(value("track_compression_shuffled", recording)).all()


def test_rest_at_the_goal_is_not_shuffled_into_the_run():
    steps = np.minimum(0.05 * np.arange(80), 1.0)
    position = np.stack([steps, np.full(80, 0.6)], axis=-1)[None].repeat(50, axis=0)
    recording = record(position, TMAZE)
    # Positions of the run, 0 to 0.85 m from the junction, in random order: a mean of five is around the middle.
    run = position[0, :18, 0]
    expected = np.sqrt(2 / 5 * run.var() * 2 / np.pi) / (LAG * 0.05)
    assert value("compression_shuffled", recording).mean() == pytest.approx(expected, rel=0.25)


def test_resting_replays_cover_the_regions_of_their_starts():
    position = np.repeat(RAT.regions[[0, 1, 1, 0]][:, None], 40, axis=1)
    position[:, 20:] += 0.3
    entropy = value("occupancy_entropy_pooled_null", record(position, RAT))
    assert entropy == pytest.approx(np.log(2) / np.log(25))
    assert entropy < value("occupancy_entropy_pooled", record(position, RAT))
