"""Simulation against theory, one row a comparison, judged by the Šidák bound for that many."""

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

COLUMNS = {
    "system": ("1", "system that is simulated"),
    "quantity": ("1", "quantity that is compared"),
    "friction": ("1", "friction λ_v"),
    "adaptation_strength": ("1", "adaptation strength b_a"),
    "simulated": ("1", "mean over independent replays"),
    "standard_error": ("1", "standard error of that mean"),
    "expected": ("1", "closed form or quadrature of the same discrete map"),
    "deviation": ("1", "simulated less expected, in standard errors"),
}


def row(
    system: str,
    quantity: str,
    friction: float,
    adaptation_strength: float,
    simulated: float,
    standard_error: float,
    expected: float,
) -> dict:
    """One comparison, with its deviation in standard errors.

    Raises:
        ValueError: a standard error that is not positive, or a number that is not finite.
    """
    numbers = (simulated, standard_error, expected)
    if not all(math.isfinite(number) for number in numbers) or standard_error <= 0:
        raise ValueError(
            f"comparison of {quantity} of {system} at λ_v = {friction:g}, b_a = {adaptation_strength:g} has "
            f"simulated, standard error, expected = {numbers}; allowed: finite numbers, a positive error"
        )
    return {
        "system": system,
        "quantity": quantity,
        "friction": float(friction),
        "adaptation_strength": float(adaptation_strength),
        "simulated": float(simulated),
        "standard_error": float(standard_error),
        "expected": float(expected),
        "deviation": float((simulated - expected) / standard_error),
    }


def mean_and_error(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over independent replays (..., replay) and its standard error; autocorrelation stays within a replay."""
    return samples.mean(-1), samples.std(-1, ddof=1) / math.sqrt(samples.shape[-1])


def ratio_and_error(numerator: np.ndarray, denominator: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ratio of two means over replays (..., replay), and its standard error by the delta method."""
    ratio = numerator.mean(-1) / denominator.mean(-1)
    error = mean_and_error(numerator - ratio[..., None] * denominator)[1] / np.abs(denominator.mean(-1))
    return ratio, error


def sidak_bound(comparisons: int, level: float = 0.01) -> float:
    """Deviation in standard errors that the largest of n independent normal ones exceeds with that probability.

    Z. Šidák, J. Am. Stat. Assoc. 62, 626 (1967): each is tested at 1 − (1 − level)^(1/n). Dependent
    comparisons stay below the level.
    """
    each = -math.expm1(math.log1p(-level) / comparisons)
    return float(stats.norm.isf(each / 2))


def table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Comparisons as a table with the columns COLUMNS."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def passes(comparisons: pd.DataFrame, level: float = 0.01) -> bool:
    """Whether the largest deviation lies within the Šidák bound for that many comparisons."""
    return bool(comparisons["deviation"].abs().max() <= sidak_bound(len(comparisons), level))


def to_dataset(comparisons: pd.DataFrame) -> xr.Dataset:
    """Comparisons as a dataset with the dimension `comparison`."""
    return xr.Dataset(
        {
            name: ("comparison", comparisons[name].to_numpy(), {"units": unit, "long_name": long_name})
            for name, (unit, long_name) in COLUMNS.items()
        }
    )


def from_dataset(dataset: xr.Dataset) -> pd.DataFrame:
    """Comparisons that :func:`to_dataset` stored."""
    return pd.DataFrame({name: dataset[name].values for name in COLUMNS})


def merged(datasets: Iterable[xr.Dataset]) -> pd.DataFrame:
    """All comparisons of several artifacts in one table."""
    return pd.concat([from_dataset(dataset) for dataset in datasets], ignore_index=True)
