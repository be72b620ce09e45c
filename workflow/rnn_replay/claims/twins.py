"""Twins: the simplest thing that could do the same as a mechanism, as far as the networks and sweeps realise it.

A claim *against baseline* is the paper's. *Beyond its twin* it is specific to the mechanism. Momentum is held against a
larger step, γ = 1/λ_v, with noise scaled alike (which, under a weak linear drift, leaves replay's variance that of
momentum) or not, and against more noise; adaptation against an extra leak and against constant inhibition, at the
strength whose mean activity is nearest; leakage against a leak that multiplies the drive too, and against a smaller
initialisation without leak. Which twins there are is our choice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rnn_replay.claims.plan import Plan
from rnn_replay.claims.readings import Selection

LEAKAGE = ("leak that multiplies the drive", "smaller initialisation")
ADAPTATION = ("extra leak", "constant inhibition")
MOMENTUM = ("larger step", "larger step, same noise", "more noise")
BOTH = ("adaptation and a larger step", "adaptation and a larger step, same noise")


@dataclass(frozen=True)
class Twin:
    """A side of a contrast that stands for the twin of this name."""

    name: str


def larger_step(adapted: bool, scaled: bool) -> Callable[[Plan], Selection]:
    """Drift × 1/λ_v without momentum, with noise scaled alike or not."""

    def select(plan: Plan) -> Selection:
        gain = plan.need("drift_gain")
        strength = plan.need("adaptation_strength") if adapted else 0.0
        setting = {"drift_gain": gain, "noise": gain if scaled else 1.0, "adaptation_strength": strength}
        return Selection(plan.need("variant"), "larger_step", setting)

    return select


def undelayed(form: str) -> Callable[[Plan], Selection]:
    """Inhibition without delay in place of grafted adaptation."""

    def select(plan: Plan) -> Selection:
        setting: dict[str, Any] = {"adaptation_form": form, "adaptation_strength": plan.need(f"{form}_strength")}
        return Selection(plan.need("variant"), "undelayed", setting)

    return select


def network(name: str) -> Callable[[Plan], Selection]:
    """Another network, replayed as it was trained."""
    return lambda plan: Selection(plan.need(name), "leakage")


TWINS: dict[str, Callable[[Plan], Selection]] = {
    "leak that multiplies the drive": network("convex"),
    "smaller initialisation": network("small"),
    "extra leak": undelayed("static"),
    "constant inhibition": undelayed("constant"),
    "larger step": larger_step(adapted=False, scaled=True),
    "larger step, same noise": larger_step(adapted=False, scaled=False),
    "more noise": lambda plan: Selection(plan.need("variant"), "noise", {"friction": 1.0, "noise": plan.need("noise")}),
    "adaptation and a larger step": larger_step(adapted=True, scaled=True),
    "adaptation and a larger step, same noise": larger_step(adapted=True, scaled=False),
}


def strongest(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Of rows against the twins of one primary row, the one whose estimate is least in the claim's favour.

    Returns:
        `strongest_twin` and `beyond`, its verdict; of twins that cannot be tested the first, where no other is there.
    """
    tested = [row for row in rows if row["verdict"] != "not testable"]

    def favour(row: dict[str, Any]) -> float:
        bound = 1.0 if row["scale"] == "ratio" else 0.0
        return (row["estimate"] - bound) * (-1 if row["expects"] == "less" else 1)

    if not rows:
        return {}
    found = min(tested, key=favour) if tested else rows[0]
    return {"strongest_twin": found["twin"], "beyond": found["verdict"]}
