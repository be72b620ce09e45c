"""The claims table: all rows with their verdicts, how many were tested and what that means, as netCDF and Markdown."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.claims.contrasts import CLAIMS, Claim, NotTestable, Plan
from rnn_replay.claims.statistics import any_false, holm, width_by_seeds
from rnn_replay.claims.verdicts import Evidence, Finding, judged, rows_of, untested

COLUMNS = {
    "claim": "claim, as numbered in the list of the paper's claims",
    "environment": "environment",
    "contrast": "what is compared with what: variants, settings, decoder",
    "metric": "metric",
    "unit": "unit of estimate, low and high",
    "primary": "1: named primary before the run",
    "estimate": "mean over seeds of the paired difference, or geometric mean of the paired ratio",
    "low": "lower end of the interval",
    "high": "upper end of the interval",
    "effect": "estimate in units of the mean baseline; for a ratio, the ratio less 1",
    "seeds": "number of seeds",
    "agree": "number of seeds whose difference has the sign of the estimate",
    "verdict": "supported, contradicted, inconclusive, not testable, or demo",
    "reason": "where the interval lies, or why there is none; what to know about the row",
}
DECIDED = ("supported", "contradicted")
FORESEEN = (12, 16, 24, 32)  # numbers of seeds whose interval is foretold (our choice)

RULE = """\
**Verdict.** Seeds are the units: replays of a seed are averaged, and the two sides of a contrast are paired by seed. \
The interval is Student's at {level:g} %, on differences or, where the contrast says so, on log ratios. A claim of \
*more* or *less* is **supported** where the interval lies on its side of no effect (0, or a ratio of 1), \
**contradicted** where it lies on the other side, else **inconclusive**. *Kept* (non-inferiority) is supported where \
the interval lies above 1 − margin, contradicted where it lies below. *None* (equivalence) is supported where the \
interval lies inside ± margin, contradicted where it lies outside. Both margins were named before the run: {margins}. \
**Not testable** is a row whose sweep, network or metric is missing, or that has a seed without value; a seed is never \
left out. **Two decoders.** A verdict that would be the opposite by the other decoder is withdrawn, and the row reads \
inconclusive with that reason; this rule came after the first complete run, which had shown such rows, and it can only \
take verdicts away. Where a symmetric studentised bootstrap would leave a verdict open, the reason says so.

**Our choice.** The paper's settings are not public: every row marked `our choice` rests on environments, sizes, \
masks, strengths and friction that we chose, on other seeds than those reported."""


def findings(
    networks: pd.DataFrame,
    metrics: pd.DataFrame,
    environments: list[str],
    values: dict[str, Any],
    claims: tuple[Claim, ...] = CLAIMS,
) -> list[Finding]:
    """All rows with their verdicts, corrected for their number.

    Args:
        networks: table of networks, one row each.
        metrics: tidy table of metrics.
        environments: names, in order.
        values: of :class:`~rnn_replay.claims.contrasts.Plan`, each for all environments or by environment.
        claims: what is tested.
    """
    evidence = Evidence(networks, metrics)
    found = []
    for claim in claims:
        for environment in environments:
            plan = Plan.of(values, environment)
            try:
                found += [judged(row, evidence) for row in rows_of(claim, environment, plan, evidence)]
            except NotTestable as problem:
                cells = {"claim": claim.id, "environment": environment, "contrast": f"{claim.contrast}; our choice"}
                cells |= {"metric": claim.metrics_of(environment)[0].removesuffix("_*"), "primary": claim.primary}
                found.append(untested(cells, str(problem)))
    return corrected(found, values["level"])


def corrected(found: list[Finding], level: float) -> list[Finding]:
    """The same rows; primary ones that are decided say whether they also are after Holm's correction."""
    family = [i for i, finding in enumerate(found) if finding.cells["primary"] and np.isfinite(finding.p)]
    result = list(found)
    for i, p in zip(family, holm([found[i].p for i in family]), strict=True):
        cells = found[i].cells
        if cells["verdict"] in DECIDED:
            words = "also" if p < 1 - level else "not"
            reason = f"{cells['reason']}; {words} after Holm's correction over {len(family)} primary rows"
            result[i] = replace(found[i], cells=cells | {"reason": reason})
    return result


def claims_table(found: list[Finding], further: list[pd.DataFrame], demonstration: bool) -> pd.DataFrame:
    """The claims table.

    Args:
        found: tested rows.
        further: rows of other stages, with the same columns.
        demonstration: whether every verdict reads `demo`.

    Raises:
        ValueError: further rows have other columns.
    """
    for frame in further:
        if set(frame.columns) != set(COLUMNS):
            raise ValueError(f"further claims have the columns {list(frame.columns)}; allowed: {list(COLUMNS)}")
    frames = [pd.DataFrame([finding.cells for finding in found], columns=list(COLUMNS)), *further]
    table = pd.concat([frame[list(COLUMNS)] for frame in frames if len(frame)], ignore_index=True)
    return table.assign(verdict="demo") if demonstration else table


def error_rate(found: list[Finding], further: list[pd.DataFrame], level: float) -> str:
    """How many rows are tested, and what that does to the error rate, in words."""
    tested = [finding for finding in found if np.isfinite(finding.p)]
    primary = [finding for finding in tested if finding.cells["primary"]]
    alpha = 1 - level
    decided = [finding for finding in tested if finding.cells["verdict"] in DECIDED]
    first = sum(bool(finding.cells["primary"]) for finding in decided)
    adjusted = holm([finding.p for finding in primary])
    kept = sum(p < alpha for p, f in zip(adjusted, primary, strict=True) if f.cells["verdict"] in DECIDED)
    discovered = stats.false_discovery_control([f.p for f in tested]) if tested else np.empty(0)
    return (
        f"**Number of rows.** {len(tested)} rows are tested, {len(primary)} of them primary; "
        f"{len(found) - len(tested)} are not testable. If there were no effect anywhere, {100 * alpha:.3g} % of the "
        f"tested rows, {alpha * len(tested):.2g}, would still read supported or contradicted, and were they "
        f"independent, at least one primary row with a probability of {100 * any_false(len(primary), level):.0f} % "
        f"(Šidák). So a single row proves little: of {first} decided primary rows {kept} stay decided after Holm's "
        f"correction over all primary rows, and of {len(decided)} decided rows "
        f"{int((discovered < alpha).sum())} at a false-discovery rate of {100 * alpha:.3g} % (Benjamini–Hochberg) "
        f"over all tested rows. Rows of other stages ({sum(map(len, further))}) bring their own intervals and are "
        "not in these numbers."
    )


def rule(values: dict[str, Any]) -> str:
    """The verdict rule, with its margins, in Markdown."""
    margins = f"{values['margin_kept']} of the exploration for *kept*, {values['margin_none']} for *none*"
    return RULE.format(level=100 * values["level"], margins=margins)


def markdown(table: pd.DataFrame, header: list[str], demonstration: bool) -> str:
    """The table in Markdown: rule and error rate first, then primary rows, then the others."""
    lines = ["# Claims", ""]
    if demonstration:
        lines += ["**A demonstration**: networks are too few and too small for verdicts, so all read `demo`.", ""]
    for paragraph in header:
        lines += [paragraph, ""]
    primary = table["primary"].astype(bool)
    for title, rows in (("Primary rows", table[primary]), ("Other rows", table[~primary])):
        lines += [f"## {title}", "", *body(rows), ""]
    return "\n".join(lines)


def body(rows: pd.DataFrame) -> list[str]:
    """Lines of a Markdown table; numbers with three digits, and a dash where there is none."""

    def cell(value: Any) -> str:
        if isinstance(value, bool | np.bool_):
            return "yes" if value else "no"
        if isinstance(value, float | np.floating):
            return "–" if np.isnan(value) else f"{value:.3g}"
        return str(value).replace("|", "\\|")

    lines = [f"| {' | '.join(rows.columns)} |", f"|{'---|' * len(rows.columns)}"]
    return lines + [f"| {' | '.join(map(cell, row))} |" for row in rows.itertuples(index=False)]


def claims_dataset(table: pd.DataFrame, header: list[str]) -> xr.Dataset:
    """The table with the dimension row; the rule and the error rate stand in the attribute `comment`."""
    kinds = {"primary": np.int8, "seeds": np.int32, "agree": np.int32}
    kinds |= dict.fromkeys(("estimate", "low", "high", "effect"), float)
    data = {}
    for name, meaning in COLUMNS.items():
        data[name] = variable("row", table[name].to_numpy().astype(kinds.get(name, object)), "1", meaning)
    return xr.Dataset(data, attrs={"comment": "\n\n".join(header)})


def claims_frame(dataset: xr.Dataset) -> pd.DataFrame:
    """Rows of a dataset written by :func:`claims_dataset`, or by another stage in the same layout."""
    frame = dataset[list(COLUMNS)].to_dataframe().reset_index(drop=True)
    return frame.assign(primary=frame["primary"].astype(bool))


def seeds_table(found: list[Finding], level: float) -> pd.DataFrame:
    """Width of each primary row's interval against the number of seeds (question R1).

    Up to the number of seeds that were run, the width is the mean over subsets of them; beyond it is foretold from
    their standard deviation (`foretold`). For ratios it is that of the log ratio.
    """
    names = ["claim", "environment", "contrast", "metric", "unit"]
    frames = []
    for finding in found:
        if finding.cells["primary"] and finding.differences is not None:
            run = len(finding.differences)
            counts = [*range(2, run + 1), *(count for count in FORESEEN if count > run)]
            widths = width_by_seeds(finding.differences, level, counts)
            cells = {name: finding.cells[name] for name in names}
            frame = pd.DataFrame({"seeds": counts, "width": widths, "foretold": [c > run for c in counts]})
            frames.append(frame.assign(**cells))
    columns = [*names, "seeds", "width", "foretold"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
