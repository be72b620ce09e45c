"""Answers that the paper's own run gives: R1, R4, R6, R7 and R8."""

from typing import Any

import numpy as np
import pandas as pd

from rnn_replay.claims.statistics import Interval
from rnn_replay.measures.biology.published import PUBLISHED
from rnn_replay.measures.biology.recovery import ENOUGH
from rnn_replay.questions.answer import Answer, NotRun, Number, absolute, change, listed, overall, word


def of(row: Any) -> Interval:
    """The interval in a row of a table."""
    return Interval(float(row.estimate), float(row.low), float(row.high))


def seeds_needed(claims: pd.DataFrame, seeds: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Least number of seeds at which each decided primary row would be decided as it is, by half its mean width.

    Args:
        claims: the claims table.
        seeds: width of each primary row's interval against the number of seeds.
        margin: share of exploration that may be lost in rows of `kept`.

    Returns:
        The decided primary rows with a width, with the column `needed`.
    """
    rows = claims[claims["primary"].astype(bool) & claims["verdict"].isin(["supported", "contradicted"])]
    keys = ["claim", "environment", "contrast", "metric"]
    widths = dict(iter(seeds.groupby(keys)))
    needed = []
    for row in rows.itertuples():
        table = widths.get(tuple(getattr(row, key) for key in keys))
        if table is None:
            needed.append(np.nan)
            continue
        ratio = "; ratio" in row.contrast
        bound = np.log(1 - margin) if row.contrast.startswith("kept") else 0.0
        distance = abs((np.log(row.estimate) if ratio else row.estimate) - bound)
        enough = table.loc[table["width"] / 2 < distance, "seeds"]
        needed.append(enough.min() if len(enough) else np.nan)
    return rows.assign(needed=needed).dropna(subset="needed")


def how_many_seeds(claims: pd.DataFrame, seeds: pd.DataFrame, margin: float) -> Answer:
    """R1."""
    rows = seeds_needed(claims, seeds, margin)
    if rows.empty:
        raise NotRun("no primary row of the claims table is decided")
    tested = claims["primary"].astype(bool) & ~claims["verdict"].eq("not testable")
    tested &= claims.set_index(["claim", "contrast"]).index.isin(seeds.set_index(["claim", "contrast"]).index)
    run = int(rows["seeds"].max())
    low, middle, high = rows["needed"].quantile([0.25, 0.5, 0.75])
    few = rows["needed"] <= 3
    holm = int(rows["reason"].str.contains("also after Holm").sum())
    source = "tables/seeds.csv"
    numbers = [
        Number("all", "seeds needed, median and quartiles over rows", "seeds", middle, low, high, run, "", source),
        Number("all", "rows decided with 3 seeds", "1", few.mean(), np.nan, np.nan, run, "", source),
    ]
    for row in rows.itertuples():
        quantity = f"seeds needed for {row.claim}, {row.contrast.split(':')[0].split(' (')[0]}"
        numbers.append(Number(row.environment, quantity, "seeds", row.needed, np.nan, np.nan, run, "", source))
    sentence = (
        f"With {run} seeds {len(rows)} of {int(tested.sum())} primary rows are decided ({holm} after Holm's "
        f"correction); half of those need {middle:.0f} seeds or fewer (quartiles {low:.0f} to {high:.0f}), one needs "
        f"{rows['needed'].max():.0f}, and 3 seeds would decide {int(few.sum())}."
    )
    return Answer("R1", "answered", sentence, tuple(numbers))


def without_masking(unmasked: pd.DataFrame) -> Answer:
    """R4."""
    source = "tables/extended/unmasked.csv"
    numbers = []
    for row in unmasked.itertuples():
        asks = row.quantity == "gain at mask 0" and "−" not in row.environment
        said = word(of(row), "less") if asks else ""
        numbers.append(Number.of(row.environment, row.quantity, row.unit, of(row), row.seeds, source, said))
    gains = [number for number in numbers if number.word]
    if not gains:
        raise NotRun("no environment has networks with and without leak that were trained without mask")
    helped = {"yes": "Yes", "no": "No"}.get(overall(n.word for n in gains), "Not everywhere")
    growth = [number for number in numbers if number.quantity == "growth along path"]
    grows = [n.environment for n in growth if n.high < 0]
    others = [n.environment for n in growth if n.high >= 0]
    sentence = f"{helped}: held-out error against no leak is {listed(map(change, gains))}"
    if grows:
        sentence += (
            f"; in {' and '.join(grows)} the gain grows along the path, as the noise does that an integrator without "
            f"leak adds up, {contrast_along(numbers)}"
        )
    if others:
        sentence += (
            f"; in {' and '.join(others)} it does not grow, so path length is not the reason there and we cannot say"
        )
    return Answer("R4", overall(n.word for n in gains), sentence + ".", tuple(numbers))


def contrast_along(numbers: list[Number]) -> str:
    """Whether two environments that differ in what leakage gives do so from the start, or only late in a path."""
    pair = {n.quantity: n for n in numbers if n.environment == "triangle − tmaze"}
    if not {"early along path", "late along path", "gain at mask 0"} <= set(pair):
        return "and no two environments can be compared"
    early, late = pair["early along path"], pair["late along path"]
    values = [absolute(n) for n in (early, late)]
    if early.low <= 0 <= early.high and not late.low <= 0 <= late.high:
        return f"and triangle and T-maze differ only late in it (log ratio {values[1]}; early {values[0]})"
    return f"which alone does not tell triangle and T-maze apart (log ratio early {values[0]}, late {values[1]})"


def balance(rule: pd.DataFrame) -> Answer:
    """R6."""
    source = "tables/extended/balance_rule.csv"
    if rule.empty:
        raise NotRun("no environment was replayed over adaptation and friction")
    numbers = []
    for row in rule.itertuples():
        asks = row.folds == "each" and row.quantity == "nearer than baseline"
        said = word(of(row), "greater") if asks else ""
        quantity = f"{row.quantity}, {row.decoder} decoder, seeds by {row.folds}: {row.picks}"
        unit = "m" if row.quantity.startswith(("spread", "wasserstein")) else "1"
        numbers.append(Number.of(row.environment, quantity, unit, of(row), row.seeds, source, said))
    each = rule[(rule["folds"] == "each") & (rule["quantity"] == "nearer than baseline")]
    parts = []
    for name, rows in each.groupby("environment", sort=False):
        picks = [f"{row.picks.split(' (')[0]} by {row.decoder}" for row in rows.itertuples()]
        first = rows.iloc[0]
        parts.append(f"{name} {' or '.join(picks)}, nearer by {absolute(first)}")
    said = overall(n.word for n in numbers)
    sentence = (
        f"{'Taking' if said == 'yes' else 'Not everywhere: taking'} the setting on the front nearest to the best of "
        f"speed, exploration and fidelity beats the baseline on seeds that it was not picked on ({'; '.join(parts)}); "
        "where the two decoders pick different settings, the balance is one of the decoder too."
    )
    return Answer("R6", said, sentence, tuple(numbers))


def beyond_gaussian(claims: pd.DataFrame) -> Answer:
    """R7."""
    rows = claims[(claims["claim"] == "M2") & claims["environment"].isin(["double_well", "ring", "tee"])]
    if rows.empty:
        raise NotRun("the claims table has no row of a target that is not Gaussian")
    source = "tables/claims.csv"
    numbers = []
    for row in rows.itertuples():
        said = {"supported": "yes", "contradicted": "no"}.get(row.verdict, "")
        bound = row.estimate / row.effect
        cells = ("largest deviation from the kernel, between the bounds of chance", row.unit, row.estimate)
        numbers.append(Number(row.environment, *cells, -bound, bound, row.seeds, said, source))
    said = overall(n.word for n in numbers)
    targets = [number.environment.replace("_", " ") for number in numbers]
    worst = max(numbers, key=lambda n: n.estimate / n.high)
    first, agree = "Yes" if said == "yes" else "Not everywhere", sum(number.word == "yes" for number in numbers)
    sentence = (
        f"{first}: on {listed(targets)} simulated replay agrees with the update rule's own kernel in {agree} "
        f"of {len(numbers)} targets (largest deviation {worst.estimate:.1f} standard errors, chance allows "
        f"{worst.high:.1f}); there is no closed form there, only quadrature of that kernel."
    )
    return Answer("R7", said, sentence, tuple(numbers))


def like_animals(comparison: pd.DataFrame, decoder: str = "readout") -> Answer:
    """R8, from an environment without a track if there is one: the recordings are from open fields.

    Args:
        comparison: replay beside published values.
        decoder: the one by which true and awake paths are described alike.
    """
    source = "tables/extended/biology.csv"
    rows = comparison[
        (comparison["decoder"] == decoder) & comparison["condition"].isin(["baseline", "momentum", "both"])
    ]
    shares = rows[(rows["metric"] == "share_momentum") & (rows["environment"] == "rat")].drop_duplicates("condition")
    name = "rat" if (rows["environment"] == "rat").any() else None
    rows = rows[rows["environment"] == name]
    if rows.empty:
        raise NotRun("no network of place cells was replayed under the conditions of the claims")
    numbers, parts = [], []
    for published in PUBLISHED:
        if published.where not in ("hippocampus", "awake", "ripples") or published.metric == "share_diffusion":
            continue
        of_metric = rows[(rows["metric"] == published.metric)].drop_duplicates("condition")
        for row in of_metric.itertuples():
            inside = row.low <= published.high and published.low <= row.high
            quantity = f"{published.metric}, {row.condition}; {published.where}: {published.value}"
            said = "yes" if inside else "no"
            numbers.append(Number.of(name, quantity, row.unit, of(row), row.seeds, source, said))
        mine = {row.condition: row for row in of_metric.itertuples()}
        words = [f"{c} {absolute(of(r))}" for c, r in mine.items() if c != "both"]
        parts.append(f"{published.label} {listed(words)} ({published.where} {published.value})")
    said = overall(n.word for n in numbers)
    first = {"yes": "Yes", "no": "No"}.get(said, "In part")
    if shares["recovered"].min() < ENOUGH:
        least = 100 * shares["recovered"].min()
        parts.append(
            f"planted momentum like theirs is found in only {least:.0f} % at worst, so its share is a lower bound"
        )
    return Answer("R8", said, f"{first}, in the network of place cells: {'; '.join(parts)}.", tuple(numbers))
