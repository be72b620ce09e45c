"""What environments share in which the agent walks along a polyline: its speed, its jitter, its paths."""

import numpy as np

from rnn_replay.environments.base import BaseEnvironment, Pool, along, autoregressive_speeds, setting


class Track(BaseEnvironment):
    """Walks along a polyline at a speed that varies as an AR(1) process, with jitter."""

    speed: float = setting("m/s", "mean speed along the track", 0.6, ge=0)
    speed_sd: float = setting("1", "standard deviation of the speed over its mean", 0.2, ge=0)
    speed_correlation: float = setting("1", "AR(1) coefficient of the speed per step", 0.9, le=1, ge=0)
    jitter: float = setting("m", "standard deviation of the position in each direction, per step", 0.02, ge=0)

    def travelled(self, start: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Arc lengths (path, time) in metres of walks from arc lengths (path, 1)."""
        shape = (len(start), self.steps)
        speeds = autoregressive_speeds(self.speed, self.speed_sd, self.speed_correlation, shape, rng)
        return np.concatenate([start, start + np.cumsum(speeds * self.time_step, axis=1)], axis=1)

    def jittered(self, position: np.ndarray, rng: np.random.Generator) -> Pool:
        """A pool of positions (path, time, 2) with jitter that is independent in each direction and step."""
        position = position + self.jitter * rng.standard_normal(position.shape)
        return Pool(position, position)

    def rounds(self, tour: np.ndarray, length: float, count: int, rng: np.random.Generator) -> Pool:
        """Paths round after round of a closed polyline (point, 2) of a length, from uniform starts."""
        start = rng.uniform(0, length, (count, 1))
        return self.jittered(along(tour, self.travelled(start, rng) % length), rng)
