"""Awake paths and map of one environment and seed."""

import sys

from pipeline import provenance
from rnn_replay import artifacts, environments
from rnn_replay.artifacts.environments import to_dataset
from rnn_replay.environments.contract import BrokenContract, make

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
name, seed = snakemake.wildcards.environment, int(snakemake.wildcards.seed)
environment = environments.load(name, snakemake.params.recipe["settings"])
try:
    training, test, map = make(environment, name, seed)
except BrokenContract as error:
    sys.exit(f"environments.{name}: {error}.")
dataset = to_dataset(training, test, map, environment.time_step)
artifacts.write(dataset, snakemake.output[0], {"environment": name, "seed": seed, **provenance.made(snakemake)})
