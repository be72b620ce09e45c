"""Runs that are killed at random moments end, after the documented recovery, with the bytes of an undisturbed run.

Eight kills as a rule; `make soak` asks for fifty.
"""

import os
import random
import shutil
import signal
import subprocess
import time

import pytest
from checkout import command, contents, environment, one_environment, snakemake

KILLS = int(os.environ.get("KILLS", 8))
TARGETS = ("results/tables/networks.nc", "results/tables/metrics.nc")  # six jobs


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What an undisturbed run makes, and how many seconds it takes."""
    folder = one_environment(tmp_path_factory.mktemp("undisturbed"))
    began = time.monotonic()
    done = snakemake(folder, *TARGETS, "--cores", "1")
    assert done.returncode == 0, done.stderr[-3000:]
    return contents(folder / "results"), time.monotonic() - began


def killed(folder, after):
    """Run, and kill Snakemake with all its children after so many seconds; False if it was done before."""
    process = subprocess.Popen(
        command(*TARGETS, "--cores", "1", "--rerun-incomplete"),
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert process.wait(after) == 0
        return False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True


def recover(folder):
    """What the README says: unlock, and run again."""
    assert snakemake(folder, "--unlock").returncode == 0
    done = snakemake(folder, *TARGETS, "--cores", "1", "--rerun-incomplete")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_killed_runs_recover_to_the_same_bytes(undisturbed, tmp_path):
    expected, seconds = undisturbed
    rng = random.Random(7)
    folder = one_environment(tmp_path / "killed")
    kills = rounds = 0
    while kills < KILLS:
        after = rng.uniform(0.05, 0.6) * seconds
        if killed(folder, after):
            kills += 1
            made = len(contents(folder / "results")) if (folder / "results").exists() else 0
            print(f"kill {kills} of {KILLS} after {after:.1f} s: {made} of {len(expected)} files are there")
            if kills < KILLS and rng.random() < 0.7:
                # On from here, to be killed again; the lock of a killed run has to go.
                assert snakemake(folder, "--unlock").returncode == 0
                continue
            recover(folder)
        rounds += 1
        assert contents(folder / "results") == expected
        print(f"recovered, round {rounds}: all {len(expected)} files have the bytes of the undisturbed run")
        shutil.rmtree(folder / "results")
