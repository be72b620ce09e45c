"""The artifact of an environment: training pool, held-out pool and map."""

import numpy as np
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.environments.base import Map, Pool, Traits


def to_dataset(training: Pool, test: Pool, map: Map, time_step: float) -> xr.Dataset:
    """Dataset of an environment of one seed.

    Args:
        training, test: pools of awake paths.
        map: the environment's map.
        time_step: seconds between steps.
    """
    data = {}
    for name, pool in (("training", training), ("test", test)):
        dims = f"{name}_path time"
        data[f"{name}_position"] = variable(
            f"{dims} space", pool.position.astype(np.float32), "m", f"position along the {name} paths"
        )
        data[f"{name}_tracked"] = variable(
            f"{dims} feature", pool.tracked.astype(np.float32), "1", f"tracked variable s of the {name} paths"
        )
    data |= {
        "segment": variable("segment end space", map.segments, "m", "ends of the track's segments or box's walls"),
        "bin": variable("bin space", map.bins, "m", "centres of the place bins"),
        "bin_tracked": variable("bin feature", map.bins_tracked, "1", "tracked variable s at the place bins"),
        "region": variable("region space", map.regions, "m", "centres of the regions of exploration"),
        "goal": variable("goal space", map.goals, "m", "goals"),
        "goal_radius": variable("", map.goal_radius, "m", "distance at which a goal counts as reached"),
        "size": variable("", map.size, "m", "extent of the environment"),
        "time_step": variable("", time_step, "s", "time between steps"),
        "is_track": variable("", np.int8(map.is_track), "1", "1: behaviour lies on the segments; 0: within"),
        "reads_position": variable("", np.int8(map.traits.reads_position), "1", "1: s is the position itself"),
        "rests_at_goals": variable("", np.int8(map.traits.rests_at_goals), "1", "1: behaviour ends at a goal"),
    }
    traits = {"shape": map.traits.shape, "place_cells": int(map.traits.place_cells)}
    return xr.Dataset(data, attrs=traits)


def to_map(dataset: xr.Dataset) -> Map:
    """The map in an environment's dataset."""
    traits = Traits(
        dataset.attrs["shape"],
        place_cells=bool(dataset.attrs["place_cells"]),
        reads_position=bool(dataset["reads_position"]),
        rests_at_goals=bool(dataset["rests_at_goals"]),
    )
    return Map(
        traits=traits,
        segments=dataset["segment"].values,
        bins=dataset["bin"].values,
        bins_tracked=dataset["bin_tracked"].values,
        regions=dataset["region"].values,
        goals=dataset["goal"].values,
        goal_radius=float(dataset["goal_radius"]),
        size=float(dataset["size"]),
    )


def to_pool(dataset: xr.Dataset, name: str) -> Pool:
    """The pool `training` or `test` in an environment's dataset."""
    return Pool(dataset[f"{name}_position"].values, dataset[f"{name}_tracked"].values)
