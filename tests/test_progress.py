"""Progress: bars with time left on a terminal, none elsewhere, and a summary that names what failed and its log."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from snakemake_logger_plugin_progress.time_left import Plan

SNAKEFILE = """
rule all:
    input: "good.txt", "bad_7.txt"

rule good:
    output: "good.txt"
    shell: "touch {output}"

rule bad:
    output: "bad_{seed}.txt"
    log: "logs/bad_{seed}.log"
    shell: "echo the reason > {log}; exit 1"
"""


def run(folder: Path, stderr: int) -> subprocess.CompletedProcess:
    """Run the workflow with the logger on."""
    (folder / "Snakefile").write_text(SNAKEFILE)
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--keep-going", "--logger", "progress"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "160"}
    return subprocess.run(command, cwd=folder, stdout=stderr, stderr=stderr, timeout=600, env=environment)


def on_a_terminal(folder: Path) -> str:
    """What a terminal shows of a run."""
    leader, follower = pty.openpty()
    pid = os.fork()
    if pid == 0:
        os.close(leader)
        run(folder, follower)
        os._exit(0)
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # the other end was closed
            break
        if not part:
            break
        shown += part
    os.waitpid(pid, 0)
    return shown.decode(errors="replace")


def in_a_pipe(folder: Path) -> str:
    """What a file or pipe receives."""
    with (folder / "output.txt").open("w") as file:
        run(folder, file.fileno())
    return (folder / "output.txt").read_text()


@pytest.mark.parametrize("show", [on_a_terminal, in_a_pipe])
def test_the_summary_names_what_was_made_and_what_failed(show, tmp_path):
    shown = show(tmp_path)
    assert "Made in 0 min" in shown and "good 1." in shown
    assert "Failed: bad 7; log: logs/bad_7.log" in shown
    assert ("Total Progress" in shown) is (show is on_a_terminal)


def test_time_left_follows_the_plan_and_then_the_pace_of_what_is_finished():
    plan = Plan({"a.tsv": 100.0, "b.tsv": 300.0}, cores=2)
    assert plan.left(0.0) == 200.0
    plan.finish("a.tsv")
    assert plan.left(100.0) == 300.0  # one core's worth: the other was busy elsewhere
    plan.finish("unknown.tsv")
    plan.finish("b.tsv")
    assert plan.left(400.0) == 0.0
    assert Plan().left(10.0) is None
