"""What every environment has: settings with units, a pool of awake paths, and a map."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from rnn_replay.settings import Settings, setting

__all__ = ["BaseEnvironment", "Map", "Pool", "Traits", "along", "autoregressive_speeds", "grid", "setting", "spaced"]


@dataclass(frozen=True)
class Traits:
    """What an environment is, for whatever has to know it without its paths: metrics, claims, figures.

    Attributes:
        shape: `track`, open or branched; `loop`, a track that closes on itself; or `box`.
        place_cells: whether the tracked variable s is the activity of place cells, or of others tuned to space.
        reads_position: whether s is itself the position; if not, position is decoded from s.
        rests_at_goals: whether awake behaviour ends at a goal, so that speed means something only before it.
    """

    shape: Literal["track", "loop", "box"]
    place_cells: bool = False
    reads_position: bool = True
    rests_at_goals: bool = False


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
        traits: of the environment.
        segments: straight pieces of the track or walls of the box, shape (segment, 2 ends, 2).
        bins: centres of the place bins that decoding uses, shape (bin, 2).
        bins_tracked: s at each bin, shape (bin, feature).
        regions: centres of the regions that exploration counts, shape (region, 2).
        goals: places that a replay can reach, shape (goal, 2).
        goal_radius: distance at which a goal counts as reached.
        size: the environment's extent, to which errors are compared.
    """

    traits: Traits
    segments: np.ndarray
    bins: np.ndarray
    bins_tracked: np.ndarray
    regions: np.ndarray
    goals: np.ndarray
    goal_radius: float
    size: float

    @property
    def is_track(self) -> bool:
        """True if behaviour lies on the segments, False if within the box that they bound."""
        return self.traits.shape != "box"


class BaseEnvironment(Settings):
    """Settings that every environment has, and what it must offer."""

    traits: ClassVar[Traits] = Traits("track")

    steps: int = setting("steps", "length of an awake path", ge=20)
    time_step: float = setting("s", "time between two steps of a path", ge=1e-4)
    training_paths: int = setting("1", "awake paths in the training pool", ge=1)
    test_paths: int = setting("1", "awake paths in the held-out pool", ge=2)

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

    def held_out_paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Paths of the held-out pool: as `paths` gives them, but where time is limited and part of it is held out."""
        return self.paths(count, rng)

    @property
    def files(self) -> list[str]:
        """Files of the user that paths are read from."""
        return []


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


def grid(extent: float | np.ndarray, spacing: float | np.ndarray) -> np.ndarray:
    """Centres of bins of nearly a given spacing in the box from (0, 0) to an extent, shape (bin, 2).

    Extent and spacing are one number for both directions or one for each.
    """
    sides, spacings = np.broadcast_to(extent, 2), np.broadcast_to(spacing, 2)
    counts = [max(1, round(side / step)) for side, step in zip(sides, spacings, strict=True)]
    centres = [(np.arange(n) + 0.5) * side / n for n, side in zip(counts, sides, strict=True)]
    return np.stack(np.meshgrid(*centres, indexing="ij"), axis=-1).reshape(-1, 2)
