"""Running the pipeline in a copy of the checkout, as a user would."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def snakemake(folder: Path, *arguments: str, timeout: int = 900) -> subprocess.CompletedProcess:
    """Run Snakemake in a copy of the checkout."""
    command = [sys.executable, "-m", "snakemake", "--nocolor", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout)


def checkout(folder: Path) -> Path:
    """The files that a user clones, without anything made."""
    for name in ("workflow", "profiles", "envs", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("Snakefile", "config.yaml", "demo.yaml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Hash of every netCDF artifact below a folder, by its path in there."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.nc"))
    }
