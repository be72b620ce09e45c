"""What the explorer calls things: measures, axes and sweeps, with units."""

from dataclasses import asdict, dataclass

from rnn_replay.claims import contrasts

NETWORKS = "networks"  # the grid of leak and mask: one setting each, of many networks

# Sweeps that are not named here keep the name that the configuration gives them.
SWEEPS = {
    "grafted": "Friction × adaptation, grafted",
    "trained": "Friction × adaptation, trained",
    "coverage": "Friction, from awake states at random times",
    "forms": "Friction × form of adaptation",
    "fast_drive": "Friction, with fast adaptation to the drive",
    "noise": "Noise in place of momentum",
    "fluctuation_dissipation": "Momentum that does not heat",
    NETWORKS: "Leak × mask of training",
}
# Title of an axis with its unit, and the word for it in a sentence.
AXES = {
    "friction": ("Friction λᵥ (1/step)", "friction"),
    "leak": ("Leak λᵣ (1/step)", "leak"),
    "mask_hidden": ("Mask: inputs hidden (steps)", "mask"),
    "adaptation_strength": ("Adaptation strength bₐ", "adaptation"),
    "adaptation_time": ("Adaptation time τₐ (steps)", "adaptation time"),
    "adaptation_form": ("Form of adaptation", "form"),
    "noise": ("Noise (× that of training)", "noise"),
    "noise_scaling": ("Scaling of the noise", "noise"),
    "noise_form": ("Where noise acts", "noise form"),
    "drift_gain": ("Gain of the drift γ", "gain"),
    "facilitation_strength": ("Facilitation strength b_f", "facilitation"),
    "facilitation_time": ("Facilitation time τ_f (steps)", "facilitation time"),
}


@dataclass(frozen=True)
class Measure:
    """One quantity that colours the grid.

    Attributes:
        metric: its name in the table of metrics.
        name: one word.
        label: what it is, with its unit.
        meaning: what a value means.
        less: whether less is better, so that colours turn round.
    """

    metric: str
    name: str
    label: str
    meaning: str
    less: bool = False


SPEED = Measure(contrasts.SPEED, "Speed", "Speed of progress (× awake)", "1 is awake speed")
FIDELITY = Measure(
    contrasts.FIDELITY, "Fidelity", "Distance from awake paths (m)", "less is closer to awake behaviour", less=True
)
EXPLORATION = {
    "entropy_per_distance": Measure(
        "entropy_per_distance",
        "Exploration",
        "Occupancy entropy by distance travelled (1 = uniform)",
        "more: the same way leads to more places",
    ),
    "spread": Measure("spread", "Exploration", "Spread of replays (m)", "more: replays from one start part further"),
    "occupancy_entropy": Measure(
        "occupancy_entropy", "Exploration", "Occupancy entropy (1 = uniform)", "more: time is spread over more places"
    ),
}


def measures(exploration: str) -> list[Measure]:
    """Speed, exploration and fidelity; exploration by the metric that leads in the environment."""
    return [SPEED, EXPLORATION[exploration], FIDELITY]


def described(exploration: str) -> list[dict[str, str]]:
    """The measures of an environment as plain dicts."""
    return [asdict(measure) for measure in measures(exploration)]


def axis(key: str) -> tuple[str, str]:
    """Title of an axis that is one setting, and the word for it in a sentence."""
    word = key.replace("_", " ")
    return AXES.get(key, (word.capitalize(), word))


def sweep(name: str) -> str:
    """What a sweep is called."""
    return SWEEPS.get(name, name.replace("_", " ").capitalize())
