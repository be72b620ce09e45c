"""How the two sides of a claim are realised: which network, which sweep, which of its settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rnn_replay.claims.plan import NotTestable, Plan


@dataclass(frozen=True)
class Condition:
    """One side of a contrast, whatever the reading.

    Attributes:
        adaptation: on or off.
        momentum: friction below 1, or 1.
        leak: `main`, that of the plan's variant, or a value [1/step].
    """

    adaptation: bool = False
    momentum: bool = False
    leak: str | float = "main"


@dataclass(frozen=True)
class Selection:
    """Where one side of a contrast stands: a variant in the table of networks, or a setting in that of replays.

    Attributes:
        variant: name.
        sweep: name, or None for the table of networks.
        setting: values that pick exactly one setting of the sweep.
    """

    variant: str
    sweep: str | None = None
    setting: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The same as a plain dict, for the claims table."""
        return {"variant": self.variant} | ({"sweep": self.sweep} if self.sweep else {}) | self.setting


# How a condition is realised. Each reading is a function of the condition and the plan.
Reading = Callable[[Condition, Plan], Selection]


def friction(condition: Condition, plan: Plan) -> float:
    """Friction of a condition."""
    return plan.need("friction") if condition.momentum else 1.0


def grafted(condition: Condition, plan: Plan) -> Selection:
    """Adaptation is switched on in replay, on the same weights: only the dynamics differ, as with momentum."""
    strength = plan.need("adaptation_strength") if condition.adaptation else 0.0
    setting = {"adaptation_form": "outside", "adaptation_strength": strength, "friction": friction(condition, plan)}
    return Selection(plan.need("variant"), "grafted", setting)


def in_training(sweep: str) -> Reading:
    """Adaptation was on in training too: another network, of the same seed."""

    def select(condition: Condition, plan: Plan) -> Selection:
        variant = plan.need("trained") if condition.adaptation else plan.need("variant")
        return Selection(variant, sweep, {"friction": friction(condition, plan)})

    return select


def grafted_form(form: str, sweep: str = "forms") -> Reading:
    """Grafted, with another form of adaptation, against none."""

    def select(condition: Condition, plan: Plan) -> Selection:
        if not condition.adaptation:
            return grafted(condition, plan)
        setting = {"adaptation_form": form, "friction": friction(condition, plan)}
        return Selection(plan.need("variant"), sweep, setting)

    return select


def friction_sweep(sweep: str) -> Reading:
    """Momentum alone, in a sweep over friction."""

    def select(condition: Condition, plan: Plan) -> Selection:
        return Selection(plan.need("variant"), sweep, {"friction": friction(condition, plan)})

    return select


ADAPTATION: dict[str, Reading] = {
    "grafted outside": grafted,
    "trained": in_training("trained"),
    "trained, random starts": in_training("coverage"),
    **{f"grafted {form}": grafted_form(form) for form in ("inside", "centred", "rotational", "drive")},
    "grafted drive, fast and strong": grafted_form("drive", "fast_drive"),
}
MOMENTUM: dict[str, Reading] = {
    "fixed noise": friction_sweep("momentum"),
    "noise scaled by fluctuation-dissipation": friction_sweep("fluctuation_dissipation"),
}
# Readings of leakage come from the trained networks: each pattern under each mask, the main mask first.
LEAKAGE = "leakage"


def leakage_readings(plan: Plan, networks: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Reading]:
    """Networks of all leaks by mask, the plan's main mask first, and then the controls under the main mask.

    Args:
        plan: of the environment.
        networks: `leak` and `mask_hidden` of the networks of the environment, by variant.

    Returns:
        Readings by name and by pattern of the control, which is empty for the claim itself.

    Raises:
        NotTestable: the main network was not trained, or a pattern has other fields.
    """
    variant = plan.need("variant")
    if variant not in networks:
        raise NotTestable(f"variant '{variant}' is not trained")
    main, (_, *controls) = networks[variant], plan.leakage
    main_mask = int(main["mask_hidden"])

    def reading(mask: int, pattern: str = "") -> Reading:
        def select(condition: Condition, plan: Plan) -> Selection:
            leak = main["leak"] if condition.leak == "main" else condition.leak
            return Selection(plan.network(leak, mask, pattern), "leakage")

        return select

    masks = sorted({int(network["mask_hidden"]) for network in networks.values()})
    compared = [m for m in masks if any(plan.network(leak, m) in networks for leak in (main["leak"], 0.0, 1.0))]
    found = {(f"mask {mask}", ""): reading(mask) for mask in dict.fromkeys([main_mask, *compared])}
    return found | {(f"mask {main_mask}", pattern): reading(main_mask, pattern) for pattern in controls}
