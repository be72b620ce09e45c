"""All comparisons of the theory stage in one table, and its rows of the claims table."""

from pipeline.job import job, read, write

from pathlib import Path

from rnn_replay.claims.table import COLUMNS
from rnn_replay.theory.comparison import merged
from rnn_replay.theory.rows import theory_rows

linear, gaussian = read(job.input.linear), read(job.input.gaussian)
potentials = {Path(path).stem: read(path) for path in job.input.potentials}
rows = theory_rows(linear, gaussian, potentials)
words = "Rows of the theory stage; the rule of each verdict stands with rnn_replay.theory.rows.theory_rows."
write(COLUMNS.dataset(rows, comment=words), comparisons=merged([linear, gaussian, *potentials.values()]))
