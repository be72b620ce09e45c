"""`wtrack`: three arms on a base; the agent goes from the centre arm to the outer ones in turn, and back.

Task: continuous alternation, as in the laboratories of Frank and of Jadhav; sizes and speed are our choice.
"""

import numpy as np

from rnn_replay.environments.base import (
    BaseEnvironment,
    Map,
    Pool,
    Traits,
    along,
    autoregressive_speeds,
    setting,
    spaced,
)


class Environment(BaseEnvironment):
    """Positions on a W: centre, left, centre, right, and again, from a random place of that round."""

    traits = Traits("track")
    arm: float = setting("m", "length of each arm", 0.8, ge=1e-3)
    spacing: float = setting("m", "distance between neighbouring arms", 0.4, ge=1e-3)
    speed: float = setting("m/s", "mean speed along the track", 0.6, ge=0)
    speed_sd: float = setting("1", "standard deviation of the speed over its mean", 0.2, ge=0)
    speed_correlation: float = setting("1", "AR(1) coefficient of the speed per step", 0.9, le=1, ge=0)
    jitter: float = setting("m", "standard deviation of the position in each direction, per step", 0.02, ge=0)

    def route(self, side: int) -> np.ndarray:
        """Tip of the centre arm, its foot, foot and tip of the left (side −1) or right (+1) arm, shape (4, 2)."""
        return np.array([[0, self.arm], [0, 0], [side * self.spacing, 0], [side * self.spacing, self.arm]])

    def map(self) -> Map:
        """Track of three arms and two halves of the base; bins of 0.05 and regions of 0.25 arms; tips are goals."""
        left, right = self.route(-1), self.route(1)
        parts = [left[:2], left[1:3], left[2:], right[1:3], right[2:]]
        bins = np.concatenate([spaced(part, 0.05 * self.arm) for part in parts])
        return Map(
            traits=self.traits,
            segments=np.stack(parts),
            bins=bins,
            bins_tracked=bins,
            regions=np.concatenate([spaced(part, 0.25 * self.arm) for part in parts]),
            goals=np.stack([left[0], left[3], right[3]]),
            goal_radius=0.15 * self.arm,
            size=max(self.arm, 2 * self.spacing),
        )

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Paths at AR(1) speed along rounds of the alternation; the agent turns at the tips without rest."""
        left, right = self.route(-1), self.route(1)
        tour = np.concatenate([left, left[-2::-1], right[1:], right[-2::-1]])
        length = np.linalg.norm(np.diff(tour, axis=0), axis=1).sum()
        start = rng.uniform(0, length, (count, 1))
        speeds = autoregressive_speeds(self.speed, self.speed_sd, self.speed_correlation, (count, self.steps), rng)
        travelled = np.concatenate([start, start + np.cumsum(speeds * self.time_step, axis=1)], axis=1)
        position = along(tour, travelled % length)
        position += self.jitter * rng.standard_normal(position.shape)
        return Pool(position, position)
