"""Tables that the documentation takes from where facts stand: reference run, settings and docstrings."""

import ast
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rnn_replay.claims.contrasts import DECODERS
from rnn_replay.claims.glance import BEYOND, glance, glance_markdown
from rnn_replay.claims.table import COLUMNS, THEORY

ROOT = Path(__file__).parents[2]
ENDS = ("low", "high")


class Wrong(ValueError):
    """A page that asks for what is not there, said in one sentence."""


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    clean = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in [header, *rows]]
    lines = [f"| {' | '.join(row)} |" for row in clean]
    return "\n".join([lines[0], f"|{'---|' * len(header)}", *lines[1:]])


def claims(asked: dict[str, Any]) -> str:
    """Primary rows of the reference run.

    Args:
        asked: `everywhere: true` for all claims at a glance, after which of them stand in every environment; or
            `claim`, an identifier, for its rows with intervals.
    """
    rows = COLUMNS.read(ROOT / "reference/claims.csv")
    if "claim" in asked:
        chosen = rows["primary"] & (rows["claim"] == asked["claim"]) & (rows["reading"] != THEORY)
        return intervals(rows[chosen])
    found = glance(rows).set_index("claim").drop(index=BEYOND, errors="ignore")
    stands = found.map(lambda cell: cell.startswith("supported"))
    groups = {
        "In every environment": stands.all(axis=1),
        "In some": stands.any(axis=1) & ~stands.all(axis=1),
        "In none": ~stands.any(axis=1),
    }
    read = ROOT / "reference/readings_shares.csv"
    shares = pd.read_csv(read) if read.exists() else None
    said = [f"- **{words}**: {'; '.join(found.index[chosen]) or 'no claim'}." for words, chosen in groups.items()]
    return "\n".join(said) + "\n\n" + glance_markdown(rows, shares).replace(" %", " %")


def intervals(rows: pd.DataFrame) -> str:
    """Rows of the claims table with the change in per cent and its interval; what is compared, where that differs."""
    several, lines = rows["contrast"].nunique() > 1, []
    for row in rows.to_dict("records"):
        twin = f"{row['beyond']} ({row['strongest_twin']})" if row["strongest_twin"] else "–"
        change, why = (interval(row), after_holm(row)) if np.isfinite(row["estimate"]) else ("–", "–")
        compared = [row["contrast"]] * several
        cells = [row["environment"], *compared, f"`{row['metric']}`", change, row["seeds"], row["verdict"]]
        lines.append([*cells, why, twin, row["controls"] or "–"])
    header = ["environment", *["compared"] * several, "metric", "change", "seeds", "verdict", "also after Holm"]
    return table([*header, "beyond its strongest twin", "controls"], lines)


def interval(row: dict[str, Any]) -> str:
    """The change of a row in per cent, with its interval."""
    ends = [row[key] - 1 if row["scale"] == "ratio" else row[key] * row["effect"] / row["estimate"] for key in ENDS]
    if not np.isfinite(row["effect"]) or abs(row["effect"]) > 10:  # of a baseline near zero a share says nothing
        return f"{row['estimate']:+.2g} [{row['low']:+.2g}, {row['high']:+.2g}]".replace("-", "−")
    return f"{100 * row['effect']:+.0f} % [{100 * min(ends):+.0f}, {100 * max(ends):+.0f}]".replace("-", "−")


def after_holm(row: dict[str, Any]) -> str:
    """Whether the verdict survives the correction for many rows, or why it was withdrawn."""
    if row["withdrawn_by"] in DECODERS:
        return f"by `{row['withdrawn_by']}` the opposite"
    if row["withdrawn_by"]:
        return f"{row['withdrawn_by']} reads as well"
    return "yes" if row["verdict_adjusted"] in ("", row["verdict"]) else "no"


def answers(asked: dict[str, Any]) -> str:
    """Numbers of one question, a row for each environment.

    Args:
        asked: `question`, and `columns`: by title, what a number's columns in the table of answers must hold.

    Raises:
        Wrong: a column has no number, or several in one environment.
    """
    rows = pd.read_csv(ROOT / "reference/answers.csv", keep_default_na=False)
    rows = rows[rows["question"] == asked["question"]]
    found = {}
    for name, wanted in asked["columns"].items():
        chosen = rows[[all(holds(row[key], value) for key, value in wanted.items()) for row in rows.to_dict("records")]]
        places = [
            f"{row.environment} − {row.against}" if row.against else row.environment for row in chosen.itertuples()
        ]
        if not places or len(set(places)) < len(places):
            count = "several" if places else "no"
            raise Wrong(f"docs ask {asked['question']} for {wanted}, of which the reference run has {count} numbers")
        found[name] = dict(zip(places, map(number, chosen.to_dict("records")), strict=True))
    names = dict.fromkeys(name for column in found.values() for name in column)
    lines = [[name, *(column.get(name, "–") for column in found.values())] for name in names]
    return table(["environment", *found], lines)


def holds(cell: str, wanted: str | list[str] | dict[str, Any]) -> bool:
    """Whether a cell is what is wanted: a text, one of several, or JSON that holds some values."""
    if isinstance(wanted, dict):
        return bool(cell) and wanted.items() <= json.loads(cell).items()
    return cell in wanted if isinstance(wanted, list) else cell == wanted


def number(row: dict[str, Any]) -> str:
    """An estimate with its interval; log ratios as change in per cent."""
    values = [float(row[key] or "nan") for key in ("estimate", *ENDS)]
    if row["unit"] == "log ratio":
        texts = [f"{100 * np.expm1(value):+.0f}" for value in values]
        end = " %"
    else:
        texts = [f"{value:.3g}" for value in values]
        end = "" if row["unit"] in ("1", "seeds") else f" {row['unit']}"
    mean, low, high = (text.replace("-", "−") for text in texts)
    return f"{mean}{end}" if np.isnan(values[1]) else f"{mean}{end} [{low}, {high}]"


def settings(asked: dict[str, str]) -> str:
    """Keys of a part of the configuration.

    Args:
        asked: `model`, the module and the class that declare them; `within: false` leaves out keys of keys.
    """
    module, name = asked["model"].split(":")
    found = getattr(import_module(module), name).model_json_schema()
    definitions = found.get("$defs", {})
    lines = rows_of(found, definitions, "", asked.get("within", True))
    return table(["key", "meaning", "unit", "allowed", "default"], list(lines))


def rows_of(section: dict[str, Any], definitions: dict[str, Any], where: str, within: bool) -> Iterator[list[str]]:
    """One row for each key of an object in a JSON schema, and of objects within it."""
    required = section.get("required", [])
    for key, entry in section.get("properties", {}).items():
        if "$ref" in entry:
            entry = definitions[entry["$ref"].rsplit("/", 1)[1]] | {k: v for k, v in entry.items() if k != "$ref"}
        meaning, _, unit = " ".join(entry.get("description", "").split()).partition(" [")
        unit, _, more = unit.partition("]")
        default = shown(entry["default"]) if "default" in entry else "required" if key in required else ""
        yield [f"`{where}{key}`", meaning + more, unit, allowed(entry, definitions), default]
        if within:
            yield from rows_of(entry, definitions, f"{where}{key}.", within)


def allowed(entry: dict[str, Any], definitions: dict[str, Any]) -> str:
    """What a value may be, in words."""
    if "allowed" in entry:
        return entry["allowed"]
    if "$ref" in entry:
        return allowed(definitions[entry["$ref"].rsplit("/", 1)[1]], definitions)
    if "anyOf" in entry:
        return " or ".join(dict.fromkeys(allowed(each, definitions) for each in entry["anyOf"]))
    if "enum" in entry or "const" in entry:
        return ", ".join(shown(value) for value in entry.get("enum", [entry.get("const")]))
    bounds = {"minimum": "from {}", "exclusiveMinimum": "above {}", "maximum": "to {}", "exclusiveMaximum": "below {}"}
    words = [text.format(f"{entry[key]:g}") for key, text in bounds.items() if key in entry]
    kind = {"integer": "whole number", "boolean": "true or false"}.get(entry.get("type"), entry.get("type", ""))
    return " ".join([kind, *words])


def shown(value: Any) -> str:
    """A value as a configuration file has it."""
    return f"`{json.dumps(value)}`".replace('"', "") if value != "" else ""


def modules(package: Path) -> list[str]:
    """Dotted names of a package's modules, itself first where it says something.

    Raises:
        Wrong: a public function or class has no docstring.
    """
    found = []
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            said = ast.get_docstring(node) if public else ""
            if said is None and node in tree.body and not any(map(is_metric, node.decorator_list)):
                raise Wrong(f"{path}:{node.lineno}: '{node.name}' is public and has no docstring")
        parts = path.relative_to(ROOT / "workflow").with_suffix("").parts
        found.append(".".join(part for part in parts if part != "__init__"))
    return found


def is_metric(decorator: ast.expr) -> bool:
    """Whether a decorator is that of a metric, which carries the meaning itself."""
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "metric"
