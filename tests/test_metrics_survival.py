"""Survival curves against closed forms, and reach time as their restricted mean."""

import numpy as np
import pytest
from rnn_replay.figures.survival import at_risk, survival
from rnn_replay.measures import METRICS
from synthetic_replays import TIME_STEP, environment, jumper, laps, record


def test_geometric_arrival_with_censoring_survives_as_it_should():
    rng = np.random.default_rng(1)
    arrival, censored = rng.geometric(0.05, 20000), rng.integers(1, 120, 20000)
    curve = survival(np.minimum(arrival, censored), arrival <= censored, np.arange(61))
    np.testing.assert_allclose(curve, 0.95 ** np.arange(61), atol=0.012)


def test_a_curve_by_hand():
    # Arrivals at 1 and 3, one censored at 2: 1, 2/3, 2/3, 0.
    curve = survival(np.array([1, 2, 3]), np.array([True, False, True]), np.arange(5))
    np.testing.assert_allclose(curve, [1, 2 / 3, 2 / 3, 0, 0])
    np.testing.assert_array_equal(at_risk(np.array([1, 2, 3]), np.arange(5)), [3, 3, 2, 1, 0])


def test_censored_replays_never_arrive():
    np.testing.assert_array_equal(survival(np.array([5, 7]), np.array([False, False]), np.arange(11)), 1)


def test_reach_time_is_the_restricted_mean_of_its_curve():
    map = environment("triangle").map()
    when = np.random.default_rng(2).geometric(0.01, (300, 1))
    recording = record(jumper(map.goals[:2], when, 151), map)
    time, reached = (METRICS[name].compute(recording) for name in ("reach_time", "reached"))
    # The smoothed path arrives when three steps in a row are there.
    np.testing.assert_allclose(time, np.minimum(when[:, 0] + 1, 150) * TIME_STEP)
    np.testing.assert_array_equal(reached, when[:, 0] <= 148)
    steps = np.rint(time / TIME_STEP)
    assert survival(steps, reached > 0, np.arange(150)).sum() * TIME_STEP == pytest.approx(time.mean())


@pytest.mark.parametrize("speed", [0.05, 0.1])
def test_laps_cross_two_regions_in_their_time_from_any_start(speed):
    map = environment("triangle").map()
    recording = record(laps(map, 400, 151, speed, np.random.default_rng(3)), map)
    time, crossed = (METRICS[name].compute(recording) for name in ("crossing_time", "crossed"))
    np.testing.assert_array_equal(crossed, 1)
    steps = 2 * np.sqrt(3) / 4 / speed  # a region is a quarter of an edge
    assert time.mean() / TIME_STEP == pytest.approx(steps, rel=0.02)
    assert np.abs(time / TIME_STEP - steps).max() < 4  # corners, which smoothing cuts


def test_crossings_that_do_not_begin_or_end():
    map = environment("triangle").map()
    still = np.broadcast_to(map.regions[0], (1, 81, 2))
    half = np.concatenate([still[:, :40], np.broadcast_to(map.regions[1], (1, 41, 2))], axis=1)
    recording = record(np.concatenate([still, half]), map)
    time, crossed = (METRICS[name].compute(recording) for name in ("crossing_time", "crossed"))
    np.testing.assert_array_equal(crossed, [np.nan, 0])
    # It enters the core once most of a window of smoothing is there, and is watched to the end.
    assert np.isnan(time[0]) and time[1] / TIME_STEP == pytest.approx(81 - 5 - 39, abs=1)
