"""What every environment has: settings with units, a pool of awake paths, and a map."""

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Literal

import numpy as np


def setting(unit: str, description: str, default: Any = MISSING, low: float = 0.0, high: float = np.inf):
    """A numeric setting of an environment, with unit, meaning and the closed range that is allowed."""
    metadata = {"unit": unit, "description": description, "low": low, "high": high}
    return field(default=default, metadata=metadata, kw_only=True)


@dataclass(frozen=True)
class Traits:
    """What an environment is, for whatever has to know it without its paths: metrics, claims, figures.

    Attributes:
        shape: `track`, open or branched; `loop`, a track that closes on itself; or `box`.
        place_cells: whether the tracked variable is the activity of place cells.
    """

    shape: Literal["track", "loop", "box"]
    place_cells: bool = False


@dataclass
class Pool:
    """Awake paths.

    Attributes:
        position: where the agent is, shape (path, time, 2), in metres.
        tracked: s_t, the variable that a network tracks, shape (path, time, feature).
    """

    position: np.ndarray
    tracked: np.ndarray


@dataclass
class Map:
    """Where awake behaviour happens; all coordinates in metres.

    Attributes:
        segments: straight pieces of the track or walls of the box, shape (segment, 2 ends, 2).
        is_track: True if behaviour lies on the segments, False if within the box that they bound.
        bins: centres of the place bins that decoding uses, shape (bin, 2).
        bins_tracked: s at each bin, shape (bin, feature).
        regions: centres of the regions that exploration counts, shape (region, 2).
        goals: places that a replay can reach, shape (goal, 2).
        goal_radius: distance at which a goal counts as reached.
        size: the environment's extent, to which errors are compared.
        reads_position: True if s is itself the position; False if position must be decoded from s.
        rests_at_goals: True if awake behaviour ends at a goal, so that speed means something only before it.
    """

    segments: np.ndarray
    is_track: bool
    bins: np.ndarray
    bins_tracked: np.ndarray
    regions: np.ndarray
    goals: np.ndarray
    goal_radius: float
    size: float
    reads_position: bool
    rests_at_goals: bool


@dataclass(frozen=True)
class BaseEnvironment:
    """Settings that every environment has, and what it must offer."""

    traits: ClassVar[Traits] = Traits("track")

    steps: int = setting("steps", "length of an awake path", low=10)
    time_step: float = setting("s", "time between two steps of a path", low=1e-4)
    training_paths: int = setting("1", "awake paths in the training pool", low=1)
    test_paths: int = setting("1", "awake paths in the held-out pool", low=2)

    @classmethod
    def from_settings(cls, name: str, settings: dict) -> "BaseEnvironment":
        """An environment from its entry in the configuration.

        Raises:
            ValueError: a setting that is unknown, missing, not a number or out of range.
        """
        known = {f.name: f for f in fields(cls)}
        for key in settings:
            if key not in known:
                raise ValueError(
                    f"environments.{name}.{key} is not a setting of this environment; "
                    f"allowed: {', '.join(sorted(known))}"
                )
        for key, f in known.items():
            where = f"environments.{name}.{key}"
            if key not in settings:
                if f.default is MISSING:
                    raise ValueError(f"{where} is missing ({f.metadata['description']})")
                continue
            value = settings[key]
            kind = int if f.type in (int, "int") else (int, float)
            if isinstance(value, bool) or not isinstance(value, kind):
                raise ValueError(f"{where} is {value!r}; it must be a number")
            low, high = f.metadata["low"], f.metadata["high"]
            if not low <= value <= high:
                bound = f"from {low:g} to {high:g}" if np.isfinite(high) else f"at least {low:g}"
                raise ValueError(f"{where} is {value:g}; allowed: {bound} {f.metadata['unit']}")
        return cls(**settings)

    def map(self) -> Map:
        """The map of the environment."""
        raise NotImplementedError

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """That many awake paths of `steps` displacements, so `steps + 1` times each.

        Args:
            count: number of paths.
            rng: the random stream of this pool; nothing else may be random.
        """
        raise NotImplementedError


def autoregressive_speeds(
    mean: float, relative_sd: float, correlation: float, shape: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """Speeds of shape (path, step) that vary as a stationary AR(1) process and never turn negative.

    Args:
        mean: mean speed, any unit.
        relative_sd: standard deviation over mean.
        correlation: AR(1) coefficient from one step to the next.
        shape: (path, step).
        rng: random stream.
    """
    deviation = np.empty(shape)
    deviation[:, 0] = rng.standard_normal(shape[0])
    innovation = rng.standard_normal(shape) * np.sqrt(1 - correlation**2)
    for t in range(1, shape[1]):
        deviation[:, t] = correlation * deviation[:, t - 1] + innovation[:, t]
    return np.maximum(mean * (1 + relative_sd * deviation), 0)


def along(points: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Positions (..., 2) at arc lengths (...) along the polyline through points (point, 2); ends are held."""
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    arc = np.concatenate([[0], np.cumsum(lengths)])
    return np.stack([np.interp(distance, arc, points[:, axis]) for axis in (0, 1)], axis=-1)


def spaced(points: np.ndarray, spacing: float) -> np.ndarray:
    """Centres of bins of nearly a given spacing along the polyline through points, shape (bin, 2)."""
    length = np.linalg.norm(np.diff(points, axis=0), axis=1).sum()
    count = max(1, round(length / spacing))
    return along(points, (np.arange(count) + 0.5) * length / count)


def grid(extent: float, spacing: float) -> np.ndarray:
    """Centres of square bins of nearly a given spacing in the box [0, extent]², shape (bin, 2)."""
    count = max(1, round(extent / spacing))
    centres = (np.arange(count) + 0.5) * extent / count
    return np.stack(np.meshgrid(centres, centres, indexing="ij"), axis=-1).reshape(-1, 2)
