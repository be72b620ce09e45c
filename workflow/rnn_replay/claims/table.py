"""The claims table: its columns, its correction for many rows, and the table as a dataset."""

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.claims.statistics import DECIDED, holm, width_by_seeds

TEXT, NUMBER, COUNT, FLAG = "", np.nan, 0, False


class Columns(dict):
    """Columns of a table, by name: the empty value, which has the column's type, and the meaning."""

    @property
    def empty(self) -> dict[str, Any]:
        """A row in which nothing is known."""
        return {name: value for name, (value, _) in self.items()}

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame with these columns alone, in this order and of their types.

        Raises:
            ValueError: a column is missing.
        """
        missing = [name for name in self if name not in frame]
        if missing:
            raise ValueError(f"a table has no column {', '.join(missing)}; allowed: {', '.join(self)}")
        typed = {}
        for name, value in self.empty.items():
            column = filled(frame[name]) if isinstance(value, str) else frame[name]
            typed[name] = column.astype({str: object, float: float, int: int, bool: bool}[type(value)])
        return pd.DataFrame(typed).reset_index(drop=True)

    def read(self, csv: Path | StringIO) -> pd.DataFrame:
        """The table of a CSV file."""
        texts = {name: str for name, value in self.empty.items() if isinstance(value, str)}
        return self.of(pd.read_csv(csv, dtype=texts))

    def dataset(self, frame: pd.DataFrame, **attributes: str) -> xr.Dataset:
        """The table with the dimension row."""
        kinds = {bool: np.int8, int: np.int32, float: float, str: object}
        data = {
            name: variable("row", frame[name].to_numpy().astype(kinds[type(value)]), "1", meaning)
            for name, (value, meaning) in self.items()
        }
        return xr.Dataset(data, attrs=attributes)


def filled(column: pd.Series) -> pd.Series:
    """Text without NaN, which is what a file has where a text is empty."""
    return column.astype(object).where(column.notna(), "").astype(str)


COLUMNS = Columns(
    claim=(TEXT, "claim, as numbered in the list of the paper's claims"),
    environment=(TEXT, "environment"),
    says=(TEXT, "the claim in one sentence"),
    contrast=(TEXT, "short name of what is compared"),
    metric=(TEXT, "metric"),
    unit=("1", "unit of estimate, low, high and bound"),
    primary=(FLAG, "1: named primary before the run"),
    expects=(TEXT, "what the claim expects: greater or less than the bound, kept (greater), none (within the bounds)"),
    scale=(TEXT, "difference or ratio of the two sides; empty if neither"),
    reading=(TEXT, "how the two sides are realised"),
    decoder=(TEXT, "decoder of positions; empty where the metric has none"),
    control=(TEXT, "pattern of the names of the networks of a control; empty where the row is none"),
    treatment=(TEXT, "what the claim is about: variant, sweep and settings, as JSON"),
    baseline=(TEXT, "what it is compared with, likewise, or a metric or value"),
    twin=(TEXT, "twin that the mechanism is compared with; empty in rows against a baseline"),
    estimate=(NUMBER, "mean over seeds of the paired difference, or geometric mean of the paired ratio"),
    low=(NUMBER, "lower end of the interval"),
    high=(NUMBER, "upper end of the interval"),
    effect=(NUMBER, "estimate in units of the mean baseline; for a ratio, the ratio less 1"),
    strongest_twin=(TEXT, "of a primary row: the twin whose row is least in the claim's favour; empty if none"),
    beyond=(TEXT, "verdict against that twin: whether there is something that is the mechanism's own"),
    controls=(
        TEXT,
        "negative controls that read as well as replay by this metric and decoder, or none; empty if unmeasured",
    ),
    p=(NUMBER, "p value against the bound; 1 where the verdict is withdrawn"),
    p_adjusted=(NUMBER, "p value after Holm's correction over all primary rows; NaN for others"),
    p_exact=(NUMBER, "p value of the exact sign-flip test over seeds against the bound; 1 where withdrawn"),
    p_exact_adjusted=(NUMBER, "that p value after the same correction"),
    bound=(NUMBER, "value that the interval must exclude; with none and within, both plus and minus it"),
    seeds=(COUNT, "number of seeds"),
    seeds_missing=(COUNT, "number of seeds without a value on either side"),
    agree=(COUNT, "number of seeds whose difference has the sign of the estimate"),
    verdict=("not testable", "supported, contradicted, inconclusive, not testable, or demo"),
    verdict_adjusted=(TEXT, "verdict after Holm's correction over all primary rows; empty for others"),
    withdrawn_by=(
        TEXT,
        "why the verdict is withdrawn: the decoder by which it would be the opposite, or, of a primary row and those "
        "against its twins, the controls that read as well as replay; empty if nothing does",
    ),
    other_decoder=(TEXT, "verdict by the other decoder; empty where there is none"),
    diverged_treatment=(NUMBER, "share of replays that diverged and are left out, where the claim is about"),
    diverged_baseline=(NUMBER, "the same of what it is compared with"),
    null=(NUMBER, "mean of the metric for resting replays, in its own unit"),
    floor=(NUMBER, "mean of the metric between two halves of awake behaviour, in its own unit"),
    note=(TEXT, "what else there is to know, and why a row is not testable"),
)
WORDS = Columns(
    compared=(TEXT, "what is compared with what, in words"),
    reason=(TEXT, "where the interval lies, or why there is none; what to know about the row"),
)
THEORY = "theory"  # the reading of rows that the theory stage judges
FORESEEN = (12, 16, 24, 32)  # numbers of seeds whose interval is foretold (our choice)
ENOUGH = 4  # seeds that have to be run for that, since a spread of fewer foretells nothing (our choice)


def claims_table(
    rows: Iterable[dict[str, Any]], further: list[pd.DataFrame], level: float, demonstration: bool
) -> pd.DataFrame:
    """The claims table.

    Args:
        rows: tested rows, by column; primary ones with a p value are corrected for their number.
        further: rows of other stages, with the same columns.
        level: of the intervals.
        demonstration: whether every verdict, also those against twins, reads `demo`.

    Raises:
        ValueError: further rows lack a column.
    """
    own = COLUMNS.of(pd.DataFrame(list(rows), columns=list(COLUMNS)))
    family = own["primary"] & own["p"].notna()
    for name in ("p", "p_exact"):
        own.loc[family, f"{name}_adjusted"] = holm(own.loc[family, name].to_numpy())
    kept = own["verdict"].isin(DECIDED) & (own["p_adjusted"] < 1 - level)
    own.loc[family, "verdict_adjusted"] = own["verdict"].where(kept, "inconclusive")[family]
    frames = [own, *map(COLUMNS.of, further)]
    table = pd.concat([frame for frame in frames if len(frame)] or [own], ignore_index=True)
    if not demonstration:
        return table
    beyond = table["beyond"].where(table["beyond"] == "", "demo")
    return table.assign(verdict="demo", verdict_adjusted="", withdrawn_by="", beyond=beyond)


def claims_frame(dataset: xr.Dataset) -> pd.DataFrame:
    """Rows of a dataset of these columns, as another stage writes it."""
    return COLUMNS.of(dataset[list(COLUMNS)].to_dataframe())


def seeds_table(rows: Iterable[tuple[dict[str, Any], np.ndarray | None]], level: float) -> pd.DataFrame:
    """Width of each primary row's interval against the number of seeds (question R1).

    Up to the number of seeds that were run, the width is the mean over subsets of them; beyond it is foretold from
    their standard deviation (`foretold`), if there are ENOUGH. For ratios it is that of the log ratio.

    Args:
        rows: tested rows by column, with their differences (seed,).
        level: of the intervals.
    """
    names = ["claim", "environment", "contrast", "metric", "unit", "scale"]
    frames = []
    for cells, differences in rows:
        if cells["primary"] and differences is not None:
            run = len(differences)
            counts = [*range(2, run + 1), *(count for count in FORESEEN if run >= ENOUGH and count > run)]
            widths = width_by_seeds(differences, level, counts)
            frame = pd.DataFrame({"seeds": counts, "width": widths, "foretold": [c > run for c in counts]})
            frames.append(frame.assign(**{name: cells[name] for name in names}))
    columns = [*names, "seeds", "width", "foretold"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
