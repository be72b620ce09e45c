# What is made again. Snakemake compares times of modification and its own notes in .snakemake/, neither of which
# travels; here every artifact is compared with the provenance that it carries: settings, code, packages and inputs.

from pathlib import Path

import snakemake.workflow
from snakemake.dag import DAG
from snakemake.ioflags import flag
from snakemake.logging import logger
from snakemake.settings.enums import RerunTrigger

from pipeline.staleness import Remembered, reasons

# Where the settings of a rule stand in the configuration.
SECTIONS = {
    "environment": "environments.{environment}",
    "network": "training",
    "replay": "sweeps.{sweep}",
}


class Judged(DAG):
    """Snakemake's graph of jobs, in which what is stale is remade with all that is made from it, and nothing else."""

    whys = {}

    async def update_needrun(self, create_inventory=False):
        # Jobs on a cluster start Snakemakes of their own, which are told what to make.
        if create_inventory and self.workflow.is_main_process:
            self.judge()
        await super().update_needrun(create_inventory)
        if create_inventory:
            self.tell()
            if self.workflow.is_main_process:
                announce(self.workflow, list(self.needrun_jobs()))

    def judge(self):
        """Force the jobs of stale artifacts, which takes all behind them along; no input counts as newer."""
        # Set here, not in a profile, so that it holds under every profile.
        self.workflow.dag_settings.rerun_triggers = frozenset({RerunTrigger.MTIME})
        files = Remembered(Path(".snakemake/artifacts.json"))
        stale = {}
        for job in self.jobs:
            asked = job.rule in self.forcerules or not self.forcefiles.isdisjoint(job.output)
            if asked:
                stale[job] = [("asked", "is to be made again")]
            elif "recipe" in job.params.keys():
                section = SECTIONS.get(job.rule.name, "").format(**job.wildcards_dict)
                found = list(reasons(job.output, job.input, job.params.recipe, RESULTS, files, section))
                if found:
                    stale[job] = found
        files.keep()
        self.whys = {job: stale.get(job, []) for job in self.bfs(self.depending, *stale) if job.output}
        self.forcefiles.update(path for job in stale for path in job.output)
        remade = {path for job in self.whys for path in job.output}
        for job in self.jobs:
            for path in job.input:
                if path not in remade:
                    path._file = flag(path._file, "ancient")

    def tell(self):
        """Say why artifacts are remade: in a dry run of all, in a run of those that are there but stale."""
        if self.workflow.dryrun and not self.whys:
            print("Nothing would be remade.")
        if self.whys and not self.workflow.dryrun and os.path.exists(RESULTS) and not os.access(RESULTS, os.W_OK):
            raise WorkflowError(f"{RESULTS} cannot be written to. Nothing was started; artifacts are as they were.")
        remade = {path: job for job in self.whys for path in job.output}
        for path, job in sorted((job.output[0], job) for job in self.whys):
            found = self.whys[job]
            reason = self.reason(job)
            kinds = {kind for kind, _ in found}
            if "asked" not in kinds:
                reason.forced = False
                reason.missing_output.update(path for path in job.output if "missing" in kinds)
                reason.updated_input_run.update(path for path in job.input if path in remade)
                reason.code_changed = "code" in kinds
                reason.software_stack_changed = "package" in kinds
                reason.input_changed = bool(kinds & {"input", "artifact"})
                reason.params_changed = "; ".join(why for kind, why in found if kind == "configuration")
            inputs = [path for path in job.input if path in remade]
            words = [why for _, why in found] or [
                f"{inputs[0]} is remade{f', and {len(inputs) - 1} more inputs' if len(inputs) > 1 else ''}"
            ]
            line = f"{path}: {'; '.join(words)}"
            if self.workflow.dryrun:
                print(line)
            elif kinds - {"missing", "asked"}:
                logger.info(line)


snakemake.workflow.DAG = Judged
