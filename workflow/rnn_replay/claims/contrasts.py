"""The paper's claims: what is compared with what, which metric was named primary, and what each claim expects.

A claim is one entry of CLAIMS, at the end of this file; :mod:`rnn_replay.claims.verdicts` makes its rows. All choices
here (readings of adaptation, primary metrics, margins) were made before any verdict was seen, and are ours.
"""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field, fields
from typing import Any


class NotTestable(Exception):
    """A row that cannot be tested, with the reason."""


@dataclass(frozen=True)
class Plan:
    """The variants and settings that claims are read from in one environment; None where the configuration has none.

    Attributes:
        level: of the intervals [1].
        variant: name of the network whose replays are compared.
        leakage: patterns of the names of networks that differ in leak and mask; the first is the claim, the others
            are controls.
        trained: name of the network trained with adaptation.
        adaptation_strength: b_a of grafted adaptation [1].
        friction: lambda_v with momentum [1/step].
        noise: quiescent noise of the control without momentum [multiples of the training noise].
        matched_noise: the same, at which replay without momentum varies as much as with it [multiples likewise].
        margin_kept: share of exploration that may be lost and still counts as kept [1].
        margin_none: size below which a memory gain counts as none [1].
    """

    level: float
    variant: str | None
    leakage: tuple[str, ...]
    trained: str | None
    adaptation_strength: float | None
    friction: float | None
    noise: float | None
    matched_noise: float | None
    margin_kept: float
    margin_none: float

    @classmethod
    def of(cls, values: dict[str, Any], environment: str) -> "Plan":
        """The plan of an environment, from values that hold for all or are given by environment."""
        found = {f.name: values[f.name] for f in fields(cls)}
        found = {key: value.get(environment) if isinstance(value, dict) else value for key, value in found.items()}
        return cls(**found | {"leakage": tuple(found["leakage"])})

    def need(self, name: str) -> Any:
        """The value of an attribute.

        Raises:
            NotTestable: there is none for this environment.
        """
        value = getattr(self, name)
        if value is None:
            raise NotTestable(f"claims.{name} has no value for this environment")
        return value


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


def shown(value: Any) -> str:
    """A setting's value in words."""
    return f"{value:g}" if isinstance(value, float) else str(value)


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

    def __str__(self) -> str:
        symbols = {"friction": "λ_v", "adaptation_strength": "b_a", "adaptation_form": "form"}
        return " ".join([self.variant, *(f"{symbols.get(k, k)} {shown(v)}" for k, v in self.setting.items())])


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


def against_noise(name: str) -> Reading:
    """Momentum against more noise without momentum, as an attribute of the plan says."""

    def select(condition: Condition, plan: Plan) -> Selection:
        if condition.momentum:
            return friction_sweep("momentum")(condition, plan)
        return Selection(plan.need("variant"), "noise", {"friction": 1.0, "noise": plan.need(name)})

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
MORE_NOISE: dict[str, Reading] = {
    "fixed noise": against_noise("noise"),
    "matched variance": against_noise("matched_noise"),
}
# Readings of leakage come from the trained networks: each pattern under each mask, the main mask first.
LEAKAGE = "leakage"

DECODERS = ("template", "readout")  # the first is primary; it does not see a change of amplitude
# Metrics of the hidden state or of all replays, which have no decoder.
UNDECODED = ("off_manifold", "diverged", "memory_gain")

# Entropy is near its largest value in the triangle without adaptation too, so spread tells exploration there.
EXPLORATION = {
    "triangle": ("spread", "occupancy_entropy", "regions_visited", "transitions"),
    "default": ("occupancy_entropy", "spread", "regions_visited", "transitions"),
}
ERRORS = ("test_error", "test_position_error")
STRAYING = ("diverged", "off_manifold", "off_track")
DISTANCES = ("wasserstein", "trajectory_wasserstein")
ORDERED = ("trajectory_wasserstein",)  # what depends on the order of positions in time
YARDSTICKS = ("_null", "_floor")
# Displacement along the track keeps proportion where that of the crow saturates; a box has no track.
SPEED = {"rat": ("compression",), "default": ("compression", "track_compression")}


def exploration(environment: str) -> str:
    """The metric of exploration that is primary in an environment."""
    return EXPLORATION.get(environment, EXPLORATION["default"])[0]


@dataclass(frozen=True)
class Claim:
    """One claim, or one part of it, in every environment.

    The first reading has a row for each metric and decoder; every other reading has one, for the first metric.

    Attributes:
        id: as the paper's claims are numbered here.
        contrast: in words; the variants and settings are added.
        readings: by name; or LEAKAGE.
        treatment: what the claim is about.
        baseline: what it is compared with: a condition, a constant in the metric's unit, or the ending of a metric
            of the treatment.
        metrics: names, or names by environment; `name_*` stands for all metrics whose name goes on with a whole
            number, the largest first.
        expects: `greater` or `less` than the baseline, `kept` (not below 1 − margin_kept of it) or `none` (within
            margin_none of it).
        primary: whether the row of the first reading, metric and decoder was named primary before the run.
        ratio: whether the estimate is treatment over baseline (by the mean log ratio) and not their difference.
        networks: whether metrics are those of the table of networks.
        beside: endings of metrics of the treatment that the metric is read against; their means stand in the reason.

    Raises:
        ValueError: `expects` is none of these, or does not go with `ratio`.
    """

    id: str
    contrast: str
    readings: dict[str, Reading] | str
    treatment: Condition
    baseline: Condition | float | str
    metrics: tuple[str, ...] | dict[str, tuple[str, ...]]
    expects: str
    _: KW_ONLY
    primary: bool = False
    ratio: bool = False
    networks: bool = False
    beside: tuple[str, ...] = ()

    def __post_init__(self):
        if self.expects not in ("greater", "less", "kept", "none"):
            raise ValueError(f"claim {self.id} expects '{self.expects}'; allowed: greater, less, kept, none")
        if self.ratio is not {"kept": True, "none": False}.get(self.expects, self.ratio):
            raise ValueError(f"claim {self.id} has ratio {self.ratio}; allowed: True with 'kept', False with 'none'")

    def metrics_of(self, environment: str) -> tuple[str, ...]:
        """Names of the metrics in an environment, the leading one first."""
        if isinstance(self.metrics, tuple):
            return self.metrics
        return self.metrics.get(environment, self.metrics["default"])


MAIN, RESIDUAL, VANILLA = Condition(), Condition(leak=0.0), Condition(leak=1.0)
ADAPTED, MOVING = Condition(adaptation=True), Condition(momentum=True)
BOTH = Condition(adaptation=True, momentum=True)

CLAIMS: tuple[Claim, ...] = (
    # Leakage. Errors and distances scale with the environment, hence ratios.
    Claim(
        "L2", "leakage against none", LEAKAGE, MAIN, RESIDUAL, ERRORS, "less", primary=True, ratio=True, networks=True
    ),
    Claim("L2", "leakage against vanilla RNN", LEAKAGE, MAIN, VANILLA, ERRORS, "less", ratio=True, networks=True),
    Claim(
        "L3",
        "leakage against none",
        LEAKAGE,
        MAIN,
        RESIDUAL,
        DISTANCES,
        "less",
        primary=True,
        ratio=True,
        beside=YARDSTICKS,
    ),
    Claim(
        "L3", "leakage against vanilla RNN", LEAKAGE, MAIN, VANILLA, DISTANCES, "less", ratio=True, beside=YARDSTICKS
    ),
    Claim("L3", "leakage against none", LEAKAGE, MAIN, RESIDUAL, STRAYING, "less"),
    Claim("L3", "leakage against vanilla RNN", LEAKAGE, MAIN, VANILLA, STRAYING, "less"),
    Claim("L3", "leaky replay against resting", LEAKAGE, MAIN, "_null", DISTANCES, "less", ratio=True),
    Claim("L3", "leaky replay against itself shuffled", LEAKAGE, MAIN, "_shuffled", ORDERED, "less", ratio=True),
    # Adaptation.
    Claim("A1", "adaptation against none", ADAPTATION, ADAPTED, MAIN, EXPLORATION, "greater", primary=True),
    Claim("A2", "adaptation against none", ADAPTATION, ADAPTED, MAIN, ("memory_gain_*",), "greater", primary=True),
    Claim("A2", "adaptation, given a", ADAPTATION, ADAPTED, 0.0, ("memory_gain_given_adaptation_*",), "none"),
    Claim("A2", "both, given a and v", ADAPTATION, BOTH, 0.0, ("memory_gain_given_state_*",), "none"),
    Claim("A3", "adaptation against none", ADAPTATION, ADAPTED, MAIN, SPEED, "less", primary=True),
    Claim("A3", "adaptation against none", ADAPTATION, ADAPTED, MAIN, ("reach_time",), "greater"),
    # Momentum.
    Claim("M1", "momentum against none", MOMENTUM, MOVING, MAIN, SPEED, "greater", primary=True),
    Claim("M1", "momentum against none", MOMENTUM, MOVING, MAIN, ("reach_time",), "less"),
    Claim("M1", "momentum against more noise", MORE_NOISE, MOVING, MAIN, SPEED, "greater"),
    Claim("M1", "momentum against awake speed", MOMENTUM, MOVING, 1.0, SPEED, "greater"),
    # Both.
    Claim("AM", "faster: both against adaptation", ADAPTATION, BOTH, ADAPTED, SPEED, "greater", primary=True),
    Claim("AM", "faster: both against adaptation", ADAPTATION, BOTH, ADAPTED, ("reach_time",), "less"),
    Claim(
        "AM", "kept: both against adaptation", ADAPTATION, BOTH, ADAPTED, EXPLORATION, "kept", primary=True, ratio=True
    ),
    Claim("AM", "explores: both against neither", ADAPTATION, BOTH, MAIN, EXPLORATION, "greater"),
)
