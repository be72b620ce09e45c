"""R2: whether the conclusions hold in other architectures."""

import pandas as pd

from rnn_replay.claims.contrasts import SPEED
from rnn_replay.claims.evidence import Evidence
from rnn_replay.claims.plan import Plan
from rnn_replay.claims.readings import Selection
from rnn_replay.questions.answer import (
    WORDS,
    Answer,
    NotRun,
    Number,
    Question,
    Run,
    changes,
    compare,
    having,
    overall,
    word,
)

ARCHITECTURES = ("tanh", "gru")  # beginnings of the names of variants
FIRST = {"yes": "Yes", "no": "No", "cannot say": "We cannot say"}


def contrasts(exploration: str, plan: Plan, leak: float, name: str) -> dict[tuple[str, str], tuple]:
    """What is compared in another architecture, by claim and contrast of the claims table.

    Returns:
        Sides, metric and what the claim expects.
    """
    variant, b, f = f"{name}_leak{leak:g}", plan.adaptation_strength, plan.friction

    def replay(strength: float, friction: float) -> Selection:
        return Selection(variant, "architectures", {"adaptation_strength": strength, "friction": friction})

    errors = (Selection(variant), Selection(f"{name}_leak0"))
    adaptation = (replay(b, 1.0), replay(0.0, 1.0))
    return {
        ("L2", "leakage against none"): (errors, "test_error", "less"),
        ("A1", "adaptation against none"): (adaptation, exploration, "greater"),
        ("A3", "adaptation against none"): (adaptation, SPEED, "less"),
        ("M1", "momentum against none"): ((replay(0.0, f), replay(0.0, 1.0)), SPEED, "greater"),
        ("AM", "faster: both against adaptation"): ((replay(b, f), replay(b, 1.0)), SPEED, "greater"),
    }


def agreement(here: str, there: str | None) -> str:
    """Whether a word (`yes`: as the claim says) agrees with the verdict of the paper's network on the same claim."""
    verdict = WORDS.get(there, "cannot say")
    if "cannot say" in (here, verdict):
        return "cannot say"
    return "yes" if here == verdict else "no"


def architectures(
    run: Run,
    networks: pd.DataFrame,
    further_networks: pd.DataFrame,
    further_metrics: pd.DataFrame,
    claims: pd.DataFrame,
) -> Answer:
    """Whether each primary claim comes out in other architectures as in the paper's network."""
    rows = claims[claims["primary"]]
    verdicts = rows.set_index(["claim", "contrast", "environment"])["verdict"].to_dict()
    trained, evidence = Evidence(networks, further_metrics[:0]), Evidence(further_networks, further_metrics)
    numbers, without = [], dict.fromkeys(ARCHITECTURES, 0)
    for name in ARCHITECTURES:
        for environment, plan in run.plans().items():
            main = trained.trained(environment).get(plan.variant)
            if main is None or plan.adaptation_strength is None or plan.friction is None:
                continue
            asked = contrasts(run.exploration(environment), plan, float(main["leak"]), name)
            for (claim, contrast), (sides, metric, expects) in asked.items():
                found = compare(evidence, environment, sides, metric, run.level)
                if found:
                    about = {"claim": claim, "contrast": contrast, "metric": metric, "condition": name}
                    about["word"] = agreement(word(found, expects), verdicts.get((claim, contrast, environment)))
                    source = "tables/extended/networks.csv" if claim == "L2" else "tables/extended/metrics.csv"
                    quantity = "treatment over baseline"
                    numbers.append(Number.of(environment, quantity, "log ratio", found, source, **about))
                else:
                    without[name] += 1
    if not numbers:
        raise NotRun("no network of another architecture was trained and replayed")
    said = overall(number.word for number in numbers)
    each = (in_words(name, having(numbers, condition=name), without[name]) for name in ARCHITECTURES)
    parts = "; ".join(filter(None, each))
    return Answer(said, f"{FIRST.get(said, 'In part')}: {parts}.", tuple(numbers))


def in_words(name: str, numbers: list[Number], without: int) -> str:
    """How many contrasts of an architecture agree, and momentum's effect on speed; empty where none has a value.

    Args:
        name: of the architecture.
        numbers: of those contrasts that have a value.
        without: how many have none, or were not run.
    """
    if not numbers:
        return ""
    counts = {said: len(having(numbers, word=said)) for said in ("yes", "no", "cannot say")}
    lacking = f", {without} without a value" if without else ""
    return (
        f"{name}: {counts['yes']} of {len(numbers)} contrasts come out as in the ReLU network, {counts['no']} the "
        f"other way, {counts['cannot say']} undecided in one of the two{lacking} "
        f"(momentum on speed: {changes(having(numbers, claim='M1'))})"
    )


QUESTION = Question(
    "R2",
    "Do the conclusions hold for gated networks (GRU) and for tanh?",
    ("networks", "further_networks", "further_metrics", "claims"),
    architectures,
)
