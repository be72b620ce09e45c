"""Archive: a valid Workflow Run RO-Crate that is, unpacked elsewhere, a checkout with finished results."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest
from checkout import ROOT, contents, environment, one_environment, snakemake
from pipeline.archive import ArchiveError, archive

VALIDATOR = "roc-validator==0.13.0"  # in an environment of its own: it asks for an older rich than ours


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A small run, in a checkout with all files that belong to an archive."""
    folder = one_environment(tmp_path_factory.mktemp("run"))
    (folder / "small.yaml").write_text("demonstration: true")
    for name in ("Makefile", "pyproject.toml", "README.md", "LICENSE", "CITATION.cff", "reference/claims.csv"):
        shutil.copy(ROOT / name, folder / name)
    done = snakemake(folder, "--cores", "1", "--configfile", "small.yaml")
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def unpacked(run, tmp_path_factory):
    """Its archive, unpacked in another place."""
    target = tmp_path_factory.mktemp("archive") / "run.zip"
    archive(target, [run / "small.yaml"], run)
    folder = tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(target) as file:
        file.extractall(folder)
    return folder


def test_results_are_all_there_and_nothing_else(run, unpacked):
    assert contents(unpacked / "results") == contents(run / "results")
    names = {path.name for path in unpacked.rglob("*")}
    assert not names & {".runs", "logs", ".snakemake", "__pycache__"}


def test_it_is_a_valid_crate(unpacked):
    check = [sys.executable, "-m", "uv", "run", "--quiet", "--no-project", "--isolated", "--with", VALIDATOR]
    check += ["--with", "rocrate", ROOT / "tests/validate_crate.py", unpacked]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_crate_names_the_run_and_its_software(unpacked):
    graph = {e["@id"]: e for e in json.loads((unpacked / "ro-crate-metadata.json").read_text())["@graph"]}
    assert graph["./"]["mainEntity"] == {"@id": "Snakefile"}
    assert {"@id": "results/tables/"} in graph["#run"]["result"]
    assert graph["#torch"]["softwareVersion"].startswith("2.")


def test_nothing_would_be_remade(unpacked):
    done = snakemake(unpacked, "--cores", "1", "--dry-run", "--quiet", "all")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Nothing would be remade" in done.stdout


@pytest.mark.parametrize("command", [["verify", "results"], ["reference", "compare", "results", "reference"]])
def test_it_can_be_verified_and_compared(unpacked, command):
    check = [sys.executable, "-m", f"pipeline.{command[0]}", *command[1:]]
    done = subprocess.run(check, cwd=unpacked, env=environment(unpacked), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_another_configuration_is_refused(run, tmp_path):
    (tmp_path / "other.yaml").write_text("seeds: [5]")
    with pytest.raises(ArchiveError, match="was made with another configuration"):
        archive(tmp_path / "run.zip", [run / "small.yaml", tmp_path / "other.yaml"], run)


def test_a_run_that_is_not_there_is_refused(tmp_path):
    (tmp_path / "config.yaml").write_bytes((ROOT / "config.yaml").read_bytes())
    with pytest.raises(ArchiveError, match="run the pipeline first"):
        archive(tmp_path / "run.zip", root=tmp_path)
