"""Gaussian paths: score over time, its estimates, and the leak that networks learned."""

import sys

import numpy as np
import torch
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.theory import datasets

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
torch.set_num_threads(1)
settings = snakemake.params.recipe["settings"]
paths = [artifacts.read(path)["training_tracked"].values for path in snakemake.input]
seeds = len(paths) // len(settings["environments"])
tracked = {name: np.stack(paths[i * seeds : (i + 1) * seeds]) for i, name in enumerate(settings["environments"])}
dataset = datasets.gaussian(settings["gaussian"], tracked, settings["seed"])
artifacts.write(dataset, snakemake.output[0], provenance.made(snakemake))
