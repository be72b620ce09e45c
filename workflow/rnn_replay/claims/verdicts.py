"""From the tables of networks and replays to a verdict on each row of the claims table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rnn_replay.claims.contrasts import (
    DECODERS,
    LEAKAGE,
    UNDECODED,
    Claim,
    Condition,
    NotTestable,
    Plan,
    Reading,
    Selection,
    shown,
)
from rnn_replay.claims.statistics import bootstrap_interval, conclusion, p_value, t_interval
from rnn_replay.seeds import stream


class Evidence:
    """Values by seed of every metric, from the tables of networks and of replays."""

    def __init__(self, networks: pd.DataFrame, metrics: pd.DataFrame):
        """
        Args:
            networks: one row for each network, as `tables/networks.csv`.
            metrics: tidy, as `tables/metrics.csv`.
        """
        self.networks = dict(iter(networks.groupby(["environment", "variant"])))
        self.replays = dict(iter(metrics.groupby(["environment", "variant", "sweep"])))
        self.names = sorted(metrics["metric"].unique())

    def network(self, environment: str, variant: str) -> pd.DataFrame:
        """Rows of a variant in the table of networks.

        Raises:
            NotTestable: it was not trained.
        """
        if (environment, variant) not in self.networks:
            raise NotTestable(f"variant '{variant}' is not trained")
        return self.networks[environment, variant]

    def setting(self, environment: str, selection: Selection) -> pd.DataFrame:
        """Rows of the one setting that is selected in the table of replays.

        Raises:
            NotTestable: it was not run, or more than one setting is meant.
        """
        self.network(environment, selection.variant)
        key = (environment, selection.variant, selection.sweep)
        if key not in self.replays:
            raise NotTestable(f"sweep '{selection.sweep}' is not run on '{selection.variant}'")
        rows = self.replays[key]
        for name, value in selection.setting.items():
            rows = rows[np.isclose(rows[name], value) if isinstance(value, float) else rows[name] == value]
        found = rows["setting"].nunique()
        if found != 1:
            words = ", ".join(f"{name} {value}" for name, value in selection.setting.items())
            raise NotTestable(f"sweep '{selection.sweep}' has {found} settings with {words}, not one")
        return rows

    def values(self, environment: str, selection: Selection, metric: str, decoder: str) -> tuple[pd.Series, str]:
        """A metric by seed, and its unit; seeds without a value have NaN.

        Raises:
            NotTestable: it was not measured.
        """
        if selection.sweep is None:
            rows = self.network(environment, selection.variant)
            return rows.set_index("seed")[metric].sort_index(), "1"
        rows = self.setting(environment, selection)
        rows = rows[(rows["metric"] == metric) & (rows["decoder"] == decoder)]
        if rows.empty:
            raise NotTestable(f"'{metric}' is not measured by the decoder '{decoder}'")
        return rows.set_index("seed")["value"].sort_index(), rows["unit"].iloc[0]


@dataclass(frozen=True)
class Row:
    """A row of the claims table before it is tested."""

    claim: Claim
    environment: str
    plan: Plan
    reading: str
    select: Reading
    metric: str
    decoder: str
    primary: bool


@dataclass(frozen=True)
class Finding:
    """A row of the claims table, with what its correction and its dependence on the number of seeds need.

    Attributes:
        cells: the row, by column.
        p: p value of the verdict, NaN where nothing was tested.
        differences: paired over seeds, on the scale that was tested (log ratios for ratios), shape (seed,).
    """

    cells: dict
    p: float = np.nan
    differences: np.ndarray | None = None


def leakage_readings(plan: Plan, environment: str, evidence: Evidence) -> dict[str, Reading]:
    """Networks of all leaks, by mask: the plan's main mask first, and the controls under the main mask."""
    main = evidence.network(environment, plan.need("variant")).iloc[0]

    def reading(pattern: str, mask: int) -> Reading:
        def select(condition: Condition, plan: Plan) -> Selection:
            leak = main["leak"] if condition.leak == "main" else condition.leak
            try:
                return Selection(pattern.format(leak=f"{leak:g}", mask_hidden=mask), "leakage")
            except (KeyError, IndexError, ValueError):
                raise NotTestable(f"claims.leakage has '{pattern}'; allowed: {{leak}} and {{mask_hidden}}") from None

        return select

    masks = sorted(
        {int(rows["mask_hidden"].iloc[0]) for (name, _), rows in evidence.networks.items() if name == environment}
    )
    first, *controls = plan.leakage
    found = {f"mask {main['mask_hidden']}": reading(first, main["mask_hidden"])}
    for mask in masks:
        names = [reading(first, mask)(Condition(leak=leak), plan).variant for leak in ("main", 0.0, 1.0)]
        if any((environment, name) in evidence.networks for name in names):
            found.setdefault(f"mask {mask}", reading(first, mask))
    return found | {f"control {p}": reading(p, main["mask_hidden"]) for p in controls}


def metrics_of(claim: Claim, environment: str, names: list[str]) -> list[str]:
    """Metrics of a claim, with those that a pattern stands for; a pattern without match stands as it is."""
    found = []
    for pattern in claim.metrics_of(environment):
        prefix = pattern.removesuffix("*")
        numbers = [int(n.removeprefix(prefix)) for n in names if re.fullmatch(re.escape(prefix) + r"\d+", n)]
        matches = [f"{prefix}{number}" for number in sorted(numbers, reverse=True)]
        found += matches if matches and pattern.endswith("*") else [pattern]
    return found


def rows_of(claim: Claim, environment: str, plan: Plan, evidence: Evidence) -> Iterator[Row]:
    """Rows of a claim in an environment: all metrics and decoders of the first reading, one of every other.

    Raises:
        NotTestable: the claim is about leakage and the main network was not trained.
    """
    readings = leakage_readings(plan, environment, evidence) if claim.readings == LEAKAGE else claim.readings
    metrics = metrics_of(claim, environment, evidence.names)
    for reading, select in readings.items():
        first = reading == next(iter(readings))
        for metric in metrics if first else metrics[:1]:
            single = claim.networks or metric.startswith(UNDECODED)
            for decoder in DECODERS if first and not single else DECODERS[:1]:
                primary = claim.primary and first and metric == metrics[0] and decoder == DECODERS[0]
                yield Row(claim, environment, plan, reading, select, metric, decoder, primary)


def bounds_of(claim: Claim, plan: Plan) -> tuple[float, ...]:
    """Values that the interval must exclude, on the scale that is tested."""
    if claim.expects == "none":
        return (-plan.margin_none, plan.margin_none)
    return (float(np.log(1 - plan.margin_kept)),) if claim.expects == "kept" else (0.0,)


def expected(claim: Claim) -> str:
    """What a claim expects, as :func:`~rnn_replay.claims.statistics.conclusion` names it."""
    return {"kept": "greater", "none": "within"}.get(claim.expects, claim.expects)


def is_decoded(row: Row) -> bool:
    """Whether the metric of a row depends on the decoder."""
    return not row.claim.networks and not row.metric.startswith(UNDECODED)


def side(row: Row, condition: Condition, evidence: Evidence) -> tuple[pd.Series, str]:
    """Values by seed and their unit, for one condition of a row.

    Raises:
        NotTestable: there are none, or some seed has none.
    """
    selection = selected(row, condition)
    if row.metric.endswith("*"):
        raise NotTestable(f"the table of metrics has no '{row.metric.removesuffix('_*')}' with a number of steps")
    values, unit = evidence.values(row.environment, selection, row.metric, row.decoder)
    missing = values.index[values.isna()]
    if len(missing):
        seeds = ", ".join(map(str, missing))
        cause = ""
        if selection.sweep is not None:
            diverged, _ = evidence.values(row.environment, selection, "diverged", row.decoder)
            cause = ": all their replays diverged" if (diverged[missing] == 1).all() else f" in '{selection.sweep}'"
        raise NotTestable(f"'{selection}' has no {row.metric} for seeds {seeds}{cause}")
    return values, unit


def selected(row: Row, condition: Condition) -> Selection:
    """Where a condition of a row stands."""
    selection = row.select(condition, row.plan)
    return replace(selection, sweep=None) if row.claim.networks else selection


def contrast(row: Row) -> str:
    """The contrast of a row in words, with variants, settings and decoder."""
    try:
        words = str(selected(row, row.claim.treatment))
        if isinstance(row.claim.baseline, Condition):
            words += f" against {selected(row, row.claim.baseline)}"
        else:
            other = row.claim.baseline
            words += f" against {row.metric + other if isinstance(other, str) else shown(other)}"
    except NotTestable:
        words = "not configured"
    decoder = f"; {row.decoder} decoder" if is_decoded(row) else ""
    ratio = "; ratio" if row.claim.ratio else ""
    return f"{row.claim.contrast} ({row.reading}): {words}{decoder}{ratio}; our choice"


def judged(row: Row, evidence: Evidence) -> Finding:
    """A row with its verdict, or with why it cannot be tested."""
    cells = {
        "claim": row.claim.id,
        "environment": row.environment,
        "contrast": contrast(row),
        "metric": row.metric.removesuffix("_*"),
        "primary": row.primary,
    }
    try:
        return tested(row, evidence, cells)
    except NotTestable as problem:
        return untested(cells, str(problem))


def untested(cells: dict, problem: str) -> Finding:
    """A row that cannot be tested, with its reason."""
    empty = {"unit": "1", "estimate": np.nan, "low": np.nan, "high": np.nan, "effect": np.nan, "seeds": 0, "agree": 0}
    return Finding(cells | empty | {"verdict": "not testable", "reason": f"not testable: {problem}"})


def tested(row: Row, evidence: Evidence, cells: dict) -> Finding:
    """Test a row.

    Raises:
        NotTestable: values are missing, or too few.
    """
    claim, level = row.claim, row.plan.level
    differences, baseline, unit = paired(row, evidence)
    bounds = bounds_of(claim, row.plan)
    expects = expected(claim)
    interval = t_interval(differences, level)
    verdict = conclusion(interval, expects, bounds)
    rng = stream(0, "claims", claim.id, row.environment, claim.contrast, row.reading, row.metric, row.decoder)
    check = conclusion(bootstrap_interval(differences, level, rng), expects, bounds)

    scale = np.exp if claim.ratio else np.asarray
    reasons = [placed(interval, bounds, scale)]
    p = p_value(differences, bounds)
    if check != verdict and verdict != "inconclusive":
        reasons.append("the studentised bootstrap leaves it open")
    if opposed(row, evidence, verdict):
        reasons.append(f"nothing is claimed: by the {others(row.decoder)[0]} decoder the verdict would be the opposite")
        verdict, p = "inconclusive", 1.0
    effect = float(np.exp(interval.estimate) - 1) if claim.ratio else effect_size(interval.estimate, baseline, level)
    if np.isnan(effect):
        reasons.append("no effect size, since the baseline does not differ from 0")
    for ending in claim.beside:
        selection = selected(row, claim.treatment)
        beside, its_unit = evidence.values(row.environment, selection, row.metric + ending, row.decoder)
        reasons.append(f"{row.metric}{ending} {beside.mean():.3g} {its_unit}")
    reasons += diverged(row, evidence)
    cells = cells | {
        "unit": "1" if claim.ratio else unit,
        "estimate": float(scale(interval.estimate)),
        "low": float(scale(interval.low)),
        "high": float(scale(interval.high)),
        "effect": effect,
        "seeds": len(differences),
        "agree": int((np.sign(differences) == np.sign(interval.estimate)).sum()),
        "verdict": verdict,
        "reason": "; ".join(reasons),
    }
    return Finding(cells, p, differences)


def paired(row: Row, evidence: Evidence) -> tuple[np.ndarray, pd.Series, str]:
    """Differences of a row by seed (log ratios for ratios), shape (seed,), with the baseline and the metric's unit.

    Raises:
        NotTestable: values are missing, or too few.
    """
    claim = row.claim
    treatment, unit = side(row, claim.treatment, evidence)
    if isinstance(claim.baseline, Condition):
        baseline, _ = side(row, claim.baseline, evidence)
    elif isinstance(claim.baseline, str):
        baseline, _ = side(replace(row, metric=row.metric + claim.baseline), claim.treatment, evidence)
    else:
        baseline = pd.Series(claim.baseline, index=treatment.index, dtype=float)
    if not treatment.index.equals(baseline.index):
        raise NotTestable("the two sides of the contrast have different seeds")
    if len(treatment) < 2:
        raise NotTestable("a paired interval needs at least 2 seeds")
    if not claim.ratio:
        return (treatment - baseline).to_numpy(), baseline, unit
    if (treatment <= 0).any() or (baseline <= 0).any():
        raise NotTestable("a ratio needs values above 0")
    return np.log(treatment / baseline).to_numpy(), baseline, unit


def others(decoder: str) -> list[str]:
    """The decoders besides one."""
    return [name for name in DECODERS if name != decoder]


def opposed(row: Row, evidence: Evidence, verdict: str) -> bool:
    """Whether the same row under another decoder is decided the other way."""
    opposite = {"supported": "contradicted", "contradicted": "supported"}.get(verdict)
    if opposite is None or not is_decoded(row):
        return False
    bounds, expects = bounds_of(row.claim, row.plan), expected(row.claim)
    for decoder in others(row.decoder):
        differences, _, _ = paired(replace(row, decoder=decoder), evidence)
        if conclusion(t_interval(differences, row.plan.level), expects, bounds) == opposite:
            return True
    return False


def placed(interval, bounds: tuple[float, ...], scale) -> str:
    """Where an interval lies, in words."""
    names = [f"{float(scale(bound)):.3g}" for bound in bounds]
    if interval.low > bounds[-1]:
        return f"the interval lies above {names[-1]}"
    if interval.high < bounds[0]:
        return f"the interval lies below {names[0]}"
    if len(bounds) == 2 and bounds[0] < interval.low and interval.high < bounds[1]:
        return f"the interval lies between {names[0]} and {names[1]}"
    held = [name for name, bound in zip(names, bounds, strict=True) if interval.low <= bound <= interval.high]
    return f"the interval holds {' and '.join(held)}"


def effect_size(estimate: float, baseline: pd.Series, level: float) -> float:
    """A difference in units of the mean baseline; NaN where that does not differ from 0."""
    mean = baseline.mean()
    if mean == 0 or conclusion(t_interval(baseline.to_numpy(), level), "greater", (0.0,)) == "inconclusive":
        return np.nan
    return float(estimate / abs(mean))


def diverged(row: Row, evidence: Evidence) -> list[str]:
    """A sentence on diverged replays, where there are any."""
    conditions = [c for c in (row.claim.treatment, row.claim.baseline) if isinstance(c, Condition)]
    if row.claim.networks or row.metric == "diverged":
        return []
    shares = []
    for condition in conditions:
        values, _ = evidence.values(row.environment, selected(row, condition), "diverged", row.decoder)
        shares.append(values.mean())
    if not any(shares):
        return []
    return [f"{' and '.join(f'{100 * share:.2g} %' for share in shares)} of replays diverged and are left out"]
