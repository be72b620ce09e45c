"""The pipeline on a real SLURM of one node, which tests/slurm/start starts on this machine. Run after all other tests.

Every wait is bounded; the bounds are for a busy machine, not measurements.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from test_pipeline import checkout, contents

pytestmark = pytest.mark.slurm

ROOT = Path(__file__).parents[1]
PROFILE = ["--workflow-profile", "profiles/slurm", "--profile", "profiles/slurm-without-accounting"]
TINY = ["--configfile", "tests/tiny.yaml"]
REPLAYS = [
    f"results/replays/triangle/leak0.3_mask20/{seed}/{sweep}.nc"
    for seed in (101, 102)
    for sweep in ("momentum", "grafted")
]
REPLAY = REPLAYS[0]  # three jobs: environment, network, replay
NETWORK = "results/networks/triangle/leak0.3_mask20/101.nc"
LONG = [*TINY, "tests/slurm/long.yaml"]  # the same for long enough to be interrupted


def missing() -> str:
    """Why there can be no SLURM here, or nothing."""
    if os.name != "posix" or os.geteuid() != 0:
        return "needs root, since slurmd starts jobs as the users who submit them"
    lacking = [name for name in ("munged", "slurmctld", "slurmd", "sbatch") if not shutil.which(name)]
    if lacking:
        return (
            f"needs {', '.join(lacking)}; on Debian: apt-get install --no-install-recommends munge slurm-client "
            "slurmctld slurmd"
        )
    if find_spec("snakemake_executor_plugin_slurm") is None:
        return 'needs the SLURM executor plugin: pip install -e ".[slurm]"'
    return ""


@pytest.fixture(scope="session")
def slurm():
    """A controller and an idle node."""
    if reason := missing():
        pytest.skip(reason)
    subprocess.run([ROOT / "tests/slurm/start"], check=True, timeout=180)
    yield
    subprocess.run([ROOT / "tests/slurm/stop"], check=True, timeout=180)


@pytest.fixture
def site(slurm, tmp_path):
    """A checkout whose profile is filled in, and a node without jobs afterwards."""
    folder = checkout(tmp_path / "checkout")
    fill_in(folder)
    yield folder
    subprocess.run(["scontrol", "update", "nodename=node1", "state=resume"], capture_output=True, timeout=60)
    subprocess.run(["scancel", "--partition=main"], check=True, timeout=60)
    wait_for(lambda: not queue("PENDING", "RUNNING", "COMPLETING"), 120, "the queue did not empty")


@pytest.fixture(scope="module")
def local(slurm, tmp_path_factory):
    """Artifacts of the tiny configuration, run without SLURM."""
    return ran_here(tmp_path_factory.mktemp("all"))


@pytest.fixture(scope="module")
def local_replays(slurm, tmp_path_factory):
    """Some replays of it, and what they are made from."""
    return ran_here(tmp_path_factory.mktemp("some"), *REPLAYS)


def ran_here(folder: Path, *targets: str) -> dict[str, str]:
    """Hashes of what a run without SLURM makes."""
    checkout(folder)
    done = snakemake(folder, *targets, "--cores", "2", *TINY)
    assert done.returncode == 0, done.stdout[-3000:]
    return contents(folder / "results")


def fill_in(folder: Path) -> None:
    """Fill in the profile's partition and account."""
    profile = folder / "profiles/slurm/config.yaml"
    text = profile.read_text()
    assert text.count("FILL_IN") == 2
    text = text.replace("slurm_partition: FILL_IN", "slurm_partition: main")
    profile.write_text(text.replace("slurm_account: FILL_IN", 'slurm_account: ""'))


def command(*arguments: str) -> list[str]:
    """Snakemake, ended for good where it hangs."""
    return ["timeout", "--kill-after=30", "900", sys.executable, "-m", "snakemake", "--nocolor", *arguments]


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run Snakemake to its end; what it says is in `stdout`."""
    return subprocess.run(
        command(*arguments), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=960
    )


def started(folder: Path, *arguments: str) -> subprocess.Popen:
    """Snakemake in the background; what it says goes to run.log."""
    with open(folder / "run.log", "w") as log:
        return subprocess.Popen(command(*arguments), cwd=folder, stdout=log, stderr=subprocess.STDOUT, text=True)


def queue(*states: str) -> list[str]:
    """Numbers of the jobs in any of the states."""
    done = subprocess.run(
        ["squeue", "--noheader", "--format=%i", f"--states={','.join(states)}"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout.split()


def wait_for(condition, seconds: float, failure: str):
    """What the condition returns as soon as it holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.5)
    raise AssertionError(failure)


def says(folder: Path, words: str):
    """Whether Snakemake has said something."""
    return lambda: words in (folder / "run.log").read_text()


def equals_local(folder: Path, local: dict[str, str]) -> None:
    """What was made is what a run without SLURM makes."""
    made = contents(folder / "results")
    assert set(made) <= set(local)
    assert made == {name: local[name] for name in made}
    assert REPLAY.removeprefix("results/") in made


def test_tiny_configuration_equals_the_local_run(site, local, tmp_path):
    elsewhere = tmp_path / "shared" / "results"
    before = len(queue("all"))
    done = snakemake(site, *PROFILE, *TINY, "--config", f"results={elsewhere}")
    assert done.returncode == 0, done.stdout[-5000:]
    assert contents(elsewhere) == local
    assert not (site / "results").exists()
    assert len(queue("all")) - before <= 6
    again = snakemake(site, *PROFILE, *TINY, "--config", f"results={elsewhere}", "--dry-run")
    assert "Nothing to be done" in again.stdout


def test_job_killed_for_memory_succeeds_on_retry(site, local_replays):
    little = ["--set-resources", "network:mem_mb=200 if attempt == 1 else 1500", "replay:mem_mb=200 * attempt ** 3"]
    done = snakemake(site, REPLAY, *PROFILE, *TINY, *little)
    assert done.returncode == 0, done.stdout[-5000:]
    assert "ended as FAILED" in done.stdout or "ended as OUT_OF_MEMORY" in done.stdout
    assert "xceeded memory limit" in done.stdout
    equals_local(site, local_replays)


def test_cancelled_job_and_second_start(site, local_replays):
    run = started(site, REPLAY, *PROFILE, *TINY, "--retries", "0")
    number = wait_for(lambda: queue("RUNNING"), 600, "no job ran")[0]
    subprocess.run(["scancel", number], check=True, timeout=60)
    assert run.wait(600) == 1
    assert says(site, f"SLURM job {number} (paths")() and says(site, "ended as CANCELLED")()
    done = snakemake(site, REPLAY, *PROFILE, *TINY)
    assert done.returncode == 0, done.stdout[-5000:]
    equals_local(site, local_replays)


def test_killed_snakemake_and_second_start_while_jobs_are_queued(site, local_replays):
    # Something else has the whole node, so that our job stays in the queue.
    subprocess.run(["sbatch", "--cpus-per-task=4", "--wrap=sleep 900"], check=True, timeout=60, cwd=site)
    other = wait_for(lambda: queue("RUNNING"), 60, "the other job did not start")[0]
    run = started(site, REPLAY, *PROFILE, *TINY)
    waiting = wait_for(lambda: queue("PENDING"), 600, "no job in the queue")[0]
    wait_for(says(site, f"SLURM jobid {waiting}"), 60, "the submission was not reported")
    for child in children(run.pid):
        os.kill(child, signal.SIGKILL)
    run.wait(60)
    refused = snakemake(site, REPLAY, *PROFILE, *TINY)
    assert refused.returncode != 0 and "--unlock" in refused.stdout
    assert snakemake(site, *PROFILE, *TINY, "--unlock").returncode == 0
    again = started(site, REPLAY, *PROFILE, *TINY, "--rerun-incomplete")
    wait_for(
        says(site, f"Cancelled what an earlier run left in the queue: {waiting}."), 600, "two jobs for one artifact"
    )
    subprocess.run(["scancel", other], check=True, timeout=60)
    assert again.wait(600) == 0, (site / "run.log").read_text()[-5000:]
    equals_local(site, local_replays)


def children(process: int) -> list[int]:
    """Processes started by a process."""
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_profile_that_is_not_filled_in_is_refused(slurm, tmp_path):
    folder = checkout(tmp_path)
    done = snakemake(folder, REPLAY, *PROFILE, *TINY)
    assert done.returncode == 1
    assert "profiles/slurm/config.yaml: slurm_partition is FILL_IN; allowed:" in done.stdout
    assert "Traceback" not in done.stdout


def test_wrong_partition_is_refused_before_submission(site):
    before = len(queue("all"))
    done = snakemake(site, REPLAY, *PROFILE, *TINY, "--default-resources", "slurm_partition=nowhere")
    assert done.returncode == 1
    assert "slurm_partition is 'nowhere'; allowed on this cluster: main" in done.stdout
    assert len(queue("all")) == before


def test_request_beyond_the_partition_is_refused_before_submission(site):
    done = snakemake(site, REPLAY, *PROFILE, *TINY, "--set-resources", "environment:runtime=100000")
    assert done.returncode == 1
    assert "SLURM would not take a job with" in done.stdout and "--time=100000" in done.stdout


def test_runtime_limit_that_is_hit_is_said(site):
    limit = ["--set-resources", "network:runtime=1", "--retries", "0"]
    run = started(site, NETWORK, *PROFILE, *LONG, *limit)
    number = wait_for(lambda: queue("TIMEOUT"), 600, "SLURM did not end the job")[-1]
    wait_for(says(site, "ended as TIMEOUT"), 60, "the limit was not said within a minute")
    assert says(site, f"SLURM job {number} (awake")() and says(site, "--set-resources RULE:runtime=")()
    assert run.wait(600) == 1


def test_node_that_goes_down_is_said_and_the_job_is_tried_again(site, local_replays):
    run = started(site, REPLAY, *PROFILE, *TINY)
    wait_for(lambda: queue("RUNNING"), 600, "no job ran")
    down("test of a dead node")
    wait_for(says(site, "ended as NODE_FAIL"), 60, "the dead node was not said within a minute")
    wait_for(lambda: queue("PENDING"), 600, "the job was not submitted again")
    wait_for(says(site, "waits: the nodes that it may run on are down"), 60, "that the job waits was not said")
    subprocess.run(["scontrol", "update", "nodename=node1", "state=resume"], check=True, timeout=60)
    assert run.wait(600) == 0, (site / "run.log").read_text()[-5000:]
    equals_local(site, local_replays)


def test_partition_without_a_node_is_refused_before_submission(site):
    down("test of a dead node")
    done = snakemake(site, REPLAY, *PROFILE, *TINY)
    assert done.returncode == 1
    assert "no node of the partition 'main' is up" in done.stdout and "test of a dead node" in done.stdout


def down(reason: str) -> None:
    """Take the node away."""
    subprocess.run(["scontrol", "update", "nodename=node1", "state=down", f"reason={reason}"], check=True, timeout=60)


def test_groups_make_a_fifth_of_the_submissions(site, local_replays):
    # Six jobs of training and replay; the environments are there.
    environments = [f"results/environments/triangle/{seed}.nc" for seed in (101, 102)]
    assert snakemake(site, *environments, "--cores", "1", *TINY).returncode == 0
    before = len(queue("all"))
    done = snakemake(site, *REPLAYS, *PROFILE, *TINY)
    assert done.returncode == 0, done.stdout[-5000:]
    submissions = len(queue("all")) - before
    assert 6 / submissions >= 5
    equals_local(site, local_replays)
