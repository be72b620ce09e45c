"""Checkpoints of training, beside the network that is trained: read where they fit, deleted when it is done."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from rnn_replay.artifacts.netcdf import Corrupt, read, write

from pipeline.provenance import made


def location(network: str | Path) -> Path:
    """Where the checkpoint of a network lies. Snakemake, which deletes what failed jobs wrote, does not know of it."""
    path = Path(network)
    return path.with_name(f".{path.stem}.checkpoint.nc")


def resume(job: Any) -> dict[str, np.ndarray] | None:
    """The checkpoint of a job that was cut off; None where there is none, or one of other settings, code or inputs."""
    path = location(job.output[0])
    if not path.exists():
        return None
    try:
        dataset = read(path)
    except Corrupt as error:
        print(f"{error} Training begins anew.")
        return None
    if dataset.attrs["made"] != provenance_of(job):
        print(f"{path} was made from other settings, code or inputs: training begins anew")
        return None
    return {name.replace("__", "."): variable.values for name, variable in dataset.data_vars.items()}


def keeper(job: Any) -> Callable[[dict[str, np.ndarray]], None]:
    """A function that writes a job's checkpoints, each in place of the one before."""
    provenance = provenance_of(job)

    def keep(arrays: dict[str, np.ndarray]) -> None:
        data = {}
        for name, values in arrays.items():
            key = name.replace(".", "__")
            dims = [f"{key}_{axis}" for axis in range(values.ndim)]
            data[key] = (dims, values, {"units": "1", "long_name": f"{name} in training"})
        write(xr.Dataset(data), location(job.output[0]), {"made": provenance})

    return keep


def provenance_of(job: Any) -> str:
    """What a checkpoint is good for, as text."""
    return json.dumps(made(job), sort_keys=True)


def discard(job: Any) -> None:
    """Delete the checkpoint of a network that is written."""
    location(job.output[0]).unlink(missing_ok=True)
