"""One potential: simulation against the transition kernel of the same map."""

import sys

import torch
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.theory import datasets

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
torch.set_num_threads(1)
settings = snakemake.params.recipe["settings"]
dataset = datasets.potential(snakemake.wildcards.potential, settings["potentials"], settings["seed"])
artifacts.write(dataset, snakemake.output[0], provenance.made(snakemake))
