"""Folders that a user may not write to, a user without a name, and streams that are closed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from checkout import command, contents, environment, one_environment, snakemake

ENVIRONMENT = "environments/triangle/101.nc"
NETWORK = "networks/triangle/leak0.3_mask20/101.nc"
SECOND = 4242  # nobody's number, so that there is no name for it either


@pytest.fixture(scope="module")
def open_folder():
    """A folder that every user may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def first(open_folder):
    """A checkout with an environment, and the folder of results that it lies in, written by a user with umask 022."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("a second user is had by root alone, with setpriv")
    folder, results = one_environment(open_folder / "first"), open_folder / "results"
    before = os.umask(0o022)
    done = snakemake(folder, f"{results}/{ENVIRONMENT}", "--cores", "1", "--config", f"results={results}")
    os.umask(before)
    assert done.returncode == 0, done.stderr
    return folder, results


@pytest.fixture
def second(first, open_folder):
    """A copy of the checkout that is another user's, and a function with which that user runs Snakemake there."""
    place = Path(tempfile.mkdtemp(dir=open_folder))
    place.chmod(0o755)
    folder = place / "checkout"
    shutil.copytree(first[0], folder)
    own(folder)
    (place / "home").mkdir()
    own(place / "home")
    # May read everything, as the interpreter may lie in root's home; writes what owners let it.
    user = ["setpriv", f"--reuid={SECOND}", f"--regid={SECOND}", "--clear-groups"]
    user += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    unnamed = {k: v for k, v in environment(folder).items() if k not in ("LOGNAME", "USER", "LNAME", "USERNAME")}

    def run(*arguments, home=place / "home"):
        return subprocess.run(
            [*user, *command("--cores", "1", *arguments)],
            cwd=folder,
            env=unnamed | {"HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return folder, run


def own(folder):
    """Give a folder to the second user."""
    subprocess.run(["chown", "-R", f"{SECOND}:{SECOND}", str(folder)], check=True)


def refused(done, sentence):
    """It says so, without a stack and before any job."""
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert sentence in said
    assert "Traceback" not in said and "Finished job" not in said


def test_a_second_user_in_a_folder_of_the_first(first, second):
    results, (_, run) = first[1], second
    before = contents(results)
    shared = ["--config", f"results={results}"]
    refused(run(f"{results}/{NETWORK}", *shared), f"{results} cannot be written to. Nothing was started;")
    assert contents(results) == before
    read = run(f"{results}/{NETWORK}", *shared, "--dry-run")
    assert read.returncode == 0 and f"{results}/{NETWORK}: is not there" in read.stdout


def test_a_second_user_who_cannot_leave_a_note(first, second):
    folder, run = second
    results = folder.parent / "results"
    shutil.copytree(first[1], results)
    own(results)
    os.chown(results / ".runs", 0, 0)
    done = run(f"{results}/{NETWORK}", "--config", f"results={results}")
    refused(done, f"a run of {SECOND} cannot leave its note: {results}/.runs/")
    assert "Permission denied" in done.stdout + done.stderr and "chmod -R g+w" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "place",
    [".snakemake", ".snakemake/locks", ".snakemake/log", "results/environments", "results/logs/environments"],
)
def test_a_folder_that_is_read_only_is_named_before_any_job(second, place):
    folder, run = second
    (folder / place).mkdir(parents=True, exist_ok=True)
    own(folder)
    (folder / place).chmod(0o555)
    refused(run(f"results/{ENVIRONMENT}"), f"{place} cannot be written to")
    assert not list(folder.glob("results/**/*.nc"))


def test_a_folder_in_which_nothing_can_be_made(second):
    folder, run = second
    shutil.rmtree(folder / ".snakemake")
    folder.chmod(0o555)
    for arguments in ([], ["--dry-run"]):
        refused(run(f"results/{ENVIRONMENT}", *arguments), f"Nothing was started: {folder} cannot be written to")


def test_a_user_without_a_home(second):
    _, run = second
    refused(run("--dry-run", home="/nowhere"), "Nothing was started: / cannot be written to, and Snakemake keeps its")


def test_a_benchmark_that_is_another_users(second):
    folder, run = second
    benchmark = folder / f"results/benchmarks/{ENVIRONMENT}".replace(".nc", ".tsv")
    benchmark.parent.mkdir(parents=True)
    own(folder)
    benchmark.touch()
    refused(run(f"results/{ENVIRONMENT}"), f"{benchmark.relative_to(folder)} cannot be written to")


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "2>&- >&-", "2>&- >&- <&-"])
def test_streams_that_are_closed(closed, tmp_path):
    folder = one_environment(tmp_path)
    line = ["sh", "-c", f'exec "$@" {closed}', "sh", *command("--cores", "1", "--dry-run", f"results/{ENVIRONMENT}")]
    for more, code, words in (([], 0, "environments/triangle/101.nc: is not there"), (["nothing"], 1, "No rule to")):
        done = subprocess.run(
            [*line, *more], cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=300
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        assert "Traceback" not in said
        assert said == "" if "&- >" in closed else words in said
