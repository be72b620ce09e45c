# How often Snakemake looks for jobs to start. To limit how many start in a second, it looks again a second after each
# look, and after each job that ends besides: by the thousandth job that is a thousand looks a second, which take a core
# (9.27; its pull request 3744). One look to come is enough, since a look starts all that can start.

from threading import Timer

from snakemake.scheduling.job_scheduler import JobScheduler


def look_again(scheduler, delay):
    """Look for jobs to start in `delay` seconds, unless that is to happen anyway."""
    coming = getattr(scheduler, "coming", None)
    if coming is None or not coming.is_alive():
        scheduler.coming = Timer(delay, scheduler._open_jobs.release)
        scheduler.coming.start()


JobScheduler._schedule_reevalutation = look_again
