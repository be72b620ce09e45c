"""Provenance: which artifact a file is, from what it was made, and by which settings, code and packages.

It stands in the attributes of a job's first netCDF file, or in a JSON file beside the outputs of a job that writes
none (a figure), and is written last, so that it vouches for the job's other files.
"""

import hashlib
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import netCDF4
from rnn_replay.artifacts.netcdf import DIGEST, PROVENANCE, Corrupt, read, replacing, write

KEYS = ("artifact", "recipe", "inputs", "beside")


def holder(outputs: Sequence[str]) -> Path:
    """The file that holds the provenance of a job with these outputs."""
    for path in outputs:
        if path.endswith(".nc"):
            return Path(path)
    return Path(outputs[0]).with_suffix(".provenance.json")


def made(
    outputs: Sequence[str],
    inputs: Sequence[str],
    recipe: dict[str, Any],
    root: str,
    written: Sequence[str | Path] | None = None,
) -> dict[str, Any]:
    """Provenance of outputs of which all are written but the one that will hold it.

    Args:
        outputs, inputs: paths.
        recipe: what :func:`whole_recipe` returns.
        root: folder of results.
        written: where the outputs lie now, if under other names.

    Returns:
        artifact: the holder's path in the folder of results.
        recipe: settings, code, packages and threads, with whatever else the job was given as parameters.
        inputs: digest of each input, by its path there, in the job's order.
        beside: digest of each other output, by its path there.
        python: version of Python, for information: another one makes nothing stale.
    """
    path = holder(outputs)
    others = [pair for pair in zip(outputs, written or outputs, strict=True) if Path(pair[0]) != path]
    return {
        "artifact": within(root, path),
        "recipe": json.loads(json.dumps(recipe, sort_keys=True)),
        "inputs": {within(root, name): file_digest(name) for name in inputs},
        "beside": {within(root, name): file_digest(place) for name, place in others},
        "python": platform.python_version(),
    }


def whole_recipe(parameters: dict[str, Any]) -> dict[str, Any]:
    """The recipe among a job's parameters, with the others."""
    others = {name: value for name, value in parameters.items() if name != "recipe"}
    return parameters["recipe"] | ({"parameters": others} if others else {})


def record(path: str | Path, found: dict[str, Any]) -> None:
    """Write provenance as a file of its own."""
    Path(path).write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def accept(outputs: Sequence[str], inputs: Sequence[str], recipe: dict[str, Any], root: str) -> None:
    """Take outputs for what a job would make now: their new provenance says that they were accepted."""
    path = holder(outputs)
    found = made(outputs, inputs, recipe, root) | {"accepted": "as it was, by --touch"}
    if path.suffix == ".nc":
        dataset = read(path)
        dataset.attrs = {key: value for key, value in dataset.attrs.items() if key not in PROVENANCE}
        write(dataset, path, found)
    else:
        with replacing(path) as (name,):
            record(name, found)


def provenance(path: str | Path) -> dict[str, Any]:
    """Provenance of an artifact, as :func:`made` describes it, and the digest of a netCDF file's content.

    Args:
        path: a netCDF file, or any file of a figure.

    Raises:
        Corrupt: it cannot be read, or is no provenance.
        FileNotFoundError: there is no such file.
    """
    path = Path(path)
    if path.suffix == ".nc":
        return netcdf_provenance(path)
    beside = path if path.name.endswith(".provenance.json") else path.with_suffix(".provenance.json")
    if not beside.exists() and path.with_suffix(".nc").exists():
        return netcdf_provenance(path.with_suffix(".nc"))
    try:
        return checked(json.loads(beside.read_text("utf-8")))
    except (ValueError, RecursionError) as error:
        raise Corrupt(f"{beside} cannot be read ({error}). Delete it and run again.") from error


def netcdf_provenance(path: Path) -> dict[str, Any]:
    """Provenance in the attributes of a netCDF file."""
    if not path.exists():
        raise FileNotFoundError(path)
    try:
        with netCDF4.Dataset(path) as opened:
            attributes = {key: opened.getncattr(key) for key in opened.ncattrs()}
        found = {key: str(attributes[key]) for key in (*PROVENANCE, DIGEST) if key in attributes}
        return checked({key: json.loads(value) if value.startswith("{") else value for key, value in found.items()})
    except (OSError, RuntimeError, ValueError, AttributeError, RecursionError) as error:
        raise Corrupt(f"{path} cannot be read as netCDF ({error}). Delete it and run again to remake it.") from error


def checked(found: Any) -> dict[str, Any]:
    """Provenance, if it has the shape of one.

    Raises:
        ValueError: it has not.
    """
    shapes = {"artifact": str, "recipe": dict, "inputs": dict, "beside": dict, "python": str, DIGEST: str}
    if not isinstance(found, dict):
        raise ValueError("provenance is no mapping")
    for key, shape in shapes.items():
        parts = found.get(key, shape())
        if not isinstance(parts, shape):
            raise ValueError(f"'{key}' of its provenance is not what it should be")
        if shape is dict and not all(isinstance(part, dict if key == "recipe" else str) for part in parts.values()):
            raise ValueError(f"'{key}' of its provenance holds what it should not")
    return found


def file_digest(path: str | Path) -> str:
    """Digest of a netCDF file's content, as its writer recorded it, or SHA-256 of another file's bytes.

    Raises:
        Corrupt: a netCDF file that cannot be read or has no digest, or what is no file.
    """
    if Path(path).suffix == ".nc":
        try:
            return netcdf_provenance(Path(path))[DIGEST]
        except KeyError:
            raise Corrupt(f"{path} has no digest. Delete it and run again to remake it.") from None
    if Path(path).exists() and not Path(path).is_file():
        raise Corrupt(f"{path} is no file.")
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def within(root: str | Path, path: str | Path) -> str:
    """A path as seen from the folder of results."""
    return os.path.relpath(path, root).replace(os.sep, "/")
