"""Another workflow imports this one: its own environment and figure, our reruns and its own; and snakedeploy's copy."""

import re
import shutil
import subprocess
import sys

import pytest
from checkout import ROOT, checkout, environment, snakemake

SNAKEDEPLOY = "snakedeploy==0.17.1"  # in an environment of its own: a dozen packages that nothing else needs


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The example, run once, in a checkout."""
    root = checkout(tmp_path_factory.mktemp("module"))
    shutil.copytree(ROOT / "examples", root / "examples", ignore=shutil.ignore_patterns("results", ".snakemake"))
    done = run(root, "--cores", "1")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return root


def run(root, *arguments):
    """Run the example of a checkout in its own folder, with the checkout's library."""
    command = [sys.executable, "-m", "snakemake", "--nocolor", *arguments]
    return subprocess.run(
        command, cwd=root / "examples/own_workflow", env=environment(root), capture_output=True, text=True, timeout=900
    )


def planned(root) -> list[str]:
    """Rules of the jobs that a run of the example would start now."""
    done = run(root, "--cores", "1", "--dry-run")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    return re.findall(r"^(?:local)?rule (\w+):", said, re.MULTILINE)


def test_it_makes_its_figure_of_its_environment_in_its_own_folder(example):
    results = example / "examples/own_workflow/results"
    assert (results / "own/speed.png").stat().st_size > 1000
    assert (results / "networks/spiral/leak0.3_mask10/1.nc").exists()
    assert not (example / "results").exists()


def test_it_is_short():
    text = (ROOT / "examples/own_workflow/Snakefile").read_text()
    assert len([line for line in text.splitlines() if line and not line.startswith("#")]) <= 30


def test_nothing_is_made_twice_and_each_change_remakes_its_own(example):
    folder = example / "examples/own_workflow"
    assert planned(example) == []
    script = folder / "draw_speed.py"
    script.write_text(script.read_text().replace("alpha=0.6", "alpha=0.7"))
    assert planned(example) == ["figure"]
    configuration = folder / "config.yaml"
    before = configuration.read_text()
    configuration.write_text(before.replace("iterations: 50", "iterations: 51"))
    found = planned(example)
    assert found.count("replay_network") == 2 and "figure" in found
    assert "replay_environment" not in found
    configuration.write_text(before)
    environment = folder / "spiral.py"
    environment.write_text(environment.read_text().replace("0.4 * self.radius", "0.3 * self.radius"))
    assert {"replay_environment", "replay_network", "figure"} <= set(planned(example))


def test_snakedeploy_makes_a_workflow_that_plans_what_ours_plans(tmp_path):
    source, target = checkout(tmp_path / "source"), tmp_path / "deployed"
    shutil.copytree(ROOT / "config", source / "config")
    deploy = [sys.executable, "-m", "uv", "run", "--quiet", "--no-project", "--isolated", "--with", SNAKEDEPLOY]
    deploy += ["snakedeploy", "deploy-workflow", source, target, "--branch", "main", "--name", "replay"]
    done = subprocess.run(deploy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    snakefile = target / "workflow/Snakefile"
    # Of a local copy snakedeploy writes a path within the copy.
    snakefile.write_text(snakefile.read_text().replace('"Snakefile"', f'"{source}/Snakefile"'))
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--dry-run", "--quiet", "rules"]
    planned = subprocess.run(command, cwd=target, env=environment(source), capture_output=True, text=True, timeout=600)
    assert planned.returncode == 0, planned.stdout[-3000:] + planned.stderr[-3000:]
    ours = snakemake(source, "--cores", "1", "--dry-run", "--quiet", "rules")
    jobs = [
        re.search(r"^all +(\d+)  ", said, re.MULTILINE)[1]
        for said in (planned.stdout + planned.stderr, ours.stdout + ours.stderr)
    ]
    assert jobs[0] == jobs[1]
