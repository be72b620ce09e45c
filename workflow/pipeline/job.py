"""The job that a script runs for. Scripts import this first, so that whatever fails later stands in the job's log."""

import pdb
import sys

from __main__ import snakemake as job

sys.stdout = sys.stderr = open(job.log[0], "w", buffering=1, encoding="utf-8")
# `breakpoint()` talks to the terminal, not to the log.
sys.breakpointhook = pdb.Pdb(stdin=sys.__stdin__, stdout=sys.__stdout__).set_trace

from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import pandas as pd  # noqa: E402
import xarray as xr  # noqa: E402
from rnn_replay import artifacts  # noqa: E402

from pipeline import provenance  # noqa: E402

settings = job.params.recipe["settings"]
# Outputs are written under these names, and moved into their places together when all are there.
output = {name: artifacts.temporary(Path(path)) for name, path in job.output.items()}


def read(paths: Any, **place: int) -> Any:
    """Content of an input: the dataset of a netCDF file, the table of a CSV file; of several paths, a list.

    Of datasets there may be read what is at one place of a dimension alone, such as `seed=0`.
    """
    if not isinstance(paths, str):
        return [read(path, **place) for path in paths]
    # A unit may be `1`, which is no number here.
    return pd.read_csv(paths, dtype={"unit": str}) if paths.endswith(".csv") else artifacts.read(paths, **place)


def inputs() -> dict[str, Any]:
    """Content of all inputs, by name, None for a name without a file; of `replays`, which are large, the first seed."""
    first = {"replays": {"seed": 0}}
    return {name: read(paths, **first.get(name, {})) if paths else None for name, paths in job.input.items()}


def write(dataset: xr.Dataset | None = None, attributes: dict[str, Any] | None = None, **texts: Any) -> None:
    """Write the job's outputs, and from what they were made, which vouches for all and comes last.

    Args:
        dataset: for the job's netCDF output; None if it has none.
        attributes: of the dataset.
        texts: for the job's other outputs, by name: text, or a table.
    """
    holder = provenance.holder(job.output)
    places = [Path(path) for path in job.output if Path(path) != holder]
    with artifacts.replacing(*places, holder) as names:
        for name, content in texts.items():
            text = content if isinstance(content, str) else content.to_csv(index=False)
            output[name].write_text(text, "utf-8")
        found = made()
        if dataset is None:
            provenance.record(names[-1], found)
        else:
            artifacts.put(dataset, names[-1], {**(attributes or {}), **found})


def made() -> dict[str, Any]:
    """Provenance of the job, whose outputs have their temporary names, if any."""
    recipe = provenance.whole_recipe(dict(job.params.items()))
    written = [artifacts.temporary(Path(path)) for path in job.output]
    return provenance.made(job.output, job.input, recipe, job.config["results"], written)
