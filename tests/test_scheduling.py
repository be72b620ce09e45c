"""Snakemake looks for jobs to start once for many that ended, not once more a second for each, for ever."""

import threading
from types import SimpleNamespace

from pipeline.snakemake_adapter import look_again


def test_many_requests_make_one_look():
    scheduler = SimpleNamespace(_open_jobs=threading.Semaphore(0))
    for _ in range(100):
        look_again(scheduler, 0.2)
    scheduler.coming.join()
    assert scheduler._open_jobs.acquire(blocking=False)
    assert not scheduler._open_jobs.acquire(blocking=False)


def test_after_a_look_another_can_be_asked_for():
    scheduler = SimpleNamespace(_open_jobs=threading.Semaphore(0))
    for _ in range(2):
        look_again(scheduler, 0.0)
        scheduler.coming.join()
    assert scheduler._open_jobs._value == 2
