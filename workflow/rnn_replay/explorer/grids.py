"""The explorer's grids: which settings stand in one grid, along which axes, and their values over seeds."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rnn_replay.claims import statistics
from rnn_replay.explorer.words import NETWORKS, SWEEPS, axis, measures

MERGED = {"momentum": "grafted"}  # sweeps of one network that are one grid with another
DIGITS = 4  # significant, of all values


@dataclass(frozen=True)
class Grid:
    """Settings that are shown together.

    Attributes:
        environment, sweep: names.
        network: the variant, or the pattern of the variants' names where the grid is of networks.
        rows: of the table of metrics, with leak and mask of the network.
        column: the setting along the horizontal axis.
        row: settings along the vertical axis.
    """

    environment: str
    sweep: str
    network: str
    rows: pd.DataFrame
    column: str
    row: tuple[str, ...]

    def cells(self) -> dict[tuple[str, str, int], pd.DataFrame]:
        """Rows of each cell, by variant, sweep and number of the setting; a setting that was run twice stands once."""
        keys = [*self.row, self.column]
        first = self.rows.drop_duplicates(keys)
        first = first.sort_values(keys, ascending=[True] * len(self.row) + [self.column == "leak"])
        by = self.rows.groupby(["variant", "sweep", "setting"])
        return {key: by.get_group(key) for key in zip(first["variant"], first["sweep"], first["setting"], strict=True)}

    def label(self, cell: pd.Series) -> str:
        """What stands beside the row of a cell."""
        said = [f"{cell[key]:g}" if isinstance(cell[key], float) else str(cell[key]) for key in self.row]
        if len(said) > 1:
            said = [f"{axis(key)[1]} {value}" for key, value in zip(self.row, said, strict=True)]
        return ", ".join(said)

    @property
    def row_axis(self) -> tuple[str, str]:
        """Title and word of the vertical axis."""
        return axis(self.row[0]) if len(self.row) == 1 else ("Setting", "")


def grids_of(
    replayed: Iterable[tuple[str, str, str]], metrics: pd.DataFrame, networks: pd.DataFrame, patterns: Sequence[str]
) -> list[Grid]:
    """All grids, in the order in which the page offers them.

    Args:
        replayed: environment, variant and sweep of all replays.
        metrics: the table of metrics.
        networks: the table of networks, for leak and mask.
        patterns: of the names of networks that differ in leak and mask, from the configuration's section `claims`.
    """
    trained = networks.drop_duplicates(["environment", "variant"])[["environment", "variant", "leak", "mask_hidden"]]
    table = metrics.merge(trained, on=["environment", "variant"])
    names = table[["variant", "leak", "mask_hidden"]].drop_duplicates()
    family = {
        variant: pattern
        for variant, leak, mask in names.itertuples(index=False)
        for pattern in patterns
        if pattern.format(leak=f"{leak:g}", mask_hidden=mask) == variant
    }
    groups: dict[tuple[str, str, str], list] = {}
    for environment, variant, sweep in replayed:
        of_networks = sweep == "leakage" and variant in family
        key = (NETWORKS, family[variant]) if of_networks else (MERGED.get(sweep, sweep), variant)
        groups.setdefault((environment, *key), []).append((environment, variant, sweep))
    order = {name: place for place, name in enumerate(SWEEPS)}
    index = table.set_index(["environment", "variant", "sweep"], drop=False).sort_index()
    settings = list(metrics.columns[metrics.columns.get_loc("setting") + 1 : metrics.columns.get_loc("seed")])
    return [
        grid(*key, pd.concat([index.loc[member] for member in groups[key]], ignore_index=True), settings)
        for key in sorted(groups, key=lambda key: order.get(key[1], len(order)))
    ]


def grid(environment: str, sweep: str, network: str, rows: pd.DataFrame, settings: list[str]) -> Grid:
    """A grid, with the axes along which its settings differ."""
    if sweep == NETWORKS:
        return Grid(environment, sweep, network, rows, "leak", ("mask_hidden",))
    differ = tuple(key for key in settings if key != "friction" and rows[key].nunique() > 1)
    return Grid(environment, sweep, network, rows, "friction", differ or ("adaptation_strength",))


def over_seeds(rows: pd.DataFrame, exploration: str, level: float) -> dict[str, list[dict[str, Any]]]:
    """Values of one setting by decoder, one entry for each measure: seeds, mean and its interval at a level."""
    return {
        str(decoder): [
            summary(found[found["metric"] == measure.metric]["value"], level) for measure in measures(exploration)
        ]
        for decoder, found in rows.groupby("decoder", sort=False)
    }


def summary(values: pd.Series, level: float) -> dict[str, Any]:
    """Seeds, mean and interval, None for what is not a number."""
    found = statistics.over_seeds(values, level)
    ends = {"mean": rounded(found.estimate), "low": rounded(found.low), "high": rounded(found.high)}
    return {"seeds": [rounded(v) for v in values], **ends}


def rounded(value: float) -> float | None:
    """A value to a few significant digits; None for what JSON has no number for."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
