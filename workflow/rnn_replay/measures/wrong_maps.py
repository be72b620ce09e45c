"""Whether displacements along a track agree more on its map than they would on one whose places are mixed up.

Replays that do the same again and again make the same leaps each time, on any map, so they agree over replays. Only on
the right map do they agree over places too. This is a permutation test against MAPS maps with permuted bins: one more
such map agrees more than all of them once in MAPS + 1 windows.

Agreement is the mean product of two displacements a → b and c → d, over their mean square. By polarisation,
2 (b − a)·(d − c) = |ad|² + |bc|² − |ac|² − |bd|². So it takes only how often a pair of bins occurs, and a permuted map
costs one look at the distances between bins.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.spatial import KDTree

from rnn_replay.environments import Map
from rnn_replay.measures.speed import place_on_track, track_distance
from rnn_replay.seeds import stream

MAPS = 99  # with permuted bins: of several windows, one lets 0 to 7 % of wrong maps pass (our choice; seeds 101 to 103)


@lru_cache(maxsize=8)
def permuted(bins: int) -> np.ndarray:
    """Indices of bins in their own order, and in MAPS random ones, shape (1 + map, bin)."""
    random = stream(0, "measures", "wrong maps", str(bins))
    return np.stack([np.arange(bins), *(random.permutation(bins) for _ in range(MAPS))])


@lru_cache(maxsize=4)
def squares_on_maps(bins: bytes, segments: bytes) -> np.ndarray:
    """Squared distances between bins along the track, on its map and on wrong ones, shape (1 + map, bin, bin)."""
    places, parts = np.frombuffer(bins).reshape(-1, 2), np.frombuffer(segments).reshape(-1, 2, 2)
    segment, metres = place_on_track(places, parts)
    a, b = np.indices((len(places),) * 2)
    square = track_distance((segment[a], metres[a]), (segment[b], metres[b]), parts) ** 2
    return np.stack([square[np.ix_(order, order)] for order in permuted(len(places))])


@dataclass(frozen=True)
class WrongMaps:
    """Paths on the bins of a map, and the squared distances between those bins on it and on wrong maps.

    Attributes:
        bins: nearest bin of each position, shape (path, time).
        square: shape (1 + map, bin, bin), in square metres; the first is the right map.
    """

    bins: np.ndarray
    square: np.ndarray

    @classmethod
    def of(cls, position: np.ndarray, map: Map) -> "WrongMaps":
        """Positions (path, time, 2) on the bins of a track."""
        known = (np.ascontiguousarray(values, dtype=float).tobytes() for values in (map.bins, map.segments))
        return cls(KDTree(map.bins).query(position)[1], squares_on_maps(*known))

    def agree_less(self, corners: list[slice], valid: np.ndarray) -> bool:
        """Whether displacements agree less on each of the wrong maps than on the right one.

        Args:
            corners: times at which the first displacement starts and ends, and the second.
            valid: which windows count, shape (path, window).
        """
        a, b, c, d = (self.bins[:, corner][valid] for corner in corners)
        product = self.pairs(a, d) + self.pairs(b, c) - self.pairs(a, c) - self.pairs(b, d)
        agreed = self.square.reshape(len(self.square), -1) @ np.stack([product / 2, self.pairs(a, b)], axis=1)
        share = agreed[:, 0] / np.maximum(agreed[:, 1], np.finfo(float).tiny)
        return bool((share[1:] < share[0]).all())

    def pairs(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """How often each pair of bins occurs, shape (bin · bin,), of two bins (window,)."""
        count = self.square.shape[1]
        return np.bincount(one * count + other, minlength=count**2).astype(float)
