"""What the pipeline changes in Snakemake, on a workflow of four small rules: three of ours and one of a user's."""

import json
import os
import re
import subprocess
import sys

import pytest
from checkout import ROOT, command
from pipeline import snakemake_adapter
from snakemake.exceptions import WorkflowError

SNAKEFILE = """
import json
from pipeline import snakemake_adapter

config["results"] = "results"
VALUES = json.load(open("values.json"))
snakemake_adapter.install("results", lambda workflow, jobs: None, main=False)


def recipe(name):
    return {"settings": {"text": VALUES[name]}, "code": {"step.py": VALUES["code"]}, "packages": {}}


rule all:
    input: "results/third.txt", "results/theirs.txt"

rule first:
    output: "results/first.txt"
    params: recipe=recipe("first")
    script: "step.py"

# Keeps one letter of what it reads.
rule second:
    input: "results/first.txt"
    output: "results/second.txt", "results/second.log"
    params: recipe=recipe("second")
    script: "step.py"

rule third:
    input: "results/second.txt"
    output: "results/third.txt"
    params: recipe=recipe("third")
    script: "step.py"

rule theirs:
    input: "source.txt"
    output: "results/theirs.txt"
    params: VALUES["theirs"]
    script: "theirs.py"
"""
STEP = """
from pathlib import Path
from pipeline import provenance

text = snakemake.params.recipe["settings"]["text"] + "".join(Path(path).read_text()[:1] for path in snakemake.input)
if text.startswith("fail"):
    Path(snakemake.output[0]).write_text("half")
    raise SystemExit("failed")
for path in snakemake.output:
    Path(path).write_text(text)
recipe = provenance.whole_recipe(dict(snakemake.params.items()))
made = provenance.made(snakemake.output, snakemake.input, recipe, "results")
provenance.record(provenance.holder(snakemake.output), made)
"""
THEIRS = "from pathlib import Path\nPath(snakemake.output[0]).write_text(Path(snakemake.input[0]).read_text())\n"
VALUES = {"first": "a", "second": "b", "third": "c", "theirs": 1, "code": "1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workflow that has run."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "Snakefile").write_text(SNAKEFILE)
    (folder / "step.py").write_text(STEP)
    (folder / "theirs.py").write_text(THEIRS)
    (folder / "source.txt").write_text("source")
    values(folder)
    assert run(folder) == {"first", "second", "third", "theirs"}
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy of it, with its times of modification."""
    subprocess.run(["cp", "-a", f"{made}/.", tmp_path], check=True)
    return tmp_path


def values(folder, **changes):
    (folder / "values.json").write_text(json.dumps(VALUES | changes))


def start(folder, *arguments, **variables):
    return subprocess.run(
        command("--cores", "1", *arguments),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")} | variables,
        capture_output=True,
        text=True,
        timeout=120,
    )


def run(folder, *arguments, **variables):
    """Names of the rules that ran."""
    done = start(folder, *arguments, **variables)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return set(re.findall(r"Finished jobid: \d+ \(Rule: (\w+)\)", said)) - {"all"}


def test_nothing_runs_twice(folder):
    assert run(folder) == set()


# Equal content stops there --------------------------------------------------------------------------------------------


def test_what_is_remade_with_equal_content_stops_there(folder):
    (folder / "results/first.txt").unlink()
    assert run(folder) == {"first"}
    assert run(folder) == set()


def test_it_stops_where_content_comes_out_equal_on_the_way(folder):
    values(folder, first="another")
    assert run(folder) == {"first"} | {"second"}
    assert (folder / "results/first.txt").read_text() == "another"
    assert run(folder) == set()


def test_what_changes_goes_on(folder):
    values(folder, first="z", second="")
    assert run(folder) == {"first", "second", "third"}
    assert (folder / "results/third.txt").read_text() == "cz"


def test_what_is_asked_for_runs_and_no_more(folder):
    assert run(folder, "--forcerun", "first") == {"first"}
    assert run(folder, "--forceall") == {"first", "second", "third", "theirs"}


# A user's own rules keep Snakemake's triggers -------------------------------------------------------------------------


def newer(folder):
    (folder / "source.txt").write_text("changed")


def other_code(folder):
    (folder / "theirs.py").write_text(THEIRS + "# changed\n")


def other_params(folder):
    values(folder, theirs=2)


def other_input(folder):
    (folder / "more.txt").write_text("more")
    text = (folder / "Snakefile").read_text()
    (folder / "Snakefile").write_text(text.replace('"source.txt"', '"source.txt", "more.txt"'))


@pytest.mark.parametrize("change", [newer, other_code, other_params, other_input])
def test_a_users_rule_is_remade_when_snakemake_says_so(folder, change):
    change(folder)
    done = start(folder, "--dry-run")
    assert re.findall(r"^rule (\w+):", done.stdout + done.stderr, re.MULTILINE)[:1] == ["theirs"]
    assert "first.txt" not in done.stdout


def test_a_workflow_that_uses_ours_as_a_module_keeps_its_reruns(folder):
    (folder / "workflow.smk").write_text(
        'module ours:\n    snakefile: "Snakefile"\n\nuse rule * from ours as ours_*\n\n'
        'rule mine:\n    input: "results/third.txt", "source.txt"\n    output: "mine.txt"\n'
        '    shell: "cat {input} > {output}"\n'
    )
    assert run(folder, "--snakefile", "workflow.smk", "mine.txt") == {"mine"}
    assert run(folder, "--snakefile", "workflow.smk", "mine.txt") == set()
    (folder / "source.txt").write_text("changed")
    os.utime(folder / "source.txt")
    assert run(folder, "--snakefile", "workflow.smk", "mine.txt") == {"mine"}


# Times of modification play no part -----------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [3600, -3.2e8], ids=["an hour ahead", "ten years back"])
def test_clocks_that_were_wrong_change_nothing(folder, shift):
    for path in (folder / "results").iterdir():
        time = path.stat().st_mtime + shift
        os.utime(path, (time, time))
    assert run(folder) <= {"theirs"}
    values(folder, second="new")
    assert run(folder) >= {"second", "third"}
    assert (folder / "results/second.txt").read_text() == "newa"
    assert run(folder) == set()


# Earlier artifacts ----------------------------------------------------------------------------------------------------


def test_a_job_that_fails_leaves_what_it_did_not_replace(folder):
    values(folder, second="fail")
    done = start(folder)
    assert done.returncode != 0
    assert (folder / "results/second.log").read_text() == "ba"
    values(folder)
    assert run(folder) == {"second"}  # half of it was replaced
    assert (folder / "results/second.txt").read_text() == "ba"


def test_touch_accepts_artifacts_as_they_are(folder):
    values(folder, code="2")
    done = start(folder, "--touch")
    assert done.returncode == 0, done.stderr
    assert run(folder) == set()
    found = json.loads((folder / "results/second.provenance.json").read_text())
    assert found["recipe"]["code"] == {"step.py": "2"} and "--touch" in found["accepted"]
    values(folder, code="3")
    assert run(folder) == {"first", "second", "third"}


def test_delete_all_output_deletes_provenance_too(folder):
    assert start(folder, "--delete-all-output").returncode == 0
    assert list((folder / "results").iterdir()) == []


def test_list_changes_names_what_changed(folder):
    os.utime(folder / "step.py", (4e9, 4e9))
    assert start(folder, "--list-changes", "code").stdout == ""
    values(folder, second="new")
    # Of a user's rules Snakemake names all that it has notes of.
    named = start(folder, "--list-changes", "params").stdout.split()
    assert set(named) - {"results/theirs.txt"} == {"results/second.log", "results/second.txt"}
    assert start(folder, "--list-changes", "code").stdout == ""


def test_no_advice_is_given_that_does_nothing(folder):
    values(folder, code="2")
    done = start(folder, "--dry-run")
    assert "results/first.txt: step.py changed" in done.stdout
    for advice in ("--rerun-triggers", "--cleanup-metadata"):
        assert advice not in done.stdout + done.stderr


# What it builds on ----------------------------------------------------------------------------------------------------


def test_a_rule_that_runs_another_script_than_its_recipe_says_is_refused(folder):
    (folder / "other.py").write_text(STEP)
    text = (folder / "Snakefile").read_text()
    (folder / "Snakefile").write_text(text.replace('script: "step.py"', 'script: "other.py"', 1))
    done = start(folder)
    assert done.returncode != 0
    assert "Rule first runs other.py, of which its recipe says nothing." in done.stderr
    assert "Traceback" not in done.stderr


def test_inputs_in_another_order_are_another_input(folder):
    text = (folder / "Snakefile").read_text().replace('input: "results/second.txt"', "input: INPUTS")
    for order, ran in (("second", {"third"}), ("first", {"third"}), ("first", set())):
        names = [f"results/{name}.txt" for name in sorted(["first", "second"], reverse=order == "second")]
        (folder / "Snakefile").write_text(f"INPUTS = {names}\n{text}")
        assert run(folder) == ran


def test_snakemake_has_all_that_is_built_on():
    assert list(snakemake_adapter.missing()) == []


@pytest.mark.parametrize("name", list(snakemake_adapter.NEEDED))
def test_what_is_missing_stops_the_start_by_name(name, monkeypatch):
    *path, last = name.split(".")
    owner = snakemake_adapter.snakemake
    for part in path:
        owner = getattr(owner, part)
    monkeypatch.delattr(owner, last)
    sentence = rf"Snakemake \S+ has no {re.escape(name)}( with \w+)? as this pipeline needs it"
    with pytest.raises(WorkflowError, match=sentence) as error:
        snakemake_adapter.install("results", lambda workflow, jobs: None, main=False)
    assert "\n" not in str(error.value)


def test_a_method_that_is_no_longer_called_is_missing(monkeypatch):
    # As if Snakemake looked for jobs by another method: ours would be replaced, and never run.
    monkeypatch.setattr(
        snakemake_adapter.snakemake.scheduling.job_scheduler.JobScheduler, "schedule", lambda self: None
    )
    assert any("schedule with _schedule_reevalutation" in name for name in snakemake_adapter.missing())


def test_native_triggers_are_a_fallback(folder):
    values(folder, code="2")
    assert run(folder, RNN_REPLAY_RERUNS="snakemake") == {"first", "second", "third"}
    done = start(folder, RNN_REPLAY_RERUNS="off")
    assert "RNN_REPLAY_RERUNS is 'off'; allowed: provenance, snakemake." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_newest_snakemake_has_all_that_is_built_on(tmp_path):
    """Installed beside the others, from wherever pip is configured to look."""
    target = tmp_path / "newest"
    got = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", target, "snakemake"],
        capture_output=True,
        text=True,
    )
    if got.returncode:
        pytest.skip(f"Snakemake cannot be installed here: {got.stderr.strip().splitlines()[-1]}")
    code = "from pipeline.snakemake_adapter import missing, version; print(version('snakemake'), *missing(), sep='\\n')"
    path = os.pathsep.join([str(target), str(ROOT / "workflow")])
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True
    )
    newest, *missing = done.stdout.splitlines()
    assert done.returncode == 0 and missing == [], f"Snakemake {newest}: {missing} {done.stderr}"
