"""Configuration files and `--config` as they stand on Snakemake's command line, checked before Snakemake reads them.

Snakemake would answer a missing file, or one that is not UTF-8, with a traceback, read only the last of two
`--configfile`, and take the numbers in `--config 'seeds=[1, 2]'` for text.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from rnn_replay.settings import shown

from pipeline.grids import ConfigurationError

MOST_VALUES = 100_000  # of a file, our choice: far beyond what can be run, and what aliases in aliases soon exceed
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Numbers that YAML reads as people do: 010 would be 8, 1:30 would be 90.
WRITTEN = re.compile(r"[-+]?(0|[1-9][0-9_]{0,29}|[0-9]*\.[0-9]*([eE][-+]?[0-9]+)?|\.(inf|Inf|INF|nan|NaN|NAN))")
TEXTS = ("notes", "results")


def check_command(arguments: list[str]) -> None:
    """Check the configuration files that a command line of Snakemake names.

    Raises:
        ConfigurationError: a file that cannot be read, or the option twice.
    """
    options = ("--configfile", "--configfiles")
    places = [place for place, word in enumerate(arguments) if word.partition("=")[0] in options]
    if len(places) > 1:
        raise ConfigurationError("--configfile comes twice; allowed: once, with all files after it: --configfile a b")
    for place in places:
        first = [arguments[place].partition("=")[2]] if "=" in arguments[place] else []
        for word in [*first, *arguments[place + 1 :]]:
            if word.startswith("-"):
                break
            check_file(Path(word))


def check_file(path: Path) -> None:
    """Refuse a file that is not a mapping in YAML and UTF-8, or in which a key comes twice.

    Raises:
        ConfigurationError: naming file and line.
    """
    if path.exists() and not path.is_file():  # a pipe would be empty for Snakemake, and a device has no end
        raise ConfigurationError(f"{path} is no file; allowed: a file in YAML")
    try:
        text = path.read_bytes().decode("utf-8")
        root = yaml.compose(text, Loader=LOADER)
        if not isinstance(root, yaml.MappingNode):
            raise ConfigurationError(f"{path} holds no keys; allowed: at least one key of config.yaml with its value")
        count_values(path, root, {})
        yaml.load(text, Loader=LOADER)  # tags and merges that cannot be followed
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}; allowed: a file in YAML") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigurationError(f"{path}, line {line}, is not UTF-8; allowed: text in UTF-8") from None
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or "what cannot be read"
        tab = mark and "\t" in text.splitlines()[min(mark.line, text.count("\n"))]
        raise ConfigurationError(
            f"{path}, line {mark.line + 1 if mark else 1}, is no YAML: {problem}"
            + ("; allowed: spaces in place of tabs" if tab else "")
        ) from None


def count_values(path: Path, node: yaml.Node, sizes: dict[int, int]) -> int:
    """Number of values in a node, with aliases written out; see :func:`check_file`."""
    if id(node) in sizes:
        if not sizes[id(node)]:
            raise ConfigurationError(f"{path}, line {node.start_mark.line + 1}, is an alias in itself; allowed: none")
        return sizes[id(node)]
    sizes[id(node)] = 0
    inside: Iterable[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        inside = [value for _, value in node.value]
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys and key.value != "<<":
                raise ConfigurationError(
                    f"{path}, line {key.start_mark.line + 1}, has the key '{key.value}' again; allowed: once"
                )
            keys.add(str(key.value))
    elif isinstance(node, yaml.SequenceNode):
        inside = node.value
    elif node.tag.endswith((":int", ":float")) and not WRITTEN.fullmatch(node.value):
        raise ConfigurationError(
            f"{path}, line {node.start_mark.line + 1}, writes a number as {shown(node.value)}, which YAML reads as "
            "another or not at all; allowed: decimal digits, at most 30 of them"
        )
    size = 1 + sum(count_values(path, value, sizes) for value in inside)
    if size > MOST_VALUES:
        raise ConfigurationError(
            f"{path}, line {node.start_mark.line + 1}, holds {size} values, aliases written out; allowed: at most "
            f"{MOST_VALUES}"
        )
    sizes[id(node)] = size
    return size


def reread(value: Any, key: str = "") -> Any:
    """What `--config` gives, with numbers, true, false and null in place of their text, as in a file."""
    if isinstance(value, str) and key not in TEXTS:
        try:
            read = yaml.safe_load(value)
        except yaml.YAMLError:
            return value
        return read if read is None or isinstance(read, bool | int | float) else value
    if isinstance(value, list):
        return [reread(item) for item in value]
    if hasattr(value, "items"):
        return {name: reread(item, name) for name, item in value.items()}
    return value
