"""Choosing rows of the table of metrics, and grouping them by seed for a panel."""

import numpy as np
import pandas as pd


def select(table: pd.DataFrame, **keys) -> pd.DataFrame:
    """Rows whose columns have the given values; numbers match within rounding, and a list allows any of its items."""
    kept = np.ones(len(table), dtype=bool)
    for key, wanted in keys.items():
        column = table[key].to_numpy()
        if isinstance(wanted, float):
            kept &= np.isclose(column.astype(float), wanted)
        elif isinstance(wanted, list | tuple):
            kept &= np.isin(column, wanted)
        else:
            kept &= column == wanted
    return table[kept]


def by_seed(rows: pd.DataFrame, key: str) -> tuple[np.ndarray, list[np.ndarray]]:
    """Values of a setting in ascending order, and for each the values of all seeds.

    Args:
        rows: of one metric, one decoder, and settings that differ in `key` alone.
        key: column of the setting.

    Raises:
        ValueError: a seed has several rows for one value of the setting, so that something else differs too.
    """
    repeated = rows.duplicated([key, "seed"])
    if repeated.any():
        first = rows[repeated].iloc[0]
        raise ValueError(f"seed {first['seed']:g} has several rows with {key} {first[key]:g}; allowed: one")
    groups = [(value, group.sort_values("seed")["value"].to_numpy()) for value, group in rows.groupby(key, sort=True)]
    return np.array([value for value, _ in groups]), [values for _, values in groups]
