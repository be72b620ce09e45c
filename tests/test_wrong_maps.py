"""Progress on maps whose places are mixed up: the same leaps again and again are no progress."""

import numpy as np
import pytest
from rnn_replay.environments.base import along
from rnn_replay.measures import METRICS
from rnn_replay.measures.progress import progress
from rnn_replay.measures.wrong_maps import WrongMaps
from scipy.spatial import KDTree
from synthetic_replays import environment, laps, record

TRIANGLE, TMAZE = (environment(name).map() for name in ("triangle", "tmaze"))
SPEED = 0.08  # m per step


def to_the_arms(replays: int, times: int, rng: np.random.Generator) -> np.ndarray:
    """Runs up the stem and into either arm of the T-maze, which differ by decoding noise alone."""
    start, middle, ends = TMAZE.segments[0, 0], TMAZE.segments[0, 1], TMAZE.segments[1:, 1]
    ways = [along(np.stack([start, middle, end]), SPEED * np.arange(times).clip(max=28)) for end in ends]
    runs = np.stack(ways)[rng.integers(len(ends), size=replays)]
    return runs + 0.02 * rng.standard_normal(runs.shape)


CASES = {
    "loop": (TRIANGLE, lambda rng: laps(TRIANGLE, 64, 121, SPEED, rng)),
    "branches": (TMAZE, lambda rng: to_the_arms(64, 61, rng)),
}


@pytest.mark.parametrize("name", CASES)
def test_replay_progresses_on_its_own_map_and_on_few_wrong_ones(name):
    map, paths = CASES[name]
    rng = np.random.default_rng(1)
    position = paths(rng)
    assert progress(position, map, 3 * SPEED) == pytest.approx(SPEED, rel=0.05)
    bins = KDTree(map.bins).query(position)[1]
    wrong = [progress(map.bins[rng.permutation(len(map.bins))][bins], map, 3 * SPEED) for _ in range(60)]
    # One window lets 1 wrong map in 100 pass. Some look at eleven, which are not independent.
    assert np.mean(np.array(wrong) > 0) < 0.12


def test_agreement_is_the_mean_product_of_displacements_over_their_mean_square():
    stem = TMAZE.bins[np.abs(TMAZE.bins[:, 0]) < 1e-9]
    line = stem[np.argsort(stem[:, 1])]
    steps = np.random.default_rng(2).integers(0, len(line), (20, 40))
    position, y = line[steps], line[steps][..., 1]
    corners, valid = [slice(i, 40 - 3 + i) for i in range(4)], np.ones((20, 37), bool)
    a, b, c, d = (y[:, corner] for corner in corners)
    wrong = WrongMaps.of(position, TMAZE)
    i, j, k, m = (wrong.bins[:, corner][valid] for corner in corners)
    product = wrong.pairs(i, m) + wrong.pairs(j, k) - wrong.pairs(i, k) - wrong.pairs(j, m)
    np.testing.assert_allclose(wrong.square[0].ravel() @ product / 2, ((b - a) * (d - c)).sum(), rtol=1e-9)
    np.testing.assert_allclose(wrong.square[0].ravel() @ wrong.pairs(i, j), ((b - a) ** 2).sum(), rtol=1e-9)


def test_displacements_in_random_order_agree_on_the_right_map_no_more_than_on_wrong_ones():
    rng = np.random.default_rng(3)
    position = TRIANGLE.bins[rng.integers(len(TRIANGLE.bins), size=(30, 61))]
    corners, valid = [slice(i, 61 - 3 + i) for i in range(4)], np.ones((30, 58), bool)
    assert not WrongMaps.of(position, TRIANGLE).agree_less(corners, valid)


@pytest.mark.parametrize(("resembling", "reads"), [(0.5, True), (0.2, False)])
def test_what_resembles_awake_states_too_rarely_is_no_replay(resembling, reads):
    position = laps(TRIANGLE, 64, 121, SPEED, np.random.default_rng(4))
    similarity = np.zeros(position.shape[:2])
    similarity[: int(resembling * 64)] = 1
    recording = record(position, TRIANGLE, similarity=similarity)
    for name in ("progress_speed", "progress_compression", "entropy_per_distance"):
        assert np.isfinite(METRICS[name].compute(recording)) == reads
