"""R5: whether leakage is only a time constant."""

import pandas as pd

from rnn_replay.claims.evidence import Evidence
from rnn_replay.claims.readings import Selection
from rnn_replay.claims.statistics import over_seeds
from rnn_replay.questions.answer import (
    Answer,
    NotRun,
    Number,
    Question,
    Run,
    changes,
    compare,
    having,
    overall,
    plain,
    word,
)
from rnn_replay.tables.selection import by_seed, select

SOURCE = "tables/extended/networks.csv"
ONE, EACH = "learned_leak_one", "learned_leak_per_unit"
AGAINST_NONE = "error of a learned leak against none"
AGAINST_FIXED = "error of a learned leak against the fixed one"
AGAINST_ONE = "error of a leak for each unit against one for all"
LEARNED = "learned leak"
SAME_PER_STEP = "error of the leak of the same time constant against the same leak per step, at another time step"
SAME_TIME = "error of a leak of the same time constant against none, at another time step"
VANILLA = "error of a leak of 1 against none, at another time step"


def time_constant(
    run: Run, networks: pd.DataFrame, further_networks: pd.DataFrame, further_metrics: pd.DataFrame
) -> Answer:
    """Whether a leak carries over to another time step as a time constant, and which leak the task chooses.

    If leakage is a time constant, the leak of the same time constant has the lower error at another time step; if it is
    a share lost per step, the same leak per step has.
    """
    every = pd.concat([networks, further_networks], ignore_index=True)
    evidence = Evidence(every, further_metrics)
    numbers = []
    for environment, plan in run.plans().items():
        main = evidence.trained(environment).get(plan.variant)
        if main is None:
            continue
        residual = plan.network(0.0, int(main["mask_hidden"]))
        asked = {AGAINST_NONE: (ONE, residual), AGAINST_FIXED: (ONE, plan.variant), AGAINST_ONE: (EACH, ONE)}
        numbers += errors(evidence, environment, asked, run.level)
        rows = select(every, environment=environment, variant=ONE)
        if "learned_leak" in rows:
            found = over_seeds(by_seed(rows, "learned_leak"), run.level)
            if found.seeds > 1:
                numbers.append(Number.of(environment, LEARNED, "1", found, SOURCE))
    if not numbers:
        raise NotRun("no network has learned its leak")
    numbers += over_time_steps(run, evidence)
    held = having(numbers, quantity=SAME_PER_STEP)
    said = overall(number.word for number in held) if held else "cannot say"
    return Answer(said, in_words(said, numbers), tuple(numbers))


def errors(
    evidence: Evidence, environment: str, asked: dict[str, tuple[str, str]], level: float, asks: str = ""
) -> list[Number]:
    """Log ratios of held-out errors of two networks, by quantity; the quantity `asks` has a word."""
    numbers = []
    for quantity, (first, second) in asked.items():
        found = compare(evidence, environment, (Selection(first), Selection(second)), "test_error", level)
        if found:
            said = word(found, "less") if quantity == asks else ""
            about = {"metric": "test_error", "word": said}
            numbers.append(Number.of(environment, quantity, "log ratio", found, SOURCE, **about))
    return numbers


def over_time_steps(run: Run, evidence: Evidence) -> list[Number]:
    """Errors at other time steps: of the leak of the same time constant and of 1 against none, and of the former
    against the same leak per step.

    Another time step is an environment of the kind of one with a plan, at another time step. Its networks are told
    apart by their leak: that of the same time constant is nearest to the plan's in proportion to the time step, the
    same leak per step is nearest to the plan's own.
    """
    numbers, plans = [], run.plans()
    for environment in sorted(run.environments):
        here = run.environments[environment]
        for name, plan in plans.items():
            there, main = run.environments[name], evidence.trained(name).get(plan.variant)
            if main is None or there["kind"] != here["kind"] or there["time_step"] == here["time_step"]:
                continue
            networks = evidence.trained(environment).items()
            by_leak = {float(n["leak"]): variant for variant, n in networks if not n.get("adaptation_strength", 0) > 0}
            between = [leak for leak in by_leak if 0 < leak < 1]
            if not between:
                continue
            per_step, constant = float(main["leak"]), float(main["leak"]) * here["time_step"] / there["time_step"]
            same, other = (min(between, key=lambda leak, to=to: abs(leak - to)) for to in (constant, per_step))
            asked = {SAME_PER_STEP: (same, other), SAME_TIME: (same, 0.0), VANILLA: (1.0, 0.0)}
            asked = {q: tuple(map(by_leak.get, pair)) for q, pair in asked.items() if pair[0] != pair[1]}
            numbers += errors(evidence, environment, asked, run.level, SAME_PER_STEP)
    return numbers


def in_words(said: str, numbers: list[Number]) -> str:
    """The sentence."""
    first = {"yes": "As far as errors tell", "no": "No", "cannot say": "We cannot say"}.get(said, "Not everywhere")
    held = having(numbers, quantity=SAME_PER_STEP)
    if held:
        sentence = (
            f"{first}: at half and twice the time step the leak of the same time constant has an error of "
            f"{changes(held)} against the same leak per step, and of {changes(having(numbers, quantity=SAME_TIME))} "
            "against none. "
        )
    else:
        sentence = f"{first}: networks at other time steps are not in these tables. "
    return sentence + (
        f"Left to choose, the task sets one leak to {plain(having(numbers, quantity=LEARNED))}, with an error against "
        f"the fixed leak of {changes(having(numbers, quantity=AGAINST_FIXED))}; a leak for each unit changes it by "
        f"{changes(having(numbers, quantity=AGAINST_ONE))}."
    )


QUESTION = Question(
    "R5", "Is leakage only a time constant?", ("networks", "further_networks", "further_metrics"), time_constant
)
