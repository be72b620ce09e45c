"""netCDF in and out: units, provenance, a digest of the content, and atomic writes."""

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

import numpy as np
import xarray as xr

# Raise it with every change of this module that changes what is written; a test holds the two together.
FORMAT = 2
DIGEST = "content_sha256"  # of what is in a file
SEAL = "attributes_sha256"  # of all that is said about it
# Attributes that say how a file came about. Two files that differ in nothing else have equal content.
PROVENANCE = ("artifact", "recipe", "inputs", "beside", "python", "accepted")


class Corrupt(RuntimeError):
    """An artifact that is not what its writer wrote."""


class NotWritten(RuntimeError):
    """An artifact that could not be written: no room, or no permission."""


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
    """Write a dataset with its provenance under its final name in one move; see :func:`put`.

    Raises:
        NotWritten: the disk is full or cannot be written to.
        ValueError: a variable has no `units` or no `long_name`.
    """
    with replacing(Path(path)) as (name,):
        put(dataset, name, provenance)


def put(dataset: xr.Dataset, path: Path, provenance: dict) -> None:
    """Write a dataset with its provenance.

    Args:
        dataset: every variable must have the attributes `units` and `long_name`.
        path: where to write.
        provenance: becomes attributes; values other than strings are written as JSON.

    Raises:
        ValueError: a variable has no `units` or no `long_name`.
    """
    for name, variable in dataset.variables.items():
        missing = [key for key in ("units", "long_name") if key not in variable.attrs]
        if missing:
            raise ValueError(f"variable '{name}' of {path.name} has no attribute '{missing[0]}'")
    dataset = dataset.assign_attrs(
        {"Conventions": "CF-1.11"}
        | {key: value if isinstance(value, str) else json.dumps(value) for key, value in sorted(provenance.items())}
    )
    dataset.attrs[DIGEST] = digest(dataset)
    dataset.attrs[SEAL] = seal(dataset)
    encoding = {
        name: {"_FillValue": None} for name, variable in dataset.variables.items() if variable.dtype.kind in "fiub"
    }
    dataset.to_netcdf(path, engine="netcdf4", encoding=encoding)


@contextmanager
def replacing(*paths: Path) -> Iterator[list[Path]]:
    """Temporary names beside paths, moved into their places when all is written, the last one last; folders are made.

    Raises:
        NotWritten: the disk is full or cannot be written to.
    """
    written = [temporary(path) for path in paths]
    path = paths[0]
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            clear(path)
        yield written
        for name, path in zip(written, paths, strict=True):
            os.replace(name, path)
    except (OSError, RuntimeError) as error:
        # HDF5 does not say why it could not write.
        folder = next(parent for parent in path.parents if parent.exists())
        full = os.statvfs(folder).f_bavail == 0
        reason = "no space is left on its disk" if full else getattr(error, "strerror", None) or str(error)
        raise NotWritten(
            f"{path} could not be written: {reason}. Earlier artifacts are as they were; put that right and run again."
        ) from error
    finally:
        for name in written:
            if os.path.lexists(name):
                name.unlink()


def temporary(path: Path) -> Path:
    """A name beside a path that no other process writes to."""
    return path.with_name(f".{socket.gethostname()}.{os.getpid()}.{path.name}")


def clear(path: Path) -> None:
    """Delete what processes of this machine that have ended left under temporary names of a path."""
    host = socket.gethostname()
    for left in path.parent.glob(f".{escape(host)}.*.{escape(path.name)}"):
        process = left.name.removeprefix(f".{host}.").removesuffix(f".{path.name}")
        if process.isdigit() and not is_alive(int(process)):
            left.unlink(missing_ok=True)


def is_alive(process: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def write_text(path: str | Path, text: str) -> None:
    """Write text under its final name in one move.

    Raises:
        NotWritten: the disk is full or cannot be written to.
    """
    with replacing(Path(path)) as (name,):
        name.write_text(text, "utf-8")


def read(path: str | Path, **place: int) -> xr.Dataset:
    """Load an artifact into memory and check that its content is what was written.

    Args:
        path: of the artifact.
        place: of a dimension, if only what is there is wanted: all is checked, and never all in memory.

    Raises:
        Corrupt: the file cannot be opened as netCDF, its content does not match its digest, or it is another artifact.
    """
    remedy = f"Delete {path} and run again to remake it."
    try:
        with xr.open_dataset(path, engine="netcdf4", decode_times=False, cache=False) as opened:
            # Nothing is compressed, so that a file which declares more than it holds is damaged.
            # Text counts a byte an entry, whatever its length.
            sizes = [v.size * (v.dtype.itemsize if v.dtype.kind in "fiub" else 1) for v in opened.variables.values()]
            if sum(sizes) > os.path.getsize(path):
                raise ValueError("it declares more than it holds")
            dataset = opened if place else opened.load()
            found = digest(dataset), seal(dataset)
            dataset = opened.isel(place).load()
    except (OSError, RuntimeError, ValueError, KeyError, AttributeError, MemoryError) as error:
        if not Path(path).exists():
            raise
        raise Corrupt(f"{path} cannot be read as netCDF ({error}). {remedy}") from error
    if (dataset.attrs.get(DIGEST), dataset.attrs.get(SEAL)) != found:
        raise Corrupt(f"{path} is not what was written: its content does not match its digest. {remedy}")
    name = dataset.attrs.get("artifact")
    if name and not Path(path).absolute().as_posix().endswith(f"/{name}"):
        raise Corrupt(f"{path} is not what belongs there, but {name}. {remedy}")
    return dataset


def digest(dataset: xr.Dataset) -> str:
    """SHA-256 of all names, dimensions, types, values and attributes but provenance."""
    result = hashlib.sha256()
    for name in sorted(map(str, dataset.variables)):
        variable = dataset.variables[name]
        values = variable.values
        if values.dtype.kind in "OUST":
            payload = json.dumps(values.astype(object).tolist()).encode()
            kind = "text"
        else:
            payload, kind = np.ascontiguousarray(values), values.dtype.str
        header = json.dumps([name, list(variable.dims), list(variable.shape), kind, words(variable.attrs)])
        result.update(header.encode())
        result.update(payload)
    result.update(json.dumps(words(dataset.attrs, *PROVENANCE, DIGEST, SEAL)).encode())
    return result.hexdigest()


def seal(dataset: xr.Dataset) -> str:
    """SHA-256 of a dataset's attributes, provenance and the digest of its content among them."""
    return hashlib.sha256(json.dumps(words(dataset.attrs, SEAL)).encode()).hexdigest()


def words(attributes: dict, *but: str) -> dict[str, str]:
    """Attributes as text in the order of their names, without some."""
    return {key: str(value) for key, value in sorted(attributes.items()) if key not in but}
