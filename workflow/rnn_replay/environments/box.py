"""A box with spatially tuned cells of RatInABox: what simulated and recorded rats share."""

from typing import Literal

import numpy as np
from pydantic import model_validator

from rnn_replay.environments.base import BaseEnvironment, Map, Traits, grid, setting

CHUNK = 4000  # positions whose rates are computed at a time: boundary cells look in 180 directions from each
TUNING_SEED = 0  # what RatInABox draws of the tuning of grid and boundary cells is alike in all seeds (our choice)


class Box(BaseEnvironment):
    """Rates of RatInABox's cells in a rectangular box; the first position is (0, 0), x runs along its width."""

    traits = Traits("box", place_cells=True, reads_position=False)
    box: float = setting("m", "height of the box, and of a square its side", 1.0, ge=0.1)
    aspect: float = setting("1", "width of the box over its height", 1.0, ge=0.1, le=10)
    walls: list[list[list[float]]] = setting(
        "m", "walls inside, each by its two ends", [], allowed="list of [[x, y], [x, y]]"
    )
    cell_type: Literal["place", "grid", "boundary"] = setting("", "cells whose rates are tracked", "place")
    cells: int = setting("1", "number of cells; those of place are on a regular grid", 64, ge=4)
    field_width: float = setting("m", "standard deviation of a place field", 0.2, ge=1e-3)
    wall_geometry: Literal["euclidean", "line_of_sight"] = setting(
        "", "whether place fields reach through walls inside: yes, or no", "euclidean"
    )
    grid_scales: list[float] = setting("m", "spacing of the fields of each module of grid cells", [0.3, 0.5, 0.8])
    symmetries: bool = setting(
        "", "whether each path is turned by a symmetry of the box at random: of a square eight, else four", True
    )

    @model_validator(mode="after")
    def fits_the_box(self):
        if self.cell_type == "place" and np.prod(self.fields()) != self.cells:
            width, height = self.fields()
            raise ValueError(
                f"cells is {self.cells}; allowed: a square number, such as 64, or in a box of aspect "
                f"{self.aspect:g} rows times columns, such as {width * height}"
            )
        if any(len(wall) != 2 or any(len(end) != 2 for end in wall) for wall in self.walls):
            raise ValueError(f"walls is {self.walls}; allowed: a list of walls, each [[x, y], [x, y]]")
        if self.walls and self.symmetries:
            raise ValueError("symmetries is true with walls inside; allowed: false, since turned paths cross them")
        return self

    @property
    def extent(self) -> np.ndarray:
        """Width and height, shape (2,), in metres."""
        return np.array([self.aspect * self.box, self.box])

    def fields(self) -> tuple[int, int]:
        """Columns and rows of place fields, as near to a square grid as may be."""
        return max(1, round((self.cells * self.aspect) ** 0.5)), max(1, round((self.cells / self.aspect) ** 0.5))

    def world(self):
        """RatInABox's environment, a box with walls."""
        from ratinabox.Environment import Environment as World

        known = {"scale": self.box, "aspect": self.aspect, "walls": self.walls, "boundary_conditions": "solid"}
        return World(params=known)

    def population(self):
        """RatInABox's cells."""
        from ratinabox.Agent import Agent
        from ratinabox.Neurons import BoundaryVectorCells, GridCells, PlaceCells

        # RatInABox draws from NumPy's global state, which this job has to itself.
        np.random.seed(TUNING_SEED)  # noqa: NPY002
        agent = Agent(self.world())
        if self.cell_type == "grid":
            return GridCells(agent, params={"n": self.cells, "gridscale": tuple(self.grid_scales)})
        if self.cell_type == "boundary":
            return BoundaryVectorCells(agent, params={"n": self.cells})
        fields = {
            "place_cell_centres": grid(self.extent, self.extent / self.fields()),
            "widths": self.field_width,
            "description": "gaussian",
            "wall_geometry": self.wall_geometry,
        }
        return PlaceCells(agent, params=fields)

    def rates(self, position: np.ndarray) -> np.ndarray:
        """Rates of the cells, shape (..., cell), at positions (..., 2); the peak of a field is 1."""
        cells, flat = self.population(), position.reshape(-1, 2)
        parts = [
            cells.get_state(evaluate_at=None, pos=flat[first : first + CHUNK]).T for first in range(0, len(flat), CHUNK)
        ]
        return np.concatenate(parts).reshape(*position.shape[:-1], self.cells)

    def map(self) -> Map:
        """Box with its walls; bins of 1/25 and regions of 1/5 of its height; its corners are goals."""
        corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * self.extent
        outer = np.stack([corners, np.roll(corners, -1, axis=0)], axis=1)
        bins = grid(self.extent, self.box / 25)
        return Map(
            traits=self.traits,
            segments=np.concatenate([outer, np.reshape(self.walls, (-1, 2, 2))]),
            bins=bins,
            bins_tracked=self.rates(bins),
            regions=grid(self.extent, self.box / 5),
            goals=corners,
            goal_radius=0.25 * self.box,
            size=float(self.extent.max()),
        )

    def turned(self, position: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Paths (path, time, 2), each under a random symmetry of the box, or as they are."""
        if not self.symmetries:
            return position
        centred = position - self.extent / 2
        flips = rng.choice([-1, 1], size=(len(position), 1, 2))
        swap = rng.random(len(position)) < 0.5
        if self.aspect == 1:
            centred[swap] = centred[swap][..., ::-1]
        return centred * flips + self.extent / 2
