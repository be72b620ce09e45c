"""From section `readings` of a configuration to readings: every choice on every axis, and the two sides it compares.

A design is the full product of its axes; what it has no axis for is as in the claims table. A reading is a choice on
every axis, of a decoder, a metric and whether replays are gated. Its two sides are conditions: a network, a setting and
a sampling of replay. Readings share conditions, so that each is replayed once.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import pandas as pd

from rnn_replay.environments import Traits
from rnn_replay.model.parameters import TRAINED
from rnn_replay.model.settings import Sampling, Setting, Variant
from rnn_replay.readings.settings import CLAIMS, GATINGS, Anchor, Design
from rnn_replay.settings import SettingsError, read, shown

DEFAULT = "default"
ADAPTATION = ("adaptation_strength", "adaptation_time", "adaptation_form")
MEASURING = ("decoder", "metric", "gating")
OURS = "ours"  # an axis's value in other designs, where no option of it is what the claims table has


class Condition(NamedTuple):
    """A network, and the setting and sampling of its replay as JSON."""

    variant: str
    setting: str
    sampling: str


@dataclass(frozen=True)
class Frame:
    """What decides the readings of one environment, in plain values.

    Attributes:
        environment: name.
        traits: what it is.
        section: what of section `readings` decides values: designs, anchors, metrics, decoders and gatings.
        base: setting and sampling of replay where a design has no axis, among them the claims' strength and friction.
        training: settings of the claims' network.
        variants: settings of networks by name; those that are not here get a name that tells what is changed.
    """

    environment: str
    traits: dict[str, Any]
    section: dict[str, Any]
    base: dict[str, Any]
    training: dict[str, Any]
    variants: dict[str, dict[str, Any]]

    @property
    def designs(self) -> dict[str, Design]:
        """Designs of this environment, by name."""
        found = {name: Design(**entry) for name, entry in self.section["designs"].items() if entry is not None}
        return {n: d for n, d in found.items() if d.environments is None or self.environment in d.environments}

    @property
    def anchors(self) -> dict[str, Anchor]:
        """Anchored readings, by name."""
        return {name: Anchor(**entry) for name, entry in self.section["anchors"].items() if entry is not None}

    @property
    def claims(self) -> set[str]:
        """Claims that designs read."""
        return {claim for design in self.designs.values() for claim in design.claims}

    def options(self, axis: str, given: Any) -> dict[str, dict[str, Any]]:
        """Options of an axis by name, without those that have no value in this environment.

        Raises:
            SettingsError: neither a list nor a mapping of options.
        """
        values = given
        if isinstance(values, list):
            replayed = axis in Setting.model_fields | Sampling.model_fields
            values = {word(v): {axis: v} if replayed else {"training": {axis: v}} for v in values}
        values = {n: o for n, o in values.items() if o is not None} if isinstance(values, dict) else None
        if not values or not all(isinstance(option, dict) for option in values.values()):
            raise SettingsError(
                f"readings: axis '{axis}' is {shown(given)}; allowed: a list of values, or a mapping of options"
            )
        found = {name: self.here(option) for name, option in values.items()}
        return {name: option for name, option in found.items() if option is not None}

    def here(self, option: dict[str, Any]) -> dict[str, Any] | None:
        """An option with the values of this environment; None where one is missing."""
        found = {}
        for key, value in option.items():
            if key in ("training", "baseline"):
                value = self.here(value)
            elif isinstance(value, dict):
                value = value.get(self.environment, value.get(DEFAULT))
            if value is None:
                return None
            found[key] = value
        return found

    def ours(self, axis: str, options: dict[str, dict[str, Any]]) -> str:
        """The option of an axis that is what the claims table has, or else its value there."""
        base = self.base | {"training": self.training}
        same = [name for name, option in options.items() if is_part(option, base)]
        return same[0] if same else word(base.get(axis, self.training.get(axis, OURS)))

    @cached_property
    def named(self) -> dict[str, str]:
        """Names of networks by their settings; :meth:`network` adds to them."""
        return {identity(settings): name for name, settings in self.variants.items()}

    def network(self, training: dict[str, Any]) -> str:
        """Name of the network of some settings."""
        settings = identity(training)
        if settings not in self.named:
            ours = json.loads(identity(self.training))
            changed = {key: value for key, value in json.loads(settings).items() if value != ours[key]}
            self.named[settings] = "_".join(["readings", *(f"{key}{word(value)}" for key, value in changed.items())])
        return self.named[settings]

    def condition(self, values: dict[str, Any], training: dict[str, Any], strength: Any, friction: float) -> Condition:
        """The condition of a strength of adaptation and a friction; what then says nothing has one value.

        Raises:
            SettingsError: a key that is no setting, or a value that is not allowed.
        """
        values = values | {"adaptation_strength": strength, "friction": friction}
        if strength == TRAINED:
            values |= dict.fromkeys(ADAPTATION, TRAINED)
        elif not strength:
            values |= {key: self.base[key] for key in ADAPTATION[1:]}
            training = training | {key: self.training[key] for key in ADAPTATION}
        if friction == 1:
            values["noise_scaling"] = "fixed"
        sampling = {key: values.pop(key) for key in Sampling.model_fields.keys() & values.keys()}
        parts = (read(model, part, "readings") for model, part in ((Setting, values), (Sampling, sampling)))
        return Condition(self.network(training), *(json.dumps(part.model_dump(), sort_keys=True) for part in parts))

    def sides(self, compares: str, option: dict[str, Any]) -> tuple[Condition, Condition]:
        """What an option, or several as one, compares with what; see :class:`~rnn_replay.readings.settings.Claim`."""
        values = self.base | {key: value for key, value in option.items() if key not in ("training", "baseline")}
        training, other = self.training | option.get("training", {}), dict(option.get("baseline", {}))
        against = training | ({"leak": 0.0} if compares in ("leakage", "awake") else {}) | other.pop("training", {})
        strength = TRAINED if training["adaptation_strength"] else values["adaptation_strength"]
        if compares == "awake":
            values, other = self.base, {}
        on, off = {
            "adaptation": ((strength, 1.0), (0.0, 1.0)),
            "momentum": ((0.0, values["friction"]), (0.0, 1.0)),
            "both": ((strength, values["friction"]), (strength, 1.0)),
        }.get(compares, ((0.0, 1.0), (0.0, 1.0)))
        return self.condition(values, training, *on), self.condition(values | other, against, *off)

    @cached_property
    def paired(self) -> tuple[list[Condition], list[pd.DataFrame]]:
        """Conditions, and frames of what is compared: claim, design, anchor, axes, places of the two conditions."""
        places: dict[Condition, int] = {}
        frames = []

        def add(rows: pd.DataFrame, claims: list[str], options: list[dict[str, Any]]) -> None:
            for compares in dict.fromkeys(CLAIMS[claim].compares for claim in claims):
                sides = (self.sides(compares, option) for option in options)
                both = [[places.setdefault(side, len(places)) for side in pair] for pair in sides]
                found = rows.assign(**dict(zip(("treatment", "baseline"), zip(*both, strict=True), strict=True)))
                frames.extend(found.assign(claim=claim) for claim in claims if CLAIMS[claim].compares == compares)

        for name, design in self.designs.items():
            axes = {axis: self.options(axis, values) for axis, values in design.axes.items()}
            if not all(axes.values()):
                continue
            rows = pd.DataFrame(list(product(*axes.values())), columns=list(axes)).assign(design=name, anchor="")
            options = [merged(chosen) for chosen in product(*(own.values() for own in axes.values()))]
            add(rows, design.claims, options)
        for name, anchor in self.anchors.items():
            option = self.here(anchor.option)
            if option is not None:
                add(pd.DataFrame([{"design": "anchors", "anchor": name}]), anchor.claims, [option])
        return list(places), frames

    def check(self) -> None:
        """Refuse an option that is not allowed, each by itself: all together take a second.

        Raises:
            SettingsError: in one sentence.
        """
        for design in self.designs.values():
            for axis, values in design.axes.items():
                for option in self.options(axis, values).values():
                    self.sides(CLAIMS[design.claims[0]].compares, option)
        for anchor in self.anchors.values():
            self.sides("both", self.here(anchor.option) or {})

    @property
    def conditions(self) -> list[Condition]:
        """All conditions, each once."""
        return self.paired[0]

    @property
    def networks(self) -> dict[str, dict[str, Any]]:
        """Settings of all networks that readings need, by name.

        Raises:
            SettingsError: settings that are not allowed.
        """
        needed = {condition.variant for condition in self.conditions}
        return {name: json.loads(settings) for settings, name in sorted(self.named.items()) if name in needed}

    @property
    def needed(self) -> "Frame":
        """The same with those networks alone that are needed."""
        return replace(self, variants=self.networks)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each reading: claim, design, anchor, a column for each axis, decoder, metric and gating; places
        of `treatment` and `baseline` among the conditions; and `again`, whether an earlier row is the same reading."""
        axes: dict[str, str] = {}
        for design in self.designs.values():
            for axis, values in design.axes.items():
                axes.setdefault(axis, self.ours(axis, self.options(axis, values)))
        frames = []
        for rows in self.paired[1]:
            claim, anchored = rows["claim"].iloc[0], bool(rows["anchor"].iloc[0])
            measuring = self.measuring(claim, anchored)
            frames.append(rows.merge(pd.DataFrame(measuring, columns=MEASURING), how="cross"))
        table = pd.concat(frames, ignore_index=True)
        for axis, ours in axes.items():
            known = table[axis] if axis in table else pd.Series(index=table.index, dtype=object)
            table[axis] = known.fillna(ours).where(table["anchor"] == "", "")
        again = table.duplicated(["claim", "treatment", "baseline", *MEASURING]) | (table["anchor"] != "")
        columns = ["claim", "design", "anchor", *axes, *MEASURING, "treatment", "baseline"]
        return table[columns].assign(again=again)

    def measuring(self, claim: str, anchored: bool) -> Iterator[tuple[str, str, str]]:
        """Decoders, metrics and gatings of a claim; of an anchored reading the claims table's."""
        from rnn_replay.readings.measure import decoders_of, is_replayed, primary_metric

        metrics, decoders, gatings = self.section["metrics"].get(claim, []), self.section["decoders"], GATINGS[:1]
        if anchored:
            metrics, decoders = [primary_metric(claim, Traits(**self.traits))], decoders[:1]
        for metric in metrics:
            gated = self.section["gatings"] if is_replayed(metric) and not anchored else gatings
            yield from ((d, metric, g) for d, g in product(decoders_of(metric, decoders), gated))


def identity(training: dict[str, Any]) -> str:
    """Training settings with their defaults, as JSON.

    Raises:
        SettingsError: settings that are not allowed.
    """
    return json.dumps(read(Variant, training, "readings: training").model_dump(), sort_keys=True)


def word(value: Any) -> str:
    """A value as a name."""
    return f"{value:g}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value)


def merged(options: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """Options of several axes as one; later ones win."""
    found: dict[str, Any] = {}
    for option in options:
        for key, value in option.items():
            found[key] = merged((found.get(key, {}), value)) if isinstance(value, dict) else value
    return found


def is_part(option: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether all that an option says holds in nested settings; an empty option always does."""
    return all(
        is_part(value, whole.get(key, {})) if isinstance(value, dict) else whole.get(key) == value
        for key, value in option.items()
    )
