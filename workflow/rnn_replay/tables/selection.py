"""The one way to choose rows of a tidy table and to read values by seed from them.

A seed without a value is never left out silently. Values by seed keep it, as NaN. A row of the claims table is then not
testable; every other number over seeds says in `seeds_missing` how many there are.
"""

from typing import Any

import numpy as np
import pandas as pd


def select(table: pd.DataFrame, **keys: Any) -> pd.DataFrame:
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


def by_seed(rows: pd.DataFrame, column: str = "value") -> pd.Series:
    """Values by seed, in rising order of seeds; NaN where a seed has none.

    Raises:
        ValueError: a seed has several rows, so that something besides the seed differs.
    """
    repeated = rows.duplicated("seed")
    if repeated.any():
        seed = rows.loc[repeated, "seed"].iloc[0]
        several = rows[rows["seed"] == seed]
        differ = ", ".join(name for name in rows if name != column and several[name].nunique() > 1) or "nothing else"
        raise ValueError(f"seed {seed:g} has several rows, which differ in {differ}; allowed: one")
    return rows.set_index("seed")[column].sort_index()


def with_missing(rows: pd.DataFrame, *keys: str, column: str = "value") -> pd.DataFrame:
    """The rows with `seeds_missing`: for each combination of the keys, the number of rows without a value."""
    missing = rows[column].isna().groupby([rows[key] for key in keys]).transform("sum")
    return rows.assign(seeds_missing=missing.astype(int))


def by_setting(rows: pd.DataFrame, key: str, column: str = "value") -> tuple[np.ndarray, list[np.ndarray]]:
    """Values of a setting in ascending order, and for each the values of all seeds, NaN where a seed has none.

    Args:
        rows: of one metric, one decoder, and settings that differ in `key` alone.
        key: column of the setting.
        column: of the values.

    Raises:
        ValueError: a seed has several rows for one value of the setting.
    """
    groups = {value: by_seed(group, column).to_numpy() for value, group in rows.groupby(key, sort=True)}
    return np.array(list(groups)), list(groups.values())
