"""How much of the environment replay covers, and how different replays from one start are.

In the triangle a replay that only keeps going round visits every region, so there `spread` tells exploration.
"""

import numpy as np

from rnn_replay.measures.base import Recording, metric, norm


def occupancy(regions: np.ndarray, count: int) -> np.ndarray:
    """Share of time in each region, shape (replay, region), of regions visited (replay, time)."""
    paths, times = regions.shape
    cell = regions + count * np.arange(paths)[:, None]
    return np.bincount(cell.ravel(), minlength=paths * count).reshape(paths, count) / times


def normalised_entropy(share: np.ndarray) -> np.ndarray:
    """Entropy of shares (..., region) over its largest value: 0 for one region, 1 for all alike."""
    information = -share * np.log(np.where(share > 0, share, 1))
    return information.sum(-1) / np.log(share.shape[-1])


@metric("1", "number of regions that a replay visits")
def regions_visited(recording: Recording) -> np.ndarray:
    return (occupancy(recording.regions, len(recording.map.regions)) > 0).sum(-1).astype(float)


@metric("1", "entropy of a replay's time in regions, over that of uniform occupancy")
def occupancy_entropy(recording: Recording) -> np.ndarray:
    return normalised_entropy(occupancy(recording.regions, len(recording.map.regions)))


@metric("1", "entropy of all replays' time in regions, over that of uniform occupancy", scope="setting")
def occupancy_entropy_pooled(recording: Recording) -> float:
    return float(normalised_entropy(occupancy(recording.regions.reshape(1, -1), len(recording.map.regions)))[0])


@metric("1/s", "changes of region of the smoothed path, per time")
def transitions(recording: Recording) -> np.ndarray:
    changes = np.diff(recording.regions, axis=-1) != 0
    return changes.mean(-1) / recording.time_step


@metric(
    "m",
    "distance between replays from the same starting state, at equal times of their second half",
    undefined="with one replay from each start",
)
def spread(recording: Recording) -> np.ndarray:
    late = recording.smoothed[:, recording.smoothed.shape[1] // 2 :]
    spread = np.full(len(late), np.nan)
    for start in np.unique(recording.start):
        (group,) = np.nonzero(recording.start == start)
        if len(group) > 1:
            distance = norm(late[group, None] - late[None, group]).mean(-1)
            spread[group] = distance.sum(-1) / (len(group) - 1)
    return spread
