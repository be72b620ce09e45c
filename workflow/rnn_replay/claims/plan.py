"""The variants and settings that claims are read from, as the configuration names them for each environment."""

from dataclasses import dataclass, fields
from typing import Any


class NotTestable(Exception):
    """A row that cannot be tested, with the reason, and the number of seeds that lack a value."""

    def __init__(self, reason: str, seeds_missing: int = 0):
        super().__init__(reason)
        self.seeds_missing = seeds_missing


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

    def network(self, leak: float, mask: int, pattern: str = "") -> str:
        """Name of the network of a leak and a mask, by the first pattern of `leakage` or another.

        Raises:
            NotTestable: the pattern has other fields.
        """
        pattern = pattern or self.leakage[0]
        try:
            return pattern.format(leak=f"{leak:g}", mask_hidden=mask)
        except (KeyError, IndexError, ValueError):
            raise NotTestable(f"claims.leakage has '{pattern}'; allowed: {{leak}} and {{mask_hidden}}") from None
