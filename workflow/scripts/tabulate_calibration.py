"""What the measures of speed say of states whose change of speed is known."""

from pipeline.job import job, read, write

from rnn_replay.tables.calibration import calibration_table, to_dataset

table = calibration_table(read(path) for path in job.input)
write(to_dataset(table), csv=table)
