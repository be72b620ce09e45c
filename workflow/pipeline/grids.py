"""Values by environment and grids of values: from an entry of the configuration to plain settings."""

import math
import re
from collections.abc import Iterable
from fnmatch import fnmatch
from itertools import product
from typing import Any

from rnn_replay.settings import SettingsError, shown

from pipeline.schema import DEFAULT, NAME, NAMES

MOST_WHOLE = 2**63 - 1  # what netCDF holds
MOST_SETTINGS = (
    10_000  # of one entry in an environment, our choice: a larger grid would take long just to be written out
)
EXPONENT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+")  # a number that YAML 1.1 reads as text


class ConfigurationError(ValueError):
    """A configuration that cannot be run, said in one sentence."""


def plain(values: Any, where: str = "") -> Any:
    """A copy in dicts and lists; text that is a number with an exponent becomes that number.

    Raises:
        ConfigurationError: a key that is no text, or a number that is not finite or too large to be written.
    """
    if isinstance(values, dict):
        for key in values:
            if not isinstance(key, str):
                raise ConfigurationError(f"{f'{where}.{key}'.lstrip('.')} has a name that is no text; allowed: '{key}'")
        return {key: plain(value, f"{where}.{key}".lstrip(".")) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [plain(value, f"{where}.{place}") for place, value in enumerate(values)]
    if isinstance(values, str) and where not in ("notes", "results") and EXPONENT.fullmatch(values):
        values = float(values)
    if isinstance(values, float) and not math.isfinite(values):
        raise ConfigurationError(f"{where} is {shown(values)}; allowed: finite numbers")
    if isinstance(values, int) and abs(values) > MOST_WHOLE:
        raise ConfigurationError(f"{where} is {shown(values)}; allowed: whole numbers up to {MOST_WHOLE}")
    return values


def settled(values: Any, configured: list[str], known: set[str], where: str) -> Any:
    """A value as it is, or a mapping from environment to value without null, and with its default written out.

    Args:
        values: a value for all environments, or a mapping.
        configured: environments that `default` stands for, where the mapping does not name them.
        known: names that a mapping may have.
        where: key, for the error's sentence.
    """
    if not isinstance(values, dict):
        return values
    for name in values:
        if name not in known and name != DEFAULT:
            raise ConfigurationError(f"{where} names '{name}'; allowed: {', '.join(sorted({*known, DEFAULT}))}")
    default = values.get(DEFAULT)
    found = {name: value for name, value in values.items() if name != DEFAULT}
    if default is not None:
        found |= {name: default for name in configured if name not in found}
    return {name: value for name, value in found.items() if value is not None}


def overlaid(values: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """Values under an overlay that adds to them, entry by entry, as under a file of one's own.

    Where values have null, an entry stays left out; where they have one value for all environments, it stays.
    """
    merged = dict(values)
    for key, value in overlay.items():
        if key not in values or not isinstance(value, dict):
            merged[key] = value
        elif isinstance(values[key], dict):
            merged[key] = overlaid(values[key], value)
    return merged


class Entry:
    """An entry of `variants` or `sweeps`, with what it shares with its neighbours.

    Args:
        section: `variants` or `sweeps`.
        name: of the entry.
        own: its own values.
        shared_section: `training` or `replay`.
        shared: values that entries share.
        extra: keys of the entry that are no settings.
        known: names of the settings, in the order in which their values vary in a grid.
    """

    def __init__(
        self,
        section: str,
        name: str,
        own: dict[str, Any],
        shared_section: str,
        shared: dict[str, Any],
        extra: str,
        known: list[str],
    ):
        self.where, self.own, self.shared_section, self.known = f"{section}.{name}", own, shared_section, known
        check_keys(shared, known, shared_section)
        check_keys(own, [*known, extra], self.where)
        self.values = shared | own

    def place(self, key: str, environment: str) -> str:
        """Full name of a key, with the environment where its value is given by environment."""
        place = f"{self.where if key in self.own else self.shared_section}.{key}"
        return f"{place}.{environment}" if isinstance(self.values.get(key), dict) else place

    def places(self, environment: str) -> dict[str, str]:
        """Full names of all settings."""
        return {key: self.place(key, environment) for key in self.known}

    def at(self, key: str, environment: str) -> Any:
        """The value of a key in an environment.

        Raises:
            ConfigurationError: it is given by environment, and not for this one.
        """
        value = self.values[key]
        if not isinstance(value, dict):
            return value
        if environment not in value:
            where = self.place(key, environment).removesuffix(f".{environment}")
            raise ConfigurationError(
                f"{where} has no value for the environment '{environment}'; allowed: one under its name or '{DEFAULT}'"
            )
        return value[environment]

    def named_by(self, environments: Iterable[str]) -> list[str]:
        """Those environments that every value of the entry that is given by environment names."""
        mappings = [value for value in self.own.values() if isinstance(value, dict)]
        return [name for name in environments if all(name in values for values in mappings)]

    def grid(self, environment: str, keys: list[str]) -> list[dict[str, Any]]:
        """Every combination of values of some keys; a list stands for one combination for each of its items."""
        axes: dict[str, list] = {}
        for key in [key for key in keys if key in self.values]:
            value = self.at(key, environment)
            axes[key] = value if isinstance(value, list) else [value]
            if math.prod(map(len, axes.values())) > MOST_SETTINGS:
                lengths = " × ".join(f"{name} {len(axis)}" for name, axis in axes.items() if len(axis) > 1)
                raise ConfigurationError(
                    f"{self.where} makes more than {MOST_SETTINGS} combinations in {environment} ({lengths}); allowed: "
                    "shorter lists"
                )
            if not axes[key] or any(item in axes[key][:place] for place, item in enumerate(axes[key])):
                raise ConfigurationError(
                    f"{self.place(key, environment)} is {shown(value)}; allowed: a value, or a list of at least one, "
                    "without repeats"
                )
        return [dict(zip(axes, combination, strict=True)) for combination in product(*axes.values())]


def check_keys(values: dict[str, Any], allowed: list[str], where: str) -> None:
    """Refuse keys that nothing would read."""
    for key in values:
        if key not in allowed:
            raise ConfigurationError(f"{where}.{key} is not a known key; allowed: {', '.join(sorted(allowed))}")


def check_name(name: str, where: str) -> None:
    """Refuse a name that cannot be part of a path."""
    if not re.fullmatch(NAME, name):
        raise ConfigurationError(f"{where} is a name with other characters; allowed: {NAMES}")


def formatted(pattern: str, settings: dict[str, Any]) -> str:
    """A variant's name, from a pattern such as `leak{leak}` and its settings."""
    try:
        return pattern.format_map({key: f"{v:g}" if isinstance(v, float) else v for key, v in settings.items()})
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise ConfigurationError(
            f"variants.{pattern} has {error} in its name; allowed: {', '.join(sorted(settings))}"
        ) from error


def matching(patterns: Any, names: Iterable[str], where: str) -> tuple[list[str], list[str]]:
    """Names that match any of some patterns, and the patterns that match none.

    Raises:
        SettingsError: the patterns are no list of text.
    """
    if not (isinstance(patterns, list) and patterns and all(isinstance(pattern, str) for pattern in patterns)):
        raise SettingsError(f"{where} is {shown(patterns)}; allowed: a list of names or patterns, such as ['leak*']")
    found: dict[str, None] = {}
    missed = []
    for pattern in patterns:
        matched = [name for name in names if fnmatch(name, pattern)]
        found |= dict.fromkeys(matched)
        if not matched:
            missed.append(pattern)
    return list(found), missed
