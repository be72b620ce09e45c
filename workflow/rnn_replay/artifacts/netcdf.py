"""netCDF in and out: units, provenance, a digest of the content, and atomic writes."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import xarray as xr

DIGEST = "content_sha256"
PACKAGES = ("numpy", "scipy", "torch", "ratinabox", "POT", "xarray", "netCDF4")


class Corrupt(RuntimeError):
    """An artifact that is not what its writer wrote."""


def variable(dims: str, values, units: str, long_name: str) -> tuple:
    """A variable for an xarray dataset.

    Args:
        dims: names of the dimensions, separated by spaces.
        values: array or nested lists.
        units: `1` where there is none.
        long_name: what it is.
    """
    return dims.split(), values, {"units": units, "long_name": long_name}


def write(dataset: xr.Dataset, path: str | Path, provenance: dict) -> None:
    """Write a dataset with its provenance under its final name in one move.

    Args:
        dataset: every variable must have the attributes `units` and `long_name`.
        path: where to write; folders are made.
        provenance: becomes attributes; values other than strings are written as JSON with sorted keys.

    Raises:
        ValueError: a variable has no `units` or no `long_name`.
    """
    for name, variable in dataset.variables.items():
        missing = [key for key in ("units", "long_name") if key not in variable.attrs]
        if missing:
            raise ValueError(f"variable '{name}' of {path} has no attribute '{missing[0]}'")
    dataset = dataset.assign_attrs(
        {"Conventions": "CF-1.11"}
        | {
            key: value if isinstance(value, str) else json.dumps(value, sort_keys=True)
            for key, value in sorted(provenance.items())
        }
    )
    dataset.attrs[DIGEST] = digest(dataset)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    try:
        encoding = {
            name: {"_FillValue": None} for name, variable in dataset.variables.items() if variable.dtype.kind in "fiub"
        }
        dataset.to_netcdf(temporary, engine="netcdf4", encoding=encoding)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def read(path: str | Path) -> xr.Dataset:
    """Load an artifact into memory and check that its content is what was written.

    Raises:
        Corrupt: the file cannot be opened as netCDF, or its content does not match its digest.
    """
    remedy = f"Delete {path} and run Snakemake again to remake it."
    try:
        with xr.open_dataset(path, engine="netcdf4", decode_times=False) as opened:
            dataset = opened.load()
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        if not Path(path).exists():
            raise
        raise Corrupt(f"{path} cannot be read as netCDF ({error}). {remedy}") from error
    if dataset.attrs.get(DIGEST) != digest(dataset):
        raise Corrupt(f"{path} is not what was written: its content does not match its digest. {remedy}")
    return dataset


def digest(dataset: xr.Dataset) -> str:
    """SHA-256 of all names, dimensions, types, values and attributes but the digest itself."""
    result = hashlib.sha256()
    for name in sorted(map(str, dataset.variables)):
        variable = dataset.variables[name]
        values = variable.values
        if values.dtype.kind in "OUST":
            payload = json.dumps(values.astype(object).tolist()).encode()
            kind = "text"
        else:
            payload, kind = np.ascontiguousarray(values).tobytes(), values.dtype.str
        attributes = {key: str(value) for key, value in sorted(variable.attrs.items())}
        header = json.dumps([name, list(variable.dims), list(variable.shape), kind, attributes])
        result.update(header.encode() + payload)
    attributes = {key: str(value) for key, value in sorted(dataset.attrs.items()) if key != DIGEST}
    result.update(json.dumps(attributes).encode())
    return result.hexdigest()
