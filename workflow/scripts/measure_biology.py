"""Measures that recordings from animals are described by, of one sweep's replays, for all seeds of a variant."""

from pipeline.job import job, read, write

from rnn_replay.artifacts.biology import measure
from rnn_replay.artifacts.seeds import stack

replays, seeds = read(job.input.replays), job.params.seeds
of_seeds = zip(seeds, job.input.environments, strict=True)
measured = (measure(replays.sel(seed=seed), read(environment), seed) for seed, environment in of_seeds)
write(stack(measured, seeds), dict(job.wildcards.items()))
