"""Environments, one file each: awake paths and the map they lie on.

An environment is a module of this package with a class `Environment`. Its name in `config.yaml` is the name
of its file; nothing else has to be registered.
"""

from importlib import import_module
from pathlib import Path

from rnn_replay.environments.base import BaseEnvironment, Map, Pool

__all__ = ["BaseEnvironment", "Map", "Pool", "available", "load"]


def available() -> list[str]:
    """Names of the environments that exist, sorted."""
    files = Path(__file__).parent.glob("*.py")
    return sorted(file.stem for file in files if file.stem not in ("__init__", "base"))


def load(name: str, settings: dict) -> BaseEnvironment:
    """The environment of a name with its settings.

    Raises:
        ValueError: no such environment, an unknown setting, or a value that is not allowed.
    """
    if name not in available():
        raise ValueError(f"environment '{name}' does not exist; allowed: {', '.join(available())}")
    return import_module(f"{__name__}.{name}").Environment.from_settings(name, settings)
