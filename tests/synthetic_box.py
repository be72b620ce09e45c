"""An environment like the rat's that needs no RatInABox."""

import numpy as np
import xarray as xr
from rnn_replay.artifacts.environments import to_dataset
from rnn_replay.environments import Map, Pool, Traits


def box() -> xr.Dataset:
    """An environment like the rat's, without RatInABox: a box in which four rates tell the position."""
    rng = np.random.default_rng(0)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
    grid = (np.stack(np.meshgrid(np.arange(10), np.arange(10)), axis=-1).reshape(-1, 2) + 0.5) / 10
    rates = lambda position: np.exp(-np.square(position[..., None, :] - (0.25 + 0.5 * corners)).sum(-1) / 0.1)  # noqa: E731
    map = Map(
        traits=Traits("box", place_cells=True, reads_position=False),
        segments=np.stack([corners, np.roll(corners, -1, axis=0)], axis=1),
        bins=grid,
        bins_tracked=rates(grid),
        regions=grid[::4],
        goals=corners,
        goal_radius=0.25,
        size=1.0,
    )
    steps = rng.normal(0, 0.03, (20, 41, 2))
    position = np.clip(rng.uniform(0.2, 0.8, (20, 1, 2)) + np.cumsum(steps, axis=1), 0, 1)
    pool = Pool(position, rates(position))
    return to_dataset(pool, pool, map, 0.1)
