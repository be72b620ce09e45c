"""What is measured of single replays under each mechanism and its twins, in one environment."""

from pipeline.job import job, read, settings, write

from rnn_replay.tables.predictions import events_dataset

environments = dict(zip(job.params.seeds, read(job.input.environments), strict=True))
sweeps = (read(path) for path in job.input.replays)
write(events_dataset(sweeps, environments, settings), dict(job.wildcards.items()))
