"""`rat`: place-cell activity of a RatInABox agent that moves in a square box."""

import numpy as np
from pydantic import model_validator

from rnn_replay.environments.base import BaseEnvironment, Map, Pool, Traits, grid, setting


class Environment(BaseEnvironment):
    """Rates of RatInABox's `PlaceCells`, with Gaussian fields on a regular grid, along an `Agent`'s path.

    The agent costs half a millisecond a step, so paths are overlapping windows of a few long runs, each
    turned by one of the eight symmetries of the box at random.
    """

    traits = Traits("box", place_cells=True, reads_position=False)
    box: float = setting("m", "side of the box", 1.0, ge=0.1)
    cells: int = setting("1", "number of place cells, a square number", 64, ge=4)
    field_width: float = setting("m", "standard deviation of a place field", 0.2, ge=1e-3)
    speed: float = setting("m/s", "RatInABox's speed_mean", 0.2, ge=0)
    rotation_sd: float = setting("deg/s", "RatInABox's rotational velocity, standard deviation", 50.0, le=720, ge=0)
    agent_time_step: float = setting(
        "s", "RatInABox's dt; above 0.1 s its agent silently stops turning", 0.05, ge=1e-3, le=0.1
    )
    runs: int = setting("1", "long runs that each pool is cut from", 8, ge=1)
    overlap: int = setting("1", "windows that share a step; a pool of N paths takes N·steps/overlap steps", 8, ge=1)

    @model_validator(mode="after")
    def fits_ratinabox(self):
        ratio = self.time_step / self.agent_time_step
        if round(ratio) < 1 or abs(ratio - round(ratio)) > 1e-9:
            raise ValueError(
                f"time_step is {self.time_step:g}; allowed: a multiple of agent_time_step ({self.agent_time_step:g} s)"
            )
        if round(self.cells**0.5) ** 2 != self.cells:
            raise ValueError(f"cells is {self.cells}; allowed: a square number, such as 64")
        return self

    def world(self):
        """RatInABox's environment, a square box with walls."""
        from ratinabox.Environment import Environment as Box

        return Box(params={"scale": self.box, "boundary_conditions": "solid"})

    def rates(self, position: np.ndarray) -> np.ndarray:
        """Rates of the place cells, shape (..., cell), at positions (..., 2); the peak of a field is 1."""
        from ratinabox.Agent import Agent
        from ratinabox.Neurons import PlaceCells

        fields = {
            "place_cell_centres": grid(self.box, self.box / self.cells**0.5),
            "widths": self.field_width,
            "description": "gaussian",
            "wall_geometry": "euclidean",
        }
        cells = PlaceCells(Agent(self.world()), params=fields)
        flat = cells.get_state(evaluate_at=None, pos=position.reshape(-1, 2))
        return flat.T.reshape(*position.shape[:-1], self.cells)

    def map(self) -> Map:
        """Box with four walls; bins of 1/25 and regions of 1/5 of its side; its corners are goals."""
        side = self.box
        corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], dtype=float)
        bins = grid(side, side / 25)
        return Map(
            traits=self.traits,
            segments=np.stack([corners, np.roll(corners, -1, axis=0)], axis=1),
            bins=bins,
            bins_tracked=self.rates(bins),
            regions=grid(side, side / 5),
            goals=corners,
            goal_radius=0.25 * side,
            size=side,
        )

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Windows of `runs` long runs, under random symmetries of the box."""
        window = self.steps + 1
        length = max(window, round(count * window / self.overlap / self.runs))
        runs = np.stack([self.run(length, rng) for _ in range(self.runs)])
        which = rng.integers(self.runs, size=count)
        first = rng.integers(length - window + 1, size=count)
        position = runs[which[:, None], first[:, None] + np.arange(window)] - self.box / 2
        flips = rng.choice([-1, 1], size=(count, 1, 2))
        swap = rng.random(count) < 0.5
        position[swap] = position[swap][..., ::-1]
        position = position * flips + self.box / 2
        return Pool(position, self.rates(position))

    def run(self, length: int, rng: np.random.Generator) -> np.ndarray:
        """Positions (length, 2) of one agent from a random place, one each `time_step`."""
        from ratinabox.Agent import Agent

        # RatInABox draws from NumPy's global state, which this job has to itself.
        np.random.seed(rng.integers(2**32, dtype=np.uint32))  # noqa: NPY002
        motion = {
            "dt": self.agent_time_step,
            "speed_mean": self.speed,
            "rotational_velocity_std": np.deg2rad(self.rotation_sd),
        }
        agent = Agent(self.world(), params=motion)
        every = round(self.time_step / self.agent_time_step)
        positions = [agent.pos.copy()]
        for _ in range(length - 1):
            for _ in range(every):
                agent.update()
            positions.append(agent.pos.copy())
        return np.array(positions)
