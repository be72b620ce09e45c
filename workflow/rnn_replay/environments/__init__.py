"""Environments, one file each: awake paths and the map they lie on.

An environment is a module of this package with a class `Environment`. Its name in `config.yaml` is the name
of its file, unless the entry names another under `kind`; nothing else has to be registered.
"""

from importlib import import_module
from pathlib import Path

from rnn_replay.environments.base import BaseEnvironment, Map, Pool, Traits

__all__ = ["BaseEnvironment", "Map", "Pool", "Traits", "available", "kind", "load"]


def available() -> list[str]:
    """Names of the environments that exist, sorted."""
    files = Path(__file__).parent.glob("*.py")
    return sorted(file.stem for file in files if file.stem not in ("__init__", "base"))


def kind(name: str, settings: dict) -> str:
    """The file that an environment of a name and settings is made by."""
    return settings.get("kind", name)


def load(name: str, settings: dict) -> BaseEnvironment:
    """The environment of a name with its settings, among them `kind` where the name is not that of its file.

    Raises:
        ValueError: no such environment, an unknown setting, or a value that is not allowed.
    """
    if kind(name, settings) not in available():
        raise ValueError(f"environment '{kind(name, settings)}' does not exist; allowed: {', '.join(available())}")
    module = import_module(f"{__name__}.{kind(name, settings)}")
    return module.Environment.from_settings(name, {key: value for key, value in settings.items() if key != "kind"})
