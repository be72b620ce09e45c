"""The conda environment asks for the same versions as pyproject.toml."""

import re
import tomllib

import yaml
from checkout import ROOT

CONDA = {"matplotlib": "matplotlib-base", "netcdf4": "netcdf4", "torch": "pytorch-cpu"}  # where names differ


def split(requirement: str) -> tuple[str, str]:
    """Name in lower case and versions of a requirement."""
    name, versions = re.fullmatch(r"([A-Za-z0-9_-]+)(?:\[.*\])?\s*(.*)", requirement).groups()
    return name.lower(), versions


def test_conda_environment_is_in_step_with_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = dict(map(split, project["dependencies"]))
    # Jobs run in the environment; Snakemake, which starts them, does not.
    wanted = {CONDA.get(name, name): v for name, v in wanted.items() if not name.startswith("snakemake")}
    listed = yaml.safe_load((ROOT / "envs/rnn-replay.yaml").read_text())["dependencies"]
    lines = [line for line in listed if isinstance(line, str)] + next(d["pip"] for d in listed if isinstance(d, dict))
    found = dict(map(split, lines))
    python = found.pop("python")
    assert python.split(",")[0] == project["requires-python"]
    assert {name: v for name, v in found.items() if name != "pip"} == wanted
