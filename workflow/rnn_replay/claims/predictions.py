"""What is compared to predict how a mechanism differs from its twins: the replays of each side, by name."""

from collections.abc import Iterable

from rnn_replay.claims import twins
from rnn_replay.claims.plan import NotTestable, Plan
from rnn_replay.claims.readings import Condition, Selection, friction_sweep, grafted

# By mechanism: the side with it, its baseline, and its twins.
MECHANISMS = {
    "leakage": ("leakage", "no leakage", twins.LEAKAGE),
    "adaptation": ("adaptation", "no adaptation", twins.ADAPTATION),
    "momentum": ("momentum", "no momentum", twins.MOMENTUM),
}


def is_predicted(found: Iterable[str]) -> bool:
    """Whether a mechanism and one of its twins are among sides."""
    found = set(found)
    return any(own in found and found.intersection(others) for own, _, others in MECHANISMS.values())


def sides(plan: Plan, mask: int) -> dict[str, Selection]:
    """The replays of every side for which the plan has values.

    Args:
        plan: of the environment.
        mask: under which the plan's network was trained [steps].
    """
    of_momentum = friction_sweep("momentum")
    found = {
        "leakage": lambda plan: Selection(plan.need("variant"), "leakage"),
        "no leakage": lambda plan: Selection(plan.network(0.0, mask), "leakage"),
        "adaptation": lambda plan: grafted(Condition(adaptation=True), plan),
        "no adaptation": lambda plan: grafted(Condition(), plan),
        "momentum": lambda plan: of_momentum(Condition(momentum=True), plan),
        "no momentum": lambda plan: of_momentum(Condition(), plan),
        **twins.TWINS,
    }
    named = {side for own, baseline, others in MECHANISMS.values() for side in (own, baseline, *others)}
    selected = {}
    for name in found.keys() & named:
        try:
            selected[name] = found[name](plan)
        except NotTestable:
            continue
    return dict(sorted(selected.items()))
