"""Datasets of all seeds of a variant as one."""

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.model.settings import SETTING


def stack(datasets: Iterable[xr.Dataset], seeds: Sequence[int]) -> xr.Dataset:
    """Datasets with the new first dimension seed; settings and decoders are the same for all seeds.

    Args:
        datasets: one for each seed, taken one after the other, so that no two need be in memory at once.
        seeds: configured seeds.
    """
    data = {}
    for place, (seed, dataset) in enumerate(zip(seeds, datasets, strict=True)):
        for name, found in dataset.variables.items():
            if name in SETTING or name == "decoder":
                data[name] = found
            else:
                if not place:
                    data[name] = (("seed", *found.dims), np.empty((len(seeds), *found.shape), found.dtype), found.attrs)
                data[name][1][place] = found.values
        print(f"seed {seed}: done ({place + 1} of {len(seeds)})")
    data["seed"] = variable("seed", list(seeds), "1", "configured seed")
    return xr.Dataset(data)
