"""One table of all metrics, tidy and as netCDF."""

from pipeline.job import job, read, write

from rnn_replay.tables.metrics import metrics_dataset, metrics_table

table = metrics_table(read(job.input))
write(metrics_dataset(table), csv=table)
