"""Looks at SLURM's queue, tested without a SLURM: when they are refused, and that none loses a job."""

import asyncio
import sys
from types import ModuleType, SimpleNamespace

import pytest
from pipeline import cluster

QUERY = "snakemake_executor_plugin_slurm.job_status_query"


@pytest.fixture
def asked(monkeypatch):
    """A function that looks at a queue whose ended jobs stay for some seconds, every 20 s; the settings afterwards."""

    def look(age, accounting=False, executor=None):
        def ask(*command):
            if not accounting:
                raise cluster.ClusterError("SLURM does not answer")

        plugin, query = ModuleType(QUERY.partition(".")[0]), ModuleType(QUERY)
        query.get_min_job_age = lambda: age
        monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
        monkeypatch.setitem(sys.modules, QUERY, query)
        monkeypatch.setattr(cluster, "ask", ask)
        settings = SimpleNamespace(init_seconds_before_status_checks=20, status_command="sacct")
        cluster.keep_looking(executor or SimpleNamespace(check_active_jobs=None), settings)
        return settings

    return look


@pytest.mark.parametrize(("age", "said"), [(None, "unknown"), (0, "0 s"), (59, "59 s")])
def test_ended_jobs_that_leave_the_queue_unseen_are_refused(asked, age, said):
    with pytest.raises(cluster.ClusterError, match=rf"too briefly \(MinJobAge: {said}\); allowed: .*, not 20") as error:
        asked(age)
    assert "\n" not in str(error.value)


def test_ended_jobs_that_stay_long_enough_are_looked_for_in_the_queue(asked):
    assert asked(60).status_command == "squeue"


def test_where_there_is_accounting_the_queue_may_forget(asked):
    assert asked(None, accounting=True).status_command == "sacct"


@pytest.mark.parametrize(("answered", "left"), [(False, ["a", "b"]), (True, ["b"])])
def test_a_look_that_is_not_answered_loses_no_job(asked, answered, left):
    class Executor:
        next_seconds_between_status_checks = 20

        async def check_active_jobs(self, jobs):
            """As the plugin's: without an answer it gives no job back, and waits no longer than before."""
            if answered:
                self.next_seconds_between_status_checks = 30
                yield jobs[1]

    asked(3600, executor=Executor)

    async def looked(executor):
        return [job async for job in executor.check_active_jobs(["a", "b"])]

    executor = Executor()
    assert asyncio.run(looked(executor)) == left
    assert executor.next_seconds_between_status_checks == 20
