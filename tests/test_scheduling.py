"""Snakemake looks for jobs to start once for many that ended, not once more a second for each, for ever."""

import inspect
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake.scheduling.job_scheduler import JobScheduler

RULES = Path(__file__).parents[1] / "workflow/rules/scheduling.smk"


@pytest.fixture
def look_again(monkeypatch):
    """The function that takes the place of Snakemake's own."""
    assert "self._schedule_reevalutation(" in inspect.getsource(JobScheduler.schedule)
    monkeypatch.setattr(JobScheduler, "_schedule_reevalutation", None)
    exec(RULES.read_text(), {})
    return JobScheduler._schedule_reevalutation


def test_many_requests_make_one_look(look_again):
    scheduler = SimpleNamespace(_open_jobs=threading.Semaphore(0))
    for _ in range(100):
        look_again(scheduler, 0.2)
    scheduler.coming.join()
    assert scheduler._open_jobs.acquire(blocking=False)
    assert not scheduler._open_jobs.acquire(blocking=False)


def test_after_a_look_another_can_be_asked_for(look_again):
    scheduler = SimpleNamespace(_open_jobs=threading.Semaphore(0))
    for _ in range(2):
        look_again(scheduler, 0.0)
        scheduler.coming.join()
    assert scheduler._open_jobs._value == 2
