"""The variants and settings that claims are read from, as the configuration names them for each environment."""

from typing import Any, Literal

from rnn_replay.settings import Settings, read, setting


class NotTestable(Exception):
    """A row that cannot be tested, with the reason, and the number of seeds that lack a value."""

    def __init__(self, reason: str, seeds_missing: int = 0):
        super().__init__(reason)
        self.seeds_missing = seeds_missing


class Plan(Settings):
    """The variants and settings that claims are read from in one environment; None where the configuration has none."""

    level: float = setting("1", "of the intervals, paired over seeds", gt=0, lt=1)
    variant: str | None = setting("", "network whose replays are compared; its leak and mask are the main ones", None)
    leakage: list[str] = setting(
        "",
        "names of networks that differ in leak and mask, as patterns of {leak} and {mask_hidden}; the first is the "
        "claim, the others are controls, compared under the main mask",
        min_length=1,
    )
    decoder: Literal["template", "readout"] = setting(
        "", "of positions, in primary rows and figures; the other one can withdraw a verdict", "template"
    )
    trained: str | None = setting("", "network trained with adaptation", None)
    adaptation_strength: float | None = setting("1", "grafted adaptation", None, symbol="b_a", gt=0)
    friction: float | None = setting("1/step", "with momentum", None, symbol="λ_v", gt=0, lt=1)
    noise: float | None = setting("multiples of the training noise", "of momentum's twin `more noise`", None, gt=0)
    drift_gain: float | None = setting("1", "of momentum's twin `larger step`: 1/λ_v", None, symbol="γ", gt=0)
    static_strength: float | None = setting("1", "b_a of adaptation's twin `extra leak`", None, gt=0)
    constant_strength: float | None = setting("1", "b_a of adaptation's twin `constant inhibition`", None, gt=0)
    convex: str | None = setting("", "network of leakage's twin `leak that multiplies the drive`", None)
    small: str | None = setting("", "network of leakage's twin `smaller initialisation`", None)
    margin_kept: float = setting("1", "share of exploration that may be lost and still counts as kept", gt=0, lt=1)
    margin_none: float = setting("unit of memory_gain", "below which a memory gain counts as none", gt=0)

    @classmethod
    def by_environment(cls) -> list[str]:
        """What may differ between environments, and is None where it is not given."""
        return [name for name, field in cls.model_fields.items() if field.default is None]

    @classmethod
    def of(cls, values: dict[str, Any], environment: str) -> "Plan":
        """The plan of an environment, from values that hold for all or are given by environment.

        Raises:
            SettingsError: a value is not allowed.
        """
        given = {key for key in cls.by_environment() if isinstance(values.get(key), dict)}
        found = {key: value.get(environment) if key in given else value for key, value in values.items()}
        return read(cls, found, "claims", {key: f"claims.{key}.{environment}" for key in given})

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
