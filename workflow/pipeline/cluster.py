"""A run on SLURM, seen by its user: refuse what would fail or wait for ever, say what happened and what to do.

Snakemake's SLURM plugin drops a group job's reason and does not mention jobs that wait. So the queue is read here as
well, by `squeue`, which every cluster has.
"""

import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "rnn-replay"  # of job names; `slurm-jobname-prefix` in profiles/slurm
PLACEHOLDER = "FILL_IN"
PROFILE = "profiles/slurm/config.yaml"
FILLED_IN = {
    "slurm_partition": "sinfo --summarize",
    "slurm_account": "sacctmgr show associations user=$USER format=account",
}

# States of nodes in which no job starts, as `sinfo` writes them (followed by a flag such as *).
UNAVAILABLE = ("down", "drained", "draining", "drng", "drain", "fail", "failing", "error", "unknown", "inval")

# What to do about a job that ended in a state, or waits for a reason. Other reasons for waiting pass by themselves.
ENDED = {
    "TIMEOUT": (
        "hit its runtime limit. While tries are left it gets more; if it fails for good, raise the limit of the rule, "
        "in minutes: --set-resources RULE:runtime=60"
    ),
    "OUT_OF_MEMORY": (
        "ran out of memory. While tries are left it gets more; if it fails for good, raise the request of the rule, "
        "in MB: --set-resources RULE:mem_mb=4000"
    ),
    "NODE_FAIL": (
        "lost its node. While tries are left it is submitted again. `sinfo --list-reasons` says what happened to the "
        "node; --slurm-exclude-failed-nodes NODE avoids it"
    ),
    "BOOT_FAIL": (
        "could not start its node. While tries are left it is submitted again. `sinfo --list-reasons` says what "
        "happened to the node"
    ),
    "CANCELLED": (
        "was cancelled, by you or an administrator. While tries are left it is submitted again. Ctrl-C ends the whole "
        "run; whatever is missing is made when it is started again"
    ),
    "DEADLINE": "could not end before its deadline and was removed; start the run again when the cluster is less busy",
    "PREEMPTED": "made room for a more urgent job; SLURM decides whether it goes on",
    "FAILED": (
        "failed. The end of its log says why; where memory was exceeded it gets more while tries are left, and "
        "--set-resources RULE:mem_mb=4000 raises the request"
    ),
}
WAITS = {
    "ReqNodeNotAvail": "the nodes that it may run on are down, drained or reserved",
    "Nodes required for job are DOWN": "the nodes that it may run on are down, drained or reserved",
    "PartitionDown": "its partition is down",
    "PartitionInactive": "its partition is inactive",
    "PartitionNodeLimit": "it asks for more than its partition has",
    "PartitionTimeLimit": "it asks for more time than its partition allows",
    "BadConstraints": "no node has what it asks for",
    "JobHeld": "it is held; `scontrol release JOBID` lets it go",
    "InvalidAccount": "its account is not valid",
    "InvalidQOS": "its quality of service is not valid",
    "AccountNotAllowed": "its account may not use the partition",
    "QOSNotAllowed": "its quality of service may not use the partition",
    "Licenses": "licences are not available",
    "launch failed requeued held": "it could not be started; `scontrol release JOBID` tries again",
}


class ClusterError(ValueError):
    """A run that the cluster could not carry out, said in one sentence."""


@dataclass(frozen=True)
class Job:
    """A job as the queue shows it."""

    number: str
    state: str
    reason: str
    node: str
    what: str

    @property
    def said(self) -> str | None:
        """What its user should know, or None."""
        name = f"SLURM job {self.number} ({self.what})"
        if self.state in ENDED:
            on = f" on {self.node}" if self.node else ""
            return f"{name} ended as {self.state}{on}: it {ENDED[self.state]}."
        if self.state == "PENDING":
            for reason, meaning in WAITS.items():
                if reason in self.reason:
                    return (
                        f"{name} waits: {meaning} (SLURM: {self.reason}). It starts once that is over; "
                        f"`sinfo` and `scontrol show job {self.number}` say more, Ctrl-C cancels the run."
                    )
        return None


def ask(*command: str) -> str:
    """Output of a SLURM command.

    Raises:
        ClusterError: when it fails, or does not answer within a minute.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ClusterError(f"SLURM does not answer: {error}") from error
    if done.returncode:
        raise ClusterError(f"SLURM does not answer: {command[0]} says '{done.stderr.strip()}'")
    return done.stdout


@dataclass(frozen=True)
class Request:
    """What a submission asks SLURM for; an empty partition or account leaves the choice to SLURM."""

    slurm_partition: str
    slurm_account: str
    runtime: int  # min
    mem_mb: int
    threads: int

    @classmethod
    def of(cls, resources: Mapping[str, Any]) -> "Request":
        """Of the resources of a Snakemake job."""
        return cls(
            str(resources.get("slurm_partition", "")),
            str(resources.get("slurm_account", "")),
            int(resources.get("runtime", 1)),
            int(resources.get("mem_mb", 1)),
            int(resources.get("_cores", 1)),
        )

    @property
    def options(self) -> list[str]:
        """The request as options of `sbatch`."""
        chosen = {"--partition": self.slurm_partition, "--account": self.slurm_account}
        asked = {"--time": self.runtime, "--mem": self.mem_mb, "--cpus-per-task": self.threads}
        return [f"{key}={value}" for key, value in (chosen | asked).items() if value]


def check(requests: Iterable[Request]) -> None:
    """Refuse what is not filled in, what SLURM would not take, and a partition none of whose nodes is up.

    Args:
        requests: of all submissions of the run.

    Raises:
        ClusterError: naming what is wrong and what is allowed.
    """
    requests = set(requests)
    for key, command in FILLED_IN.items():
        if PLACEHOLDER in {getattr(request, key) for request in requests}:
            raise ClusterError(
                f'{PROFILE}: {key} is {PLACEHOLDER}; allowed: one that `{command}` lists, or "" for the default'
            )
    nodes: dict[str, list[str]] = {}
    for line in ask("sinfo", "--noheader", "--Node", "--format=%R|%P|%a|%N|%T|%E").splitlines():
        partition, starred, available, node, state, reason = line.split("|", 5)
        state = state if available == "up" else f"down with its partition ({available})"
        for name in [partition, ""] if starred.endswith("*") else [partition]:
            nodes.setdefault(name, []).append(f"{node} is {state}" + (f": {reason}" if reason != "none" else ""))
    for request in sorted(requests, key=str):
        partition = request.slurm_partition
        if partition and partition not in nodes:
            known = ", ".join(sorted(name for name in nodes if name))
            raise ClusterError(f"slurm_partition is '{partition}'; allowed on this cluster: {known}")
        states = nodes.get(partition, [])
        if states and all(state.split(" is ")[1].startswith(UNAVAILABLE) for state in states):
            raise ClusterError(
                f"no node of the partition '{partition or 'default'}' is up, so that jobs would wait ("
                f"{'; '.join(states[:3])}). `sinfo --list-reasons` says why; --default-resources slurm_partition=NAME "
                "chooses another partition"
            )
        refused = subprocess.run(
            ["sbatch", "--test-only", *request.options, "--wrap=true"], capture_output=True, text=True, timeout=60
        )
        if refused.returncode:
            raise ClusterError(
                f"SLURM would not take a job with {' '.join(request.options)}: {' '.join(refused.stderr.split())}. "
                f"`scontrol show partition {partition}` shows the limits; resources and group-components in {PROFILE} "
                "decide what a job asks for"
            )


def jobs(folder: Path) -> list[Job]:
    """Jobs of this user that a run in the folder has submitted, ended ones included."""
    lines = ask("squeue", "--me", "--noheader", "--states=all", "--format=%i|%T|%r|%N|%k|%j|%Z").splitlines()
    found = []
    for line in lines:
        number, state, reason, node, comment, name, work = line.split("|", 6)
        if name.startswith(f"{PREFIX}_") and Path(work) == folder:
            found.append(Job(number, state, reason, node, comment.replace("_wildcards_", " ").replace("rule_", "")))
    return found


def leftovers(folder: Path) -> list[str]:
    """Cancel what an earlier run in the folder, killed meanwhile, has left in the queue.

    Two jobs that write one artifact would otherwise run at once. Snakemake's lock on the folder makes sure that the
    earlier run is over.

    Returns:
        Numbers of the jobs that were cancelled.

    Raises:
        ClusterError: when they are still there after a minute.
    """
    alive = ("PENDING", "RUNNING", "SUSPENDED", "CONFIGURING", "COMPLETING")
    left = [job.number for job in jobs(folder) if job.state in alive]
    if left:
        ask("scancel", *left)
    for _ in range(60):
        if not [job for job in jobs(folder) if job.number in left and job.state in alive]:
            return left
        threading.Event().wait(1)
    raise ClusterError(
        f"jobs of an earlier run do not end: {', '.join(left)}; wait until `squeue --me` is without them"
    )


def keep_looking(executor: type, settings: Any) -> None:
    """Have Snakemake's SLURM plugin look at the queue at even intervals for as long as its jobs are there.

    By itself it asks `sacct` wherever that is installed, waits up to 3 min between looks, and forgets its jobs when the
    controller is away during a look: then the run waits for ever.

    Args:
        executor: the plugin's class `Executor`, which is changed.
        settings: the plugin's settings. `init_seconds_before_status_checks` is the interval, s; `status_command`
            becomes `squeue` where `sacct` does not answer.

    Raises:
        ClusterError: when ended jobs would leave the queue before they are seen.
    """
    from snakemake_executor_plugin_slurm.job_status_query import get_min_job_age

    interval = settings.init_seconds_before_status_checks
    try:
        ask("sacct", "--noheader", "--starttime=now")
    except ClusterError:
        settings.status_command = "squeue"
        age = get_min_job_age()
        if age is None or age < 3 * interval:
            stay = "unknown" if age is None else f"{age} s"
            raise ClusterError(
                f"`sacct` does not answer on this cluster, and `squeue` shows ended jobs too briefly (MinJobAge: {stay}"
                f"); allowed: --slurm-init-seconds-before-status-checks of at most a third of that, not {interval}"
            ) from None
    look = executor.check_active_jobs

    async def look_again(self, active_jobs):
        self.next_seconds_between_status_checks = 0  # a look that is answered makes it more
        async for job in look(self, active_jobs):
            yield job
        if not self.next_seconds_between_status_checks:
            for job in active_jobs:
                yield job
        self.next_seconds_between_status_checks = interval

    executor.check_active_jobs = look_again


def watch(folder: Path, say: Callable[[str], None], interval: float) -> threading.Thread:
    """Say, in a thread of its own, what happens to the jobs that a run in the folder submits from now on.

    Args:
        folder: where Snakemake runs.
        say: takes one sentence.
        interval: between looks at the queue, s.
    """
    earlier = {job.number for job in jobs(folder)}

    def look():
        said = set()
        while True:
            try:
                news = {job.said for job in jobs(folder) if job.number not in earlier}
            except ClusterError as error:
                news = {f"{error}. The run goes on when it does."}
            for sentence in sorted(news - said - {None}):
                say(sentence)
            said |= news
            threading.Event().wait(interval)

    thread = threading.Thread(target=look, name="queue", daemon=True)
    thread.start()
    return thread
