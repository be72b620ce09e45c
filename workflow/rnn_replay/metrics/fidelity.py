"""How much replay resembles awake behaviour, with the null and the floor that a distance is read against."""

import numpy as np

from rnn_replay.environments import Map
from rnn_replay.metrics.base import Recording, metric

POINTS = 400  # positions on each side of a Wasserstein distance; the cost grows as their cube (our choice)


def subsample(position: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """POINTS of the positions (..., 2), drawn without replacement where there are enough."""
    flat = position.reshape(-1, 2)
    return flat[rng.choice(len(flat), POINTS, replace=len(flat) < POINTS)]


def wasserstein_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Exact 1-Wasserstein distance between two clouds of points (point, 2), in their unit, by POT."""
    import ot

    cost = np.linalg.norm(a[:, None] - b[None], axis=-1)
    return float(ot.emd2([], [], cost))


def within_awake_length(recording: Recording) -> np.ndarray:
    """Positions of the replays up to the length of an awake path, so that resting late is not counted."""
    return recording.position[:, : recording.behaviour.shape[1]]


@metric("m", "1-Wasserstein distance between positions in replays and in awake behaviour", per_replay=False)
def wasserstein(recording: Recording) -> float:
    rng = recording.stream("wasserstein")
    return wasserstein_distance(subsample(within_awake_length(recording), rng), subsample(recording.behaviour, rng))


@metric("m", "the same distance if every replay stayed where it starts", per_replay=False)
def wasserstein_null(recording: Recording) -> float:
    rng = recording.stream("wasserstein")
    frozen = np.broadcast_to(recording.position[:, :1], within_awake_length(recording).shape)
    return wasserstein_distance(subsample(frozen, rng), subsample(recording.behaviour, rng))


@metric("m", "the same distance between two halves of awake behaviour", per_replay=False)
def wasserstein_floor(recording: Recording) -> float:
    rng, half = recording.stream("wasserstein"), len(recording.behaviour) // 2
    return wasserstein_distance(subsample(recording.behaviour[:half], rng), subsample(recording.behaviour[half:], rng))


def distance_to_segments(position: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """Distance of positions (..., 2) from the nearest of segments (segment, 2 ends, 2), shape (...)."""
    nearest = np.full(position.shape[:-1], np.inf)
    for start, end in segments:
        edge = end - start
        share = np.clip((position - start) @ edge / (edge @ edge), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(position - start - share[..., None] * edge, axis=-1))
    return nearest


def distance_to_map(position: np.ndarray, map: Map) -> np.ndarray:
    """Distance of positions (..., 2) from the track, or by which they are outside the box, shape (...)."""
    if map.is_track:
        return distance_to_segments(position, map.segments)
    low, high = map.segments.min((0, 1)), map.segments.max((0, 1))
    return np.linalg.norm(np.maximum(np.maximum(low - position, position - high), 0), axis=-1)


@metric("m", "mean distance of a replay from the track, or outside the box")
def off_track(recording: Recording) -> np.ndarray:
    return distance_to_map(recording.position, recording.map).mean(-1)


@metric("1", "cosine distance of a replay's states from the nearest awake template, less the awake mean")
def off_manifold(recording: Recording) -> np.ndarray:
    return float(recording.awake_similarity.mean()) - recording.similarity.mean(-1)
