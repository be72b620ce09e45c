"""The pipeline from copies, other environments, other locales and other versions of Python."""

import os
import shutil
import subprocess
import sys

import pytest
from checkout import ROOT, command, one_environment

ENVIRONMENT = "results/environments/triangle/101.nc"


def run(folder, *arguments, **variables):
    """Snakemake in a folder, with the library of another checkout installed, as where an environment is active."""
    return subprocess.run(
        command("--cores", "1", *arguments),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")} | variables,
        capture_output=True,
        timeout=300,
    )


def make(folder, *arguments):
    """Make in a folder."""
    done = subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_a_copy_runs_its_own_library(tmp_path):
    folder = one_environment(tmp_path)
    module = folder / "workflow/rnn_replay/environments/triangle.py"
    module.write_text(module.read_text() + "\nprint('of the copy')\n")
    done = run(folder, ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    assert "of the copy" in (folder / "results/logs/environments/triangle/101.log").read_text()
    module.write_text(module.read_text() + "\nADDED = 1\n")
    assert b"triangle/101.nc: rnn_replay.environments.triangle changed" in run(folder, ENVIRONMENT, "--dry-run").stdout


def test_an_installation_that_is_not_editable(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    shutil.copytree(ROOT / "workflow", source / "workflow", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(tmp_path / "site"),
        str(source),
    ]
    got = subprocess.run(pip, capture_output=True, text=True)
    if got.returncode:
        pytest.skip(f"nothing can be installed here: {got.stderr.strip().splitlines()[-1]}")
    done = run(one_environment(tmp_path / "checkout"), ENVIRONMENT, "--dry-run", PYTHONPATH=str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr


def test_a_locale_without_utf_8(tmp_path):
    locales = tmp_path / "locales"
    locales.mkdir()
    maker = ["localedef", "-i", "en_US", "-f", "ISO-8859-1", str(locales / "en_US.ISO-8859-1")]
    if not shutil.which("localedef") or subprocess.run(maker, capture_output=True).returncode > 1:
        pytest.skip("no locale can be made here")
    folder = one_environment(tmp_path / "checkout")
    settings = folder / "config.yaml"
    settings.write_text("# \u00dcbung \u2192 \u03bb\n" + settings.read_text("utf-8"), "utf-8")
    latin = {"LOCPATH": str(locales), "LC_ALL": "en_US.ISO-8859-1"}
    done = run(folder, ENVIRONMENT, **latin)
    assert done.returncode == 0, done.stderr
    settings.write_text(settings.read_text("utf-8").replace("training_paths: 60", "training_paths: 61"), "utf-8")
    said = run(folder, ENVIRONMENT, "--dry-run", **latin).stdout.decode("utf-8")
    assert "training_paths 60 \u2192 61" in said


@pytest.fixture
def folder(tmp_path):
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").mkdir()
    return tmp_path


def test_an_old_python_is_refused_before_anything_is_installed(folder):
    old = folder / "old"
    old.write_text(f'#!/bin/sh\n{sys.executable} -c "import sys; sys.version_info = (3, 9); exec(sys.argv[1])" "$2"\n')
    old.chmod(0o755)
    code, said = make(folder, "install", "PYTHON=./old")
    assert code != 0
    assert "PYTHON is ./old, which is Python 3.9; allowed: 3.11 or newer" in said
    assert list((folder / ".venv").iterdir()) == []


@pytest.mark.parametrize(("of", "anew"), [("this", False), ("another", True), ("none", True)])
def test_an_environment_of_another_folder_is_made_anew(folder, of, anew):
    if of != "none":
        (folder / ".venv/installed").write_text(f"{folder}\n" if of == "this" else "/elsewhere\n")
    _, said = make(folder, "--dry-run", "install")
    assert ("-m venv --clear .venv" in said) == anew
