"""What was measured in animals, where it was published, and why comparing replay with it is or is not fair."""

from dataclasses import dataclass
from typing import Any

from rnn_replay.measures.biology.recovery import unmixed

PARTNERS = {"box": "open fields", "wtrack": "W-tracks"}  # environments of laboratories


@dataclass(frozen=True)
class Published:
    """A quantity in animals.

    Attributes:
        metric: the measure of replay that stands beside it, by the laboratory's own convention.
        label: the quantity in words.
        where: what of the animal's life it is of.
        low, high: range or interval as published, in the metric's unit.
        value: the same as published, in words.
        source: where it was published.
        partner: environment of the animals, a key of PARTNERS; the comparison is unfair in any other.
        fair: whether the comparison is fair there: fair, partly or unfair. Unfair ones count for nothing.
        why: one sentence why.
    """

    metric: str
    label: str
    where: str
    low: float
    high: float
    value: str
    source: str
    partner: str
    fair: str
    why: str

    def judged(self, known: dict[str, Any]) -> tuple[str, str]:
        """Whether the comparison is fair in an environment, and why.

        Args:
            known: of the environment: `kind`, `shape` and `place_cells`.
        """
        fits = {"box": known["shape"] == "box" and known["place_cells"], "wtrack": known["kind"] == "wtrack"}
        if fits[self.partner]:
            return self.fair, self.why
        return "unfair", f"theirs is of {PARTNERS[self.partner]}, whose lines, bends and ends are others"


DENOVELLIS = "Denovellis et al. 2021, eLife 10:e64505"
CITED = f"{DENOVELLIS}, and the works that it cites"
EUSTON = "Euston, Tatsuno & McNaughton 2007, Science 318"
STELLA = "Stella, Baracskay, O'Neill & Csicsvari 2019, Neuron 102"
PFEIFFER = "seen in animals (Pfeiffer & Foster 2015, Science 349)"
KRAUSE = "Krause & Drugowitsch 2022, Neuron 110"
JI = "Ji et al. 2025"
DAVIDSON = "Davidson, Kloosterman & Wilson 2009, Neuron 63"
REPLAY_SPEED = 8.0  # m/s, "a characteristic virtual speed" on a track of 10 m, in bins of 20 ms (Davidson et al.)

# Of Krause & Drugowitsch's own synthetic ripples: read as what was planted, and not as the other of the two models.
THEIR_MOMENTUM, THEIR_DIFFUSION = 1 - 0.255, 1 - 0.06

CLOCK = (
    "one replay step counts as one awake step by definition, so the network can only show by how much its dynamics "
    "speed replay up, and not the factor that the hippocampus gains by another clock"
)
SAME = (
    "lags, average and environment are theirs; what is left is that a step of replay has no duration, so that lags "
    "agree in number and not in time"
)
OWN_LAGS = "the lags are our own; the laboratories' conventions stand beside it"
MISREAD = "their method and ours take momentum for diffusion at different rates; without these: share_momentum_unmixed"
SPIKES = (
    "either share is corrected by its own model recovery, but theirs compares models on spikes, ours on decoded "
    "positions with Gaussian noise"
)
STATES = (
    "the idea is the same, but theirs are states of a model on spikes, of ripples that are classified at all; ours are "
    "described by decoded positions alone"
)
FIELD, ALTERNATION = "box", "wtrack"

PUBLISHED = (
    Published("exponent_stella", "exponent", "sleep", 0.35, 0.57, "0.35 to 0.57", STELLA, FIELD, "fair", SAME),
    Published("exponent_stella", "exponent", "awake", 0.54, 0.68, "0.54 to 0.68", STELLA, FIELD, "fair", SAME),
    Published("exponent_stella", "exponent", "running", 0.75, 0.75, "0.75", STELLA, FIELD, "fair", SAME),
    Published(
        "exponent_stella_shuffled", "exponent", "awake, shuffled", 0, 0.14, "0.00 to 0.14", STELLA, FIELD, "fair", SAME
    ),
    Published("exponent_krause", "exponent", "ripples", 0.86, 0.86, "0.86", KRAUSE, FIELD, "fair", SAME),
    Published("exponent_krause", "exponent", "running", 0.76, 0.76, "0.76", KRAUSE, FIELD, "fair", SAME),
    Published(
        "exponent_krause_diffusion", "exponent", "simulated diffusion", 0.49, 0.49, "0.49", KRAUSE, FIELD, "fair", SAME
    ),
    Published(
        "exponent_ji", "exponent", "awake", 0.70, 0.84, "0.775 (quartiles 0.70 to 0.84)", JI, ALTERNATION, "fair", SAME
    ),
    Published(
        "exponent_ji", "exponent", "sleep", 0.57, 0.80, "0.683 (quartiles 0.57 to 0.80)", JI, ALTERNATION, "fair", SAME
    ),
    *(
        Published("share_momentum_unmixed", "momentum", where, low, high, value, KRAUSE, FIELD, "partly", SPIKES)
        for where, found, value in (
            ("ripples", ((0.82, 0.048), (0.878, 0.048)), "84.9 ± 2.9 %"),
            ("running", ((0.459, 0.332), (0.651, 0.332)), "55.5 ± 9.6 %"),
        )
        for low, high in [[unmixed(*shares, THEIR_MOMENTUM, THEIR_DIFFUSION) for shares in found]]
    ),
    Published("share_momentum", "momentum", "ripples", 0.82, 0.878, "84.9 ± 2.9 %", KRAUSE, FIELD, "unfair", MISREAD),
    Published("share_momentum", "momentum", "running", 0.459, 0.651, "55.5 ± 9.6 %", KRAUSE, FIELD, "unfair", MISREAD),
    Published("share_diffusion", "diffusion", "ripples", 0.048, 0.048, "4.8 %", KRAUSE, FIELD, "unfair", MISREAD),
    Published(
        "share_diffusion", "diffusion", "running", 0.249, 0.415, "33.2 ± 8.3 %", KRAUSE, FIELD, "unfair", MISREAD
    ),
    Published("share_stationary", "rest", "ripples", 0.23, 0.23, "23 %", DENOVELLIS, ALTERNATION, "partly", STATES),
    Published(
        "mixed_share", "rest and motion", "ripples", 0.42, 0.42, "42 %", DENOVELLIS, ALTERNATION, "partly", STATES
    ),
    Published(
        "displacement_exponent_rms", "exponent", "awake", 0.54, 0.68, "0.54 to 0.68", STELLA, FIELD, "unfair", OWN_LAGS
    ),
    Published("compression", "compression", "hippocampus", 20, 20, "about 20", CITED, ALTERNATION, "unfair", CLOCK),
    Published("compression", "compression", "prefrontal sleep", 6, 7, "6 to 7", EUSTON, FIELD, "unfair", CLOCK),
)
UNPUBLISHED = {
    "hover_share": f"{PFEIFFER}; no number is taken over, its null is beside",
    "jump_kurtosis": f"{PFEIFFER}; no number is taken over, its null is beside",
}
