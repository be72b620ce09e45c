"""`triangle`: an agent that walks along the edges of an equilateral triangle, always the same way round."""

import numpy as np

from rnn_replay.environments.base import Map, Pool, Traits, setting, spaced
from rnn_replay.environments.track import Track


class Environment(Track):
    """Positions on a triangle of a given circumradius, from a random place on its perimeter, anticlockwise."""

    traits = Traits("loop")
    circumradius: float = setting("m", "distance of a corner from the centre", 1.0, ge=1e-3)
    speed: float = setting("m/s", "mean speed along the track", 1.0, ge=0)

    def corners(self) -> np.ndarray:
        """The three corners, shape (3, 2), anticlockwise from the top."""
        angle = np.pi / 2 + 2 * np.pi / 3 * np.arange(3)
        return self.circumradius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)

    def map(self) -> Map:
        """Track of three edges; bins of 1/60 and regions of 1/12 of the perimeter; the corners are goals."""
        corners = self.corners()
        loop = np.concatenate([corners, corners[:1]])
        perimeter = 3 * np.sqrt(3) * self.circumradius
        bins = spaced(loop, perimeter / 60)
        return Map(
            traits=self.traits,
            segments=np.stack([loop[:-1], loop[1:]], axis=1),
            bins=bins,
            bins_tracked=bins,
            regions=spaced(loop, perimeter / 12),
            goals=corners,
            goal_radius=0.25 * self.circumradius,
            size=np.sqrt(3) * self.circumradius,
        )

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Paths at AR(1) speed from uniform starts, with jitter that is independent in each direction and step."""
        corners = self.corners()
        loop = np.concatenate([corners, corners[:1]])
        perimeter = 3 * np.sqrt(3) * self.circumradius
        return self.rounds(loop, perimeter, count, rng)
