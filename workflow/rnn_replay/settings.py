"""What a setting is: declared once, with symbol, unit, meaning and range. All else that knows of it follows."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import core_schema

S = TypeVar("S", bound="Settings")
T = TypeVar("T")


class Settings(BaseModel):
    """Settings of one part of the pipeline: unknown keys are refused, and what has been checked does not change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, arbitrary_types_allowed=True
    )

    def but(self, **changes: Any) -> Self:
        """The same settings but for some, checked again."""
        return type(self)(**dict(self) | changes)


class SettingsError(ValueError):
    """Settings that are not allowed, in one sentence: key, value, and what is allowed."""


def setting(unit: str, meaning: str, default: Any = ..., symbol: str = "", allowed: str = "", **limits: Any) -> Any:
    """A field of :class:`Settings`.

    Args:
        unit: of its value; `1` for a pure number, empty for what is no number.
        meaning: in a line, for schema, documentation and tables.
        default: its value where none is given; without one it has to be given.
        symbol: in the equations.
        allowed: what is allowed, in words, where its limits do not say it.
        limits: of pydantic's Field, such as `gt`, `ge`, `lt`, `le`, `min_length`.
    """
    words = f"{symbol}, {meaning}" if symbol else meaning
    facts = {"unit": unit, "symbol": symbol, "allowed": allowed}
    return Field(
        default,
        description=f"{words} [{unit}]" if unit else words,
        json_schema_extra={key: value for key, value in facts.items() if value},
        **limits,
    )


def is_distinct(values: list) -> list:
    """Refuse a list of numbers in which one comes twice."""
    if len(set(values)) < len(values):
        raise ValueError
    return values


# A list of numbers without repeats.
Distinct = Annotated[list[T], Field(json_schema_extra={"uniqueItems": True}), AfterValidator(is_distinct)]


@dataclass(frozen=True)
class Holding:
    """For `Annotated`: a list among whose values one must be."""

    value: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return handler(schema) | {"contains": {"const": self.value}}

    def check(self, values: list) -> list:
        """Refuse a list without the value."""
        if self.value not in values:
            raise ValueError
        return values


def read(model: type[S], values: Any, where: str = "", names: Mapping[str, str] | None = None) -> S:
    """Settings from plain values.

    Args:
        model: of the settings.
        values: by key, nested as in the model.
        where: key under which the values stand, for the error's sentence.
        names: full names of those keys that stand elsewhere.

    Raises:
        SettingsError: for the most telling fault: an unknown key, else a wrong value, else a missing key.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        rank = {"extra_forbidden": 0, "missing": 2}
        first = min(error.errors(), key=lambda fault: rank.get(fault["type"], 1))
        raise SettingsError(sentence(json_schema(model), first, where, names or {})) from None


@cache
def json_schema(model: type[Settings]) -> dict[str, Any]:
    """The JSON schema of a model, from which sentences take what is allowed."""
    return model.model_json_schema()


def sentence(schema: dict[str, Any], fault: dict[str, Any], where: str, names: Mapping[str, str]) -> str:
    """One fault, as pydantic reports it, in words."""
    node, path = resolved(schema, schema), []
    for part in fault["loc"]:
        if part in node.get("properties", {}):
            inner = node["properties"][part]
        elif isinstance(part, int) and "items" in node:
            inner = node["items"]
        elif isinstance(part, str) and isinstance(node.get("additionalProperties"), dict):
            inner = node["additionalProperties"]
        else:
            break  # an unknown key, or one of several kinds of value
        path.append(str(part))
        node = resolved(schema, inner)
    key = ".".join(filter(None, [names.get(path[0], f"{where}.{path[0]}".lstrip(".")), *path[1:]] if path else [where]))
    if fault["type"] == "extra_forbidden":
        known = ", ".join(sorted(node["properties"]))
        return f"{key}.{fault['loc'][-1]}".lstrip(".") + f" is not a known key; allowed: {known}"
    if fault["type"] == "missing":
        return f"{key} is missing; allowed: {words(schema, node)}"
    if fault["type"] == "value_error" and "properties" in node:
        return f"{key}.{fault['ctx']['error']}".lstrip(".")
    allowed = words(schema, node)
    if fault["type"] == "finite_number":
        allowed = f"finite {allowed}"
    return f"{key or 'the configuration'} is {shown(fault['input'])}; allowed: {allowed}"


def resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """A node of a JSON schema with its reference followed; of something that may be null, the something."""
    kinds = [kind for kind in node.get("anyOf", []) if kind.get("type") != "null"]
    if len(kinds) == 1:
        node = {key: value for key, value in node.items() if key != "anyOf"} | kinds[0]
    if "$ref" in node:
        node = resolved(schema, schema["$defs"][node["$ref"].rpartition("/")[2]]) | node
    return node


def words(schema: dict[str, Any], node: dict[str, Any]) -> str:
    """What a node of a JSON schema allows."""
    node = resolved(schema, node)
    if "allowed" in node:
        return node["allowed"]
    if "anyOf" in node:
        return " or ".join(words(schema, kind) for kind in node["anyOf"])
    if "enum" in node or "const" in node:
        return ", ".join(map(str, node.get("enum", [node.get("const")])))
    bounds = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    ranges = ", ".join(f"{word} {node[key]:g}" for key, word in bounds.items() if key in node)
    kinds = {"integer": "whole number", "boolean": "true or false", "string": "text", "object": "mapping"}
    kind = f"{kinds.get(node.get('type'), node.get('type', 'value'))} {ranges}".strip()
    if node.get("minLength") or node.get("minProperties"):
        kind += " that is not empty"
    if node.get("type") == "array":
        several = re.sub(r"^(whole number|number|text|mapping)", r"\1s", words(schema, node["items"]))
        kind = f"list of {several}" + (f", at least {node['minItems']} of them" if "minItems" in node else "")
        kind += ", without repeats" if node.get("uniqueItems") else ""
        kind += f", among them {node['contains']['const']:g}" if "const" in node.get("contains", {}) else ""
    return kind


def shown(value: Any) -> str:
    """A value as it stands in a file, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"
