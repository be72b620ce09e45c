# Before the first job: refuse what would fail or wait on a cluster, and a results folder that is in use.

from pathlib import Path

from pipeline import cluster, occupancy


onstart:
    try:
        occupancy.occupy(Path(RESULTS).resolve())
        if workflow.executor_plugin.name == "slurm":
            # A group of jobs is one submission.
            submitted = {
                workflow.dag.get_job_group(job) or job for job in workflow.dag.needrun_jobs() if not job.is_local
            }
            cluster.check({cluster.Request.of(dict(job.resources.items())) for job in submitted})
            if left := cluster.leftovers(Path.cwd()):
                logger.warning(f"Cancelled what an earlier run left in the queue: {', '.join(left)}.")
            cluster.watch(Path.cwd(), logger.warning)
    except (cluster.ClusterError, occupancy.OccupiedError) as error:
        raise WorkflowError(f"{error}.") from None
