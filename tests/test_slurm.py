"""The pipeline on a real SLURM of one node, which tests/slurm/start starts on this machine. Run after all other tests.

Every wait ends with what it waits for; the bounds are for a busy machine, not measurements.
"""

import os
import re
import shutil
import signal
import stat
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from checkout import command, contents, environment, one_environment, with_few_readings
from pipeline import cluster

pytestmark = pytest.mark.slurm

ROOT = Path(__file__).parents[1]
PROFILE = ["--workflow-profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "1"]
NETWORK = "results/networks/triangle/leak0.3_mask20/101.nc"


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


@pytest.fixture(scope="module")
def slurm():
    """A controller and an idle node; the folder of their state."""
    if reason := missing():
        pytest.skip(reason)
    subprocess.run([ROOT / "tests/slurm/start"], check=True, timeout=180)
    yield Path("/etc/slurm/slurm.conf").resolve().parent
    subprocess.run([ROOT / "tests/slurm/stop"], check=True, timeout=180)


@pytest.fixture(scope="module")
def local(slurm, tmp_path_factory):
    """Results of a run without SLURM."""
    folder = one_environment(tmp_path_factory.mktemp("local"), (101, 102))
    done = snakemake(folder, "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:]
    return folder / "results"


@pytest.fixture(scope="module")
def everything(slurm, tmp_path_factory):
    """A checkout in which the same was run on SLURM, and its results, which lie elsewhere."""
    folder = filled_in(one_environment(tmp_path_factory.mktemp("everything"), (101, 102)))
    results = tmp_path_factory.mktemp("shared") / "results"
    done = snakemake(folder, *PROFILE, "--config", f"results={results}")
    assert done.returncode == 0, done.stdout[-5000:]
    return folder, results


@pytest.fixture
def site(local, tmp_path):
    """A checkout whose profile is filled in and whose environments are made, and a node without jobs afterwards."""
    folder = filled_in(one_environment(tmp_path / "checkout", (101, 102)))
    shutil.copytree(local / "environments", folder / "results/environments")
    yield folder
    subprocess.run(["scontrol", "update", "nodename=node1", "state=resume"], capture_output=True, timeout=60)
    subprocess.run(["scancel", "--partition=main"], check=True, timeout=60)
    wait_for(lambda: not queue("PENDING", "RUNNING", "COMPLETING"), 120, "the queue did not empty")


def filled_in(folder: Path) -> Path:
    """A checkout with the profile's partition and account filled in."""
    profile = folder / "profiles/slurm/config.yaml"
    text = profile.read_text()
    assert text.count("FILL_IN") == 2
    text = text.replace("slurm_partition: FILL_IN", "slurm_partition: main")
    profile.write_text(text.replace("slurm_account: FILL_IN", 'slurm_account: ""'))
    return folder


def started(folder: Path, *arguments: str) -> subprocess.Popen:
    """Snakemake in the background, ended for good where it hangs; what it says goes to run.log."""
    with open(folder / "run.log", "w") as log:
        return subprocess.Popen(
            ["timeout", "--kill-after=30", "900", *command(*arguments)],
            cwd=folder, env=environment(folder), stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run Snakemake to its end; what it says is in `stdout`."""
    code = started(folder, *arguments).wait(960)
    return subprocess.CompletedProcess(arguments, code, (folder / "run.log").read_text())


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
        time.sleep(0.2)
    raise AssertionError(failure)


def says(folder: Path, words: str):
    """Whether Snakemake has said something."""
    return lambda: words in (folder / "run.log").read_text()


def succeeds(run: subprocess.Popen, folder: Path, local: Path) -> None:
    """The run ends well, with what a run without SLURM makes."""
    assert run.wait(600) == 0, (folder / "run.log").read_text()[-5000:]
    made, expected = contents(folder / "results"), contents(local)
    assert made == {name: expected[name] for name in made}
    assert NETWORK.removeprefix("results/") in made


def running(folder: Path) -> str:
    """The number of the first job that runs."""
    return wait_for(lambda: queue("RUNNING"), 600, f"no job ran: {(folder / 'run.log').read_text()[-3000:]}")[0]


def hang(number: str) -> None:
    """Stop a job's processes: it runs on as far as SLURM knows, and does nothing."""

    def stopped() -> bool:
        subprocess.run(["scancel", "--signal=STOP", "--full", number], check=True, timeout=60)
        listed = subprocess.run(["scontrol", "listpids", number], capture_output=True, text=True, timeout=60).stdout
        found = [Path("/proc", line.split()[0], "stat") for line in listed.splitlines()[1:]]
        states = [path.read_text().rpartition(")")[2].split()[0] for path in found if path.exists()]
        return bool(states) and set(states) == {"T"}

    wait_for(stopped, 60, "the job's processes did not stop")


def go_on(number: str) -> None:
    """Let a job's processes go on."""
    subprocess.run(["scancel", "--signal=CONT", "--full", number], check=True, timeout=60)


def control(*settings: str) -> None:
    """Change a job or node as its administrator."""
    subprocess.run(["scontrol", "update", *settings], check=True, timeout=60)


def test_the_tests_slurm_lies_where_nobody_else_can_put_anything(slurm):
    found = slurm.stat()
    assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (0, 0o700)
    assert re.fullmatch(r"slurm\.\w{8}", slurm.name)  # by mktemp, not to be foretold


def test_everything_equals_the_local_run(everything, local):
    folder, results = everything
    assert contents(results) == contents(local)
    assert not (folder / "results").exists()
    again = snakemake(folder, *PROFILE, "--config", f"results={results}", "--dry-run")
    assert "Nothing to be done" in again.stdout


def test_each_group_is_one_submission(everything):
    folder, _ = everything
    submissions = [job.what.split("_")[0] for job in cluster.jobs(folder)]
    assert sorted(submissions) == ["awake", "paths", "replays", "summary", "theory"]


def test_readings_are_jobs_of_slurm(site, tmp_path):
    """Each environment and seed is a submission of its own, and its values are those of a run without SLURM."""
    done = snakemake(with_few_readings(site), "readings", *PROFILE)
    assert done.returncode == 0, done.stdout[-5000:]
    submissions = [job.what.split("_")[0] for job in cluster.jobs(site)]
    assert submissions.count("readings") == 2 and set(submissions) == {"awake", "readings", "summary"}
    alone = with_few_readings(one_environment(tmp_path / "alone", (101, 102)))
    assert snakemake(alone, "readings", "--cores", "2").returncode == 0
    assert contents(site / "results/readings") == contents(alone / "results/readings") != {}
    assert contents(site / "results/tables") == contents(alone / "results/tables") != {}


def test_job_killed_for_memory_succeeds_on_retry(site, local):
    run = started(site, NETWORK, *PROFILE, "--set-resources", "network:mem_mb=200 if attempt == 1 else 1500")
    succeeds(run, site, local)
    assert says(site, "ended as FAILED")() or says(site, "ended as OUT_OF_MEMORY")()
    assert says(site, "xceeded memory limit")()


def test_cancelled_job_and_second_start(site, local):
    run = started(site, NETWORK, *PROFILE, "--retries", "0")
    number = running(site)
    subprocess.run(["scancel", number], check=True, timeout=60)
    assert run.wait(600) == 1
    assert says(site, f"SLURM job {number} (awake")() and says(site, "ended as CANCELLED")()
    succeeds(started(site, NETWORK, *PROFILE), site, local)


def test_killed_snakemake_and_second_start_while_jobs_are_queued(site, local):
    # Something else has the whole node, so that our job stays in the queue.
    subprocess.run(["sbatch", "--cpus-per-task=4", "--wrap=sleep 900"], check=True, timeout=60, cwd=site)
    other = wait_for(lambda: queue("RUNNING"), 60, "the other job did not start")[0]
    run = started(site, NETWORK, *PROFILE)
    waiting = wait_for(lambda: queue("PENDING"), 600, "no job in the queue")[0]
    wait_for(says(site, f"SLURM jobid {waiting}"), 60, "the submission was not reported")
    for child in children(run.pid):
        os.kill(child, signal.SIGKILL)
    run.wait(60)
    refused = snakemake(site, NETWORK, *PROFILE)
    assert refused.returncode != 0 and "--unlock" in refused.stdout
    assert snakemake(site, *PROFILE, "--unlock").returncode == 0
    again = started(site, NETWORK, *PROFILE, "--rerun-incomplete")
    wait_for(
        says(site, f"Cancelled what an earlier run left in the queue: {waiting}."), 600, "two jobs for one artifact"
    )
    subprocess.run(["scancel", other], check=True, timeout=60)
    succeeds(again, site, local)


def children(process: int) -> list[int]:
    """Processes started by a process."""
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_profile_that_is_not_filled_in_is_refused(slurm, tmp_path):
    done = snakemake(one_environment(tmp_path), NETWORK, *PROFILE)
    assert done.returncode == 1
    assert "profiles/slurm/config.yaml: slurm_partition is FILL_IN; allowed:" in done.stdout
    assert "Traceback" not in done.stdout


def test_ended_jobs_that_leave_the_queue_unseen_are_refused(slurm, tmp_path):
    settings = slurm / "slurm.conf"
    before = settings.read_text()
    try:
        settings.write_text(before.replace("MinJobAge=3600", "MinJobAge=2"))
        subprocess.run(["scontrol", "reconfigure"], check=True, timeout=60)
        done = snakemake(filled_in(one_environment(tmp_path)), NETWORK, *PROFILE)
    finally:
        settings.write_text(before)
        subprocess.run(["scontrol", "reconfigure"], check=True, timeout=60)
    assert done.returncode == 1
    assert "`squeue` shows ended jobs too briefly (MinJobAge: 2 s); allowed:" in done.stdout
    assert "Traceback" not in done.stdout and "SLURM jobid" not in done.stdout


def test_wrong_partition_is_refused_before_submission(site):
    before = len(queue("all"))
    done = snakemake(site, NETWORK, *PROFILE, "--default-resources", "slurm_partition=nowhere")
    assert done.returncode == 1
    assert "slurm_partition is 'nowhere'; allowed on this cluster: main" in done.stdout
    assert len(queue("all")) == before


def test_request_beyond_the_partition_is_refused_before_submission(site):
    done = snakemake(site, NETWORK, *PROFILE, "--set-resources", "network:runtime=100000")
    assert done.returncode == 1
    assert "SLURM would not take a job with" in done.stdout and "--time=100000" in done.stdout


def test_runtime_limit_that_is_hit_is_said(site):
    run = started(site, NETWORK, *PROFILE, "--set-resources", "network:runtime=1", "--retries", "0")
    number = running(site)
    hang(number)
    control(f"jobid={number}", "EndTime=now")  # SLURM ends it at its next look, every half minute
    wait_for(says(site, "ended as TIMEOUT"), 120, "the limit was not said")
    assert says(site, f"SLURM job {number} (awake")() and says(site, "--set-resources RULE:runtime=")()
    assert run.wait(600) == 1


def test_node_that_goes_down_is_said_and_the_job_is_tried_again(site, local):
    run = started(site, NETWORK, *PROFILE)
    running(site)
    control("nodename=node1", "state=down", "reason=test of a dead node")
    wait_for(says(site, "ended as NODE_FAIL"), 60, "the dead node was not said within a minute")
    wait_for(lambda: queue("PENDING"), 600, "the job was not submitted again")
    wait_for(says(site, "waits: the nodes that it may run on are down"), 60, "that the job waits was not said")
    control("nodename=node1", "state=resume")
    succeeds(run, site, local)


def test_partition_without_a_node_is_refused_before_submission(site):
    control("nodename=node1", "state=down", "reason=test of a dead node")
    done = snakemake(site, NETWORK, *PROFILE)
    assert done.returncode == 1
    assert "no node of the partition 'main' is up" in done.stdout and "test of a dead node" in done.stdout


def test_run_goes_on_after_the_controller_was_away(site, local, slurm):
    run = started(site, NETWORK, *PROFILE)
    number = running(site)
    hang(number)
    wait_for(says(site, f"SLURM jobid {number}"), 60, "the submission was not reported")
    os.kill(int((slurm / "slurmctld.pid").read_text()), signal.SIGTERM)
    try:
        wait_for(says(site, "Falling back to 'sacct'"), 60, "the plugin did not look")
        wait_for(says(site, "Unable to contact slurm controller"), 60, "the outage was not said")
    finally:
        wait_for(lambda: not (slurm / "slurmctld.pid").exists(), 60, "the controller did not end")
        subprocess.run([ROOT / "tests/slurm/start"], check=True, timeout=180)
    go_on(number)
    succeeds(run, site, local)
