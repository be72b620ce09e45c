"""`wtrack`: three arms on a base; the agent goes from the centre arm to the outer ones in turn, and back.

Task: continuous alternation, as in the laboratories of Frank and of Jadhav; sizes and speed are our choice.
"""

import numpy as np

from rnn_replay.environments.base import Map, Pool, Traits, setting, spaced
from rnn_replay.environments.track import Track


class Environment(Track):
    """Positions on a W: centre, left, centre, right, and again, from a random place of that round."""

    traits = Traits("track")
    arm: float = setting("m", "length of each arm", 0.8, ge=1e-3)
    spacing: float = setting("m", "distance between neighbouring arms", 0.4, ge=1e-3)

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
        return self.rounds(tour, length, count, rng)
