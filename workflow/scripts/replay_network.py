"""Replay one network under all settings of one sweep."""

import sys

import torch
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.artifacts.networks import from_dataset
from rnn_replay.artifacts.replays import to_dataset
from rnn_replay.model.replay import Sampling, Setting, Subject, replay

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
torch.set_num_threads(1)
recipe = snakemake.params.recipe
environment, name, seed = (snakemake.wildcards[key] for key in ("environment", "variant", "seed"))
keys = {"seed": int(seed), "environment": environment, "name": name}
settings = [Setting(**setting) for setting in recipe["settings"]["settings"]]
sampling = Sampling(**recipe["settings"]["sampling"])
paths = artifacts.read(snakemake.input.environment)
network, mean_activity, variant = from_dataset(artifacts.read(snakemake.input.network))

subject = Subject.wake(network, mean_activity, variant, to_pool(paths, "test"), to_map(paths), **keys)
dataset = to_dataset(subject, replay(subject, settings, sampling), settings)
artifacts.write(
    dataset, snakemake.output[0], {**keys, "sweep": snakemake.wildcards.sweep, **provenance.made(snakemake)}
)
