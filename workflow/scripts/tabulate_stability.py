"""Where replay leaves the range of awake states as friction falls: predicted from awake states, and observed."""

from pipeline.job import job, read, write

from rnn_replay.model.stability import boundaries, stability_dataset
from rnn_replay.tables.stability import stability_table

table = stability_table(*(read(job.input[name]) for name in ("networks", "environments", "metrics")))
edges = boundaries(table)
write(stability_dataset(table, edges), csv=table, boundaries=edges)
