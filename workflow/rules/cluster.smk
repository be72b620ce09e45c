# Before the first job: refuse what would fail or wait on a cluster, and a results folder that is in use.
# Storage plugins are refused before the graph is built: an artifact knows its place in the folder of results.

from pathlib import Path

from pipeline import cluster, occupancy

if workflow.storage_settings.default_storage_provider:
    raise WorkflowError(
        f"--default-storage-provider is {workflow.storage_settings.default_storage_provider}; allowed: none. Artifacts "
        "lie in the folder of results, on a file system that all nodes share."
    )

try:
    occupancy.check_own_folder()
except occupancy.OccupiedError as error:
    raise WorkflowError(f"Nothing was started: {error}.") from None


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
            settings = workflow.executor_settings
            cluster.keep_looking(workflow.executor_plugin.executor, settings)
            cluster.watch(Path.cwd(), logger.warning, settings.init_seconds_before_status_checks)
    except (cluster.ClusterError, occupancy.OccupiedError) as error:
        raise WorkflowError(f"{error}.") from None
