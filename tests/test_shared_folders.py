"""Folders that several machines, checkouts or people share."""

import fcntl
import json
import os
import shutil
import subprocess
import sys

import pytest
from checkout import checkout, snakemake
from pipeline import occupancy, recovery

ENVIRONMENT = "results/environments/triangle/101.nc"
NETWORK = "results/networks/triangle/leak0.3_mask20/101.nc"
TINY = ["--cores", "1", "--configfile", "tests/tiny.yaml"]


@pytest.fixture
def another_run(tmp_path):
    """A note in a results folder, of a process that runs elsewhere on this machine."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    note = tmp_path / "results/.runs/another.json"
    note.parent.mkdir(parents=True)
    host = os.uname().nodename
    run = {"user": "ada", "host": host, "process": process.pid, "folder": "/home/ada/replay", "arguments": []}
    note.write_text(json.dumps(run))
    yield process, note
    process.kill()
    process.wait()


def occupied(results) -> subprocess.CompletedProcess:
    """A process that occupies the folder and ends."""
    code = f"from pathlib import Path; from pipeline import occupancy; occupancy.occupy(Path({str(results)!r}))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)


def test_run_from_another_folder_is_refused_by_name(another_run):
    process, note = another_run
    results = note.parents[1]
    with pytest.raises(occupancy.OccupiedError, match=f"run of ada in /home/ada/replay.*process {process.pid}"):
        occupancy.occupy(results)


def test_note_of_a_killed_run_is_cleared_away(another_run):
    process, note = another_run
    process.kill()
    process.wait()
    done = occupied(note.parents[1])
    assert done.returncode == 0, done.stderr
    assert list(note.parent.iterdir()) == []


@pytest.mark.parametrize("content", ["", "null", "[]", "{}", "[" * 100_000, '{"user": 1}', "\xff"])
def test_what_is_no_note_is_named(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "results/.runs/another.json"
    path.parent.mkdir(parents=True)
    path.write_text(content, "latin-1")
    with pytest.raises(occupancy.OccupiedError, match=f"{path}.*note of a run.*; delete it") as error:
        occupancy.occupy(tmp_path / "results")
    assert "\n" not in str(error.value)


def test_a_folder_of_another_users_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(
        occupancy.OccupiedError, match=r"cannot leave its note: .*Permission denied.*chmod -R g\+w"
    ) as error:
        occupancy.occupy(tmp_path / "results")
    assert "\n" not in str(error.value)
    assert list((tmp_path / "results/.runs").iterdir()) == []


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Command lines that recovery starts, in a folder in which a run was killed."""
    monkeypatch.chdir(tmp_path)
    lines = []
    monkeypatch.setattr(recovery.subprocess, "call", lambda line: lines.append(line[3:]) or 0)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    run = {"user": "ada", "host": os.uname().nodename, "process": process.pid, "folder": str(tmp_path)}
    run["arguments"] = ["results/a.nc", "--cores", "4", "--configfile", "scenarios/demo.yaml"]
    occupancy.RUN.parent.mkdir()
    occupancy.RUN.write_text(json.dumps(run))
    yield lines, process
    process.kill()
    process.wait()


def test_what_is_recovered_is_what_was_killed(started):
    lines, process = started
    process.kill()
    process.wait()
    assert recovery.main(["--cores", "2"]) == 0
    again = "results/a.nc --cores 4 --configfile scenarios/demo.yaml --cores 2 --rerun-incomplete"
    assert lines == [["--unlock"], again.split()]
    assert not occupancy.RUN.exists()


def test_recovery_beside_a_live_run_is_refused(started):
    lines, process = started
    with pytest.raises(SystemExit, match=rf"Nothing was started: a run of ada .* \(process {process.pid}"):
        recovery.main(["--cores", "2"])
    assert lines == []


def test_unlocking_beside_a_live_run_is_refused(another_run, tmp_path):
    folder = checkout(tmp_path / "checkout")
    _, note = another_run
    (folder / ".snakemake").mkdir()
    shutil.copy(note, folder / occupancy.RUN)
    refused = snakemake(folder, "--unlock")
    assert refused.returncode == 1
    assert "Nothing was unlocked: a run of ada in this folder has not ended" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_runs_of_one_folder_leave_it_to_snakemakes_lock(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    occupancy.occupy(tmp_path / "results")
    occupancy.occupy(tmp_path / "results")


def test_note_goes_with_the_run_even_where_it_fails(tmp_path):
    assert occupied(tmp_path).returncode == 0
    assert list((tmp_path / ".runs").iterdir()) == []


def test_two_checkouts_with_one_results_folder(another_run, tmp_path):
    folder = checkout(tmp_path / "checkout")
    _, note = another_run
    shared = ["--config", f"results={note.parents[1]}"]
    refused = snakemake(folder, f"{note.parents[1]}/environments/triangle/101.nc", *TINY, *shared)
    assert refused.returncode == 1
    assert "a run of ada in /home/ada/replay is writing" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr
    assert not (note.parents[1] / "environments").exists()


def test_storage_plugin_is_refused(tmp_path):
    storage = ["--default-storage-provider", "fs", "--default-storage-prefix", str(tmp_path / "storage")]
    done = snakemake(checkout(tmp_path / "checkout"), NETWORK, *TINY, *storage)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "--default-storage-provider is fs; allowed: none" in said and "Traceback" not in said


def test_artifact_that_a_file_system_holds_locked_can_be_read(tmp_path):
    folder = checkout(tmp_path)
    assert snakemake(folder, ENVIRONMENT, *TINY).returncode == 0
    with open(folder / ENVIRONMENT, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        unaware = subprocess.run(
            [sys.executable, "-c", f"import netCDF4; netCDF4.Dataset({str(folder / ENVIRONMENT)!r})"],
            env={key: value for key, value in os.environ.items() if key != "HDF5_USE_FILE_LOCKING"},
            capture_output=True,
            timeout=300,
        )
        assert unaware.returncode != 0
        done = snakemake(folder, NETWORK, *TINY)
    assert done.returncode == 0, done.stderr[-3000:]
