"""All metrics of one sweep's replays, for all seeds of a variant."""

from pipeline.job import job, read, write

from rnn_replay.artifacts.metrics import measure, stack

seeds, measured = job.params.seeds, []
for seed, replays, environment in zip(seeds, job.input.replays, job.input.environments, strict=True):
    measured.append(measure(read(replays), read(environment), seed))
    print(f"seed {seed}: measured ({len(measured)} of {len(seeds)})")
write(stack(measured, seeds), dict(job.wildcards.items()))
