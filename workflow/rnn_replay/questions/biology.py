"""R8: replay beside what was published of animals, and beside the predecessor paper's measures."""

from typing import Any

import numpy as np
import pandas as pd

from rnn_replay.claims.statistics import over_seeds
from rnn_replay.claims.words import body
from rnn_replay.measures.biology.published import PUBLISHED, UNPUBLISHED
from rnn_replay.measures.biology.recovery import ENOUGH
from rnn_replay.questions.conditions import by_condition

HELD = ("compression", *dict.fromkeys(p.metric for p in PUBLISHED if p.metric != "compression"), *UNPUBLISHED)
THEIRS = ("kl_divergence", "output_variance", "step_distance")
OURS = ("wasserstein", "occupancy_entropy", "compression")
KEYS = ["environment", "decoder", "condition", "metric", "unit"]


def summary(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """Mean over seeds with its interval, for each environment, decoder, condition and metric of tidy rows.

    Below two seeds with a value there is no row.
    """
    groups = rows.groupby(KEYS, sort=False)
    found = [dict(zip(KEYS, key, strict=True)) | vars(over_seeds(part["value"], level)) for key, part in groups]
    table = pd.DataFrame(found, columns=[*KEYS, "estimate", "low", "high", "seeds", "seeds_missing"])
    return table[table["seeds"] > 1].reset_index(drop=True)


def biology_comparison(
    biology: pd.DataFrame, metrics: pd.DataFrame, claims: dict[str, Any], environments: list[str]
) -> pd.DataFrame:
    """Each measure of replay beside the published values.

    Args:
        biology: tidy table of the measures of biology.
        metrics: tidy table of metrics, for compression.
        claims: section of the configuration.
        environments: names, in order.

    Returns:
        The columns of :func:`summary`; null (of hover and jump) and recovered (of a model: the share of synthetic paths
        with the parameters of these in which it is found), means over seeds; published, source, fair and why. A row
        for each published value.
    """
    both = pd.concat([by_condition(table, claims, environments) for table in (biology, metrics)], ignore_index=True)
    found = summary(both, claims["level"])
    keys = ["environment", "decoder", "condition", "metric"]
    means = found.set_index(keys)["estimate"].to_dict()

    def beside_it(row: Any, metric: str) -> float:
        return means.get((row.environment, row.decoder, row.condition, metric), np.nan)

    found = found[found["metric"].isin(HELD)]
    found = found.assign(
        null=[beside_it(row, f"{row.metric}_null") for row in found.itertuples()],
        recovered=[beside_it(row, row.metric.replace("share_", "recovered_")) for row in found.itertuples()],
    )
    found.loc[~found["metric"].str.startswith("share_"), "recovered"] = np.nan
    beside = [(p.metric, f"{p.where}: {p.value}", p.source, p.fair, p.why) for p in PUBLISHED]
    beside += [(metric, "–", "–", "no", why) for metric, why in UNPUBLISHED.items()]
    beside = pd.DataFrame(beside, columns=["metric", "published", "source", "fair", "why"])
    return found.merge(beside, on="metric").reset_index(drop=True)


def predecessor_comparison(
    biology: pd.DataFrame, metrics: pd.DataFrame, claims: dict[str, Any], environments: list[str]
) -> pd.DataFrame:
    """The predecessor paper's measures and three of this paper's on the same replays: :func:`summary`, and `paper`."""
    rows = [
        by_condition(biology[biology["metric"].isin(THEIRS)], claims, environments).assign(paper="predecessor"),
        by_condition(metrics[metrics["metric"].isin(OURS)], claims, environments).assign(paper="this"),
    ]
    parts = [summary(part, claims["level"]).assign(paper=part["paper"].iloc[0]) for part in rows if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*KEYS, "paper"])


def wide(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """A summary with one column for each metric, whose cells read `estimate [low, high]`; for Markdown."""
    cells = [f"{row.estimate:.3g} [{row.low:.3g}, {row.high:.3g}]" for row in table.itertuples()]
    keys = ["environment", "decoder", "condition"]
    first = table.assign(cell=cells).drop_duplicates([*keys, "metric"])
    order = first.drop_duplicates(keys).set_index(keys).index
    shown = first.pivot(index=keys, columns="metric", values="cell").reindex(order)
    return shown.reindex(columns=[name for name in columns if name in shown]).replace(np.nan, "–").reset_index()


def biology_markdown(held: pd.DataFrame, theirs: pd.DataFrame, recovery: pd.DataFrame) -> str:
    """Both comparisons in Markdown, the limits of model recovery first."""
    published = held.drop_duplicates(["metric", "published"])
    lines = ["# Replay beside animals, and beside the predecessor paper", "", limits(recovery), "", "## Published", ""]
    lines += body(published[["metric", "published", "source", "fair", "why"]])
    parts = {
        "Replay": (held, list(HELD)),
        "The predecessor's measures, and three of this paper's": (theirs, [*THEIRS, *OURS]),
    }
    for title, (table, columns) in parts.items():
        lines += ["", f"## {title}", "", "Mean over seeds and its interval.", "", *body(wide(table, columns))]
    return "\n".join(lines) + "\n"


def limits(recovery: pd.DataFrame) -> str:
    """In words: where planted models are found again often enough, and where they are not."""
    found = recovery[recovery["planted"] == recovery["found"]]
    momentum = found[found["planted"] == "momentum"]
    worst = found[found["planted"] != "momentum"].groupby("planted")["share"].min()
    words = []
    for (increments, noise), rows in momentum.groupby(["increments", "noise_share"]):
        enough = rows.groupby("persistence")["share"].min() >= ENOUGH
        least = enough[enough].index.min() if enough.any() else None
        words.append(f"{increments} increments, noise {noise:g}: " + ("none" if least is None else f"{least:g}"))
    paths = int(recovery["paths"].iloc[0])
    return (
        f"**Model recovery**, {paths} synthetic paths of each kind: diffusion is found again in at least "
        f"{100 * worst['diffusion']:.0f} % and stationary paths in at least {100 * worst['stationary']:.0f} % "
        f"everywhere. Momentum is found in {100 * ENOUGH:.0f} % or more from this persistence φ on (with and without "
        f"bins; *none*: at no φ tried up to {momentum['persistence'].max():g}): {'; '.join(words)}. Below that, "
        "momentum reads as diffusion. `recovered` in the table of replays is the same at their own lengths, noise and "
        "persistence."
    )
