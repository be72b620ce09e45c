"""How much replay resembles awake behaviour, with the null and the floor that a distance is read against."""

import numpy as np

from rnn_replay.environments import Map
from rnn_replay.measures.base import GATED, Recording, metric, norm

POINTS = 400  # points on each side of a Wasserstein distance; the cost grows as their cube (our choice)
WINDOW = 20  # steps of a piece of trajectory (our choice)


@metric(
    "1",
    "mean of the hidden state over units and time, in which twins are matched",
    decoded=False,
    undefined="where there are no hidden states",
)
def mean_activity(recording: Recording) -> np.ndarray:
    return np.full(len(recording.position), np.nan) if recording.activity is None else recording.activity


def pieces(position: np.ndarray, steps: int, rng: np.random.Generator, counted: np.ndarray | None = None) -> np.ndarray:
    """POINTS random pieces of a number of steps of paths (path, time, 2), shape (POINTS, steps, 2).

    They are drawn without replacement where there are enough; where it is told which positions count (path, time),
    among those at least half of whose positions do, so none where there are none.

    Raises:
        ValueError: the paths are shorter than a piece.
    """
    paths, times = position.shape[0], position.shape[1] - steps + 1
    if times < 1:
        raise ValueError(f"paths have {position.shape[1]} times; at least {steps} are needed")
    allowed = np.arange(paths * times)
    if counted is not None:
        share = np.lib.stride_tricks.sliding_window_view(counted, steps, axis=1).mean(-1)
        allowed = np.flatnonzero(share.ravel() >= 0.5)
    drawn = rng.choice(allowed, POINTS, replace=len(allowed) < POINTS) if len(allowed) else allowed
    return position[(drawn // times)[:, None], (drawn % times)[:, None] + np.arange(steps)]


def wasserstein_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Exact 1-Wasserstein distance between two sets of pieces (piece, step, 2), in their unit, by POT.

    Two pieces are as far apart as the root mean square over steps of the distance of their positions.
    """
    import ot

    a, b = (part.reshape(len(part), -1).astype(float) for part in (a, b))
    square = (a**2).sum(-1)[:, None] + (b**2).sum(-1)
    square -= 2 * a @ b.T
    np.maximum(square, 0, out=square)
    square *= 2
    square /= a.shape[1]
    return float(ot.emd2([], [], np.sqrt(square, out=square)))


def distance_to_behaviour(position: np.ndarray, recording: Recording, steps: int) -> float:
    """Wasserstein distance of paths (replay, time, 2) from awake behaviour, in pieces of a number of steps.

    Only times up to the length of an awake path count, so that resting late does not.
    """
    rng, length = recording.stream("wasserstein"), recording.behaviour.shape[1]
    return wasserstein_distance(pieces(position[:, :length], steps, rng), pieces(recording.behaviour, steps, rng))


def frozen(position: np.ndarray) -> np.ndarray:
    """Paths that stay where they start, shape (replay, time, 2)."""
    return np.broadcast_to(position[:, :1], position.shape)


def distance_between_halves(recording: Recording, steps: int) -> float:
    """Wasserstein distance of one half of the awake paths from the other."""
    rng, half = recording.stream("wasserstein"), len(recording.behaviour) // 2
    first, second = recording.behaviour[:half], recording.behaviour[half:]
    return wasserstein_distance(pieces(first, steps, rng), pieces(second, steps, rng))


@metric(
    "m",
    "1-Wasserstein distance between positions in replays and in awake behaviour",
    scope="setting",
    beside={"null": "wasserstein_null", "floor": "wasserstein_floor"},
)
def wasserstein(recording: Recording) -> float:
    return distance_to_behaviour(recording.position, recording, 1)


@metric("m", "the same distance if every replay stayed where it starts", scope="starts")
def wasserstein_null(recording: Recording) -> float:
    return distance_to_behaviour(frozen(recording.position), recording, 1)


@metric("m", "the same distance between two halves of awake behaviour", scope="behaviour")
def wasserstein_floor(recording: Recording) -> float:
    return distance_between_halves(recording, 1)


@metric(
    "m",
    "1-Wasserstein distance between pieces of 20 steps of replays and of awake paths",
    scope="setting",
    beside={kind: f"trajectory_wasserstein_{kind}" for kind in ("null", "floor", "shuffled")},
)
def trajectory_wasserstein(recording: Recording) -> float:
    return distance_to_behaviour(recording.position, recording, WINDOW)


@metric(
    "m",
    "the same distance of pieces, of replay those at least half of whose states resemble awake ones",
    scope="setting",
    beside={"floor": "trajectory_wasserstein_floor"},
    undefined="where there is no such piece",
)
def gated_trajectory_wasserstein(recording: Recording) -> float:
    rng, length = recording.stream("wasserstein"), recording.behaviour.shape[1]
    replay = pieces(recording.position[:, :length], WINDOW, rng, recording.counted[:, :length])
    return wasserstein_distance(replay, pieces(recording.behaviour, WINDOW, rng)) if len(replay) else np.nan


@metric("m", "the same distance of pieces if every replay stayed where it starts", scope="starts")
def trajectory_wasserstein_null(recording: Recording) -> float:
    return distance_to_behaviour(frozen(recording.position), recording, WINDOW)


@metric("m", "the same distance of pieces between two halves of awake behaviour", scope="behaviour")
def trajectory_wasserstein_floor(recording: Recording) -> float:
    return distance_between_halves(recording, WINDOW)


def distance_to_segments(position: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """Distance of positions (..., 2) from the nearest of segments (segment, 2 ends, 2), shape (...)."""
    nearest = np.full(position.shape[:-1], np.inf)
    for start, end in segments:
        edge = end - start
        share = np.clip((position - start) @ edge / (edge @ edge), 0, 1)
        nearest = np.minimum(nearest, norm(position - start - share[..., None] * edge))
    return nearest


def distance_to_map(position: np.ndarray, map: Map) -> np.ndarray:
    """Distance of positions (..., 2) from the track, or by which they are outside the box, shape (...)."""
    if map.is_track:
        return distance_to_segments(position, map.segments)
    low, high = map.segments.min((0, 1)), map.segments.max((0, 1))
    return norm(np.maximum(np.maximum(low - position, position - high), 0))


@metric("m", "mean distance of a replay from the track, or outside the box")
def off_track(recording: Recording) -> np.ndarray:
    return distance_to_map(recording.position, recording.map).mean(-1)


@metric("1", "cosine distance of a replay's states from the nearest awake template, less the awake mean", decoded=False)
def off_manifold(recording: Recording) -> np.ndarray:
    return float(recording.awake.similarity.mean()) - recording.similarity.mean(-1)


@metric(
    "1",
    f"share of time in which a replay's state resembles the nearest awake template less than awake states do "
    f"{1 - GATED:.0%} of the time",
    decoded=False,
)
def gated_time(recording: Recording) -> np.ndarray:
    return 1 - recording.counted.mean(-1)
