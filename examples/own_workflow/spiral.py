"""`spiral`: from the middle outwards along a spiral of straight pieces. Sizes and speed are our choice."""

import numpy as np
from rnn_replay.environments.base import Map, Traits, along, setting, spaced
from rnn_replay.environments.track import Track


class Environment(Track):
    """Positions on a spiral; at its outer end the agent rests."""

    traits = Traits("track", rests_at_goals=True)
    turns: float = setting("1", "turns from the middle to the outer end", 1.5, ge=0.5)
    radius: float = setting("m", "distance of the outer end from the middle", 1.0, ge=0.1)

    def route(self):
        """Corners of the spiral, shape (corner, 2)."""
        share = np.linspace(0, 1, round(16 * self.turns) + 1)
        angle = 2 * np.pi * self.turns * share
        return self.radius * np.stack([share * np.cos(angle), share * np.sin(angle)], axis=-1)

    def map(self):
        route = self.route()
        bins = spaced(route, 0.05 * self.radius)
        return Map(
            traits=self.traits,
            segments=np.stack([route[:-1], route[1:]], axis=1),
            bins=bins,
            bins_tracked=bins,
            regions=spaced(route, 0.4 * self.radius),
            goals=route[-1:],
            goal_radius=0.15 * self.radius,
            size=2 * self.radius,
        )

    def paths(self, count, rng):
        return self.jittered(along(self.route(), self.travelled(np.zeros((count, 1)), rng)), rng)
