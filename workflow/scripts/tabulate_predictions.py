"""What tells mechanisms from their twins in decoded replay, and in how many events."""

from pipeline.job import job, read, settings, write

from rnn_replay.tables.predictions import predictions_table

write(csv=predictions_table(read(job.input), settings["level"]))
