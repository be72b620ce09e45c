"""What a metric is given, and the register of metrics."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import KDTree

from rnn_replay.environments import Map
from rnn_replay.seeds import stream

SMOOTHING = 5  # steps of the moving average that takes decoding jitter out (our choice)


def smooth(position: np.ndarray) -> np.ndarray:
    """Moving average over SMOOTHING steps of positions (..., time, 2); the result is SMOOTHING − 1 shorter."""
    total = np.cumsum(position, axis=-2, dtype=float)
    total = np.concatenate([np.zeros_like(total[..., :1, :]), total], axis=-2)
    return (total[..., SMOOTHING:, :] - total[..., :-SMOOTHING, :]) / SMOOTHING


@dataclass
class Recording:
    """Decoded positions of many paths under one decoder and one setting, with what they are compared to.

    Attributes:
        position: shape (replay, time, 2), in metres, free of NaN.
        awake: decoded positions of the same network's awake run, shape (path, time, 2), in metres.
        behaviour: true awake positions, shape (path, time, 2), in metres.
        map: the environment's map.
        time_step: seconds between steps.
        similarity: cosine of each state with the nearest awake template, shape (replay, time).
        awake_similarity: the same awake, shape (path, time).
        start: a number that replays from the same starting state share, shape (replay,).
        seed: keys the random streams of subsampling, alike for all settings.
    """

    position: np.ndarray
    awake: np.ndarray
    behaviour: np.ndarray
    map: Map
    time_step: float
    similarity: np.ndarray
    awake_similarity: np.ndarray
    start: np.ndarray
    seed: int

    def stream(self, name: str) -> np.random.Generator:
        """The random stream of a metric."""
        return stream(self.seed, "metrics", name)

    @cached_property
    def smoothed(self) -> np.ndarray:
        """Smoothed positions, shape (replay, time − SMOOTHING + 1, 2)."""
        return smooth(self.position)

    @cached_property
    def smoothed_awake(self) -> np.ndarray:
        """Smoothed decoded awake positions, shape (path, time − SMOOTHING + 1, 2)."""
        return smooth(self.awake)

    @cached_property
    def regions(self) -> np.ndarray:
        """Region that each smoothed position is in, shape (replay, time − SMOOTHING + 1)."""
        return KDTree(self.map.regions).query(self.smoothed)[1]


@dataclass(frozen=True)
class Metric:
    """A measure: its name, unit, meaning, and whether it has one value per replay or one per setting."""

    name: str
    unit: str
    meaning: str
    per_replay: bool
    compute: Callable[[Recording], np.ndarray | float]


METRICS: dict[str, Metric] = {}


def metric(unit: str, meaning: str, per_replay: bool = True):
    """Register a function of a Recording as a metric.

    Args:
        unit: of its values.
        meaning: one line for the tables.
        per_replay: whether it returns one value per replay, shape (replay,), or one for them all.
    """

    def register(compute: Callable[[Recording], np.ndarray | float]):
        METRICS[compute.__name__] = Metric(compute.__name__, unit, meaning, per_replay, compute)
        return compute

    return register
