"""Train one network: one environment, variant and seed."""

import sys

import torch
from pipeline import checkpoints, provenance
from rnn_replay import artifacts
from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.artifacts.networks import to_dataset
from rnn_replay.model.awake import errors
from rnn_replay.model.decoding import Readout
from rnn_replay.model.training import Variant, train

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
torch.set_num_threads(1)
recipe = snakemake.params.recipe
environment, name, seed = (snakemake.wildcards[key] for key in ("environment", "variant", "seed"))
keys = {"seed": int(seed), "environment": environment, "name": name}
variant = Variant(**recipe["settings"])
paths = artifacts.read(snakemake.input.environment)

trained = train(
    to_pool(paths, "training").tracked,
    variant,
    **keys,
    checkpoint=checkpoints.resume(snakemake),
    keep=checkpoints.keeper(snakemake),
)
found = errors(trained, variant, to_pool(paths, "test"), Readout.from_map(to_map(paths)), **keys)
artifacts.write(to_dataset(trained, found), snakemake.output[0], {**keys, **provenance.made(snakemake)})
checkpoints.discard(snakemake)
