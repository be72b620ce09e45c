"""The claims table in words: what is compared, why a verdict is as it is, what the claims say, and the rule.

Everything here is read from the columns of the table, and nothing reads what is written here.
"""

import json
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from rnn_replay.claims.contrasts import DECODERS
from rnn_replay.claims.statistics import DECIDED, Interval, any_false, conclusion
from rnn_replay.claims.table import THEORY
from rnn_replay.measures import METRICS

SYMBOLS = {"friction": "λ_v", "adaptation_strength": "b_a", "adaptation_form": "form"}
EXPECTED = {
    "greater": "more",
    "less": "less",
    "kept": "kept, within the margin",
    "none": "none, within the margin",
    "within": "within the bounds of chance",
    "all": "all of them",
}
SHOWN = ["claim", "environment", "compared", "metric", "unit", "estimate", "low", "high", "effect", "seeds", "agree"]
SHOWN += ["verdict", "reason"]
JUDGED = ["claim", "environment", "verdict", "strongest_twin", "beyond", "controls", "p_adjusted", "p_exact_adjusted"]

DEMONSTRATION = "**A demonstration**: networks are too few and too small for verdicts, so every row reads `demo`."
RULE = """\
**Verdict.** Seeds are the units: replays of a seed are averaged, and the two sides of a contrast are paired by seed. \
The interval is at {level:g} %, on differences or, where the contrast says so, on log ratios: on each side the wider \
of Student's and of the same corrected for skewness (Hall 1992). A claim of \
*more* or *less* is **supported** where the interval lies on its side of no effect (0, or a ratio of 1), \
**contradicted** where it lies on the other side, else **inconclusive**. *Kept* (non-inferiority) is supported where \
the interval lies above 1 − margin, contradicted where it lies below. *None* (equivalence) is supported where the \
interval lies inside ± margin, contradicted where it lies outside. Both margins were named before the run: \
{margin_kept} of the exploration for *kept*, {margin_none} for *none*. \
**Not testable** is a row whose sweep, network or metric is missing, or that has a seed without value; a seed is never \
left out. **Two decoders.** A verdict that would be the opposite by the other decoder is withdrawn, and the row reads \
inconclusive with that reason; this rule came after the first complete run, which had shown such rows, and it can only \
take verdicts away. Where the other decoder has no value the verdict stands, and the reason says so.

**Beyond its twin.** A verdict against baseline is the claim as the paper says it. Each primary row is also held \
against its twins, the simplest things that could do the same. The verdict against the strongest twin, the one least \
in the claim's favour, says whether something is left that is the mechanism's own. **Controls** are noise, untrained \
networks, shuffled time and wrong maps; those that read as well as replay by the metric of a row are named there. A \
primary row that has any claims nothing, and reads inconclusive, also against its twins; this rule too came after a \
run, and can only take verdicts away. \
**Exact** p values flip the signs of the seeds' differences, so they need no normal distribution; they are corrected \
likewise.

**Our choice.** We had no access to the paper's text, so every row marked `our choice` rests on environments, sizes, \
masks, strengths and friction that we chose, on other seeds than those reported."""


def worded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the columns `compared` and `reason`."""
    family, rows = int(table["p_adjusted"].notna().sum()), list(table.itertuples())
    return table.assign(compared=[compared(row) for row in rows], reason=[reason(row, family) for row in rows])


def number(value: Any) -> str:
    """A setting's value in words."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def side(values: dict[str, Any]) -> str:
    """One side of a contrast in words: a value, or the variant with its settings or the metric beside it."""
    if "value" in values:
        return number(values["value"])
    settings = {k: v for k, v in values.items() if k not in ("variant", "sweep", "metric")}
    words = [f"{SYMBOLS.get(key, key)} {number(value)}" for key, value in settings.items()]
    if "metric" in values:
        return values["metric"]
    return " ".join([*([values["variant"]] if "variant" in values else []), *words])


def compared(row: Any) -> str:
    """What is compared with what: contrast, reading, both sides, decoder, scale."""
    words = row.contrast
    reading = f"control {row.control}" if row.control else row.reading
    words += f" ({reading})" if reading else ""
    if row.treatment:
        words += f": {side(json.loads(row.treatment))}"
        words += f" against {side(json.loads(row.baseline))}" if row.baseline else ""
    words += f"; {row.decoder} decoder" if row.decoder else ""
    words += "; ratio" if row.scale == "ratio" else ""
    return f"{words}; our choice" if row.reading else words


def reason(row: Any, family: int) -> str:
    """Where the interval lies, and what to know about the row; or why it is not testable.

    Args:
        row: of the table.
        family: number of primary rows that are corrected together.
    """
    if row.expects == "all":
        return row.note
    if np.isnan(row.estimate) or row.verdict == "not testable":
        return f"not testable: {row.note}"
    bounds = (-row.bound, row.bound) if row.expects in ("none", "within") else (row.bound,)
    by_interval = conclusion(Interval(row.estimate, row.low, row.high), row.expects, bounds)
    decided = by_interval in DECIDED
    parts = [placed(row.low, row.high, bounds)] if np.isfinite(row.low) else []
    if row.withdrawn_by in DECODERS:
        parts.append(f"nothing is claimed: by the {row.withdrawn_by} decoder the verdict would be the opposite")
    elif row.withdrawn_by:
        parts.append(f"nothing is claimed: controls read as well as replay by this metric ({row.withdrawn_by})")
    if decided and row.other_decoder == "not testable":
        parts.append("the other decoder has no value to compare")
    if np.isnan(row.effect):
        parts.append("no effect size, since the baseline does not differ from 0")
    unit = METRICS[row.metric].unit if row.metric in METRICS else "1"
    for name, value in (("resting replay", row.null), ("two halves of awake behaviour", row.floor)):
        if np.isfinite(value):
            parts.append(f"{name}: {value:.3g} {unit}")
    shares = [share for share in (row.diverged_treatment, row.diverged_baseline) if np.isfinite(share)]
    if any(shares):
        words = " and ".join(f"{100 * share:.2g} %" for share in shares)
        parts.append(f"{words} of replays diverged and are left out")
    if row.verdict in DECIDED and row.verdict_adjusted:
        also = "also" if row.verdict_adjusted == row.verdict else "not"
        parts.append(f"{also} after Holm's correction over {family} primary rows")
    return "; ".join([*parts, *([row.note] if row.note else [])])


def placed(low: float, high: float, bounds: tuple[float, ...]) -> str:
    """Where an interval lies."""
    names = [f"{bound:.3g}" for bound in bounds]
    if low > bounds[-1]:
        return f"the interval lies above {names[-1]}"
    if high < bounds[0]:
        return f"the interval lies below {names[0]}"
    if len(bounds) == 2 and bounds[0] < low and high < bounds[1]:
        return f"the interval lies between {names[0]} and {names[1]}"
    held = [name for name, bound in zip(names, bounds, strict=True) if low <= bound <= high]
    return f"the interval holds {' and '.join(held)}"


def said(table: pd.DataFrame) -> str:
    """What each claim says, and which way it expects each metric, in Markdown; one item for each contrast."""
    lines = []
    for (claim, contrast, says), rows in table.groupby(["claim", "contrast", "says"], sort=False):
        ways = rows.groupby("expects", sort=False)["metric"].unique()
        expected = "; ".join(f"{EXPECTED[way]} ({', '.join(metrics)})" for way, metrics in ways.items())
        lines.append(f"- **{claim}**, {contrast}: {says} Expected: {expected}.")
    return "\n".join(lines)


def header(own: pd.DataFrame, further: int, values: dict[str, Any], demonstration: bool) -> list[str]:
    """Paragraphs that stand before the rows, in Markdown: how many rows are tested, and the rule.

    Args:
        own: rows that were tested here.
        further: number of rows of other stages.
        values: section `claims` of the configuration.
        demonstration: whether there are no verdicts to count.
    """
    words = [DEMONSTRATION if demonstration else error_rate(own, further, values["level"])]
    return [*words, RULE.format(**values | {"level": 100 * values["level"]})]


def error_rate(own: pd.DataFrame, further: int, level: float) -> str:
    """How many rows are tested, and what that does to the error rate."""
    tested = own[own["p"].notna()]
    decided = tested[tested["verdict"].isin(DECIDED)]
    primary, alpha = int(tested["primary"].sum()), 1 - level
    kept = int(tested["verdict_adjusted"].isin(DECIDED).sum())
    discovered = stats.false_discovery_control(tested["p"].to_numpy()) if len(tested) else np.empty(0)
    return (
        f"**Number of rows.** {len(tested)} rows are tested, {primary} of them primary; "
        f"{len(own) - len(tested)} are not testable. If there were no effect anywhere, {100 * alpha:.3g} % of the "
        f"tested rows, {alpha * len(tested):.2g}, would still read supported or contradicted, and were they "
        f"independent, at least one primary row with a probability of {100 * any_false(primary, level):.0f} % "
        f"(Šidák). So a single row proves little: of {int(decided['primary'].sum())} decided primary rows {kept} stay "
        f"decided after Holm's correction over all primary rows, and of {len(decided)} decided rows "
        f"{int((discovered < alpha).sum())} at a false-discovery rate of {100 * alpha:.3g} % (Benjamini–Hochberg) "
        f"over all tested rows. Rows of other stages ({further}) bring their own intervals and are not in these "
        "numbers."
    )


def against_extrapolation(networks: pd.DataFrame, variants: dict[str, str]) -> str:
    """A paragraph: whether the networks that are replayed err less, awake and held out, than extrapolation does.

    Args:
        networks: the table of networks.
        variants: the one that is replayed, by environment.
    """
    told = []
    for name, variant in variants.items():
        rows = networks[(networks["environment"] == name) & (networks["variant"] == variant)]
        if len(rows):
            error, baseline = rows["test_position_error"], rows["extrapolation_error"]
            beats = "beats it" if error.mean() < baseline.mean() else "**does not beat it**"
            told.append(
                f"{name} {error.mean():.3g} m against {baseline.mean():.3g} m, the network {beats} "
                f"({int((error < baseline).sum())} of {len(rows)} seeds)"
            )
    return (
        "**Against extrapolation.** Mean error of position on held-out paths, of the network that is replayed and of a "
        "baseline that is told where it is while inputs are shown, and goes on at the last velocity while they are "
        f"hidden: {'; '.join(told) or 'no network'}."
    )


def markdown(table: pd.DataFrame, header: list[str]) -> str:
    """The worded table in Markdown: what the claims say, the header, then the rows."""
    lines = ["# Claims", "", "## What the claims say", "", said(table), ""]
    for paragraph in header:
        lines += [paragraph, ""]
    for title, rows, columns in sections(table):
        lines += [f"## {title}", "", *body(rows[columns]), ""]
    return "\n".join(lines)


def sections(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame, list[str]]]:
    """Parts of the worded table that are shown: title, rows and columns."""
    primary = table[table["primary"]]
    return [
        ("Primary rows", primary, SHOWN),
        ("Primary rows against their twins and controls", primary[primary["reading"] != THEORY], JUDGED),
        ("Rows against twins", table[table["twin"] != ""], SHOWN),
        ("Other rows", table[~table["primary"] & (table["twin"] == "")], SHOWN),
    ]


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
