"""How replay moves from moment to moment: what may tell a mechanism from a change of step or noise.

Momentum makes velocity last, so that displacements agree a few steps later and turns are shallow; a larger step does
not. No two displacements that are compared share a position, but at a lag of one step: decoding noise, independent
from step to step, then lowers what they agree on and never makes it.
"""

from functools import lru_cache

import numpy as np

from rnn_replay.measures.base import SMOOTHING, Recording, dot, metric, norm
from rnn_replay.measures.speed import LAG, NO_WINDOW, awake_displacement, first_arrival

LAGS = (1, 2, 5)  # steps between displacements over one step (our choice)
TURN = 5  # steps of a displacement between turns (our choice)
HOVER = 0.5  # of awake displacement: what gets less far hovers (our choice)
HORIZON = 30  # steps after which replays from one starting state are compared (our choice)


@lru_cache(maxsize=1)
def until(recording: Recording) -> np.ndarray:
    """Positions of each replay that count, shape (replay,): up to arrival where awake behaviour rests at goals."""
    times = recording.position.shape[1]
    if not recording.map.traits.rests_at_goals:
        return np.full(len(recording.position), times)
    return np.minimum(first_arrival(recording.smoothed, recording.map) + SMOOTHING - 1, times)


def cosine(product: np.ndarray, square_a: np.ndarray, square_b: np.ndarray) -> np.ndarray:
    """Cosine of vectors, from their product and their squared lengths; NaN where one has no length."""
    length = np.sqrt(square_a * square_b)
    return np.divide(product, length, out=np.full(length.shape, np.nan), where=length > 0)


def velocity_correlation(recording: Recording, lag: int) -> np.ndarray:
    """Correlation of displacements over one step that are `lag` steps apart, not centred, shape (replay,)."""
    moved = np.diff(recording.position.astype(float), axis=1)
    valid = np.arange(1, moved.shape[1] - lag + 1) + lag < until(recording)[:, None]
    earlier, later = moved[:, :-lag] * valid[..., None], moved[:, lag:] * valid[..., None]
    return cosine((earlier * later).sum((1, 2)), (earlier**2).sum((1, 2)), (later**2).sum((1, 2)))


def register_correlation(lag: int) -> None:
    """Register the correlation of velocity at one lag as a metric."""

    @metric(
        "1",
        f"correlation of displacements over one step, {lag} steps apart; Brownian 0",
        name=f"velocity_correlation_{lag}",
        undefined="where replays do not move",
    )
    def of_lag(recording: Recording) -> np.ndarray:
        return velocity_correlation(recording, lag)


for _lag in LAGS:
    register_correlation(_lag)


@metric(
    "1",
    f"mean cosine between displacements over {TURN} steps that follow each other; straight 1, Brownian 0",
    undefined="where replays do not move or arrive at once",
)
def straightness(recording: Recording) -> np.ndarray:
    position = recording.position.astype(float)
    moved = position[:, TURN:] - position[:, :-TURN]
    first, second = moved[:, : -TURN - 1], moved[:, TURN + 1 :]
    turns = cosine(dot(first, second), dot(first, first), dot(second, second))
    valid = np.isfinite(turns) & (np.arange(turns.shape[1]) + 2 * TURN + 1 < until(recording)[:, None])
    return cosine(np.where(valid, turns, 0).sum(-1), valid.sum(-1), valid.sum(-1))


@metric(
    "s",
    f"mean time for which displacement over {LAG} steps of the smoothed path stays above half of awake's",
    undefined=NO_WINDOW,
)
def time_to_hover(recording: Recording) -> np.ndarray:
    path = recording.smoothed
    moved = norm(path[:, LAG:] - path[:, :-LAG])
    valid = np.arange(moved.shape[1]) + LAG + SMOOTHING - 1 < until(recording)[:, None]
    moving = valid & (moved > HOVER * awake_displacement(recording.awake)[0])
    begun = moving[:, 0] + (moving[:, 1:] & ~moving[:, :-1]).sum(-1)
    return np.where(valid.any(-1), moving.sum(-1) / np.maximum(begun, 1) * recording.time_step, np.nan)


@metric(
    "1",
    f"cosine between where a replay is after {HORIZON} steps, from its start, and the mean of the others from it",
    undefined="where replays have starting states of their own",
)
def start_dependence(recording: Recording) -> np.ndarray:
    position = recording.position.astype(float)
    moved = position[:, min(HORIZON, position.shape[1] - 1)] - position[:, 0]
    group = np.unique(recording.start, return_inverse=True)[1]
    total = np.stack([np.bincount(group, part) for part in moved.T], axis=-1)
    others = total[group] - moved
    found = cosine(dot(moved, others), dot(moved, moved), dot(others, others))
    return np.where(np.bincount(group)[group] > 1, found, np.nan)
