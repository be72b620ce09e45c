"""Fidelity of paths whose answers are known."""

import numpy as np
import pytest
from rnn_replay.measures import METRICS
from rnn_replay.measures.fidelity import POINTS, distance_to_map, pieces, wasserstein_distance
from synthetic_replays import environment, laps, record

TRIANGLE, TMAZE, RAT = (environment(name).map() for name in ("triangle", "tmaze", "rat"))


def value(name, *arguments, **changes):
    return METRICS[name].compute(record(*arguments, **changes))


def test_a_shifted_cloud_is_as_far_as_its_shift():
    points = np.random.default_rng(1).standard_normal((60, 20, 2))
    assert wasserstein_distance(points, points[::-1]) == pytest.approx(0, abs=1e-7)
    assert wasserstein_distance(points, points + np.array([3.0, 4.0])) == pytest.approx(5)


def test_on_a_line_the_distance_is_that_of_sorted_points():
    a, b = np.random.default_rng(2).standard_normal((2, 50))
    expected = np.abs(np.sort(a) - np.sort(b)).mean()
    clouds = (np.stack([x, np.zeros(50)], axis=-1)[:, None] for x in (a, b))
    assert wasserstein_distance(*clouds) == pytest.approx(expected)


def test_replays_like_behaviour_come_down_to_the_floor():
    rng = np.random.default_rng(3)
    awake, same, backwards = (laps(TRIANGLE, 200, 61, 0.1, rng) for _ in range(3))
    for name in ("wasserstein", "trajectory_wasserstein"):
        floor, null = (value(f"{name}_{kind}", same, TRIANGLE, awake) for kind in ("floor", "null"))
        assert value(name, same, TRIANGLE, awake) < 2 * floor
        if name == "trajectory_wasserstein":
            assert null > 4 * floor
    # Positions alone cannot tell which way round a replay goes, and hardly whether it moves; pieces can.
    backwards = backwards[:, ::-1]
    assert value("wasserstein", backwards, TRIANGLE, awake) < 3 * value("wasserstein_floor", same, TRIANGLE, awake)
    assert value("wasserstein_null", same, TRIANGLE, awake) < 3 * value("wasserstein_floor", same, TRIANGLE, awake)
    floor = value("trajectory_wasserstein_floor", same, TRIANGLE, awake)
    assert value("trajectory_wasserstein", backwards, TRIANGLE, awake) > 4 * floor


def test_only_the_length_of_an_awake_path_counts():
    awake = laps(TRIANGLE, 100, 61, 0.1, np.random.default_rng(4))
    longer = np.concatenate([awake, np.full((100, 60, 2), 9.0)], axis=1)
    for name in ("wasserstein", "trajectory_wasserstein"):
        assert value(name, longer, TRIANGLE, awake) == value(name, awake, TRIANGLE, awake)


def test_pieces_are_consecutive_steps_of_one_path():
    path = np.arange(5)[:, None] * 100.0 + np.arange(30)
    drawn = pieces(np.stack([path, path], axis=-1), 20, np.random.default_rng(5))
    assert drawn.shape == (POINTS, 20, 2)
    np.testing.assert_array_equal(np.diff(drawn, axis=1), 1)
    with pytest.raises(ValueError, match="10 times; at least 20"):
        pieces(np.zeros((5, 10, 2)), 20, np.random.default_rng(5))


def test_distance_to_the_map():
    np.testing.assert_allclose(
        distance_to_map(np.array([[0.0, 0.0], [0.3, 0.6], [0.5, 0.8]]), TMAZE), [0, 0, 0.2], atol=1e-12
    )
    np.testing.assert_allclose(distance_to_map(np.array([0.0, 0.0]), TRIANGLE), 0.5)
    np.testing.assert_allclose(distance_to_map(np.array([[0.5, 0.5], [1.3, 1.4]]), RAT), [0, 0.5])


def test_off_manifold_is_the_loss_of_similarity():
    position = laps(TRIANGLE, 3, 61, 0.1, np.random.default_rng(6))
    off = value("off_manifold", position, TRIANGLE, similarity=np.full((3, 61), 0.7))
    np.testing.assert_allclose(off, 0.3)
