"""R3: what happens at friction below 0.5."""

import pandas as pd

from rnn_replay.claims.contrasts import SPEED
from rnn_replay.claims.statistics import over_seeds
from rnn_replay.questions.answer import (
    DECODER,
    Answer,
    NotRun,
    Number,
    Question,
    Run,
    absolute,
    as_setting,
    having,
    plain,
)
from rnn_replay.tables.selection import by_seed, select

EDGES = {  # of friction, by the column of the table of boundaries
    "observed": "friction below which more than half of the replays diverge",
    "averaged": "the same as predicted by the map averaged over awake states",
    "local": "friction below which deviations grow at single awake states, as predicted",
}
FRICTIONS = (0.5, 0.3)  # whose speed is told


def low_friction(run: Run, metrics: pd.DataFrame, boundaries: pd.DataFrame) -> Answer:
    """Down to which friction replay holds, observed and predicted, and how fast it is below 0.5."""
    numbers, parts = [], []
    for environment, plan in run.plans().items():
        edges = select(boundaries, environment=environment, variant=plan.variant)
        if len(edges) < 2:
            continue
        rows = select(metrics, environment=environment, variant=plan.variant, sweep="friction_range", decoder=DECODER)
        mine = []
        for kind, quantity in EDGES.items():
            found = over_seeds(edges[f"boundary_{kind}"], run.level)
            source = "tables/extended/boundaries.csv"
            mine.append(Number.of(environment, quantity, "1", found, source, condition=kind))
        for friction in FRICTIONS:
            found = over_seeds(by_seed(select(rows, metric=SPEED, friction=friction)), run.level)
            if found.seeds > 1:
                about = {"metric": SPEED, "setting": as_setting(friction=friction), "decoder": DECODER}
                source = "tables/extended/metrics.csv"
                mine.append(Number.of(environment, "speed over awake speed", "1", found, source, **about))
        holds = not edges["boundary_observed"].any()
        parts.append(in_words(mine, float(rows["friction"].min()) if holds else None))
        numbers += mine
    if not numbers:
        raise NotRun("no sweep over the whole range of friction was run")
    return Answer("answered", f"{'; '.join(parts)}.", tuple(numbers))


def in_words(numbers: list[Number], lowest: float | None) -> str:
    """One environment; `lowest` friction tried if replay holds at all of them."""
    (averaged,) = having(numbers, condition="averaged")
    if lowest is None:
        words = f"{plain(having(numbers, condition='observed'))} is the friction below which most replays diverge"
    else:
        words = f"{averaged.environment}: no friction tried (down to {lowest:g}) makes most replays diverge"
    words += f" (predicted from awake states {absolute(averaged)})"
    for friction in FRICTIONS:
        for number in having(numbers, setting=as_setting(friction=friction)):
            words += f", speed at {friction:g} {absolute(number)}"
    return words


QUESTION = Question("R3", "What happens at friction below 0.5?", ("further_metrics", "boundaries"), low_friction)
