"""Readings in words: one sentence for each claim and environment, and the page of tables."""

from typing import Any

import pandas as pd

from rnn_replay.readings.settings import CLAIMS

DECISIVE = 0.05  # share of the variance of effects from which on an axis is said to decide (our choice)
# What an option on an axis is called; an axis that is not named here is called by its own name.
OPTIONS = {
    "form": "adaptation {}",
    "adaptation_strength": "an adaptation of strength {}",
    "adaptation_time": "a time constant of {} steps",
    "adaptation": "adaptation {}",
    "friction": "friction {}",
    "noise": "{} times the noise of training",
    "noise_scaling": "noise that is {}",
    "start": "starts: {}",
    "steps": "replays of {} steps",
    "network": "the network: {}",
    "against": "the baseline: {}",
    "decoder": "the {} decoder",
    "metric": "the metric {}",
    "gating": "{} replays",
}
NAMES = {"triangle": "the triangle", "tmaze": "the T-maze", "rat": "the rat's box"}


def sentence(row: dict[str, Any], axes: pd.DataFrame) -> str:
    """How often a claim holds and when it fails.

    Args:
        row: of the table of shares.
        axes: of the same claim and environment; see :func:`~rnn_replay.readings.inference.axis_shares`.
    """
    head = f"{CLAIMS[row['claim']].says}: holds in {row['supported_of_all']:.0%} of readings"
    if row["off_manifold"] == 1:
        return f"{head}, since none keeps replay intact.".replace("%", " %")
    if row["off_manifold"] > 0:
        head += f", in {row['supported']:.0%} of those that keep replay intact"
    opposite = f", and the opposite in {row['contradicted']:.0%}"
    turning = axes[(axes["turns_from"] != "") & (axes["share"] >= DECISIVE)]
    if turning.empty:
        choice = "; no single choice turns its sign." if len(axes) else "."
        return (head + opposite + choice).replace("%", " %")
    first = turning.iloc[0]
    worse, better = (option(first["axis"], first[name]) for name in ("turns_from", "turns_to"))
    told = f"; on average it fails with {worse}, not with {better}."
    return (head + opposite + told).replace("%", " %")


def option(axis: str, value: str) -> str:
    """An option of an axis in words, such as `adaptation inside`."""
    return OPTIONS.get(axis, f"{axis} {{}}").format(value).replace("_", " ")


def markdown(tables: dict[str, pd.DataFrame], primary: str | None, demonstration: bool) -> str:
    """The page: sentences, shares, what decides, and the readings with a name."""
    shares, axes, readings = (tables[name] for name in ("shares", "axes", "readings"))
    parts = ["# Every reading of what the paper left open"]
    if demonstration:
        parts.append("A demonstration: networks are too few and too small for a verdict.")
    parts += [f"- {NAMES.get(row.environment, row.environment)}: {row.sentence}" for row in shares.itertuples()]
    percent = ["off_manifold", "supported_of_all", "supported", "contradicted", "undecided"]
    shown = shares.drop(columns="sentence")
    shown[percent] = shown[percent].map(lambda share: f"{share:.0%}".replace("%", " %"))
    parts += ["## Shares", lines(shown)]
    decisive = axes.groupby(["claim", "environment"], sort=False).head(2).drop(columns="effects")
    parts += ["## What decides", lines(decisive)]
    anchors = readings[readings["anchor"] != ""].assign(primary=lambda rows: rows["anchor"] == primary)
    named = ["claim", "environment", "anchor", "primary", "metric", "effect", "low", "high", "seeds", "verdict"]
    parts += ["## Readings with a name", lines(anchors[named].sort_values(["claim", "environment"], kind="stable"))]
    return "\n\n".join(parts) + "\n"


def lines(table: pd.DataFrame) -> str:
    """A table in Markdown, numbers with three digits."""
    cells = table.map(lambda cell: f"{cell:.3g}" if isinstance(cell, float) else str(cell).replace("|", "\\|"))
    rows = [f"| {' | '.join(row)} |" for row in [list(table.columns), *cells.to_numpy().tolist()]]
    return "\n".join([rows[0], f"|{'---|' * len(table.columns)}", *rows[1:]])
