"""Environments, one file each: awake paths and the map they lie on.

An environment is a module of this package with a class `Environment`. Its name in `config.yaml` is the name
of its file, unless the entry names another under `kind`; nothing else has to be registered.
"""

import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from rnn_replay.environments.base import BaseEnvironment, Map, Pool, Traits
from rnn_replay.settings import SettingsError, read, shown

__all__ = ["BaseEnvironment", "Map", "Pool", "Traits", "available", "kind", "load"]
FOLDER = Path(__file__).parent
SHARED = ("__init__", "base", "box", "contract", "track")  # files that are no environment


def available() -> list[str]:
    """Names of the environments that exist, sorted."""
    return sorted(file.stem for file in FOLDER.glob("*.py") if file.stem not in SHARED)


def kind(name: str, settings: dict[str, Any]) -> str:
    """The file that an environment of a name and settings is made by."""
    return settings.get("kind", name)


def load(name: str, settings: dict[str, Any]) -> BaseEnvironment:
    """The environment of a name with its settings, among them `kind` where the name is not that of its file.

    Raises:
        SettingsError: no such environment, a file that cannot be imported, an unknown setting, or a value that is not
            allowed.
    """
    file = kind(name, settings)
    if file not in available():
        key = f"environments.{name}.kind is {shown(file)}" if "kind" in settings else f"environments names '{file}'"
        raise SettingsError(f"{key}, which does not exist; allowed: {', '.join(available())}")
    own = {key: value for key, value in settings.items() if key != "kind"}
    return read(defined(file), own, f"environments.{name}")


def defined(file: str) -> type[BaseEnvironment]:
    """The class that a file of this package defines.

    Raises:
        SettingsError: the file cannot be imported, or has no class `Environment` with `map` and `paths`.
    """
    path = FOLDER / f"{file}.py"
    try:
        found = getattr(import_module(f"{__name__}.{file}"), "Environment", None)
    except Exception as error:  # whatever a file of one's own may raise
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) and error.filename == str(path) else (lines or [1])[-1]
        what = str(error.msg if isinstance(error, SyntaxError) else error).partition("\n")[0]
        raise SettingsError(f"{path}, line {line}, cannot be imported: {type(error).__name__}: {what}") from None
    if not (isinstance(found, type) and issubclass(found, BaseEnvironment)):
        raise SettingsError(f"{path} has no class 'Environment'; allowed: a subclass of BaseEnvironment")
    for method in ("map", "paths"):
        if getattr(found, method) is getattr(BaseEnvironment, method):
            raise SettingsError(f"Environment in {path} has no method '{method}'; allowed: one as in its neighbours")
    return found
