"""Rows of the claims table that the theory stage can judge: L1, M2, and A2 and A3 in the linear system."""

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from rnn_replay.theory.comparison import from_dataset, sidak_bound

COLUMNS = [
    *("claim", "environment", "contrast", "metric", "unit", "primary", "estimate", "low", "high"),
    *("effect", "seeds", "agree", "verdict", "reason"),
]
CHANGE = 1.1  # ratio from which on a score counts as varying in time (our choice)
ERROR = 0.1  # relative error from which on a score counts as hard to estimate (our choice)
MARGIN = 0.002  # memory gain below which it counts as none (our choice)
NORMAL = float(stats.norm.isf(0.025))


def theory_rows(linear: xr.Dataset, gaussian: xr.Dataset, potentials: dict[str, xr.Dataset]) -> pd.DataFrame:
    """Rows of the claims table.

    Rules. L1, in time: `supported` where the interval of (largest over smallest score leak on the manifold, over
    time) lies above CHANGE, `contradicted` where below, else `inconclusive`; Gaussian processes are exact, so their
    interval is a point; in an environment it is Student's on the log ratio over seeds. Only the slope of the score is
    tested, not its centre μ_t; where paths are stationary neither changes, and `contradicted` says that L1 does not
    hold of those paths, not that the mathematics fails. L1, hard to estimate:
    `supported` where the interval of the relative error with the most units and 100 paths lies above ERROR. M2:
    `supported` where the largest deviation of simulation from closed form or quadrature, in standard errors, is
    within the 1 % Šidák bound, else `contradicted`. A2: `supported` where the interval of the measured memory gain
    lies above 0, and, given the whole state, where every gain lies within ± MARGIN. A3: `supported` where the
    interval of the ratio of displacements over 5 steps (with over without adaptation) lies below 1, `contradicted`
    where above, `not testable` where no strength of the grid is stable without momentum. Intervals from simulation
    are normal at 95 %, over independent replays of one master seed.

    Args:
        linear, gaussian: artifacts of the linear system and of Gaussian paths.
        potentials: artifacts of the potentials, by name.
    """
    compared = from_dataset(linear)
    rows = [*score_rows(gaussian), score_error_row(gaussian), *sampler_rows(compared, potentials)]
    rows += [*memory_rows(compared, float(linear["beyond_state"])), *speed_rows(compared)]
    return pd.DataFrame(rows, columns=COLUMNS)


def cells(claim, environment, contrast, metric, unit, estimate, low, high, effect, seeds, verdict, reason):
    """One primary row; the theory's seeds all agree unless an environment says otherwise."""
    names = ["claim", "environment", "contrast", "metric", "unit", "estimate", "low", "high", "effect", "seeds"]
    values = (claim, environment, contrast, metric, unit, estimate, low, high, effect, seeds)
    return dict(zip(names, values, strict=True)) | {
        "primary": True,
        "agree": seeds,
        "verdict": verdict,
        "reason": reason,
    }


def against(low: float, high: float, bound: float) -> tuple[str, str]:
    """Verdict of a claim of more than a bound, and where the interval lies."""
    if low > bound:
        return "supported", f"the interval lies above {bound:g}"
    if high < bound:
        return "contradicted", f"the interval lies below {bound:g}"
    return "inconclusive", f"the interval holds {bound:g}"


def score_rows(gaussian: xr.Dataset) -> list[dict]:
    """L1: how much the score leak changes in time, for each Gaussian process and environment."""
    processes = [str(name) for name in gaussian["process"].values]
    leaks = dict(zip(processes, gaussian["score_leak"].values[:, None, 1:], strict=True))
    leaks |= {
        str(name).removeprefix("leak_"): gaussian[name].values
        for name in gaussian.data_vars
        if str(name).startswith("leak_")
    }
    rows = []
    for name, leak in leaks.items():
        logs = np.log(leak.max(1) / leak.min(1))
        half = 0.0
        if len(logs) > 1:
            half = stats.t.isf(0.025, len(logs) - 1) * logs.std(ddof=1) / np.sqrt(len(logs))
        estimate, low, high = np.exp([logs.mean(), logs.mean() - half, logs.mean() + half])
        verdict, reason = against(low, high, CHANGE)
        if verdict == "contradicted":
            reason += ": S_t is nearly the same at all times, as in stationary paths, so one slope serves them all"
        if name not in processes and len(logs) < 2:
            low = high = np.nan
            verdict, reason = "not testable", "an interval over seeds needs at least two"
        contrast = "score leak σ²/(S_t + σ²) on the manifold: largest against smallest over time"
        row = cells(
            "L1", name, contrast, "score_leak_ratio", "1", estimate, low, high, estimate - 1, len(logs), verdict, reason
        )
        rows.append(row | {"agree": int((logs > np.log(CHANGE)).sum())})
    return rows


def score_error_row(gaussian: xr.Dataset) -> dict:
    """L1: relative error of a score estimated from 100 paths, or the nearest number that was run."""
    which = int(np.abs(gaussian["samples"].values - 100).argmin())
    part = gaussian.isel(dimension=-1, samples=which)
    estimate, error = float(part["error_measured"]), float(part["error_standard_error"])
    low, high = estimate - NORMAL * error, estimate + NORMAL * error
    n, samples = int(part["dimension"]), int(part["samples"])
    verdict, reason = against(low, high, ERROR)
    reason += f"; closed form {float(part['error_exact']):.4g}"
    contrast = f"score estimated from {samples} paths in {n} units, against the true score"
    return cells("L1", "gaussian", contrast, "score_error", "1", estimate, low, high, estimate, 1, verdict, reason)


def sampler_rows(linear: pd.DataFrame, potentials: dict[str, xr.Dataset]) -> list[dict]:
    """M2: largest deviation of each system from its closed form or kernel."""
    tables = {"linear": linear} | {name: from_dataset(dataset) for name, dataset in potentials.items()}
    rows = []
    for name, compared in tables.items():
        largest, bound = float(compared["deviation"].abs().max()), sidak_bound(len(compared))
        verdict = "supported" if largest <= bound else "contradicted"
        reason = f"largest of {len(compared)} deviations; 1 % Šidák bound {bound:.3g}"
        expected = "closed form" if name == "linear" else "the discrete map's transition kernel"
        contrast = f"simulated replay against {expected}, over friction and adaptation"
        rows.append(
            cells(
                "M2",
                name,
                contrast,
                "largest_deviation",
                "standard errors",
                largest,
                np.nan,
                np.nan,
                largest / bound,
                1,
                verdict,
                reason,
            )
        )
    return rows


def memory_rows(compared: pd.DataFrame, beyond_state: float) -> list[dict]:
    """A2: measured memory gain with adaptation alone, and its vanishing given the whole state."""
    some = compared[(compared["system"] == "memory") & (compared["friction"] == 1)]
    best = some.loc[some["simulated"].idxmax()]
    half = NORMAL * best["standard_error"]
    low, high = best["simulated"] - half, best["simulated"] + half
    verdict, reason = against(low, high, 0.0)
    reason += f"; closed form {best['expected']:.4g}; 0 in closed form without adaptation"
    contrast = f"b_a = {best['adaptation_strength']:g} against 0, λ_v = 1: {best['quantity']}"
    gain = cells(
        "A2",
        "linear",
        contrast,
        "memory_gain",
        "1",
        best["simulated"],
        low,
        high,
        best["simulated"],
        1,
        verdict,
        reason,
    )
    verdict = "supported" if beyond_state < MARGIN else "contradicted"
    contrast = "largest memory gain given r_t, a_t and v_t, in size"
    reason = f"margin ± {MARGIN:g}; 0 in closed form"
    none = cells(
        "A2",
        "linear",
        contrast,
        "memory_gain_given_state",
        "1",
        beyond_state,
        np.nan,
        np.nan,
        beyond_state,
        1,
        verdict,
        reason,
    )
    return [gain, none]


def speed_rows(compared: pd.DataFrame) -> list[dict]:
    """A3: displacement over 5 steps with adaptation over without, at λ_v = 1, for the smallest strength."""
    some = compared[(compared["system"] == "linear") & (compared["friction"] == 1)]
    contrast = "root mean square displacement over 5 steps"
    if not (some["adaptation_strength"] > 0).any():
        reason = "no adaptation strength of the grid is stable at λ_v = 1"
        unknown = [np.nan] * 4
        where = ("A3", "linear", f"adaptation against none, λ_v = 1: {contrast}", "displacement_ratio", "1")
        return [cells(*where, *unknown, 1, "not testable", reason)]
    table = some.pivot(index="adaptation_strength", columns="quantity")
    variance, correlation = "variance of r", "autocorrelation at lag 5"
    log = 0.5 * np.log(table["simulated"][variance] * (1 - table["simulated"][correlation]))
    # The two errors are added in quadrature; they are independent to the order that matters here.
    relative = table["standard_error"][variance] / table["simulated"][variance]
    change = table["standard_error"][correlation] / (1 - table["simulated"][correlation])
    error = 0.5 * np.hypot(relative, change)
    strength = table.index[table.index > 0][0]
    difference, half = log[strength] - log[0.0], NORMAL * np.hypot(error[strength], error[0.0])
    estimate, low, high = np.exp([difference, difference - half, difference + half])
    verdict, reason = against(-high, -low, -1.0)
    reason = f"the interval lies {'below' if high < 1 else 'above' if low > 1 else 'about'} 1"
    contrast = f"b_a = {strength:g} against 0, λ_v = 1: {contrast}"
    return [
        cells(
            "A3", "linear", contrast, "displacement_ratio", "1", estimate, low, high, estimate - 1, 1, verdict, reason
        )
    ]
