"""Copies of the checkout in which tests run Snakemake as a user does, and change things."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from snakemake.utils import update_config

ROOT = Path(__file__).parents[1]
TINY = ("--configfile", "tests/tiny.yaml")


def checkout(folder: Path) -> Path:
    """The files that a user clones, without anything made."""
    for name in ("workflow", "profiles", "envs", "scenarios", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (folder / "reference").mkdir()
    for name in ("Snakefile", "config.yaml", "reference/benchmarks.csv"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def one_environment(folder: Path, seeds: tuple[int, ...] = (101,)) -> Path:
    """A checkout with a configuration of the triangle alone: a handful of jobs."""
    checkout(folder)
    values = yaml.safe_load((folder / "config.yaml").read_text())
    tiny = yaml.safe_load((folder / "tests/tiny.yaml").read_text())
    values["seeds"] = list(seeds)
    values["environments"] = {"triangle": values["environments"]["triangle"] | tiny["environments"]["triangle"]}
    update_config(values, {key: tiny[key] for key in ("training", "replay", "theory")})
    values |= {"variants": {"leak0.3_mask20": {}}, "rats": None}
    values["sweeps"] = {"momentum": {"variants": ["leak0.3_mask20"], "friction": [1.0, 0.6]}}
    (folder / "config.yaml").write_text(yaml.safe_dump(values))
    return folder


FORMS = {"outside": {"adaptation_form": "outside"}, "drive": {"adaptation_form": "drive"}}
FEW_READINGS = {
    "designs": {
        "one": {"claims": ["A1"], "axes": {"form": FORMS, "adaptation_strength": [0.1, 0.5], "noise": [1.0, 4.0]}}
    },
    "anchors": {"ours": {"claims": ["A1"], "source": "the claims table"}},
}


def with_few_readings(folder: Path) -> Path:
    """The checkout, whose configuration asks for a handful of readings."""
    values = yaml.safe_load((folder / "config.yaml").read_text())
    values["readings"] |= FEW_READINGS | {"replay": {"states": 4, "repeats": 2}}
    (folder / "config.yaml").write_text(yaml.safe_dump(values))
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Environment variables with which the checkout's own library is imported, not the installed one."""
    return os.environ | {"PYTHONPATH": str(folder / "workflow")}


def command(*arguments: str) -> list[str]:
    """Snakemake's command line."""
    return [sys.executable, "-m", "snakemake", "--nocolor", *arguments]


def snakemake(folder: Path, *arguments: str, timeout: int = 900) -> subprocess.CompletedProcess:
    """Run Snakemake in a checkout."""
    return subprocess.run(
        command(*arguments), cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=timeout
    )


def planned(folder: Path, *arguments: str) -> tuple[set[str], str]:
    """What a dry run would make: first output of each job, below `results/`, and all that was said."""
    done = snakemake(folder, "--cores", "1", "--dry-run", *arguments)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    found = re.findall(r"^ +output: results/([^,\n]+)", said, re.MULTILINE)
    assert len(found) == len(set(found))
    return set(found), said


def contents(folder: Path) -> dict[str, str]:
    """Hash of every file that was made below a folder, by its path in there; logs and benchmarks hold times."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in ("logs", "benchmarks", "README.md")
    }
