"""R4: what leakage gives without masking, and why environments differ in it.

Two explanations are tried. Along a path: an integrator without leak keeps all noise that it has ever seen, so what
leakage gives should grow along the path; where it does not, the length of paths cannot be the reason. Over masks: a
hidden step costs every network what its past does not tell of it, so what leakage gives should shrink, relative to the
error, as the hidden motion becomes less predictable.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats
from scipy.spatial import KDTree

from rnn_replay.claims.contrasts import Plan
from rnn_replay.claims.statistics import t_interval

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


def gains_by_mask(networks: pd.DataFrame, name: Callable[[float, int], str], leak: float) -> pd.DataFrame:
    """Log ratio of the held-out errors of networks with and without leak, by mask and seed.

    Args:
        networks: rows of one environment of the table of networks.
        name: name of the variant of a leak and a mask.
        leak: of the leaky network.

    Returns:
        Columns mask_hidden, seed and gain; masks without both networks are left out.
    """
    rows = []
    errors = {key: rows["test_error"] for key, rows in networks.set_index("seed").groupby("variant")}
    for mask in sorted(networks["mask_hidden"].unique()):
        pair = [errors.get(name(value, mask)) for value in (leak, 0.0)]
        if all(part is not None for part in pair):
            gain = np.log(pair[0] / pair[1]).dropna()
            rows += [(int(mask), int(seed), float(value)) for seed, value in gain.items()]
    return pd.DataFrame(rows, columns=["mask_hidden", "seed", "gain"])


def slope(x: np.ndarray, y: np.ndarray) -> float:
    """Slope of y against x by least squares; NaN where x does not vary."""
    return float(np.polyfit(x, y, 1)[0]) if np.ptp(x) > 0 else np.nan


def between(a: np.ndarray, b: np.ndarray, level: float) -> tuple[float, float, float]:
    """Difference of the means of two independent sets of seeds, and its Welch interval: estimate, low, high."""
    variances = np.array([part.var(ddof=1) / len(part) for part in (a, b)])
    counts = np.array([len(a), len(b)])
    estimate = float(a.mean() - b.mean())
    if not variances.sum():
        return estimate, estimate, estimate
    freedom = variances.sum() ** 2 / (variances**2 / (counts - 1)).sum()
    half = float(stats.t.ppf((1 + level) / 2, freedom) * np.sqrt(variances.sum()))
    return estimate, estimate - half, estimate + half


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
        rows = networks[networks["environment"] == environment]
        table = gains_by_mask(rows, *leaky(rows, Plan.of(claims, environment)))
        paths = {
            seed: tuple(dataset[f"{pool}_position"].values for pool in ("training", "test"))
            for seed, dataset in datasets.items()
        }
        table = table[table["seed"].isin(list(paths))]
        hidden = [unpredictability(*paths[row.seed], row.mask_hidden) for row in table.itertuples()]
        frames.append(table.assign(environment=environment, ratio=np.exp(table["gain"]), unpredictability=hidden))
    columns = ["environment", "seed", "mask_hidden", "gain", "ratio", "unpredictability"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def leaky(rows: pd.DataFrame, plan: Plan) -> tuple[Callable[[float, int], str], float]:
    """How a variant is named by leak and mask, and the leak of the claims' network among rows of networks."""
    pattern = plan.leakage[0]
    main = rows.loc[rows["variant"] == plan.variant, "leak"]
    name = lambda leak, mask: pattern.format(leak=f"{leak:g}", mask_hidden=mask)  # noqa: E731
    return name, float(main.iloc[0]) if len(main) else np.nan


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
        Columns environment, quantity, unit, estimate, low, high and seeds. An environment that names two,
        `a − b`, is a difference of theirs.
    """
    rows, compared = [], {}

    def add(environment: str, quantity: str, unit: str, values: pd.Series) -> None:
        values = values.dropna().to_numpy()
        if len(values) > 1:
            found = t_interval(values, level)
            rows.append((environment, quantity, unit, found.estimate, found.low, found.high, len(values)))
            if quantity in ("gain at mask 0", "early along path", "late along path"):
                compared.setdefault(quantity, {})[environment] = values

    for name, table in masks.groupby("environment", sort=False):
        for mask, part in table.groupby("mask_hidden"):
            add(name, f"gain at mask {mask}", "log ratio", part["gain"])
        slopes = [slope(part["unpredictability"], part["gain"]) for _, part in table.groupby("seed")]
        add(name, "slope on unpredictability", "log ratio/m", pd.Series(slopes))
        paths = along[along["environment"] == name].groupby("seed")
        gains = pd.DataFrame([gains_along_path(p["leaky"].to_numpy(), p["residual"].to_numpy()) for _, p in paths])
        for quantity in gains:
            add(name, f"{quantity} along path", "log ratio", gains[quantity])
    for quantity, values in compared.items():
        for a, b in combinations(values, 2):
            estimate, low, high = between(values[a], values[b], level)
            rows.append((f"{a} − {b}", quantity, "log ratio", estimate, low, high, len(values[a]) + len(values[b])))
    return pd.DataFrame(rows, columns=["environment", "quantity", "unit", "estimate", "low", "high", "seeds"])
