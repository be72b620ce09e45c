"""What was measured in animals, where it was published, and why comparing replay with it is or is not fair."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """A quantity in animals.

    Attributes:
        metric: the measure of replay that stands beside it.
        label: the quantity in words.
        where: what of the animal's life it is of.
        low, high: range or interval as published, in the metric's unit.
        value: the same as published, in words.
        source: where it was published.
        fair: whether the comparison is fair: yes, partly or no.
        why: one sentence why.
    """

    metric: str
    label: str
    where: str
    low: float
    high: float
    value: str
    source: str
    fair: str
    why: str


DENOVELLIS = "Denovellis et al. 2021, eLife 10:e64505, and the works that it cites"
EUSTON = "Euston, Tatsuno & McNaughton 2007, Science 318"
STELLA = "Stella, Baracskay, O'Neill & Csicsvari 2019, Neuron 102"
PFEIFFER = "seen in animals (Pfeiffer & Foster 2015, Science 349)"
KRAUSE = "Krause & Drugowitsch 2022, Neuron 110"

CLOCK = (
    "one replay step counts as one awake step by definition, so the network can only show by how much its dynamics "
    "speed replay up, and not the factor that the hippocampus gains by another clock"
)
RANGE = (
    "the convention is the same, but tracks bend and end where an open field does not, and the range of lags is ours: "
    "read it beside the exponent of true paths over the same lags"
)
SPIKES = (
    "the models are alike, but theirs are compared on spikes and on more models, ours on decoded positions with "
    "Gaussian noise: read it beside true paths and the recovery matrix"
)

PUBLISHED = (
    Published("compression", "compression", "hippocampus", 20, 20, "about 20", DENOVELLIS, "no", CLOCK),
    Published("compression", "compression", "prefrontal sleep", 6, 7, "6 to 7", EUSTON, "no", CLOCK),
    Published("displacement_exponent_rms", "exponent", "sleep", 0.45, 0.53, "0.45 to 0.53", STELLA, "partly", RANGE),
    Published("displacement_exponent_rms", "exponent", "awake", 0.54, 0.68, "0.54 to 0.68", STELLA, "partly", RANGE),
    Published("displacement_exponent_rms", "exponent", "running", 0.67, 0.72, "0.67 to 0.72", STELLA, "partly", RANGE),
    Published("share_momentum", "momentum", "ripples", 0.82, 0.878, "84.9 ± 2.9 %", KRAUSE, "partly", SPIKES),
    Published("share_momentum", "momentum", "running", 0.555, 0.555, "55.5 %", KRAUSE, "partly", SPIKES),
    Published("share_diffusion", "diffusion", "ripples", 0.048, 0.048, "4.8 %", KRAUSE, "partly", SPIKES),
)
UNPUBLISHED = {
    "share_stationary": "published with other sets of models, of which no number is taken over",
    "hover_share": f"{PFEIFFER}; no number is taken over, its null is beside",
    "jump_kurtosis": f"{PFEIFFER}; no number is taken over, its null is beside",
}
