"""Progress of a run, as a logger of Snakemake: bars with time left on a terminal, and a summary at the end anywhere.

The bars are those of snakemake-logger-plugin-rich; time left and summary are added here. Where stderr is no terminal,
Snakemake's own words stay, and only the summary is added. profiles/default turns this on.
"""

import os
import sys
import time
from collections import Counter
from logging import LogRecord
from pathlib import Path

from pipeline.configfiles import check_command
from pipeline.grids import ConfigurationError
from pipeline.occupancy import unwritable
from snakemake.common import get_appdirs
from snakemake.exceptions import WorkflowError
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_logger_plugin_rich import LogHandler as RichLogHandler

from snakemake_logger_plugin_progress.time_left import PLAN, TimeLeft


class LogHandler(RichLogHandler):
    """Bars and a summary; the name is the one that Snakemake looks for."""

    def __post_init__(self) -> None:
        open_streams()
        # Snakemake reads the files of --configfile before the Snakefile; only a logger comes earlier.
        try:
            check_command(sys.argv)
        except ConfigurationError as error:
            raise WorkflowError(f"Configuration: {error}.") from None
        for folder in unwritable([Path(get_appdirs().user_cache_dir, "snakemake/source-cache")]):
            raise WorkflowError(
                f"Nothing was started: {folder} cannot be written to, and Snakemake keeps its cache there; allowed: a "
                "HOME or XDG_CACHE_HOME that can be."
            )
        self.bars = sys.stderr.isatty()
        super().__post_init__()
        self.progress.columns = (*self.progress.columns, TimeLeft())
        self.progress.speed_estimate_period = 3600.0  # jobs take minutes, and Rich would look back 30 s
        self.started = time.monotonic()
        self.jobs: dict[int, LogRecord] = {}
        self.made: Counter[str] = Counter()
        self.failed: dict[int, LogRecord] = {}
        self.summed_up = False

    @property
    def writes_to_stream(self) -> bool:
        """Whether this takes the place of Snakemake's own output."""
        return self.bars

    def emit(self, record: LogRecord) -> None:
        """Count what ended; draw it on a terminal."""
        event = getattr(record, "event", None)
        if event == LogEvent.JOB_INFO:
            self.jobs[record.jobid] = record
        elif event == LogEvent.JOB_FINISHED:
            self.made[self.rule(record.job_id)] += 1
            PLAN.finish(getattr(self.jobs.get(record.job_id), "benchmark", None))
        elif event == LogEvent.JOB_ERROR:
            self.failed[record.jobid] = record
        if self.bars:
            super().emit(record)

    def rule(self, job: int) -> str:
        """Name of a job's rule."""
        return self.jobs[job].rule_name if job in self.jobs else "unknown"

    def close(self) -> None:
        """End the bars and say what was made. Snakemake calls this more than once."""
        super().close()
        if not self.summed_up and not self.common_settings.dryrun and (self.made or self.failed):
            self.summed_up = True
            print(self.summary(time.monotonic() - self.started), file=sys.stderr)

    def summary(self, seconds: float) -> str:
        """What was made, what failed and where its log is, and how long it took."""
        made = ", ".join(f"{rule} {count}" for rule, count in self.made.items() if rule != "all")
        lines = [f"Made in {duration(seconds)}: {made or 'nothing'}."]
        for job, error in self.failed.items():
            info = self.jobs.get(job, error)
            wildcards = dict(getattr(info, "wildcards", None) or {})
            where = "/".join(map(str, wildcards.values()))
            log = ", ".join(map(str, getattr(info, "log", None) or [])) or "no log"
            lines.append(f"Failed: {self.rule(job)}{f' {where}' if where else ''}; log: {log}")
        return "\n".join(lines)


def open_streams() -> None:
    """A stream that was closed at the start (`2>&-`) becomes the other one, or the null device's where both were.

    Otherwise words are lost, and the next file that is opened gets what libraries write to its number.
    """
    for name, other, number in (("stderr", "stdout", 2), ("stdout", "stderr", 1)):
        if getattr(sys, name) is None:
            stream = getattr(sys, other) or open(os.devnull, "w")
            setattr(sys, name, stream)
            try:
                os.fstat(number)
            except OSError:
                os.dup2(stream.fileno(), number)


def duration(seconds: float) -> str:
    """A time in words, such as `1 h 05 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"
