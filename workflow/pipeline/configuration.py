"""From `config.yaml` to what is trained and replayed: checks, grids and names. Used by the Snakefile alone."""

import json
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from rnn_replay import environments

SCHEMA = Path(__file__).parents[1] / "schemas" / "config.schema.yaml"
PAPER = ("triangle", "tmaze", "rat")


class ConfigurationError(ValueError):
    """A configuration that cannot be run, said in one sentence."""


@dataclass(frozen=True)
class Configuration:
    """A checked configuration, with grids expanded.

    Raises:
        ConfigurationError: when created from a configuration that is not allowed.
    """

    values: dict[str, Any]

    def __post_init__(self):
        explain(self.values, schema(), "")
        for name, settings in self.values["environments"].items():
            try:
                environments.load(name, settings)
            except ValueError as error:
                raise ConfigurationError(str(error)) from error
        check_theory(self.values["theory"])
        for environment in self.environments:
            names = self.variants[environment]
            for sweep in self.sweeps[environment]:
                unknown = [v for v in self.sweeps[environment][sweep]["variants"] if v not in names]
                if unknown:
                    raise ConfigurationError(
                        f"sweeps.{sweep}.variants names '{unknown[0]}', which is not trained in {environment}; "
                        f"allowed there: {', '.join(names)}"
                    )
        if "extended" in self.values:
            self.check_extended()

    @property
    def seeds(self) -> list[int]:
        """Seeds, from low to high."""
        return sorted(self.values["seeds"])

    @property
    def environments(self) -> list[str]:
        """Names of the environments: the paper's in its order, then others by name."""
        order = {name: place for place, name in enumerate(PAPER)}
        return sorted(self.values["environments"], key=lambda name: (order.get(name, len(order)), name))

    @cached_property
    def extended(self) -> "Configuration":
        """The extended run: this configuration under its section `extended`, on the first of its seeds."""
        section = dict(self.values.get("extended", {}))
        seeds = self.seeds[: section.pop("seeds", None)]
        paper = {key: value for key, value in self.values.items() if key != "extended"}
        try:
            return Configuration(overlaid(paper, section) | {"seeds": seeds})
        except ConfigurationError as error:
            raise ConfigurationError(f"extended: {error}") from error

    def check_extended(self) -> None:
        """Refuse a section `extended` that changes what the paper's run is made of."""
        extended = self.extended
        for environment in self.environments:
            before, after = self.parts(environment), extended.parts(environment)
            for part, value in before.items():
                if after.get(part) != value:
                    raise ConfigurationError(
                        f"extended changes {part} in {environment}, which the paper's run uses; allowed: additions, "
                        "under names of their own"
                    )

    def parts(self, environment: str) -> dict[str, Any]:
        """What decides the artifacts of an environment, by what it is called."""
        parts = {"the environment": self.values["environments"][environment]}
        parts |= {f"the variant '{name}'": settings for name, settings in self.variants[environment].items()}
        for name, sweep in self.sweeps[environment].items():
            parts[f"the sweep '{name}'"] = {key: sweep[key] for key in ("settings", "sampling")}
        return parts

    @cached_property
    def traits(self) -> dict[str, dict[str, Any]]:
        """What each environment is, by name: the fields of :class:`~rnn_replay.environments.Traits`."""
        found = {name: environments.load(name, self.values["environments"][name]).traits for name in self.environments}
        return {name: asdict(traits) for name, traits in found.items()}

    @property
    def networks(self) -> list[tuple[str, str]]:
        """Environment and variant of all networks, each trained for every seed."""
        return [(environment, variant) for environment in self.environments for variant in self.variants[environment]]

    @property
    def measurements(self) -> list[tuple[str, str, str]]:
        """Environment, variant and sweep of all metrics, each measured over every seed."""
        return [
            (environment, variant, sweep)
            for environment in self.environments
            for sweep, entry in self.sweeps[environment].items()
            for variant in entry["variants"]
        ]

    @cached_property
    def variants(self) -> dict[str, dict[str, dict]]:
        """Training settings by environment and variant name."""
        found: dict[str, dict[str, dict]] = {environment: {} for environment in self.environments}
        check_keys(self.values["training"], known("variant"), "training")
        for pattern, entry in present(self.values["variants"]):
            where = f"variants.{pattern}"
            check_keys(entry, [*known("variant"), "environments"], where)
            merged = self.values["training"] | entry
            for environment in merged.pop("environments", named_by(entry, self.environments)):
                self.check_environment(environment, f"{where}.environments")
                for settings in grid(merged, environment, where, entry, "training"):
                    name = named(pattern, settings)
                    if name in found[environment]:
                        raise ConfigurationError(
                            f"{where} makes '{name}' in {environment} twice; put each key that is a list into "
                            "the name, as in 'leak{leak}'"
                        )
                    explain(settings, definition("variant"), where, entry, "training")
                    found[environment][name] = settings
        return found

    @cached_property
    def sweeps(self) -> dict[str, dict[str, dict]]:
        """By environment and sweep name: `variants`, `settings` (a list) and `sampling`."""
        found: dict[str, dict[str, dict]] = {environment: {} for environment in self.environments}
        keys = [*known("setting"), *known("sampling")]
        check_keys(self.values["replay"], keys, "replay")
        for name, entry in present(self.values["sweeps"]):
            where = f"sweeps.{name}"
            check_keys(entry, [*keys, "variants"], where)
            if "variants" not in entry:
                raise ConfigurationError(f"{where} has no 'variants'; allowed: a list of names or patterns")
            merged = self.values["replay"] | entry
            patterns = merged.pop("variants")
            for environment in self.environments:
                if isinstance(patterns, dict) and environment not in patterns:
                    continue
                sampling = {
                    key: at(merged[key], environment, f"{where}.{key}") for key in known("sampling") if key in merged
                }
                explain(sampling, definition("sampling"), where, entry, "replay")
                swept = {key: value for key, value in merged.items() if key not in sampling}
                settings = grid(swept, environment, where, entry, "replay")
                for setting in settings:
                    explain(setting, definition("setting"), where, entry, "replay")
                found[environment][name] = {
                    "variants": self.matching(at(patterns, environment, where), environment),
                    "settings": settings,
                    "sampling": sampling,
                }
        return found

    def check_environment(self, name: str, where: str) -> None:
        """Refuse an environment that is not configured."""
        if name not in self.environments:
            raise ConfigurationError(f"{where} names '{name}'; allowed: {', '.join(self.environments)}")

    def matching(self, patterns: list[str], environment: str) -> list[str]:
        """Variants of an environment that match any of the patterns; a pattern without match stands as it is."""
        names = self.variants[environment]
        found: dict[str, None] = {}
        for pattern in patterns:
            found |= dict.fromkeys([name for name in names if fnmatch(name, pattern)] or [pattern])
        return list(found)


def check_theory(theory: dict[str, Any]) -> None:
    """Refuse lengths of the theory stage that do not fit each other."""
    sampling, gaussian = theory["linear"]["sampling"], theory["gaussian"]
    if sampling["steps"] % sampling["window"]:
        raise ConfigurationError(
            f"theory.linear.sampling.steps is {sampling['steps']}; allowed: a multiple of window ({sampling['window']})"
        )
    if max(gaussian["times"]) > gaussian["steps"]:
        raise ConfigurationError(
            f"theory.gaussian.times holds {max(gaussian['times'])}; allowed: at most steps ({gaussian['steps']})"
        )


def present(entries: dict[str, Any]) -> list[tuple[str, dict]]:
    """Entries that are not null, by name: the order in a file means nothing."""
    return sorted((name, entry) for name, entry in entries.items() if entry is not None)


def check_keys(entry: dict[str, Any], allowed: list[str], where: str) -> None:
    """Refuse keys that nothing would read."""
    for key in entry:
        if key not in allowed:
            raise ConfigurationError(f"{where}.{key} is not a known key; allowed: {', '.join(sorted(allowed))}")


def at(value: Any, environment: str, where: str) -> Any:
    """A value, or that of the environment where the value is given by environment."""
    if not isinstance(value, dict):
        return value
    if environment not in value:
        raise ConfigurationError(f"{where} has no value for the environment '{environment}'")
    return value[environment]


def named_by(entry: dict[str, Any], environments: list[str]) -> list[str]:
    """Those environments that every value of an entry that is given by environment names."""
    return [name for name in environments if all(name in v for v in entry.values() if isinstance(v, dict))]


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


def grid(
    merged: dict[str, Any], environment: str, where: str, entry: dict[str, Any], shared: str
) -> list[dict[str, Any]]:
    """Every combination of values, in the order of the schema; a list stands for one combination for each of its items.

    Args:
        merged: values of an entry and those that it shares.
        environment: name of the environment.
        where, entry, shared: as in :func:`explain`.
    """
    values = {
        key: at(merged[key], environment, f"{where if key in entry else shared}.{key}")
        for key in known("variant" if shared == "training" else "setting")
        if key in merged
    }
    axes = [value if isinstance(value, list) else [value] for value in values.values()]
    return [dict(zip(values, combination, strict=True)) for combination in product(*axes)]


def named(pattern: str, settings: dict[str, Any]) -> str:
    """A variant's name, from a pattern such as `leak{leak}` and its settings."""
    try:
        return pattern.format_map({key: f"{v:g}" if isinstance(v, float) else v for key, v in settings.items()})
    except (KeyError, IndexError, ValueError) as error:
        raise ConfigurationError(
            f"variants.{pattern} has {error} in its name; allowed: {', '.join(sorted(settings))}"
        ) from error


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of the configuration."""
    return yaml.safe_load(SCHEMA.read_text())


def definition(name: str) -> dict[str, Any]:
    """The schema of an expanded variant, setting or sampling."""
    return schema()["$defs"][name]


def known(name: str) -> list[str]:
    """Keys of an expanded variant, setting or sampling."""
    return list(definition(name)["properties"])


def explain(
    values: Any, schema: dict[str, Any], where: str, entry: dict[str, Any] | None = None, shared: str = ""
) -> None:
    """Raise one sentence for the most telling violation of a schema.

    Args:
        values: what is checked.
        schema: what is allowed.
        where: key under which the values stand.
        entry: the values' own entry; what is not in it stands under `shared`.
        shared: key of the values that entries share.

    Raises:
        ConfigurationError: naming key, value and what is allowed.
    """
    error = best_match(Draft202012Validator(schema).iter_errors(values))
    if error is None:
        return
    path = [str(part) for part in error.absolute_path]
    if entry is not None and path and path[0] not in entry:
        where = shared
    key = ".".join([part for part in (where, *path) if part])
    allowed = error.schema.get("x-allowed") if isinstance(error.schema, dict) else None
    if error.validator == "additionalProperties":
        unknown = next(k for k in error.instance if k not in error.schema.get("properties", {}))
        known = ", ".join(sorted(error.schema.get("properties", {})))
        raise ConfigurationError(f"{key + '.' if key else ''}{unknown} is not a known key; allowed: {known}")
    if error.validator == "required":
        raise ConfigurationError(f"{key + ': ' if key else ''}{error.message.replace(' property', ' key')}")
    allowed = allowed or describe(error.schema)
    raise ConfigurationError(f"{key} is {json.dumps(error.instance)}; allowed: {allowed}")


def describe(schema: dict[str, Any]) -> str:
    """What a simple schema allows, in words."""
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    words = {
        "minimum": "at least",
        "exclusiveMinimum": "above",
        "maximum": "at most",
        "exclusiveMaximum": "below",
    }
    bounds = [f"{word} {schema[key]:g}" for key, word in words.items() if key in schema]
    kind = schema.get("type", "value")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    extra = ["without repeats"] if schema.get("uniqueItems") else []
    extra += [f"at least {schema['minItems']} item"] if "minItems" in schema else []
    return f"{kind} {', '.join(bounds + extra)}".strip()
