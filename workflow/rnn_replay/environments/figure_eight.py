"""`figure_eight`: up a stem, then round the left and the right half in turn. Sizes and speed are our choice."""

import numpy as np

from rnn_replay.environments.base import Map, Pool, Traits, setting, spaced
from rnn_replay.environments.track import Track


class Environment(Track):
    """Positions on an eight of two rectangles that share the stem, from a random place of a round of both."""

    # It closes on itself, and going round visits all of it; where it branches, the turns alternate.
    traits = Traits("loop")
    stem: float = setting("m", "length of the stem", 1.0, ge=1e-3)
    width: float = setting("m", "width of each half", 0.6, ge=1e-3)

    def half(self, side: int) -> np.ndarray:
        """Foot and head of the stem, the corners of one half (side −1 left, +1 right), and the foot, shape (5, 2)."""
        x = side * self.width
        return np.array([[0, 0], [0, self.stem], [x, self.stem], [x, 0], [0, 0]], dtype=float)

    def map(self) -> Map:
        """Track of seven pieces; bins of 0.05 and regions of 0.25 stems; the outer corners are goals."""
        left, right = self.half(-1), self.half(1)
        parts = [left[:2]] + [half[i : i + 2] for half in (left, right) for i in (1, 2, 3)]
        bins = np.concatenate([spaced(part, 0.05 * self.stem) for part in parts])
        return Map(
            traits=self.traits,
            segments=np.stack(parts),
            bins=bins,
            bins_tracked=bins,
            regions=np.concatenate([spaced(part, 0.25 * self.stem) for part in parts]),
            goals=np.concatenate([left[2:4], right[2:4]]),
            goal_radius=0.15 * self.stem,
            size=max(self.stem, 2 * self.width),
        )

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Paths at AR(1) speed, round after round."""
        tour = np.concatenate([self.half(-1), self.half(1)[1:]])
        length = np.linalg.norm(np.diff(tour, axis=0), axis=1).sum()
        return self.rounds(tour, length, count, rng)
