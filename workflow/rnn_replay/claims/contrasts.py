"""The paper's claims: what is compared with what, which metric was named primary, and what each claim expects.

A claim is one entry of CLAIMS, at the end of this file; :mod:`rnn_replay.claims.verdicts` makes its rows. All choices
here (readings of adaptation, primary metrics, margins) were made before any verdict was seen, and are ours.
"""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace

from rnn_replay.claims import twins
from rnn_replay.claims.readings import ADAPTATION, LEAKAGE, MOMENTUM, Condition, Reading
from rnn_replay.claims.twins import Twin
from rnn_replay.environments import Traits
from rnn_replay.measures.prediction import HORIZONS

DECODERS = ("template", "readout")
Metrics = tuple[str, ...]  # names; the first leads

ERRORS = ("test_error", "test_position_error")
STRAYING = ("diverged", "off_manifold", "off_track")
# White noise in place of hidden states reads as close to behaviour as replay by positions alone, so trajectories lead.
FIDELITY = "trajectory_wasserstein"
DISTANCES = (FIDELITY, "wasserstein")
# What figures and answers show of speed, so that environments compare. Of two conditions of one network its ratio is
# that of progress_speed.
SPEED = "progress_compression"


def exploration(traits: Traits) -> Metrics:
    """Metrics of exploration.

    Per distance travelled first: exploration per time is a function of speed, and noise explores most. On a loop,
    entropy is near its largest value without adaptation too: a replay that only keeps going round visits every region.
    """
    per_time = ("spread", "occupancy_entropy") if traits.shape == "loop" else ("occupancy_entropy", "spread")
    return ("entropy_per_distance", *per_time, "regions_visited", "transitions")


def speed(traits: Traits) -> Metrics:
    """Metrics of speed: velocity of progress first, which jitter does not raise and which does not saturate.

    Not over that of the awake network, since a wrong map makes both of them noise, whose ratio may be anything.
    """
    displacement = ("compression",) if traits.shape == "box" else ("compression", "track_compression")
    return ("progress_speed", SPEED, *displacement)


def memory(present: str = "") -> Metrics:
    """Metrics of memory beyond a present, the longest horizon first."""
    return tuple("_".join(filter(None, ["memory_gain", present, str(h)])) for h in sorted(HORIZONS, reverse=True))


@dataclass(frozen=True)
class Claim:
    """One claim, or one part of it, in every environment.

    The first reading has a row for each metric and decoder; every other reading has one, for the first metric.

    Attributes:
        id: as the paper's claims are numbered here.
        contrast: short name of what is compared.
        says: the claim in one sentence.
        readings: by name; or LEAKAGE.
        treatment: what the claim is about.
        baseline: what it is compared with: a condition, a twin, a constant in the metric's unit, or what stands beside
            the metric of the treatment (`null`, `shuffled` or `awake`).
        metrics: names, or names by what the environment is.
        expects: `greater` or `less` than the baseline, `kept` (not below 1 − margin_kept of it) or `none` (within
            margin_none of it).
        twins: names of what the treatment is also held against, by the first reading, metric and decoder.
        primary: whether the row of the first reading, metric and decoder was named primary before the run.
        ratio: whether the estimate is treatment over baseline (by the mean log ratio) and not their difference.
        networks: whether metrics are those of the table of networks.

    Raises:
        ValueError: `expects` is none of these, or does not go with `ratio`.
    """

    id: str
    contrast: str
    says: str
    readings: dict[str, Reading] | str
    treatment: Condition
    baseline: Condition | Twin | float | str
    metrics: Metrics | Callable[[Traits], Metrics]
    expects: str
    _: KW_ONLY
    twins: tuple[str, ...] = ()
    primary: bool = False
    ratio: bool = False
    networks: bool = False

    def __post_init__(self):
        if self.expects not in ("greater", "less", "kept", "none"):
            raise ValueError(f"claim {self.id} expects '{self.expects}'; allowed: greater, less, kept, none")
        if self.ratio is not {"kept": True, "none": False}.get(self.expects, self.ratio):
            raise ValueError(f"claim {self.id} has ratio {self.ratio}; allowed: True with 'kept', False with 'none'")

    def beyond(self, twin: str) -> "Claim":
        """The claim that the treatment does more than a twin."""
        mechanism = self.contrast.partition(" against ")[0]
        expects = "greater" if self.expects == "kept" else self.expects
        return replace(self, baseline=Twin(twin), contrast=f"{mechanism} beyond {twin}", expects=expects, twins=())

    def metrics_of(self, traits: Traits) -> Metrics:
        """Names of the metrics in an environment, the leading one first."""
        return self.metrics(traits) if callable(self.metrics) else self.metrics


MAIN, RESIDUAL, VANILLA = Condition(), Condition(leak=0.0), Condition(leak=1.0)
ADAPTED, MOVING = Condition(adaptation=True), Condition(momentum=True)
BOTH = Condition(adaptation=True, momentum=True)
NO_LEAK, NO_STATE, NONE = "leakage against none", "leakage against vanilla RNN", "adaptation against none"
SLOWER, FASTER = "Adaptation slows replay.", "Momentum speeds replay up."
BOTH_FASTER = "With momentum on top of adaptation, replay is faster than with adaptation alone."
CLOSER = "Leakage brings replay closer to awake behaviour."

CLAIMS: tuple[Claim, ...] = (
    # Leakage. Errors and distances scale with the environment, hence ratios.
    Claim(
        *("L2", NO_LEAK, "Leakage lowers the held-out error.", LEAKAGE, MAIN, RESIDUAL, ERRORS, "less"),
        twins=twins.LEAKAGE,
        primary=True,
        ratio=True,
        networks=True,
    ),
    Claim(
        *("L2", NO_STATE, "A leak lowers the held-out error below that of a network that keeps nothing of its state."),
        *(LEAKAGE, MAIN, VANILLA, ERRORS, "less"),
        ratio=True,
        networks=True,
    ),
    Claim(
        *("L3", NO_LEAK, CLOSER, LEAKAGE, MAIN, RESIDUAL, DISTANCES, "less"),
        twins=twins.LEAKAGE,
        primary=True,
        ratio=True,
    ),
    Claim("L3", NO_STATE, CLOSER, LEAKAGE, MAIN, VANILLA, DISTANCES, "less", ratio=True),
    Claim("L3", NO_LEAK, CLOSER, LEAKAGE, MAIN, RESIDUAL, STRAYING, "less"),
    Claim("L3", NO_STATE, CLOSER, LEAKAGE, MAIN, VANILLA, STRAYING, "less"),
    Claim(
        *("L3", "leaky replay against resting", "Leaky replay is closer to awake behaviour than replay that rests."),
        *(LEAKAGE, MAIN, "null", DISTANCES, "less"),
        ratio=True,
    ),
    Claim(
        *("L3", "leaky replay against itself shuffled", "Leaky replay goes through places in awake order."),
        *(LEAKAGE, MAIN, "shuffled", ("trajectory_wasserstein",), "less"),
        ratio=True,
    ),
    # Adaptation.
    Claim(
        *("A1", NONE, "Adaptation raises exploration.", ADAPTATION, ADAPTED, MAIN, exploration, "greater"),
        twins=twins.ADAPTATION,
        primary=True,
    ),
    Claim(
        *("A2", NONE, "Adaptation makes replay depend on more than its present state."),
        *(ADAPTATION, ADAPTED, MAIN, memory(), "greater"),
        twins=twins.ADAPTATION,
        primary=True,
    ),
    Claim(
        *("A2", "adaptation, given a", "With adaptation, state and adaptation together tell all that the past tells."),
        *(ADAPTATION, ADAPTED, 0.0, memory("given_adaptation"), "none"),
    ),
    Claim(
        *("A2", "both, given a and v", "With both, state, adaptation and velocity tell all that the past tells."),
        *(ADAPTATION, BOTH, 0.0, memory("given_state"), "none"),
    ),
    Claim("A3", NONE, SLOWER, ADAPTATION, ADAPTED, MAIN, speed, "less", twins=twins.ADAPTATION, primary=True),
    Claim("A3", NONE, SLOWER, ADAPTATION, ADAPTED, MAIN, ("reach_time",), "greater"),
    # Momentum.
    Claim(
        *("M1", "momentum against none", FASTER, MOMENTUM, MOVING, MAIN, speed, "greater"),
        twins=twins.MOMENTUM,
        primary=True,
    ),
    Claim("M1", "momentum against none", FASTER, MOMENTUM, MOVING, MAIN, ("reach_time",), "less"),
    Claim(
        *("M1", "momentum against awake speed", "With momentum, replay is faster than awake behaviour."),
        *(MOMENTUM, MOVING, "awake", ("progress_speed",), "greater"),
        primary=True,
    ),
    # Both.
    Claim(
        *("AM", "faster: both against adaptation", BOTH_FASTER, ADAPTATION, BOTH, ADAPTED, speed, "greater"),
        twins=twins.BOTH,
        primary=True,
    ),
    Claim("AM", "faster: both against adaptation", BOTH_FASTER, ADAPTATION, BOTH, ADAPTED, ("reach_time",), "less"),
    Claim(
        *("AM", "kept: both against adaptation", "Momentum on top of adaptation keeps adaptation's exploration."),
        *(ADAPTATION, BOTH, ADAPTED, exploration, "kept"),
        twins=twins.BOTH,
        primary=True,
        ratio=True,
    ),
    Claim(
        *("AM", "explores: both against neither", "With both, replay explores more than with neither."),
        *(ADAPTATION, BOTH, MAIN, exploration, "greater"),
    ),
)
