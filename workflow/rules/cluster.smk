# On a cluster: refuse what would fail or wait after submission, and say what happens in the queue.

from pathlib import Path

from rnn_replay import cluster


onstart:
    if workflow.executor_plugin.name == "slurm":
        resources = [job.resources for job in workflow.dag.needrun_jobs() if not job.is_local]
        try:
            cluster.check(*({str(r.get(key, "")) for r in resources} for key in ("slurm_partition", "slurm_account")))
            if left := cluster.leftovers(Path.cwd()):
                logger.warning(f"Cancelled jobs that an earlier run left in the queue: {', '.join(left)}.")
        except cluster.ClusterError as error:
            raise WorkflowError(f"Cluster: {error}.") from None
        cluster.watch(Path.cwd(), logger.warning)
