"""R8: replay beside what was published of animals, and beside the predecessor paper's measures."""

from typing import Any

import numpy as np
import pandas as pd

from rnn_replay.claims.statistics import over_seeds
from rnn_replay.claims.words import body
from rnn_replay.measures.biology.published import DAVIDSON, PUBLISHED, REPLAY_SPEED, UNPUBLISHED
from rnn_replay.measures.biology.recovery import ENOUGH
from rnn_replay.questions.conditions import by_condition

HELD = (*dict.fromkeys(p.metric for p in PUBLISHED), *UNPUBLISHED)
FLOORS = ("null", "shuffled", "diffusion")  # suffixes of measures that stand beside a measure
THEIRS = ("kl_divergence", "output_variance", "step_distance")
OURS = ("wasserstein", "occupancy_entropy", "compression")
KEYS = ["environment", "decoder", "condition", "metric", "unit"]
CLOCKS = (
    "In training one step stands for `time_step` seconds of the animal's path. In replay it stands for one update of "
    "the same network and has no duration of its own, so `speed` holds if a step lasts as long as awake. Only "
    "`over_behaviour`, in which the step drops out, compares with a ratio of speeds, and it leaves out what the "
    f"hippocampus gains by a faster clock. {DAVIDSON}, found {REPLAY_SPEED:g} m/s in bins of 20 ms; "
    "`step_at_published` is the duration of a step, in ms, at which replay would have that speed."
)


def summary(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """Mean over seeds with its interval, for each environment, decoder, condition and metric of tidy rows.

    Below two seeds with a value there is no row.
    """
    groups = rows.groupby(KEYS, sort=False)
    found = [dict(zip(KEYS, key, strict=True)) | vars(over_seeds(part["value"], level)) for key, part in groups]
    table = pd.DataFrame(found, columns=[*KEYS, "estimate", "low", "high", "seeds", "seeds_missing"])
    return table[table["seeds"] > 1].reset_index(drop=True)


def biology_comparison(
    biology: pd.DataFrame, metrics: pd.DataFrame, claims: dict[str, Any], environments: dict[str, dict[str, Any]]
) -> pd.DataFrame:
    """Each measure of replay beside the published values.

    Args:
        biology: tidy table of the measures of biology.
        metrics: tidy table of metrics, for compression.
        claims: section of the configuration.
        environments: what each is, by name and in order: `kind`, `shape` and `place_cells`.

    Returns:
        The columns of :func:`summary`; means over seeds of the same measure of nulls, shuffled paths and simulated
        diffusion, and recovered (of a model: the share of synthetic paths with the parameters of these in which it is
        found); published, published_low, published_high, source, fair and why. A row for each published value.
    """
    both = pd.concat([by_condition(t, claims, list(environments)) for t in (biology, metrics)], ignore_index=True)
    found = summary(both, claims["level"])
    keys = ["environment", "decoder", "condition", "metric"]
    means = found.set_index(keys)["estimate"].to_dict()

    def beside_it(row: Any, metric: str) -> float:
        return means.get((row.environment, row.decoder, row.condition, metric), np.nan)

    found = found[found["metric"].isin(HELD)]
    found = found.assign(
        **{name: [beside_it(row, f"{row.metric}_{name}") for row in found.itertuples()] for name in FLOORS},
        recovered=[
            beside_it(row, row.metric.removesuffix("_unmixed").replace("share_", "recovered_"))
            for row in found.itertuples()
        ],
    )
    found.loc[~found["metric"].str.startswith("share_"), "recovered"] = np.nan
    beside = []
    for name, known in environments.items():
        for p in PUBLISHED:
            beside.append((name, p.metric, p.label, p.where, p.value, p.low, p.high, p.source, *p.judged(known)))
        for metric, why in UNPUBLISHED.items():
            beside.append((name, metric, metric, "–", "–", np.nan, np.nan, "–", "unfair", why))
    columns = ["environment", "metric", "label", "where", "published", "published_low", "published_high", "source"]
    beside = pd.DataFrame(beside, columns=[*columns, "fair", "why"])
    return found.merge(beside, on=["environment", "metric"]).reset_index(drop=True)


def scales(
    biology: pd.DataFrame, claims: dict[str, Any], environments: dict[str, dict[str, Any]], decoder: str
) -> pd.DataFrame:
    """How fast replay would be, if one of its steps lasted as long as one awake.

    Args:
        biology, claims, environments: as of :func:`biology_comparison`; of an environment its `time_step` too, in s.
        decoder: of positions.

    Returns:
        environment and condition, of which `behaviour` is the animal itself; time_step, s; the columns of
        :func:`summary`, of speed in m/s; over_behaviour, by how much that is faster than the animal; and
        step_at_published, how long a step of replay would have to last for the speed of Davidson et al., in ms.
    """
    rows = by_condition(biology[biology["metric"] == "step_progress"], claims, list(environments))
    rows = rows[rows["decoder"].isin([decoder, "none"])]
    steps = rows["environment"].map({name: known["time_step"] for name, known in environments.items()})
    found = summary(rows.assign(value=rows["value"] / steps, metric="speed", unit="m/s"), claims["level"])
    own = found[found["condition"] == "behaviour"].set_index("environment")["estimate"]
    step = found["environment"].map({name: known["time_step"] for name, known in environments.items()})
    return found.assign(
        time_step=step,
        over_behaviour=found["estimate"] / found["environment"].map(own),
        step_at_published=1000 * found["estimate"] * step / REPLAY_SPEED,
    )


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


def biology_markdown(held: pd.DataFrame, theirs: pd.DataFrame, recovery: pd.DataFrame, speed: pd.DataFrame) -> str:
    """Both comparisons and the speeds in Markdown, the limits of model recovery first."""
    published = held.drop_duplicates(["environment", "metric", "where", "published"])
    lines = ["# Replay beside animals, and beside the predecessor paper", "", limits(recovery), "", "## Published", ""]
    lines += body(published[["environment", "metric", "where", "published", "source", "fair", "why"]])
    lines += ["", "## Speed", "", CLOCKS, "", *body(speed.drop(columns=["decoder", "metric", "seeds_missing"]))]
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
