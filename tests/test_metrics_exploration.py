"""Exploration of paths whose answers are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rnn_replay.measures import METRICS
from rnn_replay.measures.base import visited_regions
from rnn_replay.measures.exploration import normalised_entropy, occupancy
from synthetic_replays import TIME_STEP, environment, jumper, laps, record

TRIANGLE, TMAZE, RAT = (environment(name).map() for name in ("triangle", "tmaze", "rat"))


def value(name, position, map, **changes):
    return METRICS[name].compute(record(position, map, **changes))


@pytest.mark.parametrize("jitter", [0.0, 0.02])
def test_a_path_that_stays_on_a_border_is_in_one_region(jitter):
    border = (TRIANGLE.regions[0] + TRIANGLE.regions[1]) / 2
    position = border + jitter * np.random.default_rng(1).standard_normal((50, 151, 2))
    np.testing.assert_array_equal(value("regions_visited", position, TRIANGLE), 1)
    np.testing.assert_array_equal(value("transitions", position, TRIANGLE), 0)
    np.testing.assert_array_equal(value("occupancy_entropy", position, TRIANGLE), 0)


def test_laps_visit_all_regions_at_their_rate():
    speed, steps = 0.1, 1560
    position = laps(TRIANGLE, 20, steps + 1, speed, np.random.default_rng(2))
    np.testing.assert_array_equal(value("regions_visited", position, TRIANGLE), 12)
    np.testing.assert_allclose(value("occupancy_entropy", position, TRIANGLE), 1, atol=1e-3)
    perimeter = 3 * np.sqrt(3)
    expected = 12 * speed / perimeter / TIME_STEP
    np.testing.assert_allclose(value("transitions", position, TRIANGLE), expected, rtol=0.01)


def test_a_jumper_changes_region_as_often_as_it_jumps():
    rng = np.random.default_rng(3)
    when = np.cumsum(10 + rng.integers(1, 20, (40, 6)), axis=1)
    position = jumper(TMAZE.regions[:2], when, 151)
    jumps = (when <= 148).sum(1)  # later ones are smoothed away
    np.testing.assert_allclose(value("transitions", position, TMAZE) * TIME_STEP * 146, jumps)
    np.testing.assert_array_equal(value("regions_visited", position, TMAZE), 2)


def test_half_of_the_time_in_each_of_two_regions_is_one_bit():
    position = jumper(RAT.regions[:2], np.array([[75]]), 150)
    expected = np.log(2) / np.log(25)
    np.testing.assert_allclose(value("occupancy_entropy", position, RAT), expected, atol=1e-3)
    assert value("occupancy_entropy_pooled", position, RAT) == pytest.approx(expected, abs=1e-3)


def test_pooled_entropy_tells_replays_that_rest_in_different_regions():
    position = np.repeat(RAT.regions[:, None], 60, axis=1)
    np.testing.assert_array_equal(value("occupancy_entropy", position, RAT), 0)
    assert value("occupancy_entropy_pooled", position, RAT) == pytest.approx(1)


def test_spread_is_the_distance_between_replays_of_one_start():
    places = np.array([[0.2, 0.2], [0.2, 0.5], [0.8, 0.8], [0.8, 0.8], [0.1, 0.1]])
    position = np.repeat(places[:, None], 60, axis=1)
    spread = value("spread", position, RAT, start=np.array([0, 0, 1, 1, 2]))
    np.testing.assert_allclose(spread, [0.3, 0.3, 0, 0, np.nan])


@given(st.integers(2, 30), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_occupancy_sums_to_one_and_entropy_stays_in_its_range(count, seed):
    regions = np.random.default_rng(seed).integers(count, size=(5, 40))
    share = occupancy(regions, count)
    np.testing.assert_allclose(share.sum(-1), 1)
    entropy = normalised_entropy(share)
    assert (entropy >= 0).all() and (entropy <= 1 + 1e-12).all()


def test_a_region_is_kept_until_another_core_is_entered():
    centres = np.array([[0.0, 0], [1, 0], [2, 0]])
    x = np.array([0.45, 0.55, 0.6, 0.7, 0.45, 0.35, 1.5, 2.0])
    regions = visited_regions(np.stack([x, np.zeros_like(x)], axis=-1), centres)
    np.testing.assert_array_equal(regions, [0, 0, 0, 1, 1, 0, 0, 2])
