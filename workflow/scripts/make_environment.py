"""Awake paths and map of one environment and seed."""

import sys

from pipeline import provenance
from rnn_replay import artifacts, environments
from rnn_replay.artifacts.environments import to_dataset
from rnn_replay.seeds import stream

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
recipe = snakemake.params.recipe
name, seed = snakemake.wildcards.environment, int(snakemake.wildcards.seed)
environment = environments.load(name, recipe["settings"])

training = environment.paths(environment.training_paths, stream(seed, "environment", name, "training"))
test = environment.paths(environment.test_paths, stream(seed, "environment", name, "test"))
dataset = to_dataset(training, test, environment.map(), environment.time_step)
artifacts.write(dataset, snakemake.output[0], {"environment": name, "seed": seed, **provenance.made(snakemake)})
