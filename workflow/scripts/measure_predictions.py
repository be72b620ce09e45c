"""What is measured of single replays under each mechanism and its twins, in one environment."""

from pipeline.job import job, read, settings, write

from rnn_replay.tables.predictions import events_dataset

of_seeds = zip(job.params.seeds, job.input.environments, strict=True)
# Without training paths, which take most of the memory.
environments = {seed: read(path).drop_vars(["training_position", "training_tracked"]) for seed, path in of_seeds}
sweeps = (read(path) for path in job.input.replays)
write(events_dataset(sweeps, environments, settings), dict(job.wildcards.items()))
