"""Provenance: which artifact a file is, from what it was made, and by which settings, code and packages.

It stands in the attributes of a job's first netCDF file, or in a JSON file beside the outputs of a job that writes
none (a figure), and is written last, so that it vouches for the job's other files.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import netCDF4
from rnn_replay.artifacts.netcdf import DIGEST, Corrupt, write_text

KEYS = ("artifact", "recipe", "inputs", "beside")


def holder(outputs: Sequence[str]) -> Path:
    """The file that holds the provenance of a job with these outputs."""
    for path in outputs:
        if path.endswith(".nc"):
            return Path(path)
    return Path(outputs[0]).with_suffix(".provenance.json")


def made(job: Any) -> dict[str, Any]:
    """Provenance of a job that has written all its outputs but the one that will hold it.

    Args:
        job: Snakemake's object in a script: `input`, `output`, `params.recipe` and `config["results"]`.

    Returns:
        artifact: the holder's path in the folder of results.
        recipe: settings, code and packages.
        inputs: digest of each input, by its path there.
        beside: digest of each other output, by its path there.
    """
    root = job.config["results"]
    path = holder(job.output)
    return {
        "artifact": within(root, path),
        "recipe": job.params.recipe,
        "inputs": {within(root, name): file_digest(name) for name in job.input},
        "beside": {within(root, name): file_digest(name) for name in job.output if Path(name) != path},
    }


def record(job: Any) -> None:
    """Write the provenance of a job without netCDF output beside its outputs."""
    write_text(holder(job.output), json.dumps(made(job), sort_keys=True, indent=1) + "\n")


def provenance(path: str | Path) -> dict[str, Any]:
    """Provenance of an artifact, as :func:`made` describes it, and the digest of a netCDF file's content.

    Args:
        path: a netCDF file, or any file of a figure.

    Raises:
        Corrupt: it cannot be read.
        FileNotFoundError: there is no such file.
    """
    path = Path(path)
    if path.suffix == ".nc":
        return netcdf_provenance(path)
    beside = path if path.name.endswith(".provenance.json") else path.with_suffix(".provenance.json")
    if not beside.exists() and path.with_suffix(".nc").exists():
        return netcdf_provenance(path.with_suffix(".nc"))
    try:
        return json.loads(beside.read_text())
    except ValueError as error:
        raise Corrupt(f"{beside} cannot be read ({error}). Delete it and run Snakemake again.") from error


def netcdf_provenance(path: Path) -> dict[str, Any]:
    """Provenance in the attributes of a netCDF file."""
    if not path.exists():
        raise FileNotFoundError(path)
    try:
        with netCDF4.Dataset(path) as opened:
            attributes = {key: opened.getncattr(key) for key in opened.ncattrs()}
        found = {key: attributes[key] for key in (*KEYS, DIGEST) if key in attributes}
        return {key: json.loads(value) if value.startswith("{") else value for key, value in found.items()}
    except (OSError, RuntimeError, ValueError, AttributeError) as error:
        raise Corrupt(
            f"{path} cannot be read as netCDF ({error}). Delete it and run Snakemake again to remake it."
        ) from error


def file_digest(path: str | Path) -> str:
    """Digest of a netCDF file's content, as its writer recorded it, or SHA-256 of another file's bytes.

    Raises:
        Corrupt: a netCDF file that cannot be read, or without a digest.
    """
    if Path(path).suffix == ".nc":
        try:
            return netcdf_provenance(Path(path))[DIGEST]
        except KeyError:
            raise Corrupt(f"{path} has no digest. Delete it and run Snakemake again to remake it.") from None
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def within(root: str | Path, path: str | Path) -> str:
    """A path as seen from the folder of results."""
    return os.path.relpath(path, root).replace(os.sep, "/")
