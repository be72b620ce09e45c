"""All that this pipeline changes in Snakemake, none of it a public interface: checked at the start, then put in place.

- Jobs with a recipe (ours) are made again where their artifacts' provenance says so, never for times of modification
  or Snakemake's notes in .snakemake/, neither of which travels. Jobs of other rules keep Snakemake's own triggers.
- What is remade with equal content stops there: jobs that wait for it alone are not started.
- Earlier outputs of ours stay until they are replaced, also where the job fails.
- Jobs to start are looked for once for many that ended.
- On Linux, jobs of ours on this machine begin as copies of a process that has imported PyTorch and the rest.

`RNN_REPLAY_RERUNS=snakemake` leaves all of it to Snakemake, whose triggers then see recipes as parameters.
"""

import os
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from subprocess import CalledProcessError
from threading import Timer
from types import CodeType
from typing import Any

import snakemake.api  # loads the rest in the order that it needs
import snakemake.dag
import snakemake.jobs
import snakemake.scheduling.job_scheduler
import snakemake.script
import snakemake.workflow
from snakemake.benchmark import benchmarked
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

from pipeline.fork_server import ForkServer
from pipeline.occupancy import REMEDY, unwritable
from pipeline.provenance import accept, holder, whole_recipe
from pipeline.staleness import Remembered, reasons

SWITCH = "RNN_REPLAY_RERUNS"
# Where the settings of a rule stand in the configuration.
SECTIONS = {"environment": "environments.{environment}", "network": "training", "replay": "sweeps.{sweep}"}
CHANGES = {"code": "code", "params": "configuration", "input": "input"}  # of --list-changes, and what we call them
# What is extended or called, and the names that it must use for that to have an effect.
NEEDED = {
    "workflow.Workflow._prepare_dag": ("DAG",),
    "workflow.Workflow.log_provenance_info": ("reason", "is_provenance_triggered"),
    "dag.DAG.__init__": ("forcerules", "forcefiles", "depending", "_group", "_len", "_reason"),
    "dag.DAG.init": ("update_needrun", "create_inventory"),
    "dag.DAG.update_needrun": ("reason", "updated_input", "updated_input_run", "missing_output", "code_changed"),
    "dag.DAG.finish": ("_running", "_finished", "update_ready", "depending"),
    "dag.DAG.update_ready": ("_ready_jobs", "_group"),
    "dag.DAG.reason": ("_reason",),
    "dag.DAG.check_and_touch_output": ("check_output_mtime",),
    "dag.DAG.get_outputs_with_changes": ("jobs",),
    "dag.DAG.clean": ("output", "remove"),
    "dag.DAG.needrun_jobs": ("_needrun",),
    "jobs.Job.prepare": ("remove_existing_output",),
    "jobs.Job.remove_existing_output": ("log", "output"),
    "jobs.Job.cleanup": ("remove",),
    "jobs.Reason.clear": ("params_changed", "code_changed", "input_changed", "software_stack_changed"),
    "script.PythonScript.execute_script": ("_execute_cmd", "container_img", "conda_env", "env_modules"),
    "script.ScriptBase._execute_cmd": ("bench_record", "resources", "threads"),
    "scheduling.job_scheduler.JobScheduler.schedule": ("_schedule_reevalutation", "_open_jobs"),
    "scheduling.job_scheduler.JobScheduler._schedule_reevalutation": ("_open_jobs",),
    "scheduling.job_scheduler.JobScheduler._finish_jobs": ("dag", "finish", "postprocess"),
}


def install(results: str, announce: Callable[[Any, list[Any]], None], main: bool) -> None:
    """Put all changes in place.

    Args:
        results: folder of results.
        announce: is called with the workflow and what is to run, when that is known.
        main: whether this process is the one that runs all jobs, and not a job on a cluster.

    Raises:
        WorkflowError: Snakemake has not what they build on, said in one sentence.
    """
    triggers = os.environ.get(SWITCH, "provenance")
    if triggers not in ("provenance", "snakemake"):
        raise WorkflowError(f"{SWITCH} is '{triggers}'; allowed: provenance, snakemake.")
    if triggers == "snakemake":
        return
    if lacking := list(missing()):
        raise WorkflowError(
            f"Snakemake {version('snakemake')} has no {lacking[0]} as this pipeline needs it"
            f"{f' (and lacks {len(lacking) - 1} more)' if len(lacking) > 1 else ''}; install the version that "
            f"pyproject.toml asks for, or leave reruns to Snakemake's own triggers with {SWITCH}=snakemake."
        )
    Judged.results, Judged.announce = results, staticmethod(announce)
    snakemake.workflow.DAG = Judged
    snakemake.jobs.Job.remove_existing_output = remove_existing_output
    snakemake.jobs.Job.cleanup = cleanup
    snakemake.scheduling.job_scheduler.JobScheduler._schedule_reevalutation = look_again
    # Elsewhere, libraries start threads when they are imported, which a copy would lack.
    if main and sys.platform == "linux":
        snakemake.script.PythonScript.execute_script = execute_script


def missing() -> Iterator[str]:
    """What Snakemake has not, or no longer uses as it did, as dotted names."""
    for name, used in NEEDED.items():
        found: Any = snakemake
        for part in name.split("."):
            found = getattr(found, part, None)
        code = getattr(getattr(found, "__wrapped__", found), "__code__", None)
        if code is None:
            yield name
        else:
            there = set(mentioned(code))
            yield from (f"{name} with {use}" for use in used if use not in there)


def mentioned(code: CodeType) -> Iterator[str]:
    """Names that a function uses, or a function within it."""
    yield from (*code.co_names, *code.co_varnames, *code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from mentioned(constant)
        elif isinstance(constant, tuple):
            yield from (part for part in constant if isinstance(part, str))


def is_ours(job: Any) -> bool:
    """Whether a job is judged by provenance."""
    if job.is_group() or "recipe" not in dict(job.rule.params.items()):
        return False
    recipe = job.params.recipe
    return isinstance(recipe, dict) and {"code", "packages"} <= recipe.keys()


def recipe_of(job: Any) -> dict[str, Any]:
    """All that a job of ours depends on besides its inputs."""
    return whole_recipe(dict(job.params.items()))


class Why(snakemake.jobs.Reason):
    """Why one of our jobs runs: in our words, and unmoved by what Snakemake finds changed."""

    __slots__ = ("changes",)

    updated_input = property(lambda self: set())
    code_changed = params_changed = input_changed = software_stack_changed = property(
        lambda self: False, lambda self, value: None
    )
    no_metadata = outdated_metadata = code_changed

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[str, str]] = []  # what kind of change, and in words

    def __str__(self) -> str:
        return "; ".join(words for _, words in self.changes) or super().__str__()

    def get_names(self) -> Iterator[str]:
        yield from dict(self.changes) or super().get_names()


class Judged(snakemake.dag.DAG):
    """Snakemake's graph of jobs, in which what is stale is remade with what is made from it, as far as it changes."""

    results: str
    announce: Callable[[Any, list[Any]], None]

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.files = Remembered(Path(".snakemake/artifacts.json"))
        self.found: dict[Any, list[tuple[str, str]]] = {}  # what is stale, and what changed
        self.asked: set[Any] = set()

    def reason(self, job: Any) -> snakemake.jobs.Reason:
        # Jobs on a cluster start Snakemakes of their own, which are told what to make.
        if job not in self._reason and self.workflow.is_main_process and is_ours(job):
            self._reason[job] = Why()
        return super().reason(job)

    async def update_needrun(self, create_inventory: bool = False) -> None:
        if create_inventory and self.workflow.is_main_process:
            self.judge()
        await super().update_needrun(create_inventory)
        if create_inventory and self.workflow.is_main_process:
            self.tell()
            self.announce(self.workflow, list(self.needrun_jobs()))

    def judge(self) -> None:
        """Force the jobs of stale artifacts, which takes all behind them along."""
        for job in self.jobs:
            if not is_ours(job):
                continue
            script = Path(str(job.rule.script or "").format(params=job.params)).name
            if script and script not in job.params.recipe["code"]:
                raise WorkflowError(f"Rule {job.rule.name} runs {script}, of which its recipe says nothing.")
            if job.rule in self.forcerules or not self.forcefiles.isdisjoint(job.output):
                self.asked.add(job)
                self.found[job] = [("asked", "is to be made again")]
            elif found := self.stale(job):
                self.found[job] = found
        self.files.keep()
        self.forcefiles.update(path for job in self.found for path in job.output)

    def stale(self, job: Any) -> list[tuple[str, str]]:
        """What changed since the outputs of a job were made."""
        section = SECTIONS.get(job.rule.name, "").format(**job.wildcards_dict)
        return list(reasons(job.output, job.input, recipe_of(job), self.results, self.files, section))

    def tell(self) -> None:
        """Say why artifacts are remade: in a dry run of all, in a run of those that are there but stale."""
        remade = {path for job in self.needrun_jobs() for path in job.output}
        if self.workflow.dryrun and not remade:
            print("Nothing would be remade.")
        if not self.workflow.dryrun:
            ours = list(filter(is_ours, self.needrun_jobs()))
            folders = [Path(path).parent for job in ours for path in (*job.output, *job.log)]
            # Snakemake writes a benchmark over the one before.
            benchmarks = [Path(job.benchmark) for job in ours if job.benchmark]
            for place in unwritable([Path(self.results), *folders, *benchmarks]):
                raise WorkflowError(
                    f"{place} cannot be written to. Nothing was started; artifacts are as they were. {REMEDY}."
                )
        for path, job in sorted((job.output[0], job) for job in self.needrun_jobs() if is_ours(job)):
            found = self.found.get(job, [])
            inputs = [name for name in job.input if name in remade]
            more = f", and {len(inputs) - 1} more inputs" if len(inputs) > 1 else ""
            why = self.reason(job)
            why.changes = found or [("input remade", f"{inputs[0]} is remade{more}" if inputs else "is needed")]
            line = f"{path}: {why}"
            if self.workflow.dryrun:
                print(line)
            elif {kind for kind, _ in found} - {"missing", "asked"}:
                logger.info(line)

    async def finish(self, job: Any, update_checkpoint_dependencies: bool = True) -> bool:
        """Finish a job, and with it those that were to be remade for its sake if its content is what it was."""
        if self.workflow.touch:
            for each in job if job.is_group() else [job]:
                if is_ours(each) and all(map(os.path.exists, each.output)):
                    accept(each.output, each.input, recipe_of(each), self.results)
        ready = await super().finish(job, update_checkpoint_dependencies)
        if not self.workflow.is_main_process or self.workflow.dryrun or self.workflow.touch:
            return ready
        behind = {later for each in (job if job.is_group() else [job]) for later in self.depending[each]}
        for later in {self._group.get(each, each) for each in behind} & self._ready_jobs:
            members = list(later) if later.is_group() else [later]
            if all(is_ours(each) and each not in self.asked and not self.stale(each) for each in members):
                for each in members:
                    logger.info(f"{each.output[0]}: is as it would be made; its inputs came out as they were")
                self._len -= len(members)
                self.register_running({later})
                ready |= await self.finish(later, update_checkpoint_dependencies)
        return ready

    async def check_output_mtime(self, job: Any, expanded_output: list) -> None:
        """Times of modification say nothing about our artifacts."""
        if not is_ours(job):
            await super().check_output_mtime(job, expanded_output)

    async def get_outputs_with_changes(self, change_type: Any, include_needrun: bool = True) -> list[str]:
        """Outputs that --list-changes asks for: ours by provenance, others' as Snakemake finds them."""
        ours = {job: self.found.get(job, []) for job in self.jobs if is_ours(job)}
        theirs = set(await super().get_outputs_with_changes(change_type, include_needrun))
        theirs -= {path for job in ours for path in job.output}
        kind = CHANGES[str(change_type)]
        return sorted(theirs.union(*(job.output for job, found in ours.items() if kind in dict(found))))

    async def clean(self, only_temp: bool = False, dryrun: bool = False) -> None:
        """Delete outputs, with the files beside them that say what they were made from."""
        await super().clean(only_temp, dryrun)
        if not only_temp and not dryrun:
            for job in filter(is_ours, self.jobs):
                holder(job.output).unlink(missing_ok=True)


snakemakes_remove = snakemake.jobs.Job.remove_existing_output
snakemakes_cleanup = snakemake.jobs.Job.cleanup


async def remove_existing_output(job: Any) -> None:
    """Before a job: earlier outputs of ours stay until they are replaced."""
    if not is_ours(job):
        await snakemakes_remove(job)
    else:
        for log in job.log:
            await log.remove(remove_non_empty_dir=False)


async def cleanup(job: Any, skip_outputs: Any) -> None:
    """After a job that failed: what it has not replaced is as it was, and what it has vouches for itself."""
    if not is_ours(job):
        await snakemakes_cleanup(job, skip_outputs)


snakemakes_execute = snakemake.script.PythonScript.execute_script
server = ForkServer()


def execute_script(script: Any, path: str, edit: bool = False) -> None:
    """Run a script of ours in a copy of a process that has imported what it needs, if it needs no other software."""
    apart = script.container_img or script.conda_env or script.env_modules or script.shadow_dir
    if apart or script.threads != 1 or not isinstance(script.params.get("recipe"), dict):
        snakemakes_execute(script, path, edit)
        return
    place = script.resources.get("tmpdir")
    job = server.start(path, dict.fromkeys(("TMPDIR", "TMP", "TEMPDIR", "TEMP"), place) if place else {})
    with benchmarked(job.pid if script.bench_record else False, script.bench_record):
        status = job.wait()
    if status:
        raise CalledProcessError(status, path)


def look_again(scheduler: Any, delay: float) -> None:
    """Look for jobs to start in `delay` seconds, unless that is to happen anyway.

    To limit how many start in a second, Snakemake looks again a second after each look, and after each job that ends
    besides: by the thousandth job that is a thousand looks a second, which take a core (9.27; its pull request 3744).
    """
    coming = getattr(scheduler, "coming", None)
    if coming is None or not coming.is_alive():
        scheduler.coming = Timer(delay, scheduler._open_jobs.release)
        scheduler.coming.start()
