"""Awake paths and map of one environment and seed."""

from pipeline.job import job, settings, write

import sys

from rnn_replay import environments
from rnn_replay.artifacts.environments import to_dataset
from rnn_replay.environments.contract import BrokenContract, make

name, seed = job.wildcards.environment, int(job.wildcards.seed)
environment = environments.load(name, settings)
try:
    training, test, map = make(environment, name, seed)
except BrokenContract as error:
    sys.exit(f"environments.{name}: {error}.")
dataset = to_dataset(training, test, map, environment.time_step)
write(dataset, {"environment": name, "seed": seed})
