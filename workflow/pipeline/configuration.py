"""From `config.yaml` to what is trained and replayed: checks, grids and names. Used by the Snakefile alone."""

from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from rnn_replay.claims.plan import Plan
from rnn_replay.environments import BaseEnvironment, available, load
from rnn_replay.model.settings import Sampling, Setting, Variant
from rnn_replay.readings.design import Frame
from rnn_replay.settings import SettingsError, read, shown

from pipeline.grids import (
    ConfigurationError,
    Entry,
    check_keys,
    check_name,
    formatted,
    matching,
    overlaid,
    plain,
    settled,
)
from pipeline.schema import DEFAULT, Controls, File

ROOT = Path(__file__).parents[2]
OURS = (".ci", ".git", ".github", ".snakemake", ".venv", "benchmarks", "docs", "envs", "profiles", "reference")
OURS += ("scenarios", "tests", "workflow")
PAPER = ("triangle", "tmaze", "rat")
RUNS = ("extended", "rats", "readings")  # sections of runs besides the paper's
MOST_JOBS = 20_000  # our choice: Snakemake would take long to lay out more
MEMORY_STEPS = 46  # a replay's least, where states are recorded: measures.prediction needs 30 before and 15 after


class Configuration:
    """A checked configuration, with grids expanded.

    Attributes:
        values: plain values, with defaults of mappings by environment written out.

    Raises:
        ConfigurationError: when created from a configuration that is not allowed.
    """

    def __init__(self, values: dict[str, Any]):
        try:
            values = plain(values)
            read(File, values)
            values = {key: value for key, value in values.items() if value is not None}
            self.given = values
            self.known = known_environments(values)
            self.values = self.settled(values)
            self.check()
        except SettingsError as error:
            raise ConfigurationError(str(error)) from None

    def settled(self, values: dict[str, Any]) -> dict[str, Any]:
        """Values with the defaults of mappings by environment written out, after checks of the names in them."""
        for section in ("environments", "variants", "sweeps"):
            for name in values[section]:
                if section != "variants":
                    check_name(name, f"{section}.{name}")
            if not present(values[section]):
                raise ConfigurationError(f"{section} has only entries that are null; allowed: at least one that is not")
        configured = list(present(values["environments"]))
        if DEFAULT in configured:
            raise ConfigurationError(f"environments.{DEFAULT} is a name that stands for all others; allowed: another")
        return values | self.by_environment(values, configured)

    def by_environment(self, values: dict[str, Any], configured: list[str], where: str = "") -> dict[str, Any]:
        """Sections of values with every mapping from environment to value settled."""

        def entry(values: dict[str, Any], place: str) -> dict[str, Any]:
            return {key: settled(value, configured, self.known, f"{place}.{key}") for key, value in values.items()}

        found = {
            name: entry(values[name], f"{where}{name}")
            for name in ("training", "replay", "controls", "claims")
            if name in values
        }
        for section in ("variants", "sweeps"):
            entries = values.get(section, {})
            found[section] = {name: own and entry(own, f"{where}{section}.{name}") for name, own in entries.items()}
        return found

    def check(self) -> None:
        """Refuse what is not allowed, part by part."""
        check_results(self.values["results"])
        for environment, entry in self.loaded.items():
            for variant, settings in self.variants[environment].items():
                check_masks(environment, entry.steps, variant, settings)
        if not self.networks:
            raise ConfigurationError("variants makes no network in any environment; allowed: at least one")
        if not self.measurements:
            raise ConfigurationError("sweeps replays no network in any environment; allowed: at least one")
        for environment in self.environments:
            Plan.of(self.values["claims"], environment)
        jobs = len(self.seeds) * len(self.environments) + len(self.measurements)
        jobs += sum(len(self.seeds_of(*network)) for network in self.networks)
        if jobs > MOST_JOBS:
            raise ConfigurationError(
                f"seeds has {len(self.seeds)} entries, which with {len(self.networks)} networks and "
                f"{len(self.measurements)} sweeps of them makes {jobs} jobs; allowed: at most {MOST_JOBS}"
            )
        for frame in self.readings.values():
            frame.check()
        if "extended" in self.values:
            self.check_extended()
        self.rats  # noqa: B018

    @property
    def results(self) -> str:
        """Folder of the results."""
        return str(Path(self.values["results"]).expanduser())

    @property
    def seeds(self) -> list[int]:
        """Seeds, from low to high."""
        return sorted(self.values["seeds"])

    def seeds_of(self, environment: str, variant: str) -> list[int]:
        """Seeds of a network, its replays and their metrics, from low to high."""
        return self.seeds[: self.controls[environment].get(variant)]

    @cached_property
    def controls(self) -> dict[str, dict[str, int]]:
        """Networks that run on the first seeds alone, and on how many, by environment and variant."""
        values, found = self.values.get("controls", {}), {environment: {} for environment in self.environments}
        for environment in self.environments if values else ():
            patterns, where = values.get("variants"), "controls.variants"
            if isinstance(patterns, dict):
                patterns, where = patterns.get(environment, []), f"{where}.{environment}"
            controls = read(Controls, values | {"variants": patterns}, "controls", {"variants": where})
            # A pattern may match nothing: a run may leave controls out.
            names, _ = matching(controls.variants, self.variants[environment], where) if controls.variants else ([], [])
            found[environment] = dict.fromkeys(names, controls.seeds)
        return found

    @property
    def environments(self) -> list[str]:
        """Names of the environments: the paper's in its order, then others by name."""
        order = {name: place for place, name in enumerate(PAPER)}
        return sorted(present(self.values["environments"]), key=lambda name: (order.get(name, len(order)), name))

    @cached_property
    def loaded(self) -> dict[str, BaseEnvironment]:
        """Environments with their settings, by name."""
        return {name: load(name, self.values["environments"][name]) for name in self.environments}

    @property
    def traits(self) -> dict[str, dict[str, Any]]:
        """What each environment is, by name: the fields of :class:`~rnn_replay.environments.Traits`."""
        return {name: asdict(environment.traits) for name, environment in self.loaded.items()}

    @cached_property
    def extended(self) -> "Configuration":
        """The extended run: this configuration under its section `extended`, on the first of its seeds."""
        section = dict(self.values.get("extended", {}))
        seeds = self.seeds[: section.pop("seeds", None)]
        paper = {key: value for key, value in self.values.items() if key not in RUNS}
        try:
            section |= self.by_environment(section, self.environments)
            return Configuration(overlaid(paper, section) | {"seeds": seeds})
        except ConfigurationError as error:
            raise ConfigurationError(f"extended: {error}") from None

    @cached_property
    def rats(self) -> "Configuration | None":
        """The run on recorded paths: this configuration under its section `rats`, in the environments of that alone.

        None where the section has no environments.
        """
        section = dict(self.given.get("rats", {}))
        own = present(section.get("environments", {}))
        if not own:
            return None
        others = {*present(self.values["environments"]), *self.given.get("extended", {}).get("environments", {})}
        if own.keys() & others:
            name = min(own.keys() & others)
            raise ConfigurationError(
                f"rats.environments.{name} is the name of another run's; allowed: names of its own"
            )
        seeds = self.seeds[: section.pop("seeds", None)]
        paper = {key: value for key, value in self.given.items() if key not in RUNS}
        paper["environments"] = dict.fromkeys(others)
        try:
            return Configuration(overlaid(paper, section) | {"seeds": seeds})
        except ConfigurationError as error:
            raise ConfigurationError(f"rats: {error}") from None

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
    def readings(self) -> dict[str, Frame]:
        """What decides the readings of each environment whose claims' network replays with adaptation and momentum."""
        section, found = self.values.get("readings"), {}
        for environment in self.environments if section else ():
            plan, networks = Plan.of(self.values["claims"], environment), self.variants[environment]
            if plan.variant not in networks or plan.adaptation_strength is None or plan.friction is None:
                continue
            known = [*Setting.model_fields, *Sampling.model_fields]
            entry = Entry("sweeps", "readings", section.get("replay", {}), "replay", self.values["replay"], "", known)
            base = {key: entry.at(key, environment) for key in known if key in entry.values}
            base |= {"adaptation_strength": plan.adaptation_strength, "friction": plan.friction}
            parts = {key: section.get(key, {}) for key in ("designs", "anchors", "metrics", "decoders", "gatings")}
            found[environment] = Frame(
                environment, self.traits[environment], parts, base, networks[plan.variant], networks
            )
        return found

    @property
    def readings_seeds(self) -> list[int]:
        """Seeds of the readings, from low to high."""
        return self.seeds[: (self.values.get("readings") or {}).get("seeds")]

    @property
    def networks(self) -> list[tuple[str, str]]:
        """Environment and variant of all networks, each trained for its seeds."""
        return [(environment, variant) for environment in self.environments for variant in self.variants[environment]]

    @property
    def measurements(self) -> list[tuple[str, str, str]]:
        """Environment, variant and sweep of all metrics, each measured over the variant's seeds."""
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
        keys = list(Variant.model_fields)
        check_keys(self.values["training"], keys, "training")
        for pattern, own in present(self.values["variants"]).items():
            entry = Entry("variants", pattern, own, "training", self.values["training"], "environments", keys)
            for environment in self.trained_in(entry):
                for settings in entry.grid(environment, keys):
                    name = formatted(pattern, settings)
                    check_name(name, f"{entry.where}: '{name}'")
                    if name in found[environment]:
                        raise ConfigurationError(
                            f"{entry.where} makes '{name}' in {environment} twice; put each key that is a list into "
                            "the name, as in 'leak{leak}'"
                        )
                    read(Variant, settings, entry.where, entry.places(environment))
                    found[environment][name] = settings
        return found

    def trained_in(self, entry: Entry) -> list[str]:
        """Environments that a variant is trained in."""
        names = entry.own.get("environments")
        if names is None:
            return entry.named_by(self.environments)
        if not isinstance(names, list) or not names:
            raise ConfigurationError(f"{entry.where}.environments is {shown(names)}; allowed: a list of environments")
        for name in names:
            if name not in self.known:
                raise ConfigurationError(
                    f"{entry.where}.environments names {shown(name)}; allowed: {', '.join(sorted(self.known))}"
                )
        return [name for name in self.environments if name in names]

    @cached_property
    def sweeps(self) -> dict[str, dict[str, dict]]:
        """By environment and sweep name: `variants`, `settings` (a list) and `sampling`."""
        found: dict[str, dict[str, dict]] = {environment: {} for environment in self.environments}
        swept, sampled = list(Setting.model_fields), list(Sampling.model_fields)
        check_keys(self.values["replay"], [*swept, *sampled], "replay")
        for name, own in present(self.values["sweeps"]).items():
            entry = Entry("sweeps", name, own, "replay", self.values["replay"], "variants", [*swept, *sampled])
            for environment, variants in self.replayed(entry).items():
                places = entry.places(environment)
                sampling = {key: entry.at(key, environment) for key in sampled if key in entry.values}
                checked = read(Sampling, sampling, entry.where, places)
                if checked.record_states and checked.steps < MEMORY_STEPS:
                    raise ConfigurationError(
                        f"{places['steps']} is {checked.steps}; allowed: at least {MEMORY_STEPS} where states are "
                        f"recorded, as in {entry.where}"
                    )
                settings = entry.grid(environment, swept)
                for setting in settings:
                    read(Setting, setting, entry.where, places)
                found[environment][name] = {"variants": variants, "settings": settings, "sampling": sampling}
        return found

    def replayed(self, entry: Entry) -> dict[str, list[str]]:
        """Variants that a sweep replays, by environment; an environment without any is left out."""
        if "variants" not in entry.own:
            raise ConfigurationError(f"{entry.where}.variants is missing; allowed: a list of names or patterns")
        patterns, found, missed = entry.own["variants"], {}, {}
        for environment in self.environments:
            if isinstance(patterns, dict) and environment not in patterns:
                continue
            names = self.variants[environment]
            place = entry.place("variants", environment)
            variants, missed[environment] = matching(entry.at("variants", environment), names, place)
            for name in missed[environment]:
                # A pattern for all environments may match in some of them only; a name is meant.
                if isinstance(patterns, dict) or not set("*?[") & set(name):
                    raise ConfigurationError(
                        f"{entry.where}.variants names '{name}', which is not trained in {environment}; allowed there: "
                        f"{', '.join(names) or 'none, since no variant is trained in it'}"
                    )
            if variants:
                found[environment] = variants
        nowhere = set.intersection(*map(set, missed.values())) if missed else set()
        if nowhere:
            raise ConfigurationError(
                f"{entry.where}.variants names '{min(nowhere)}', which matches no variant; allowed: "
                f"{', '.join(sorted({name for _, name in self.networks}))}"
            )
        return found


def present(entries: dict[str, Any]) -> dict[str, Any]:
    """Entries that are not null, by name: the order in a file means nothing."""
    return {name: entry for name, entry in sorted(entries.items()) if entry is not None}


def known_environments(values: dict[str, Any]) -> set[str]:
    """Names that a mapping from environment to value may have: configured ones, null or not, and those of files."""
    besides = [name for run in RUNS for name in values.get(run, {}).get("environments", {})]
    return {*values["environments"], *besides, *available()}


def check_results(results: str) -> None:
    """Refuse a folder of results that is this checkout, holds it, or is one of its own folders."""
    folder = Path(results).expanduser().resolve()
    inside = folder.relative_to(ROOT).parts if folder.is_relative_to(ROOT) else ()
    if ROOT.is_relative_to(folder) or (inside and inside[0] in OURS) or folder.is_file() or set("{}\n") & set(results):
        raise ConfigurationError(
            f"results is {shown(results)}; allowed: a folder that holds nothing else, without braces in its name"
        )


def check_masks(environment: str, steps: int, variant: str, settings: dict[str, Any]) -> None:
    """Refuse masks that do not fit into a path."""
    together = settings["mask_hidden"] + settings["mask_shown"]
    if together > steps or settings["mask_lead"] > steps:
        raise ConfigurationError(
            f"variants: '{variant}' in {environment} has mask_hidden + mask_shown of {together} and mask_lead of "
            f"{settings['mask_lead']}; allowed: at most the {steps} steps of a path"
        )
