"""Two settings of replays, or two networks, compared by the log ratio or the difference of a metric, seed by seed."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from rnn_replay.claims.statistics import Interval, t_interval

Pairs = tuple[np.ndarray, np.ndarray]  # one value for each seed on either side, each of shape (seed,)


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Attributes:
        variant: name of the network.
        sweep: of its replays; None for the table of networks.
        setting: values that pick one setting of the sweep.
    """

    variant: str
    sweep: str | None = None
    setting: dict[str, Any] = field(default_factory=dict)


def matching(table: pd.DataFrame, keys: dict[str, Any]) -> pd.DataFrame:
    """Rows whose columns have the given values; numbers match within rounding."""
    kept = np.ones(len(table), dtype=bool)
    for key, value in keys.items():
        column = table[key].to_numpy()
        kept &= np.isclose(column.astype(float), value) if isinstance(value, float) else column == value
    return table[kept]


def by_seed(
    networks: pd.DataFrame, metrics: pd.DataFrame, environment: str, side: Side, metric: str, decoder: str
) -> pd.Series:
    """Values of one side by seed; empty where it was not run.

    Raises:
        ValueError: the side names several settings.
    """
    keys = {"environment": environment, "variant": side.variant}
    if side.sweep is None:
        return matching(networks, keys).set_index("seed")[metric].dropna()
    keys |= {"sweep": side.sweep, "metric": metric, "decoder": decoder}
    rows = matching(metrics, keys | side.setting)
    if rows.duplicated("seed").any():
        words = ", ".join(f"{key} {value}" for key, value in side.setting.items())
        raise ValueError(
            f"sweep '{side.sweep}' of '{side.variant}' has several settings with {words or 'nothing'}; allowed: one"
        )
    return rows.set_index("seed")["value"].dropna()


def paired(
    networks: pd.DataFrame,
    metrics: pd.DataFrame,
    environment: str,
    sides: tuple[Side, Side],
    metric: str,
    decoder: str,
) -> Pairs:
    """Values of a metric on both sides, on the seeds that both have.

    Args:
        networks, metrics: tables of the run, tidy.
        environment: name.
        sides: what is compared.
        metric, decoder: of the tables; the table of networks has no decoder.
    """
    first, second = (by_seed(networks, metrics, environment, side, metric, decoder) for side in sides)
    seeds = first.index.intersection(second.index)
    return first[seeds].to_numpy(), second[seeds].to_numpy()


def log_ratio(pairs: Pairs, level: float) -> tuple[Interval, int] | None:
    """Mean log ratio, the first side over the second, with its interval at a level, and the number of seeds.

    Returns:
        None where fewer than two seeds have a positive value on both sides.
    """
    first, second = pairs
    kept = (first > 0) & (second > 0)
    if kept.sum() < 2:
        return None
    return t_interval(np.log(first[kept] / second[kept]), level), int(kept.sum())


def difference(pairs: Pairs, level: float) -> tuple[Interval, int] | None:
    """Mean difference, the first side less the second, for metrics that may be negative; else as :func:`log_ratio`."""
    first, second = pairs
    if len(first) < 2:
        return None
    return t_interval(first - second, level), len(first)
