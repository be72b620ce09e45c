"""Time left, by what the jobs were expected to take before the run and how the finished ones kept to it."""

from dataclasses import dataclass, field
from datetime import timedelta

from rich.progress import Task, TimeRemainingColumn
from rich.text import Text

TOTAL = "Total Progress"  # the bar of all jobs, as snakemake-logger-plugin-rich calls it
TELLING = 0.05  # share of the expected work from which on the finished jobs tell the pace


@dataclass
class Plan:
    """Expected seconds of each job by its benchmark file, the cores to share them, and what is finished of them."""

    seconds: dict[str, float] = field(default_factory=dict)
    cores: int = 1
    finished: float = 0.0

    def finish(self, benchmark: str | None) -> None:
        """Count a job as finished."""
        self.finished += self.seconds.get(str(benchmark), 0.0)

    def left(self, elapsed: float) -> float | None:
        """Seconds left after some; None where nothing was expected."""
        total = sum(self.seconds.values())
        if not total:
            return None
        pace = elapsed / self.finished if self.finished > TELLING * total else 1 / self.cores
        return max(total - self.finished, 0.0) * pace


PLAN = Plan()  # of the run of this process: made before its first job, in workflow/rules/estimates.smk


class TimeLeft(TimeRemainingColumn):
    """Rich's column, but by the plan for the bar of all jobs."""

    def render(self, task: Task) -> Text:
        """The time left of a bar."""
        left = PLAN.left(task.elapsed or 0.0) if task.description == TOTAL and not task.finished else None
        return super().render(task) if left is None else Text(str(timedelta(seconds=round(left))), "progress.remaining")
