"""Rows of the claims table that the theory stage can judge: L1, M2, and A2 and A3 in the linear system."""

import json
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from rnn_replay.claims.statistics import Interval, conclusion, mean_interval
from rnn_replay.claims.table import COLUMNS, THEORY
from rnn_replay.theory.comparison import from_dataset, sidak_bound

CHANGE = 1.1  # ratio from which on a score counts as varying in time (our choice)
ERROR = 0.1  # relative error from which on a score counts as hard to estimate (our choice)
MARGIN = 0.002  # memory gain below which it counts as none (our choice)
NORMAL = float(stats.norm.isf(0.025))
LEVEL = 0.95  # of all intervals of this stage


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
    rows += [*memory_rows(compared, float(linear["beyond_state"])), speed_row(compared)]
    return COLUMNS.of(pd.DataFrame(rows))


def row(claim: str, environment: str, contrast: str, says: str, expects: str, bound: float, **cells: Any) -> dict:
    """One primary row; its one seed agrees unless the cells say otherwise."""
    head = {"claim": claim, "environment": environment, "contrast": contrast, "says": says, "expects": expects}
    head |= {"bound": bound, "primary": True, "reading": THEORY, "seeds": 1}
    return COLUMNS.empty | head | {"agree": cells.get("seeds", 1)} | cells


def bounded(estimate: float, low: float, high: float, expects: str, bound: float) -> dict[str, Any]:
    """Estimate, interval and verdict of a claim of more or less than a bound."""
    verdict = conclusion(Interval(estimate, low, high), expects, (bound,))
    return {"estimate": estimate, "low": low, "high": high, "verdict": verdict}


def within(estimate: float, is_within: bool) -> dict[str, Any]:
    """Estimate and verdict of a claim that something is within its bounds."""
    return {"estimate": estimate, "verdict": "supported" if is_within else "contradicted"}


def sides(treatment: dict[str, Any], baseline: dict[str, Any]) -> dict[str, str]:
    """Cells for what stands on each side."""
    return {"treatment": json.dumps(treatment), "baseline": json.dumps(baseline)}


def score_rows(gaussian: xr.Dataset) -> list[dict]:
    """L1: how much the score leak changes in time, for each Gaussian process and environment."""
    processes = [str(name) for name in gaussian["process"].values]
    leaks = dict(zip(processes, gaussian["score_leak"].values[:, None, 1:], strict=True))
    leaks |= {
        str(name).removeprefix("leak_"): gaussian[name].values
        for name in gaussian.data_vars
        if str(name).startswith("leak_")
    }
    says = "The score's leak σ²/(S_t + σ²) changes in time."
    rows = []
    for name, leak in leaks.items():
        logs = np.log(leak.max(1) / leak.min(1))
        interval = mean_interval(logs, LEVEL) if len(logs) > 1 else Interval(*[logs.mean()] * 3)
        ends = np.exp([interval.estimate, interval.low, interval.high])
        cells = bounded(*map(float, ends), "greater", CHANGE)
        if cells["verdict"] == "contradicted":
            cells["note"] = "S_t is nearly the same at all times, as in stationary paths, so one slope serves them all"
        if name not in processes and len(logs) < 2:
            cells |= {"low": np.nan, "high": np.nan, "verdict": "not testable"}
            cells["note"] = "an interval over seeds needs at least two"
        cells |= {"seeds": len(logs), "agree": int((logs > np.log(CHANGE)).sum()), "effect": cells["estimate"] - 1}
        contrast = "score leak: largest against smallest over time"
        rows.append(row("L1", name, contrast, says, "greater", CHANGE, metric="score_leak_ratio", **cells))
    return rows


def score_error_row(gaussian: xr.Dataset) -> dict:
    """L1: relative error of a score estimated from 100 paths, or the nearest number that was run."""
    which = int(np.abs(gaussian["samples"].values - 100).argmin())
    part = gaussian.isel(dimension=-1, samples=which)
    estimate, half = float(part["error_measured"]), NORMAL * float(part["error_standard_error"])
    cells = bounded(estimate, estimate - half, estimate + half, "greater", ERROR)
    cells |= {"effect": estimate, "note": f"closed form {float(part['error_exact']):.4g}", "metric": "score_error"}
    cells |= sides({"paths": int(part["samples"]), "units": int(part["dimension"])}, {})
    says = "A score is hard to estimate from few paths in many units."
    return row("L1", "gaussian", "estimated score against the true one", says, "greater", ERROR, **cells)


def sampler_rows(linear: pd.DataFrame, potentials: dict[str, xr.Dataset]) -> list[dict]:
    """M2: largest deviation of each system from its closed form or kernel."""
    tables = {"linear": linear} | {name: from_dataset(dataset) for name, dataset in potentials.items()}
    says = "Replay with momentum and adaptation samples as the mathematics of its update rule says."
    rows = []
    for name, compared in tables.items():
        largest, bound = float(compared["deviation"].abs().max()), sidak_bound(len(compared))
        cells = within(largest, largest <= bound) | {"unit": "standard errors", "effect": largest / bound}
        cells |= {"metric": "largest_deviation"}
        cells["note"] = f"largest of {len(compared)} deviations; 1 % Šidák bound {bound:.3g}"
        expected = "closed form" if name == "linear" else "the discrete map's transition kernel"
        rows.append(row("M2", name, f"simulated replay against {expected}", says, "within", bound, **cells))
    return rows


def memory_rows(compared: pd.DataFrame, beyond_state: float) -> list[dict]:
    """A2: measured memory gain with adaptation alone, and its vanishing given the whole state."""
    some = compared[(compared["system"] == "memory") & (compared["friction"] == 1)]
    best = some.loc[some["simulated"].idxmax()]
    estimate, half = best["simulated"], NORMAL * best["standard_error"]
    cells = bounded(estimate, estimate - half, estimate + half, "greater", 0.0)
    cells |= {"effect": estimate, "metric": "memory_gain"} | against_none(best["adaptation_strength"])
    cells["note"] = f"{best['quantity']}; closed form {best['expected']:.4g}; 0 in closed form without adaptation"
    says = "Adaptation makes a linear system depend on more than its present state."
    gain = row("A2", "linear", "adaptation against none", says, "greater", 0.0, **cells)
    says = "State, adaptation and velocity together tell all that the past tells."
    cells = within(beyond_state, beyond_state < MARGIN) | {"effect": beyond_state, "metric": "memory_gain_given_state"}
    cells["note"] = "the largest in size; 0 in closed form"
    return [gain, row("A2", "linear", "both, given a and v", says, "none", MARGIN, **cells)]


def against_none(strength: float) -> dict[str, str]:
    """Sides of a contrast of adaptation against none, without momentum."""
    return sides(*({"adaptation_strength": b, "friction": 1.0} for b in (float(strength), 0.0)))


def speed_row(compared: pd.DataFrame) -> dict:
    """A3: displacement over 5 steps with adaptation over without, at λ_v = 1, for the smallest strength."""
    some = compared[(compared["system"] == "linear") & (compared["friction"] == 1)]
    head = ("A3", "linear", "adaptation against none", "Adaptation slows a linear system.", "less", 1.0)
    known = {"metric": "displacement_ratio", "scale": "ratio", "note": "root mean square displacement over 5 steps"}
    if not (some["adaptation_strength"] > 0).any():
        return row(*head, **known | {"note": "no adaptation strength of the grid is stable at λ_v = 1"})
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
    cells = bounded(estimate, low, high, "less", 1.0) | {"effect": estimate - 1}
    return row(*head, **known, **cells, **against_none(strength))
