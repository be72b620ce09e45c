"""`tmaze`: from the foot of a stem to the junction, then left or right to the end of an arm."""

import numpy as np

from rnn_replay.environments.base import Map, Pool, Traits, along, setting, spaced
from rnn_replay.environments.track import Track


class Environment(Track):
    """Positions in a T; half of the paths turn left. At the end of the arm the agent rests."""

    traits = Traits("track", rests_at_goals=True)
    stem: float = setting("m", "length of the stem", 1.2, ge=1e-3)
    arm: float = setting("m", "length of each arm", 1.0, ge=1e-3)

    def route(self, side: int) -> np.ndarray:
        """Foot, junction and end of the left (side −1) or right (+1) arm, shape (3, 2)."""
        half = self.stem / 2
        return np.array([[0, -half], [0, half], [side * self.arm, half]])

    def map(self) -> Map:
        """Track of stem and arms; bins of 0.05 and regions of about 0.3 times the arm; arm ends are goals."""
        left, right = self.route(-1), self.route(1)
        parts = [left[:2], left[1:], right[1:]]
        bins = np.concatenate([spaced(part, 0.05 * self.arm) for part in parts])
        return Map(
            traits=self.traits,
            segments=np.stack(parts),
            bins=bins,
            bins_tracked=bins,
            regions=np.concatenate([spaced(part, 0.3 * self.arm) for part in parts]),
            goals=np.stack([left[2], right[2]]),
            goal_radius=0.15 * self.arm,
            size=max(self.stem, 2 * self.arm),
        )

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Paths at AR(1) speed from the foot; sides alternate, then are shuffled."""
        side = rng.permutation(np.where(np.arange(count) % 2, 1, -1))
        position = along(self.route(1), self.travelled(np.zeros((count, 1)), rng))
        position[..., 0] *= side[:, None]
        return self.jittered(position, rng)
