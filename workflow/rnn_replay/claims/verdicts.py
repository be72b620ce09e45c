"""From the tables of networks and replays to a verdict on each row of the claims table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from rnn_replay.claims.conjunction import conjunctions
from rnn_replay.claims.contrasts import CLAIMS, DECODERS, Claim
from rnn_replay.claims.evidence import Evidence
from rnn_replay.claims.plan import NotTestable, Plan
from rnn_replay.claims.readings import LEAKAGE, Condition, Reading, Selection, leakage_readings
from rnn_replay.claims.statistics import DECIDED, conclusion, mean_interval, p_value, sign_flip_p
from rnn_replay.claims.table import COLUMNS
from rnn_replay.claims.twins import TWINS, Twin, strongest
from rnn_replay.environments import Traits
from rnn_replay.measures import METRICS


@dataclass(frozen=True)
class Row:
    """A row of the claims table before it is tested; `control` is the pattern of a control's networks, or empty."""

    claim: Claim
    environment: str
    plan: Plan
    reading: str
    control: str
    select: Reading
    metric: str
    decoder: str
    primary: bool
    twin: str = ""

    @property
    def is_decoded(self) -> bool:
        """Whether the metric depends on the decoder."""
        return not self.claim.networks and self.metric in METRICS and METRICS[self.metric].decoded

    @property
    def decides(self) -> bool:
        """Whether it is a primary row, or holds one against a twin: then negative controls must read worse."""
        return self.primary or bool(self.twin)

    @property
    def bounds(self) -> tuple[float, ...]:
        """Values that the interval must exclude, on the scale that is tested."""
        if self.claim.expects == "none":
            return (-self.plan.margin_none, self.plan.margin_none)
        return (float(np.log(1 - self.plan.margin_kept)),) if self.claim.expects == "kept" else (0.0,)

    def verdict(self, interval) -> str:
        """What an interval on the scale that is tested says."""
        return conclusion(interval, self.claim.expects, self.bounds)

    def selected(self, side: Condition | Twin) -> Selection:
        """Where a side of the contrast stands.

        Raises:
            NotTestable: the plan does not say.
        """
        selection = TWINS[side.name](self.plan) if isinstance(side, Twin) else self.select(side, self.plan)
        return replace(selection, sweep=None) if self.claim.networks else selection

    def sides(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What stands on each side, as data.

        Raises:
            NotTestable: the plan does not say.
        """
        treatment, other = self.selected(self.claim.treatment).data, self.claim.baseline
        if isinstance(other, Condition | Twin):
            return treatment, self.selected(other).data
        return treatment, treatment | {"metric": self.beside(other)} if isinstance(other, str) else {"value": other}

    def beside(self, kind: str) -> str:
        """The metric that the row's is read against; empty if there is none."""
        return METRICS[self.metric].beside.get(kind, "") if self.metric in METRICS else ""


@dataclass(frozen=True)
class Finding:
    """A row of the claims table, with what its dependence on the number of seeds needs.

    Attributes:
        cells: the row, by column.
        differences: paired over seeds, on the scale that was tested (log ratios for ratios), shape (seed,).
    """

    cells: dict[str, Any]
    differences: np.ndarray | None = None


def findings(
    networks: pd.DataFrame,
    metrics: pd.DataFrame,
    environments: dict[str, dict[str, Any]],
    values: dict[str, Any],
    controls: pd.DataFrame,
    claims: tuple[Claim, ...] = CLAIMS,
) -> list[Finding]:
    """All rows with their verdicts.

    Args:
        networks: table of networks, one row each.
        metrics: tidy table of metrics.
        environments: what each environment is, by name, as the fields of :class:`~rnn_replay.environments.Traits`.
        values: of :class:`~rnn_replay.claims.plan.Plan`, each for all environments or by environment.
        controls: what negative controls read, as :func:`~rnn_replay.tables.gate.controls_table` gives it.
        claims: what is tested.
    """
    evidence = Evidence(networks, metrics, controls)
    found = []
    for claim in claims:
        for environment, known in environments.items():
            plan, traits = Plan.of(values, environment), Traits(**known)
            try:
                rows = [judged(row, evidence) for row in rows_of(claim, environment, traits, plan, evidence)]
                beyond = strongest([row.cells for row in rows if row.cells["twin"]])
                found += [replace(row, cells=row.cells | beyond) if row.cells["primary"] else row for row in rows]
            except NotTestable as problem:
                row = Row(claim, environment, plan, "", "", None, claim.metrics_of(traits)[0], "", claim.primary)
                found.append(Finding(COLUMNS.empty | heading(row) | {"note": str(problem)}))
    return found + [Finding(row) for row in conjunctions([each.cells for each in found])]


def rows_of(claim: Claim, environment: str, traits: Traits, plan: Plan, evidence: Evidence) -> Iterator[Row]:
    """Rows of a claim in an environment: all metrics and decoders of the first reading, one of every other.

    Raises:
        NotTestable: the claim is about leakage and the main network was not trained.
    """
    if claim.readings == LEAKAGE:
        readings = leakage_readings(plan, evidence.trained(environment))
    else:
        readings = {(name, ""): select for name, select in claim.readings.items()}
    metrics, first = claim.metrics_of(traits), next(iter(readings))
    for key, select in readings.items():
        for metric in metrics if key == first else metrics[:1]:
            row = Row(claim, environment, plan, *key, select, metric, plan.decoder, claim.primary)
            row = replace(row, primary=claim.primary and key == first and metric == metrics[0])
            yield row
            if key == first and row.is_decoded:
                yield replace(row, decoder=other_than(row.decoder), primary=False)
            if key == first and metric == metrics[0]:
                yield from (replace(row, claim=claim.beyond(twin), primary=False, twin=twin) for twin in claim.twins)


def other_than(decoder: str) -> str:
    """The other decoder."""
    return next(name for name in DECODERS if name != decoder)


def heading(row: Row) -> dict[str, Any]:
    """What a row is about, by column."""
    claim = row.claim
    bound = row.bounds[-1]
    return {
        "claim": claim.id,
        "environment": row.environment,
        "says": claim.says,
        "contrast": claim.contrast,
        "metric": row.metric,
        "primary": row.primary,
        "expects": claim.expects,
        "scale": "ratio" if claim.ratio else "difference",
        "reading": row.reading,
        "control": row.control,
        "twin": row.twin,
        "decoder": row.decoder if row.is_decoded else "",
        "bound": float(np.exp(bound)) if claim.ratio else bound,
    }


def judged(row: Row, evidence: Evidence) -> Finding:
    """A row with its verdict, or with why it cannot be tested."""
    cells = COLUMNS.empty | heading(row)
    try:
        treatment, baseline = row.sides()
        cells |= {"treatment": json.dumps(treatment), "baseline": json.dumps(baseline)}
        return tested(row, evidence, cells)
    except NotTestable as problem:
        return Finding(cells | {"note": str(problem), "seeds_missing": problem.seeds_missing})


def tested(row: Row, evidence: Evidence, cells: dict[str, Any]) -> Finding:
    """Test a row.

    Raises:
        NotTestable: values are missing, or too few.
    """
    claim, level = row.claim, row.plan.level
    differences, baseline, unit = compared(row, evidence)
    interval = mean_interval(differences, level)
    verdict, p = row.verdict(interval), p_value(differences, row.bounds)
    other = by_other_decoder(row, evidence)
    controls = "" if claim.networks else evidence.passing(row.environment, row.metric, row.decoder)
    withdrawn = withdrawn_by(row, verdict, other, controls)
    scale = np.exp if claim.ratio else np.asarray
    effect = float(np.exp(interval.estimate) - 1) if claim.ratio else effect_size(interval.estimate, baseline, level)
    cells = cells | {
        "unit": "1" if claim.ratio else unit,
        "estimate": float(scale(interval.estimate)),
        "low": float(scale(interval.low)),
        "high": float(scale(interval.high)),
        "effect": effect,
        "p": 1.0 if withdrawn else p,
        "p_exact": 1.0 if withdrawn else sign_flip_p(differences, row.bounds),
        "seeds": len(differences),
        "agree": int((np.sign(differences) == np.sign(interval.estimate)).sum()),
        "verdict": "inconclusive" if withdrawn else verdict,
        "withdrawn_by": withdrawn,
        "other_decoder": other,
        "controls": controls,
    }
    for side in ("treatment", "baseline"):
        condition = getattr(claim, side)
        if isinstance(condition, Condition | Twin) and not claim.networks and row.metric != "diverged":
            cells[f"diverged_{side}"] = mean(row, evidence, condition, "diverged")
    for kind in ("null", "floor"):
        if row.beside(kind) and not isinstance(claim.baseline, str):
            cells[kind] = mean(row, evidence, claim.treatment, row.beside(kind))
    return Finding(cells, differences)


def compared(row: Row, evidence: Evidence) -> tuple[np.ndarray, pd.Series, str]:
    """Differences of a row by seed (log ratios for ratios), shape (seed,), with the baseline and the metric's unit.

    Raises:
        NotTestable: values are missing, or too few.
    """
    claim, other = row.claim, row.claim.baseline
    treatment, unit = evidence.values(row.environment, row.selected(claim.treatment), row.metric, row.decoder)
    if isinstance(other, Condition | Twin):
        baseline, _ = evidence.values(row.environment, row.selected(other), row.metric, row.decoder)
    elif isinstance(other, str):
        baseline, _ = evidence.values(row.environment, row.selected(claim.treatment), row.beside(other), row.decoder)
    else:
        baseline = pd.Series(other, index=treatment.index, dtype=float)
    if not treatment.index.equals(baseline.index):
        missing = treatment.index.symmetric_difference(baseline.index)
        raise NotTestable("the two sides of the contrast have different seeds", len(missing))
    missing = int((treatment - baseline).isna().sum())
    if missing:
        raise NotTestable(whose(row, evidence, {claim.treatment: treatment, other: baseline}), missing)
    if len(treatment) < 2:
        raise NotTestable("a paired interval needs at least 2 seeds")
    if not claim.ratio:
        return (treatment - baseline).to_numpy(), baseline, unit
    if (treatment <= 0).any() or (baseline <= 0).any():
        raise NotTestable("a ratio needs values above 0")
    return np.log(treatment / baseline).to_numpy(), baseline, unit


def whose(row: Row, evidence: Evidence, sides: dict[Any, pd.Series]) -> str:
    """Which side lacks a value for which seeds, and whether that is because all their replays diverged."""
    condition, values = next((side, values) for side, values in sides.items() if values.isna().any())
    selection = row.selected(condition if isinstance(condition, Condition | Twin) else row.claim.treatment)
    missing = values.index[values.isna()]
    cause = f" in '{selection.sweep}'" if selection.sweep else ""
    if selection.sweep:
        diverged, _ = evidence.values(row.environment, selection, "diverged", row.decoder)
        cause = ": all their replays diverged" if (diverged[missing] == 1).all() else cause
    return f"'{selection.variant}' has no {row.metric} for seeds {', '.join(map(str, missing))}{cause}"


def withdrawn_by(row: Row, verdict: str, other: str, controls: str) -> str:
    """What takes a verdict away: controls that read as well as replay, or the other decoder; empty if nothing does.

    Args:
        row: what is tested.
        verdict: by its interval.
        other: the verdict by the other decoder.
        controls: those that read as well as replay, or `none`; empty where none was measured.
    """
    if row.decides and controls not in ("", "none"):
        return controls
    return other_than(row.decoder) if {verdict, other} == set(DECIDED) else ""


def by_other_decoder(row: Row, evidence: Evidence) -> str:
    """The verdict of a row by the other decoder, `not testable` if it cannot be asked; empty if there is none."""
    if not row.is_decoded:
        return ""
    other = replace(row, decoder=other_than(row.decoder))
    try:
        return row.verdict(mean_interval(compared(other, evidence)[0], row.plan.level))
    except NotTestable:
        return "not testable"


def mean(row: Row, evidence: Evidence, condition: Condition, metric: str) -> float:
    """Mean over seeds of another metric of one side of a row; NaN where it was not measured."""
    try:
        values, _ = evidence.values(row.environment, row.selected(condition), metric, row.decoder)
    except NotTestable:
        return np.nan
    return float(values.mean())


def effect_size(estimate: float, baseline: pd.Series, level: float) -> float:
    """A difference in units of the mean baseline; NaN where that does not differ from 0."""
    mean = baseline.mean()
    if mean == 0 or conclusion(mean_interval(baseline.to_numpy(), level), "greater", (0.0,)) == "inconclusive":
        return np.nan
    return float(estimate / abs(mean))
