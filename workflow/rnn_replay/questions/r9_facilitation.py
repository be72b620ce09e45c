"""R9: whether short-term facilitation does what momentum does, in speed, exploration and memory."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rnn_replay.claims.contrasts import SPEED
from rnn_replay.claims.evidence import Evidence
from rnn_replay.claims.plan import Plan
from rnn_replay.claims.readings import Selection
from rnn_replay.claims.statistics import Interval
from rnn_replay.questions.answer import (
    DECODER,
    Answer,
    NotRun,
    Number,
    Question,
    Run,
    absolute,
    as_setting,
    compare,
    having,
    overall,
    relative,
)
from rnn_replay.questions.balance import DIVERGED
from rnn_replay.tables.selection import select

MEMORY = ("memory_gain_15", "memory_gain_5", "memory_gain_1")  # the first is that of the claim A2
SOURCE = "tables/extended/metrics.csv"
FIRST = {"yes": "In speed it may be", "no": "No", "cannot say": "We cannot say"}
FACILITATION, MOMENTUM = "facilitation", "momentum"
QUANTITY = "with over or less without"


def facilitation(run: Run, networks: pd.DataFrame, metrics: pd.DataFrame, further_metrics: pd.DataFrame) -> Answer:
    """Whether facilitation at any strength that was tried speeds replay up as momentum does.

    Strengths of which more than DIVERGED of replays diverge are left out. Of the others it is the one that is fastest
    on the same seeds, which favours facilitation. Speed alone decides; exploration and memory stand beside it.
    """
    if "facilitation_strength" not in further_metrics:
        raise NotRun("no replay had facilitation")
    evidence = Evidence(networks, pd.concat([metrics, further_metrics], ignore_index=True))
    numbers, parts = [], []
    for environment, plan in run.plans().items():
        if plan.friction is None:
            continue
        tried = lost(further_metrics, environment, plan.variant)
        strengths = [b for b, share in tried.items() if share <= DIVERGED]
        if tried and not strengths:
            b, share = next(iter(tried.items()))
            about = {"condition": FACILITATION, "setting": as_setting(facilitation_strength=b), "word": "cannot say"}
            value = (share, np.nan, np.nan, 0)
            numbers.append(Number(environment, "share that diverges", "1", *value, SOURCE, **about))
            parts.append(f"{environment}: replays diverge at every strength tried (from {b:g})")
            continue
        gains = {b: compare(evidence, environment, facilitated(plan, b), SPEED, run.level) for b in strengths}
        gains = {b: found for b, found in gains.items() if found}
        moving = compare(evidence, environment, momentum(plan, SPEED), SPEED, run.level)
        if not gains or not moving:
            continue
        best = max(gains, key=lambda b: gains[b].estimate)
        mine = list(beside(run, evidence, environment, plan, best, disguised(gains[best], moving)))
        numbers += mine
        parts.append(f"{environment}: {in_words(mine, run.exploration(environment), best)}")
    if not numbers:
        raise NotRun("no network was replayed with facilitation")
    said = overall(number.word for number in numbers)
    parts.append(f"strengths of which more than {100 * DIVERGED:g} % of replays diverge left out")
    return Answer(said, f"{FIRST.get(said, 'Not everywhere')}: {'; '.join(parts)}.", tuple(numbers))


def lost(metrics: pd.DataFrame, environment: str, variant: str) -> dict[float, float]:
    """Share of replays that diverge at each strength of facilitation above 0, in rising order of strength."""
    keys = {"environment": environment, "variant": variant, "sweep": "facilitation", "metric": "diverged"}
    shares = select(metrics, **keys, decoder=DECODER).groupby("facilitation_strength")["value"].mean()
    return {float(b): float(share) for b, share in shares.items() if b > 0}


def facilitated(plan: Plan, strength: float) -> tuple[Selection, Selection]:
    """Replay with facilitation and without."""
    values = ({"facilitation_strength": value} for value in (strength, 0.0))
    return tuple(Selection(plan.variant, "facilitation", setting) for setting in values)


def momentum(plan: Plan, metric: str) -> tuple[Selection, Selection]:
    """Replay with momentum and without; from the sweep `grafted`, which keeps states, where memory is asked for."""
    sweep, still = ("grafted", {"adaptation_strength": 0.0}) if metric in MEMORY else ("momentum", {})
    return tuple(Selection(plan.variant, sweep, {"friction": value, **still}) for value in (plan.friction, 1.0))


def beside(run: Run, evidence: Evidence, environment: str, plan: Plan, strength: float, said: str) -> Iterator[Number]:
    """Facilitation of a strength and momentum on speed, exploration and memory; facilitation's speed has the word."""
    for metric in (SPEED, run.exploration(environment), *MEMORY):
        ratio = metric not in MEMORY
        sides = {FACILITATION: facilitated(plan, strength), MOMENTUM: momentum(plan, metric)}
        for name, pair in sides.items():
            found = compare(evidence, environment, pair, metric, run.level, ratio)
            if found:
                about = {"metric": metric, "condition": name, "setting": as_setting(**pair[0].setting)}
                about |= {"decoder": DECODER, "word": said if (metric, name) == (SPEED, FACILITATION) else ""}
                yield Number.of(environment, QUANTITY, "log ratio" if ratio else "1", found, SOURCE, **about)


def in_words(numbers: list[Number], exploration: str, strength: float) -> str:
    """Speed, exploration and the first of MEMORY, facilitation's then momentum's."""
    metrics = {"speed": SPEED, "exploration": exploration, "memory gain": MEMORY[0]}

    def words(condition: str) -> str:
        found = [(name, n) for name, m in metrics.items() for n in having(numbers, metric=m, condition=condition)]
        return ", ".join(f"{name} {relative(n) if n.unit == 'log ratio' else absolute(n)}" for name, n in found)

    return f"facilitation of {strength:g} {words(FACILITATION)} against momentum's {words(MOMENTUM)}"


def disguised(facilitated: Interval, momentum: Interval) -> str:
    """`no` if facilitation's gain lies below momentum's, `yes` if it reaches its estimate, else `cannot say`."""
    if facilitated.high < momentum.low:
        return "no"
    return "yes" if facilitated.low >= momentum.estimate else "cannot say"


QUESTION = Question(
    "R9",
    "Is momentum short-term facilitation in disguise?",
    ("networks", "metrics", "further_metrics"),
    facilitation,
)
