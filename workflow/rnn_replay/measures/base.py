"""What a metric is given, and the register of metrics."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.spatial import KDTree

from rnn_replay.environments import Map
from rnn_replay.measures.prediction import States
from rnn_replay.seeds import stream

SMOOTHING = 5  # steps of the moving average that takes decoding jitter out (our choice)
GATED = 0.05  # share of awake positions whose similarity is so low that a position does not count (our choice)
CORE = 0.6  # a region is entered where its centre is this much nearer than the next one (our choice)


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Products of vectors (..., 2), shape (...). NumPy's sums over so short an axis take ten times longer."""
    return a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1]


def norm(vectors: np.ndarray) -> np.ndarray:
    """Euclidean norm of vectors (..., 2), shape (...)."""
    return np.sqrt(dot(vectors, vectors))


def distances(position: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Distance of positions (..., 2) from each of some points (point, 2), shape (point, ...)."""
    return norm(position - np.expand_dims(points, tuple(range(1, position.ndim))))


def smooth(position: np.ndarray, steps: int = SMOOTHING) -> np.ndarray:
    """Moving average over a number of steps of positions (..., time, 2); the result is steps − 1 shorter.

    Raises:
        ValueError: the paths are shorter than that.
    """
    if position.shape[-2] < steps:
        raise ValueError(f"paths have {position.shape[-2]} times; at least {steps} are needed to smooth them")
    total = np.cumsum(position, axis=-2, dtype=float)
    total = np.concatenate([np.zeros_like(total[..., :1, :]), total], axis=-2)
    return (total[..., steps:, :] - total[..., :-steps, :]) / steps


def visited_regions(position: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Region that a path is in, shape (..., time), for positions (..., time, 2) and centres (region, 2).

    A path enters a region in its core, where the centre is nearer than CORE times the distance to the next
    one, and stays in it until it enters another. So jitter on a border is no change of region.
    """
    distance, index = KDTree(centres).query(position, k=2)
    entered = distance[..., 0] <= CORE * distance[..., 1]
    entered[..., 0] = True
    last = np.maximum.accumulate(np.where(entered, np.arange(position.shape[-2]), 0), axis=-1)
    return np.take_along_axis(index[..., 0], last, axis=-1)


@dataclass(eq=False)  # so that what is found of it can be cached, for all settings that are compared to it
class AwakePaths:
    """Paths of one network's awake run under one decoder, which its replays are compared to.

    Attributes:
        position: decoded, shape (path, time, 2), in metres.
        behaviour: true positions, shape (path, time, 2), in metres.
        similarity: cosine of each state with the nearest awake template, shape (path, time).
        map: the environment's map.
        time_step: seconds between steps.
    """

    position: np.ndarray
    behaviour: np.ndarray
    similarity: np.ndarray
    map: Map
    time_step: float

    @cached_property
    def smoothed(self) -> np.ndarray:
        """Smoothed decoded positions, shape (path, time − SMOOTHING + 1, 2)."""
        return smooth(self.position)

    @cached_property
    def threshold(self) -> float:
        """Similarity below which a position does not count."""
        return float(np.quantile(self.similarity, GATED))

    @property
    def counted(self) -> np.ndarray:
        """Whether each position counts, shape (path, time)."""
        return self.similarity >= self.threshold


@dataclass(eq=False)  # so that what several metrics share can be cached by recording
class Recording:
    """Decoded positions of many paths under one decoder and one setting, with what they are compared to.

    Attributes:
        position: shape (replay, time, 2), in metres, free of NaN.
        awake: paths of the same network awake, decoded alike; `behaviour`, `map` and `time_step` are theirs.
        similarity: cosine of each state with the nearest awake template, shape (replay, time).
        start: a number that replays from the same starting state share, shape (replay,).
        seed: keys the random streams of subsampling, alike for all settings.
        activity: mean of each replay's state over units and time, shape (replay,), or None where it is not known.
        states: hidden states of the replays, or None where they were not recorded.
    """

    position: np.ndarray
    awake: AwakePaths
    similarity: np.ndarray
    start: np.ndarray
    seed: int
    activity: np.ndarray | None = None
    states: States | None = None

    @property
    def behaviour(self) -> np.ndarray:
        """True awake positions, shape (path, time, 2), in metres."""
        return self.awake.behaviour

    @property
    def map(self) -> Map:
        """The environment's map."""
        return self.awake.map

    @property
    def time_step(self) -> float:
        """Seconds between steps."""
        return self.awake.time_step

    def stream(self, name: str) -> np.random.Generator:
        """The random stream of a metric."""
        return stream(self.seed, "metrics", name)

    @cached_property
    def smoothed(self) -> np.ndarray:
        """Smoothed positions, shape (replay, time − SMOOTHING + 1, 2)."""
        return smooth(self.position)

    @property
    def counted(self) -> np.ndarray:
        """Whether each position counts, shape (replay, time)."""
        return self.similarity >= self.awake.threshold

    @cached_property
    def regions(self) -> np.ndarray:
        """Region that each smoothed position is in, shape (replay, time − SMOOTHING + 1)."""
        return visited_regions(self.smoothed, self.map.regions)


Scope = Literal["replay", "setting", "starts", "behaviour"]


@dataclass(frozen=True)
class Metric:
    """A measure, and what those who compare its values need to know of it.

    Attributes:
        name: in tables.
        unit: of its values.
        meaning: one line.
        scope: what has one value each: a `replay`, a `setting`, the `starts` that settings share, or only the awake
            `behaviour` of a seed.
        compute: the measure itself; returns shape (replay,) or a number.
        decoded: whether it depends on how positions are decoded.
        beside: names of the metrics that it is read against: its `null` (resting replays), its `floor` (two halves of
            awake behaviour), the same `awake`, and `shuffled` (positions in random order) where it depends on their
            order in time.
        undefined: where it may be NaN for all replays; empty if nowhere.
    """

    name: str
    unit: str
    meaning: str
    scope: Scope
    compute: Callable[[Recording], np.ndarray | float]
    decoded: bool = True
    beside: Mapping[str, str] = field(default_factory=dict)
    undefined: str = ""

    @property
    def function(self) -> str:
        """The function's name and file, for messages."""
        return f"'{self.compute.__name__}' in {self.compute.__code__.co_filename}"

    def measure(self, recording: Recording) -> np.ndarray | float:
        """Values for each replay, shape (replay,), or one number.

        Raises:
            ValueError: the function returned something else.
        """
        values = self.compute(recording)
        shape = (len(recording.position),) if self.scope == "replay" else ()
        wanted = f"one number for each of {shape[0]} replays" if shape else "one number"
        if values is None or np.shape(values) != shape or np.asarray(values).dtype.kind not in "fiub":
            found = "None" if values is None else f"{type(values).__name__} of shape {np.shape(values)}"
            raise ValueError(f"metric {self.function} returned {found}; allowed: {wanted}")
        if not self.undefined and np.isnan(values).all():
            raise ValueError(
                f"metric {self.function} returned NaN only; allowed: {wanted}, or `undefined` in @metric saying where"
            )
        return values


METRICS: dict[str, Metric] = {}


def metric(unit: str, meaning: str, scope: Scope = "replay", name: str = "", **known):
    """Register a function of a Recording as a metric.

    Args:
        unit: of its values.
        meaning: one line for the tables.
        scope: what has one value each; see Metric.
        name: in tables; the function's own if left out.
        known: `decoded`, `beside` and `undefined`; see Metric.

    Raises:
        ValueError: there is a metric of that name.
    """

    def register(compute: Callable[[Recording], np.ndarray | float]):
        added = Metric(name or compute.__name__, unit, meaning, scope, compute, **known)
        if added.name in METRICS:
            earlier = METRICS[added.name].function
            raise ValueError(f"metric {added.function} has the name of {earlier}; allowed: another")
        METRICS[added.name] = added
        return compute

    return register
