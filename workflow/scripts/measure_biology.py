"""Measures that recordings from animals are described by, of one sweep's replays, for all seeds of a variant."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.artifacts.biology import measure
from rnn_replay.artifacts.metrics import stack

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
seeds = snakemake.params.seeds
keys = {key: snakemake.wildcards[key] for key in ("environment", "variant", "sweep")}

measured = []
for seed, replays, environment in zip(seeds, snakemake.input.replays, snakemake.input.environments, strict=True):
    measured.append(measure(artifacts.read(replays), artifacts.read(environment), seed))
    print(f"seed {seed}: measured ({len(measured)} of {len(seeds)})")
artifacts.write(stack(measured, seeds), snakemake.output[0], {**keys, **provenance.made(snakemake)})
