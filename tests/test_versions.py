"""Versions: the constraints, the conda environment and pyproject.toml agree."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from checkout import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
LINES = [line for line in (ROOT / "envs/constraints.txt").read_text().splitlines() if not line.startswith("#")]
PINNED = {canonicalize_name(name): version for name, version in (line.split("==") for line in LINES)}
CONDA = {"matplotlib-base": "matplotlib", "pytorch-cpu": "torch"}


def requirements(extra: str | None = None) -> list[Requirement]:
    """What the core or an extra asks for, other extras of this project left out."""
    listed = [Requirement(line) for line in (EXTRAS[extra] if extra else PROJECT["dependencies"])]
    return [requirement for requirement in listed if requirement.name != PROJECT["name"]]


@pytest.mark.parametrize("extra", [None, *EXTRAS])
def test_each_dependency_is_pinned_within_its_range(extra):
    for requirement in requirements(extra):
        name = canonicalize_name(requirement.name)
        assert name in PINNED, f"{name} is not in envs/constraints.txt; `make constraints` puts it there"
        assert requirement.specifier.contains(PINNED[name], prereleases=True), (requirement, PINNED[name])


def test_constraints_can_be_used_anywhere():
    for line in LINES:
        assert re.fullmatch(r"[a-z0-9.-]+==[a-z0-9.]+", line), line
        assert Version(line.split("==")[1]).local is None


def test_the_conda_environment_has_the_dependencies_at_their_minor_version():
    listed = yaml.safe_load((ROOT / "envs/rnn-replay.yaml").read_text())["dependencies"]
    pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    found = {}
    for entry in [*(entry for entry in listed if isinstance(entry, str)), *pip]:
        name, _, version = entry.partition("=")
        found[CONDA.get(name, name)] = version.lstrip("=").removesuffix(".*")
    needed = {canonicalize_name(requirement.name) for requirement in requirements()}
    needed = {name for name in needed if not name.startswith("snakemake")}
    assert needed <= set(found)
    for name in needed:
        assert found[name] == ".".join(PINNED[name].split(".")[:2]), name


QUICK = ("test_dynamics.py", "test_artifacts.py", "test_configuration.py", "test_replay.py", "test_statistics.py")


def test_the_lowest_versions_pass_the_quick_tests(tmp_path):
    python = tmp_path / "venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    links = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.find-links"], capture_output=True, text=True
    ).stdout.strip()
    # PyTorch stays: wheels of old versions without CUDA are not in the registry.
    (tmp_path / "torch.txt").write_text(f"torch=={PINNED['torch']}\n")
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    install += ["--resolution", "lowest-direct", "--constraints", tmp_path / "torch.txt"]
    install += ["--requirements", ROOT / "pyproject.toml", "--extra", "dev"]
    subprocess.run(install, check=True, env=os.environ | ({"UV_FIND_LINKS": links} if links else {}))
    tests = [python, "-m", "pytest", "-q", "-m", "not slow and not slurm", *(ROOT / "tests" / name for name in QUICK)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow")}
    done = subprocess.run(tests, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
