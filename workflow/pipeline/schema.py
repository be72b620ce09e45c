"""All that stands in a configuration file, and the JSON schema of it that editors read.

python -m pipeline.schema     writes workflow/schemas/config.schema.json anew
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from rnn_replay import environments
from rnn_replay.claims.plan import Plan
from rnn_replay.model.settings import Sampling, Setting, Variant
from rnn_replay.readings.settings import Readings
from rnn_replay.settings import Distinct, Settings, json_schema, setting
from rnn_replay.theory.settings import Theory

SCHEMA = Path(__file__).parents[1] / "schemas" / "config.schema.json"
NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.\-]*$"
NAMES = "letters, digits, '_', '.' and '-', of which the last two not at the beginning"
DEFAULT = "default"

Section = dict[str, Any]
Entries = dict[str, Section | None]
ENVIRONMENTS = (
    "settings of each environment by name, described in its own file under workflow/rnn_replay/environments/; the file "
    "has the environment's name, or the one that `kind` gives. An entry that is null is left out"
)
VARIANTS = (
    "networks that are trained, by name. Keys are those of `training`, and `environments`, a list of those it is "
    "trained in (by default those that all its mappings from environment to value name). A list makes one variant for "
    "each item; its key then stands in the name, as in `leak{leak}`. An entry that is null is left out"
)
SWEEPS = (
    "lists of replay settings, by name; lists mean a grid. Keys are those of `replay`, and `variants`, the names or "
    "wildcard patterns of the networks that are replayed. An entry that is null is left out"
)


class Controls(Settings):
    """Networks that no primary row of the claims table and no twin of one is read from: they run on fewer seeds."""

    seeds: int = setting("1", "how many of `seeds` they run on, from the lowest on", ge=1)
    variants: list[str] = setting("", "names or wildcard patterns of the networks", [])


class Extended(Settings):
    """What is run besides the paper's run: beyond it (docs/extended.md), or on recorded paths (docs/rats.md)."""

    seeds: int | None = setting("1", "how many of `seeds` it covers, from the lowest on; default all", None, ge=1)
    environments: Entries = setting("", "further environments, as in `environments`", {})
    training: Section = setting("", "values of `training` for further environments", {})
    variants: Entries = setting("", "further variants, or values of the paper's for further environments", {})
    sweeps: Entries = setting("", "further sweeps, or values of the paper's for further environments", {})
    controls: Section = setting("", "values of `controls` of this run", {})
    claims: Section = setting("", "values of `claims` for further environments", {})


class File(Settings):
    """Every key of config.yaml."""

    results: str = setting(
        "", "folder that results are written to, relative to where Snakemake runs, or absolute", min_length=1
    )
    notes: str = setting("", "free text; nothing depends on it", "")
    demonstration: bool = setting(
        "", "whether networks are too few or too small for a verdict; claims then read `demo`", False
    )
    seeds: Distinct[Annotated[int, Field(ge=0)]] = setting(
        "", "one independent replication each: awake paths, initial weights, noise", min_length=1
    )
    environments: Entries = setting("", ENVIRONMENTS, min_length=1)
    training: Section = setting("", "training settings that all variants share")
    variants: Entries = setting("", VARIANTS, min_length=1)
    replay: Section = setting("", "replay settings that all sweeps share")
    sweeps: Entries = setting("", SWEEPS, min_length=1)
    controls: Section = setting("", "which networks run on the first of `seeds` alone; by default none", {})
    claims: Section = setting("", "which variants and settings the claims table compares, and the margins")
    theory: Theory = setting("", "the theory stage, on targets whose answers are known (docs/theory.md)")
    readings: Readings | None = setting(
        "", "what `snakemake readings` makes of the claims' networks (docs/readings.md); null: nothing", None
    )
    extended: Extended | None = setting(
        "", "what `snakemake extended` adds to the paper's run (docs/extended.md); null: nothing", Extended()
    )
    rats: Extended | None = setting(
        "", "what `snakemake rats` runs in environments of its own (docs/rats.md); null: nothing", None
    )


def schema() -> dict[str, Any]:
    """JSON schema of a configuration file, or of one that is laid over it: no key is required."""
    defs: dict[str, Any] = {}
    claims = {
        key: spread(node, f"claims/properties/{key}", grid=False) if key in Plan.by_environment() else node
        for key, node in fields(Plan, defs).items()
    }
    training, replay = (
        {
            key: spread(node, f"{section}/properties/{key}")
            for model in models
            for key, node in fields(model, defs).items()
        }
        for section, models in (("training", (Variant,)), ("replay", (Setting, Sampling)))
    )
    names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    trained_in = names | {"description": "environments that it is trained in"}
    replayed = spread(names | {"description": "names or patterns of networks"}, "replayed", grid=False)
    kinds = {}
    for name in environments.available():
        known = fields(environments.defined(name), defs)
        kinds[name] = null_or(mapping(known | {"kind": {"type": "string", "description": "file that makes it"}}))
    defs |= {
        "claims": mapping(claims),
        "controls": mapping({**fields(Controls, defs), "variants": {"$ref": "#/$defs/replayed"}}),
        "training": mapping(training),
        "variants": entries(mapping(refer("training", training) | {"environments": trained_in})),
        "replay": mapping(replay),
        "replayed": replayed,
        "sweeps": entries(mapping(refer("replay", replay) | {"variants": {"$ref": "#/$defs/replayed"}})),
        "environments": entries({"type": "object"}) | {"properties": kinds},
    }
    whole = fields(File, defs)
    for properties in (whole, defs["Extended"]["properties"]):
        for name in properties.keys() & defs.keys():
            properties[name] = {"$ref": f"#/$defs/{name}", "description": properties[name]["description"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of the pipeline",
        **mapping(whole),
        "$defs": {name: bare(node) for name, node in sorted(defs.items())},
    }


def fields(model: type[Settings], defs: dict[str, Any]) -> dict[str, Any]:
    """Schemas of a model's fields; what they refer to is added to `defs`."""
    found = deepcopy(json_schema(model))  # it is cached, and what is given is changed
    defs |= found.get("$defs", {})
    return {key: bare(node) for key, node in found["properties"].items()}


def bare(node: Any) -> Any:
    """A schema without titles, without required keys and without our own words for sentences."""
    if isinstance(node, list):
        return [bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    dropped = {"required", "unit", "symbol", "allowed"} | ({"title"} if isinstance(node.get("title"), str) else set())
    properties = {"properties": {key: bare(value) for key, value in node.get("properties", {}).items()}}
    rest = {key: bare(value) for key, value in node.items() if key not in dropped | {"properties"}}
    return rest | (properties if "properties" in node else {})


def mapping(properties: dict[str, Any]) -> dict[str, Any]:
    """A schema of a mapping with these keys and no others."""
    return {"type": "object", "additionalProperties": False, "properties": properties}


def null_or(node: dict[str, Any]) -> dict[str, Any]:
    """A schema, or null."""
    return {"anyOf": [node, {"type": "null"}]}


def entries(node: dict[str, Any]) -> dict[str, Any]:
    """A schema of a mapping with any keys, each of them null where it is left out."""
    return {"type": "object", "additionalProperties": null_or(node)}


def refer(section: str, properties: dict[str, Any]) -> dict[str, Any]:
    """References to the properties of a section."""
    return {key: {"$ref": f"#/$defs/{section}/properties/{key}"} for key in properties}


def spread(node: dict[str, Any], place: str, grid: bool = True) -> dict[str, Any]:
    """A schema of a value, of a list of values where they may be a grid, and of one or the other by environment.

    Args:
        node: schema of the value.
        place: below $defs, where the result stands.
        grid: whether a list is allowed.
    """
    value = {key: part for key, part in node.items() if key not in ("description", "default")}
    one, several = ({"$ref": f"#/$defs/{place}/anyOf/{kind}"} for kind in (0, 1))
    kinds = [value, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}] if grid else [value]
    each = {"anyOf": [one, *([several] if grid else []), {"type": "null"}]}
    return {
        "description": node["description"],
        "anyOf": [*kinds, {"type": "object", "additionalProperties": each}],
    }


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
