"""Section `readings` of a configuration, and the claims that it reads: what each compares, and what it expects."""

from dataclasses import dataclass
from typing import Any, Literal

from rnn_replay.settings import Settings, setting

GATINGS = ("all", "resembling")  # all replays, or those at least half of whose states resemble awake ones
TIMES = ("reach_time", "crossing_time")  # metrics of speed that are the less the faster a replay is


@dataclass(frozen=True)
class Claim:
    """A claim, whatever the reading.

    Attributes:
        says: the claim in words without jargon.
        compares: `adaptation` with none, `momentum` with none, `both` with adaptation alone; or a leaky network's
            replays (`leakage`) or awake runs (`awake`) with another's.
        about: what its metrics tell: `error`, `fidelity`, `exploration`, `memory`, `speed` or `distance`.
        expects: whether the metric is to be `greater`, `less`, or `kept`: not below 1 − margin_kept of the other.
    """

    says: str
    compares: str
    about: str
    expects: str

    def sign(self, metric: str) -> int:
        """1 where the claim expects more of a metric, −1 where it expects less."""
        return (-1 if self.expects == "less" else 1) * (-1 if metric in TIMES else 1)


CLAIMS = {
    "L2": Claim("Leakage lowers the error of path integration", "awake", "error", "less"),
    "L3": Claim("Leakage brings replay closer to awake behaviour", "leakage", "fidelity", "less"),
    "A1": Claim("Adaptation makes replay explore more", "adaptation", "exploration", "greater"),
    "A2": Claim("Adaptation makes replay depend on its past", "adaptation", "memory", "greater"),
    "A3": Claim("Adaptation slows replay", "adaptation", "speed", "less"),
    "M1": Claim("Momentum speeds replay up", "momentum", "speed", "greater"),
    "AM": Claim("Momentum on top of adaptation speeds replay up", "both", "speed", "greater"),
    "AM_kept": Claim("Momentum on top of adaptation keeps its exploration", "both", "exploration", "kept"),
    # The figure of the model whose adaptation the paper builds on; in anchored readings alone.
    "farther": Claim("Adaptation carries replay farther than noise alone", "adaptation", "distance", "greater"),
}
Claims = list[Literal[tuple(CLAIMS)]]


class Design(Settings):
    """The full product of some axes, for some claims."""

    claims: Claims = setting("", "claims that are read", min_length=1)
    environments: list[str] | None = setting("", "where; default: in all environments", None)
    axes: dict[str, Any] = setting(
        "",
        "by name. A list holds values of the setting of that name; a mapping names options, each a mapping of settings "
        "of replay and, under `training` and `baseline`, of the network and of what it is compared with. A value that "
        "is a mapping is one by environment",
        min_length=1,
    )


class Anchor(Settings):
    """A reading with a name, by the claims table's metric and decoder."""

    claims: Claims = setting("", "claims that are read", min_length=1)
    source: str = setting("", "where its choices come from", min_length=1)
    option: dict[str, Any] = setting("", "its choices, as an option of an axis", {})


class Readings(Settings):
    """Every reading of what the paper left open (docs/readings.md)."""

    seeds: int | None = setting("1", "how many of `seeds` it covers, from the lowest on; default all", None, ge=1)
    replay: dict[str, Any] = setting("", "values of `replay` for all readings, such as fewer replays", {})
    off_manifold: float = setting("1", "largest share of time off the manifold (metric gated_time) of a replay", gt=0)
    diverged: float = setting("1", "largest share of replays that may diverge", ge=0, lt=1)
    decoders: list[Literal["template", "readout"]] = setting("", "decoders of position", min_length=1)
    gatings: list[Literal[GATINGS]] = setting("", "which replays are measured", min_length=1)
    metrics: dict[Literal[tuple(CLAIMS)], list[str]] = setting("", "metrics by claim")
    designs: dict[str, Design | None] = setting("", "by name; null leaves one out")
    anchors: dict[str, Anchor | None] = setting("", "readings by name; null leaves one out", {})
    primary: str | None = setting("", "the anchor that counts if one has to; chosen by sources alone", None)
