"""`head_direction`: activity of head-direction cells of an animal that turns on the spot.

Source of the task: Krishna et al., github.com/nandahkrishna/RNNReactivation, where turns are independent from step to
step; turns that persist, without which nothing can be predicted while the input is hidden, are our choice.
"""

import numpy as np

from rnn_replay.environments.base import BaseEnvironment, Map, Pool, Traits, setting, spaced

PIECES = 360  # straight pieces that stand for the ring


class Environment(BaseEnvironment):
    """Rates of cells with von Mises tuning; the position of a heading is its point on a ring of radius 1 m."""

    traits = Traits("loop", reads_position=False)
    cells: int = setting("1", "number of head-direction cells, evenly spaced", 32, ge=4)
    tuning_width: float = setting("deg", "angular spread of a cell's tuning, 1/√κ", 30.0, ge=1, le=90)
    turning: float = setting("deg/s", "standard deviation of the angular velocity", 90.0, ge=0)
    turning_correlation: float = setting("1", "AR(1) coefficient of the angular velocity per step", 0.98, le=1, ge=0)

    def rates(self, heading: np.ndarray) -> np.ndarray:
        """Rates of the cells, shape (..., cell), at headings (...) in radians; the peak of a tuning curve is 1."""
        preferred = 2 * np.pi * np.arange(self.cells) / self.cells
        concentration = np.deg2rad(self.tuning_width) ** -2
        return np.exp(concentration * (np.cos(heading[..., None] - preferred) - 1))

    def map(self) -> Map:
        """A ring; bins of 1/60 and regions of 1/12 of it; east, north, west and south are goals."""
        loop = ring(np.linspace(0, 2 * np.pi, PIECES + 1))
        bins = spaced(loop, 2 * np.pi / 60)
        return Map(
            traits=self.traits,
            segments=np.stack([loop[:-1], loop[1:]], axis=1),
            bins=bins,
            bins_tracked=self.rates(np.arctan2(bins[:, 1], bins[:, 0])),
            regions=spaced(loop, 2 * np.pi / 12),
            goals=ring(np.arange(4) * np.pi / 2),
            goal_radius=0.25,
            size=2.0,
        )

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Headings from a uniform start that turn either way at an AR(1) velocity."""
        velocity = np.empty((count, self.steps))
        velocity[:, 0] = rng.standard_normal(count)
        innovation = rng.standard_normal((count, self.steps)) * np.sqrt(1 - self.turning_correlation**2)
        for t in range(1, self.steps):
            velocity[:, t] = self.turning_correlation * velocity[:, t - 1] + innovation[:, t]
        turns = np.deg2rad(self.turning) * self.time_step * velocity
        start = rng.uniform(0, 2 * np.pi, (count, 1))
        heading = np.concatenate([start, start + np.cumsum(turns, axis=1)], axis=1)
        return Pool(ring(heading), self.rates(heading))


def ring(heading: np.ndarray) -> np.ndarray:
    """Points (..., 2) on the ring at headings (...) in radians."""
    return np.stack([np.cos(heading), np.sin(heading)], axis=-1)
