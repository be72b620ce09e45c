"""The page: charts, data and the libraries that draw them, packed into one file that needs no network."""

import gzip
import json
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import vl_convert
import xarray as xr

from rnn_replay.explorer import paths, words
from rnn_replay.explorer.charts import charts
from rnn_replay.explorer.grids import Grid, grids_of, over_seeds, rounded
from rnn_replay.figures.maps import round_length
from rnn_replay.figures.style import title

TEMPLATE = Path(__file__).with_name("page.html")  # with the places @DATA@ and @LIBRARY@

NEEDED = ["position", "awake_position", "diverged", "start_path", "start_time"]


def contents(
    environments: dict[str, xr.Dataset],
    replays: Iterable[xr.Dataset],
    metrics: pd.DataFrame,
    networks: pd.DataFrame,
    patterns: list[str],
    exploration: dict[str, str],
    level: float,
) -> dict[str, Any]:
    """All that the page shows, as JSON holds it.

    Args:
        environments: datasets of one seed, by name.
        replays: of the same seed; attributes `environment`, `variant` and `sweep`.
        metrics, networks: the tables, of every seed.
        patterns: of the names of networks that differ in leak and mask.
        exploration: the metric of exploration that leads in each environment.
        level: of the intervals over seeds.
    """
    # Hidden states are left behind: replays of all sweeps at once would need too much memory with them.
    recorded = {tuple(data.attrs[key] for key in ("environment", "variant", "sweep")): data[NEEDED] for data in replays}
    return {
        "environments": {name: ground(name, data, exploration[name]) for name, data in environments.items()},
        "grids": [
            shown(grid, recorded, exploration[grid.environment], level)
            for grid in grids_of(recorded, metrics, networks, patterns)
        ],
        "scale": paths.SCALE,
        "seeds": sorted(int(seed) for seed in metrics["seed"].unique()),
    }


def ground(name: str, environment: xr.Dataset, exploration: str) -> dict[str, Any]:
    """The floor of an environment and what is measured there; lengths in metres, times in seconds."""
    segments = environment["segment"].values
    low, high = segments.min((0, 1)), segments.max((0, 1))
    half = 0.58 * float((high - low).max())
    middle = (low + high) / 2
    return {
        "title": title(name),
        "measures": words.described(exploration),
        "step": float(environment["time_step"]) * paths.EVERY,
        "segments": np.round(segments, 3).tolist(),
        "track": bool(environment["is_track"]),
        "domain": np.round([middle - half, middle + half], 3).T.tolist(),
        "bar": round_length(environment),
    }


def shown(
    grid: Grid, recorded: dict[tuple[str, str, str], xr.Dataset], exploration: str, level: float
) -> dict[str, Any]:
    """A grid with its cells: values over seeds and paths of the first, by decoder."""
    cells, awake = [], {}
    for (variant, sweep, setting), rows in grid.cells().items():
        replays = recorded[grid.environment, variant, sweep]
        numbers = paths.first_of_starts(replays)
        decoders = [str(decoder) for decoder in replays["decoder"].values]
        awake.setdefault(variant, {name: paths.awake(replays, name, numbers) for name in decoders})
        cells.append(
            {
                "column": f"{rows[grid.column].iloc[0]:g}",
                "row": grid.label(rows.iloc[0]),
                "variant": variant,
                "reference": is_reference(rows.iloc[0], grid),
                "diverged": rounded(rows[rows["metric"] == "diverged"]["value"].mean()),
                "values": over_seeds(rows, exploration, level),
                "replays": {name: paths.replayed(replays, name, int(setting), numbers) for name in decoders},
            }
        )
    return {
        "environment": grid.environment,
        "sweep": words.sweep(grid.sweep),
        "network": grid.network,
        "column": words.axis(grid.column),
        "row": grid.row_axis,
        "cells": cells,
        "awake": awake,
    }


def is_reference(row: pd.Series, grid: Grid) -> bool:
    """Whether a setting is what others are held against: no leak, or neither momentum nor grafted adaptation."""
    if grid.column == "leak":
        return bool(row["leak"] == 0)
    return bool(row["friction"] == 1 and row["adaptation_strength"] == 0 and row["noise"] == 1)


def packed(text: str) -> str:
    """Text as base64 of gzip; the same text gives the same bytes."""
    return b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def page(shown: dict[str, Any]) -> str:
    """The page, from what :func:`contents` gives.

    Data and libraries are packed, since browsers show no page of more than 2 MB within another, as the report does.
    """
    template = TEMPLATE.read_text()
    data = json.dumps(shown | {"charts": charts()}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return template.replace("@DATA@", packed(data)).replace("@LIBRARY@", packed(vl_convert.javascript_bundle()))
