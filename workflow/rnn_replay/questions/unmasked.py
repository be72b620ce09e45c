"""R4: what leakage gives without masking, and why environments differ in it.

Two explanations are tried. Along a path: an integrator without leak keeps all noise that it has ever seen, so what
leakage gives should grow along the path; where it does not, the length of paths cannot be the reason. Over masks: a
hidden step costs every network what its past does not tell of it, so what leakage gives should shrink, relative to the
error, as the hidden motion becomes less predictable.
"""

from collections.abc import Sequence
from dataclasses import fields
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr
from scipy.spatial import KDTree
from scipy.stats import ttest_ind

from rnn_replay.claims.plan import Plan
from rnn_replay.claims.statistics import Estimate, over_seeds
from rnn_replay.tables.selection import by_seed, select

ESTIMATE = [field.name for field in fields(Estimate)]
EARLY, LATE = slice(3, 11), slice(-10, None)  # steps of a path that are compared (our choice)
SHOWN = 3  # steps before a hidden block that a prediction knows, as the mask shows (our choice)
NEIGHBOURS = 20  # of the prediction (our choice)
PATHS = 800  # training paths that it searches, at most (our choice)
WEIGHT = 2.0  # of a step's direction against place, so that near paths also move alike (our choice)


def error_along_path(position: np.ndarray, behaviour: np.ndarray) -> np.ndarray:
    """Mean squared error of decoded awake positions at each step, in m², shape (time,).

    Args:
        position, behaviour: decoded and true, each of shape (path, time, 2), in metres.
    """
    return ((position.astype(float) - behaviour) ** 2).sum(-1).mean(0)


def gains_along_path(leaky: np.ndarray, residual: np.ndarray) -> dict[str, float]:
    """Log ratio of the errors (time,) of a network with and one without leak, early and late in a path."""
    early = float(np.log(leaky[EARLY].mean() / residual[EARLY].mean()))
    late = float(np.log(leaky[LATE].mean() / residual[LATE].mean()))
    return {"early": early, "late": late, "growth": late - early}


def unpredictability(training: np.ndarray, test: np.ndarray, hidden: int) -> float:
    """Root mean square error, in metres, of predicting positions through a block of hidden steps from what was shown.

    The prediction is the mean over the nearest of the training paths: those at a near place that moved alike in the
    last steps. A network that tracks perfectly whatever it is shown could do about as well, and not better.

    Args:
        training, test: true paths, each of shape (path, time, 2), in metres.
        hidden: steps of a block; 0 gives 0.
    """
    if not hidden:
        return 0.0

    def blocks(paths: np.ndarray, every: int) -> tuple[np.ndarray, np.ndarray]:
        times = range(SHOWN, paths.shape[1] - hidden, every)
        known = [
            np.concatenate([paths[:, t], *(WEIGHT * (paths[:, t - j] - paths[:, t - j - 1]) for j in range(SHOWN))], -1)
            for t in times
        ]
        ahead = [paths[:, t + 1 : t + hidden + 1] - paths[:, t, None] for t in times]
        return np.concatenate(known), np.concatenate(ahead)

    known, ahead = blocks(training[:PATHS].astype(float), 2)
    asked, happened = blocks(test.astype(float), 6)
    _, nearest = KDTree(known).query(asked, k=NEIGHBOURS)
    return float(np.sqrt(((ahead[nearest].mean(1) - happened) ** 2).sum(-1).mean()))


def gains_by_mask(networks: pd.DataFrame, plan: Plan, leak: float) -> pd.DataFrame:
    """Log ratio of the held-out errors of networks with and without leak, by mask and seed.

    Args:
        networks: rows of one environment of the table of networks.
        plan: names the networks by leak and mask.
        leak: of the leaky network.

    Returns:
        Columns mask_hidden, seed and gain, NaN where a seed has none; masks without both networks are left out.
    """
    frames = [pd.DataFrame(columns=["mask_hidden", "seed", "gain"])]
    for mask in sorted(networks["mask_hidden"].unique()):
        pair = [select(networks, variant=plan.network(value, mask)) for value in (leak, 0.0)]
        if all(map(len, pair)):
            leaky, residual = (by_seed(rows, "test_error") for rows in pair)
            frames.append(np.log(leaky / residual).rename("gain").reset_index().assign(mask_hidden=int(mask)))
    return pd.concat([f for f in frames if len(f)] or frames, ignore_index=True)[["mask_hidden", "seed", "gain"]]


def slope(x: np.ndarray, y: np.ndarray) -> float:
    """Slope of y against x by least squares; NaN where x does not vary or a y is missing."""
    return float(np.polyfit(x, y, 1)[0]) if np.ptp(x) > 0 and np.isfinite(y).all() else np.nan


def between(a: np.ndarray, b: np.ndarray, level: float) -> Estimate:
    """Difference of the means of two independent sets of seeds, each of shape (seed,), with its Welch interval."""
    estimate, counts = float(a.mean() - b.mean()), (len(a) + len(b), 0)
    if np.ptp(a) == np.ptp(b) == 0:
        return Estimate(estimate, estimate, estimate, *counts)
    low, high = ttest_ind(a, b, equal_var=False).confidence_interval(level)
    return Estimate(estimate, float(low), float(high), *counts)


def over_masks(networks: pd.DataFrame, environments: dict[str, dict[int, xr.Dataset]], claims: dict) -> pd.DataFrame:
    """What leakage gives under each mask, beside how predictable the motion is that the mask hides.

    Args:
        networks: table of networks.
        environments: datasets, by name and seed.
        claims: section of the configuration; names the networks.

    Returns:
        Columns environment, seed, mask_hidden, gain (log ratio of held-out errors), ratio, unpredictability (m).
    """
    frames = []
    for environment, datasets in environments.items():
        rows, plan = select(networks, environment=environment), Plan.of(claims, environment)
        main = select(rows, variant=plan.variant)["leak"]
        table = gains_by_mask(rows, plan, float(main.iloc[0]) if len(main) else np.nan)
        paths = {
            seed: tuple(dataset[f"{pool}_position"].values for pool in ("training", "test"))
            for seed, dataset in datasets.items()
        }
        table = table[table["seed"].isin(list(paths))]
        hidden = [unpredictability(*paths[row.seed], row.mask_hidden) for row in table.itertuples()]
        frames.append(table.assign(environment=environment, ratio=np.exp(table["gain"]), unpredictability=hidden))
    columns = ["environment", "seed", "mask_hidden", "gain", "ratio", "unpredictability"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def along_paths(
    awake: dict[str, dict[tuple[float, int], xr.Dataset]], environments: dict[str, dict[int, xr.Dataset]]
) -> pd.DataFrame:
    """Errors along awake paths of networks with and without leak, trained and run without mask, by their read-out.

    Args:
        awake: datasets of replays, which hold the awake run, by environment, leak and seed; of two leaks each.
        environments: datasets, by name and seed.

    Returns:
        Columns environment, seed, step, leaky, residual (mean squared errors of position, m²) and ratio.
    """
    frames = []
    for environment, runs in awake.items():
        leak = max(leak for leak, _ in runs)
        for seed, dataset in environments[environment].items():
            if (leak, seed) in runs and (0.0, seed) in runs:
                errors = [
                    error_along_path(
                        runs[value, seed]["awake_position"].sel(decoder="readout").values,
                        dataset["test_position"].values,
                    )
                    for value in (leak, 0.0)
                ]
                cells = {"step": np.arange(len(errors[0])), "leaky": errors[0], "residual": errors[1]}
                frames.append(pd.DataFrame(cells).assign(environment=environment, seed=seed))
    columns = ["environment", "seed", "step", "leaky", "residual", "ratio"]
    if not frames:
        return pd.DataFrame(columns=columns)
    table = pd.concat(frames, ignore_index=True)
    return table.assign(ratio=table["leaky"] / table["residual"])[columns]


def unmasked_table(masks: pd.DataFrame, along: pd.DataFrame, level: float) -> pd.DataFrame:
    """Numbers of this question with their intervals over seeds; all gains are log ratios of errors.

    Args:
        masks: as :func:`over_masks` gives it.
        along: as :func:`along_paths` gives it.
        level: of the intervals.

    Returns:
        Columns environment; against, the other environment of a difference, or empty; quantity; mask_hidden, NaN where
        it is not of one mask; unit; estimate, low, high, seeds and seeds_missing.
    """
    rows, differing = [], {}

    def add(environment: str, quantity: str, values: Sequence[float], mask: float = np.nan, unit: str = "log ratio"):
        found = over_seeds(values, level)
        if found.seeds > 1:
            rows.append((environment, "", quantity, mask, unit, *vars(found).values()))
            if mask == 0 or quantity in ("early along path", "late along path"):
                known = np.asarray(values, dtype=float)
                differing.setdefault((quantity, mask), {})[environment] = known[np.isfinite(known)]

    for name, table in masks.groupby("environment", sort=False):
        for mask, part in table.groupby("mask_hidden"):
            add(name, "gain", part["gain"], mask)
        # A seed may have the claims' mask alone, since other masks are controls.
        several = [part for _, part in table.groupby("seed") if len(part) > 1]
        slopes = [slope(part["unpredictability"], part["gain"]) for part in several]
        add(name, "slope on unpredictability", slopes, unit="log ratio/m")
        paths = along[along["environment"] == name].groupby("seed")
        gains = pd.DataFrame([gains_along_path(p["leaky"].to_numpy(), p["residual"].to_numpy()) for _, p in paths])
        for quantity in gains:
            add(name, f"{quantity} along path", gains[quantity])
    for (quantity, mask), values in differing.items():
        for a, b in combinations(values, 2):
            found = between(values[a], values[b], level)
            rows.append((a, b, quantity, mask, "log ratio", *vars(found).values()))
    return pd.DataFrame(rows, columns=["environment", "against", "quantity", "mask_hidden", "unit", *ESTIMATE])
