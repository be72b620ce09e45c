"""The tables of readings: each of them, their shares by claim and environment, and the axes that decide."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from rnn_replay.claims.contrasts import DECODERS
from rnn_replay.readings.design import MEASURING, Frame
from rnn_replay.readings.inference import axis_shares, differences, joint, judged
from rnn_replay.readings.settings import CLAIMS, GATINGS
from rnn_replay.readings.words import sentence

LOST = "off the manifold"  # the verdict of a reading that destroys replay, which cannot tell of it
SIDES = ("treatment", "baseline")
# What is no axis among the columns of a table of readings.
KNOWN = ("claim", "environment", "design", "anchor", "again", *SIDES, "effect", "low", "high", "seeds", "verdict")


def judged_readings(
    frame: Frame, seeds: Sequence[xr.Dataset], limits: dict[str, float], values: dict[str, float]
) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Judged readings of one environment, claim by claim, with their differences (seed, reading).

    Args:
        frame: of the environment.
        seeds: datasets of :func:`~rnn_replay.readings.measure.measured`, one for each seed.
        limits: `off_manifold` and `diverged` of section `readings`.
        values: `level` and `margin_kept` of section `claims`.

    Raises:
        ValueError: the datasets hold other conditions.
    """
    names = [" ".join(condition) for condition in frame.conditions]
    if any(list(dataset["condition"].values) != names for dataset in seeds):
        raise ValueError(f"readings of {frame.environment} were measured under other conditions; run them again")
    value = np.stack([dataset["value"].values for dataset in seeds]).astype(float)
    metrics, decoders = list(seeds[0]["metric"].values), {"": 0} | {name: d for d, name in enumerate(DECODERS)}
    with np.errstate(invalid="ignore"):  # where all of a seed's replays have diverged there is no distance
        lost = np.logical_or.reduce(
            [~(np.mean([dataset[name] for dataset in seeds], axis=0) <= limit) for name, limit in limits.items()]
        )
    for claim, rows in frame.table.groupby("claim", sort=False):
        metric, decoder = rows["metric"].map(metrics.index), rows["decoder"].map(decoders)
        gating = rows["gating"].map(GATINGS.index)
        sides = [value[:, metric, rows[side], decoder, gating] for side in SIDES]
        known = np.isfinite(sides[0] + sides[1]).any(0)  # the rest is not defined, as what a box has none of
        rows, sides = rows[known].reset_index(drop=True), [side[:, known] for side in sides]
        about = CLAIMS[claim]
        sign = rows["metric"].map(about.sign).to_numpy(float)
        found = differences(*sides, sign, 1 - values["margin_kept"] if about.expects == "kept" else 1.0)
        table = rows.join(judged(found, values["level"])).assign(environment=frame.environment)
        # An awake run does not stray; and that replay without a leak does is what leakage is claimed to mend.
        telling = {"awake": (), "leakage": SIDES[:1]}.get(about.compares, SIDES)
        off = np.logical_or.reduce([np.zeros(len(table), bool), *(lost[table[side]] for side in telling)])
        table.loc[off, "verdict"] = LOST
        yield table, found


def readings_tables(
    frames: list[Frame], seeds: list[Sequence[xr.Dataset]], limits: dict[str, float], values: dict[str, float]
) -> dict[str, pd.DataFrame]:
    """All tables of a run, by name.

    Args:
        frames: of the environments.
        seeds: datasets of each environment, one for each seed.
        limits, values: as in :func:`judged_readings`.

    Returns:
        `readings`: one row for each reading; `rank` among those of its claim and environment by effect, those off the
        manifold last, and the band of sorted effects under flips at that rank. `shares`: one row for each claim and
        environment. `axes`: one for each axis that varies there.
    """
    tables: dict[str, list[pd.DataFrame]] = {"readings": [], "shares": [], "axes": []}
    for frame, datasets in zip(frames, seeds, strict=True):
        for table, found in judged_readings(frame, datasets, limits, values):
            if table.empty:
                continue
            head = {"claim": table["claim"][0], "environment": frame.environment}
            # Anchored readings stand beside the designs; where there are no others, they are all there is.
            once = ~table["again"] if not table["again"].all() else ~table.duplicated(["anchor", *MEASURING])
            order = table[once].assign(last=table["verdict"] == LOST).sort_values(["last", "effect"], kind="stable")
            table["rank"] = pd.Series(range(len(order)), index=order.index)
            counted = order.index[~order["last"]]
            p, band = joint(found[:, counted], values["level"])
            table["null_low"], table["null_high"] = (pd.Series(edge, index=counted) for edge in band)
            own = table[(table["anchor"] == "") & (table["verdict"] != LOST)]
            axes = axis_shares(own, [name for name in frame.table if name not in KNOWN])
            row = head | summary(table[once]) | {"p": p}
            tables["readings"].append(table.drop(columns=[*SIDES]))
            tables["shares"].append(pd.DataFrame([row | {"sentence": sentence(row, axes)}]))
            tables["axes"].append(axes.assign(**head))
    found = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    first = ["claim", "environment"]
    return {name: table[[*first, *table.columns.drop(first)]] for name, table in found.items()}


def summary(rows: pd.DataFrame) -> dict[str, float]:
    """Number of readings, and of those that keep replay on the manifold: their shares by verdict, median effect."""
    kept = rows[rows["verdict"] != LOST]
    shares = {name: (kept["verdict"] == name).mean() for name in ("supported", "contradicted", "undecided")}
    number = {"readings": len(rows), "off_manifold": (rows["verdict"] == LOST).mean()}
    overall = (rows["verdict"] == "supported").mean()
    return number | {"supported_of_all": overall} | shares | {"median_effect": kept["effect"].median()}
