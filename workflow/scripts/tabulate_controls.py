"""What the controls read, beside replay, and which read as well."""

from pipeline.job import job, read, write

from rnn_replay.tables.gate import controls_table

write(csv=controls_table(read(job.input)))
