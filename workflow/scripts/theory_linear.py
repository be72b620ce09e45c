"""The linear system: simulation against closed form, phases and memory."""

import sys

import torch
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.theory import datasets

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
torch.set_num_threads(1)
settings = snakemake.params.recipe["settings"]
artifacts.write(datasets.linear(settings["linear"], settings["seed"]), snakemake.output[0], provenance.made(snakemake))
