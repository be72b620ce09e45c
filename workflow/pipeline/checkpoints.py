"""Checkpoints of training, beside the network that is trained: read where they fit, deleted when it is done."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from rnn_replay.artifacts.netcdf import Corrupt, clear, read, write


def location(network: str | Path) -> Path:
    """Where the checkpoint of a network lies. Snakemake, which deletes what failed jobs wrote, does not know of it."""
    path = Path(network)
    return path.with_name(f".{path.stem}.checkpoint.nc")


def resume(network: str | Path, made: dict[str, Any]) -> dict[str, np.ndarray] | None:
    """The checkpoint of a job that was cut off.

    Args:
        network: path of what is trained.
        made: its provenance.

    Returns:
        None where there is no checkpoint, or one of other settings, code or inputs.
    """
    path = location(network)
    if not path.exists():
        return None
    try:
        dataset = read(path)
    except Corrupt as error:
        print(f"{error} Training begins anew.")
        return None
    if dataset.attrs["made"] != json.dumps(made, sort_keys=True):
        print(f"{path} was made from other settings, code or inputs: training begins anew")
        return None
    return {name.replace("__", "."): variable.values for name, variable in dataset.data_vars.items()}


def keeper(network: str | Path, made: dict[str, Any]) -> Callable[[dict[str, np.ndarray]], None]:
    """A function that writes checkpoints, each in place of the one before; arguments as of :func:`resume`."""
    text = json.dumps(made, sort_keys=True)

    def keep(arrays: dict[str, np.ndarray]) -> None:
        data = {}
        for name, values in arrays.items():
            key = name.replace(".", "__")
            dims = [f"{key}_{axis}" for axis in range(values.ndim)]
            data[key] = (dims, values, {"units": "1", "long_name": f"{name} in training"})
        write(xr.Dataset(data), location(network), {"made": text})

    return keep


def discard(network: str | Path) -> None:
    """Delete the checkpoint of a network that is written."""
    clear(location(network))
    location(network).unlink(missing_ok=True)
