"""`rat`: activity of place cells, or of other cells, of a RatInABox agent that moves in a box."""

import numpy as np
from pydantic import model_validator

from rnn_replay.environments.base import Pool, setting
from rnn_replay.environments.box import Box


class Environment(Box):
    """Rates of cells along an `Agent`'s path.

    The agent costs half a millisecond a step, so paths are overlapping windows of a few long runs, each
    turned by one of the symmetries of the box at random.
    """

    speed: float = setting("m/s", "RatInABox's speed_mean", 0.2, ge=0)
    rotation_sd: float = setting("deg/s", "RatInABox's rotational velocity, standard deviation", 50.0, le=720, ge=0)
    thigmotaxis: float = setting("1", "RatInABox's tendency to keep to the walls", 0.5, ge=0, le=1)
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
        return self

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Windows of `runs` long runs, under random symmetries of the box."""
        window = self.steps + 1
        length = max(window, round(count * window / self.overlap / self.runs))
        runs = np.stack([self.run(length, rng) for _ in range(self.runs)])
        which = rng.integers(self.runs, size=count)
        first = rng.integers(length - window + 1, size=count)
        position = self.turned(runs[which[:, None], first[:, None] + np.arange(window)], rng)
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
            "thigmotaxis": self.thigmotaxis,
        }
        agent = Agent(self.world(), params=motion)
        every = round(self.time_step / self.agent_time_step)
        positions = [agent.pos.copy()]
        for _ in range(length - 1):
            for _ in range(every):
                agent.update()
            positions.append(agent.pos.copy())
        return np.array(positions)
