# Before the first job, and in a dry run: how long the run will take, and whether this machine can hold its jobs.

from pathlib import Path

import pandas as pd

from pipeline import estimates
from snakemake_logger_plugin_progress.time_left import PLAN


def announce(workflow, jobs):
    """Say what jobs are expected to take; refuse those that would never end, and those that this machine cannot hold."""
    folder = Path(f"{RESULTS}/benchmarks")
    # Jobs of a user's own may have no benchmark, or one elsewhere: nothing is known of them.
    paths = [Path(job.benchmark) for job in jobs if job.benchmark and Path(job.benchmark).is_relative_to(folder)]
    places = [path.relative_to(folder).with_suffix("").as_posix() for path in paths]
    if not places:
        return
    if not estimates.TABLE.exists():
        logger.info(f"No estimate of time and memory: {estimates.TABLE} is not there.")
        return
    expected = estimates.expected(
        places, [CONFIGURATION, EXTENDED, *filter(None, [RATS])], pd.read_csv(estimates.TABLE)
    )
    cores = workflow.global_resources["_cores"].value or 1
    PLAN.cores, PLAN.seconds = cores, {str(folder / f"{job.place}.tsv"): job.seconds for job in expected}
    logger.info("\n".join(estimates.said(expected, cores if workflow.local_exec else None)))
    configurations = [CONFIGURATION, EXTENDED]
    for refusal in (
        estimates.endless(expected, configurations),
        estimates.excess(expected, estimates.machine(), configurations) if workflow.local_exec else None,
    ):
        if refusal and not workflow.dryrun:
            raise WorkflowError(f"{refusal}. Nothing was started.")
        if refusal:
            logger.warning(f"{refusal}.")
