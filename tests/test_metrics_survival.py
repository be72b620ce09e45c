"""Survival curves against closed forms, and reach time as their restricted mean."""

import numpy as np
import pytest
from rnn_replay.metrics import METRICS
from rnn_replay.metrics.survival import kaplan_meier, restricted_mean
from synthetic_replays import TIME_STEP, environment, jumper, record


def test_geometric_arrival_with_censoring_survives_as_it_should():
    rng = np.random.default_rng(1)
    arrival, censored = rng.geometric(0.05, 20000), rng.integers(1, 120, 20000)
    curve = kaplan_meier(np.minimum(arrival, censored), arrival <= censored, 60)
    expected = 0.95 ** np.arange(61)
    np.testing.assert_allclose(curve, expected, atol=0.012)
    assert restricted_mean(curve) == pytest.approx((1 - 0.95**60) / 0.05, rel=0.02)


def test_a_curve_by_hand():
    # Arrivals at 1 and 3, one censored at 2: 1, 2/3, 2/3, 0.
    curve = kaplan_meier(np.array([1, 2, 3]), np.array([True, False, True]), 4)
    np.testing.assert_allclose(curve, [1, 2 / 3, 2 / 3, 0, 0])


def test_censored_replays_never_arrive():
    np.testing.assert_array_equal(kaplan_meier(np.array([5, 7]), np.array([False, False]), 10), 1)


def test_reach_time_is_the_restricted_mean_of_its_curve():
    map = environment("triangle").map()
    when = np.random.default_rng(2).geometric(0.01, (300, 1))
    recording = record(jumper(map.goals[:2], when, 151), map)
    time, reached = (METRICS[name].compute(recording) for name in ("reach_time", "reached"))
    # The smoothed path arrives when three steps in a row are there.
    np.testing.assert_allclose(time, np.minimum(when[:, 0] + 1, 150) * TIME_STEP)
    np.testing.assert_array_equal(reached, when[:, 0] <= 148)
    steps = np.rint(time / TIME_STEP).astype(int)
    assert restricted_mean(kaplan_meier(steps, reached > 0, 150)) * TIME_STEP == pytest.approx(time.mean())


@pytest.mark.parametrize(
    ("duration", "observed", "message"),
    [([], [], "must be"), ([1, 2], [True], "must be"), ([-1], [True], "negative")],
)
def test_bad_durations_are_refused(duration, observed, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier(np.array(duration, dtype=int), np.array(observed, dtype=bool), 5)
