"""R9: whether short-term facilitation does what momentum does, in speed, exploration and memory."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from rnn_replay.claims.contrasts import Plan, exploration
from rnn_replay.claims.statistics import Interval
from rnn_replay.questions.answer import Answer, NotRun, Number, absolute, listed, overall, relative
from rnn_replay.questions.balance import DIVERGED
from rnn_replay.questions.pairs import Pairs, Side, difference, log_ratio, matching, paired
from rnn_replay.questions.tables import Tables

SPEED = "compression"
MEMORY = ("memory_gain_15", "memory_gain_5", "memory_gain_1")  # the first is that of the claim A2
DECODER = "template"
SOURCE = "tables/extended/metrics.csv"


def facilitation(tables: Tables, claims: dict[str, Any], environments: list[str]) -> Answer:
    """R9: whether facilitation at any strength that was tried speeds replay up as momentum does.

    Strengths of which more than DIVERGED of replays diverge are left out. Of the others it is the one that is fastest
    on the same seeds, which favours facilitation. Speed alone decides; exploration and memory stand beside it.
    """
    networks, paper, further = tables.need("networks", "metrics", "further_metrics")
    if "facilitation_strength" not in further:
        raise NotRun("no replay had facilitation")
    metrics = pd.concat([paper, further], ignore_index=True)
    numbers, parts = [], []
    for environment in environments:
        plan = Plan.of(claims, environment)
        if plan.friction is None:
            continue
        tried = lost(further, environment, plan.variant)
        strengths = [b for b, share in tried.items() if share <= DIVERGED]
        if tried and not strengths:
            b, share = next(iter(tried.items()))
            quantity = f"share that diverges, facilitation of strength {b:g}"
            numbers.append(Number(environment, quantity, "1", share, np.nan, np.nan, 0, "cannot say", SOURCE))
            parts.append(f"{environment}: replays diverge at every strength tried (from {b:g})")
            continue
        values, level = partial(paired, networks, metrics, environment, decoder=DECODER), claims["level"]
        gains = {b: found for b in strengths if (found := log_ratio(values(facilitated(plan, b), SPEED), level))}
        moving = log_ratio(values(momentum(plan, SPEED), SPEED), level)
        if not gains or not moving:
            continue
        best = max(gains, key=lambda b: gains[b][0].estimate)
        said = disguised(gains[best][0], moving[0])
        mine = list(beside(values, environment, plan, best, level, said))
        numbers += mine
        parts.append(f"{environment}: {in_words(mine, best)}")
    if not numbers:
        raise NotRun("no network was replayed with facilitation")
    said = overall(number.word for number in numbers)
    first = {"yes": "In speed it may be", "no": "No", "cannot say": "We cannot say"}.get(said, "Not everywhere")
    parts.append(f"strengths of which more than {100 * DIVERGED:g} % of replays diverge left out")
    return Answer("R9", said, f"{first}: {'; '.join(parts)}.", tuple(numbers))


def lost(metrics: pd.DataFrame, environment: str, variant: str) -> dict[float, float]:
    """Share of replays that diverge at each strength of facilitation above 0, in rising order of strength."""
    keys = {"environment": environment, "variant": variant, "sweep": "facilitation", "metric": "diverged"}
    shares = matching(metrics, keys | {"decoder": DECODER}).groupby("facilitation_strength")["value"].mean()
    return {float(b): float(share) for b, share in shares.items() if b > 0}


def facilitated(plan: Plan, strength: float) -> tuple[Side, Side]:
    """Replay with facilitation and without."""
    with_it, without = (
        Side(plan.variant, "facilitation", {"facilitation_strength": value}) for value in (strength, 0.0)
    )
    return with_it, without


def momentum(plan: Plan, metric: str) -> tuple[Side, Side]:
    """Replay with momentum and without; from the sweep `grafted`, which keeps states, where memory is asked for."""
    sweep, still = ("grafted", {"adaptation_strength": 0.0}) if metric in MEMORY else ("momentum", {})
    moving, without = (Side(plan.variant, sweep, {"friction": value, **still}) for value in (plan.friction, 1.0))
    return moving, without


def beside(
    values: Callable[[tuple[Side, Side], str], Pairs],
    environment: str,
    plan: Plan,
    strength: float,
    level: float,
    said: str,
) -> Iterator[Number]:
    """Facilitation of a strength and momentum on speed, exploration and memory; facilitation's speed has the word."""
    for metric in (SPEED, exploration(environment), *MEMORY):
        compare, unit = (difference, "1") if metric in MEMORY else (log_ratio, "log ratio")
        sides = {f"facilitation of strength {strength:g}": facilitated(plan, strength)}
        for name, pair in (sides | {"momentum": momentum(plan, metric)}).items():
            found = compare(values(pair, metric), level)
            if found:
                word = said if metric == SPEED and name != "momentum" else ""
                yield Number.of(environment, f"{name} on {metric}", unit, *found, SOURCE, word)


def in_words(numbers: list[Number], strength: float) -> str:
    """Speed, exploration and the first of MEMORY, facilitation's then momentum's."""
    metrics = {"speed": SPEED, "exploration": exploration(numbers[0].environment), "memory gain": MEMORY[0]}
    words = {"facilitation": [], "momentum": []}
    for name, metric in metrics.items():
        for number in numbers:
            if number.quantity.endswith(f" on {metric}"):
                value = relative(number) if number.unit == "log ratio" else absolute(number)
                words[number.quantity.split()[0]].append(f"{name} {value}")
    return (
        f"facilitation of {strength:g} {listed(words['facilitation'])} against momentum's {listed(words['momentum'])}"
    )


def disguised(facilitated: Interval, momentum: Interval) -> str:
    """`no` if facilitation's gain lies below momentum's, `yes` if it reaches its estimate, else `cannot say`."""
    if facilitated.high < momentum.low:
        return "no"
    return "yes" if facilitated.low >= momentum.estimate else "cannot say"
