"""Where replay leaves the range of awake states as friction falls: predicted from awake states, and observed."""

import sys

import pandas as pd
import torch
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.artifacts.environments import to_pool
from rnn_replay.artifacts.networks import from_dataset
from rnn_replay.model.awake import awake
from rnn_replay.model.stability import boundaries, predicted, stability_dataset
from rnn_replay.seeds import stream

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
torch.set_num_threads(1)

measured = {}
for path in snakemake.input.metrics:
    metrics = artifacts.read(path)
    measured[metrics.attrs["environment"], metrics.attrs["variant"]] = metrics
frames = []
for network_path, environment_path in zip(snakemake.input.networks, snakemake.input.environments, strict=True):
    dataset = artifacts.read(network_path)
    keys = {"seed": int(dataset.attrs["seed"])} | {key: dataset.attrs[key] for key in ("environment", "name")}
    metrics = measured[keys["environment"], keys["name"]].sel(seed=keys["seed"])
    network, mean_activity, variant = from_dataset(dataset)
    pool = to_pool(artifacts.read(environment_path), "test")
    states = awake(network, mean_activity, variant, pool.tracked, **keys).r
    rng = stream(keys["seed"], "stability", keys["environment"])
    friction = metrics["friction"].values
    frames.append(
        pd.DataFrame(
            {"environment": keys["environment"], "variant": keys["name"], "seed": keys["seed"], "friction": friction}
            | predicted(network, variant.dynamics(), states, friction, rng)
            | {
                "diverged": metrics["diverged"].values,
                "off_manifold": metrics["off_manifold"].mean("replay").isel(decoder=0).values,
            }
        )
    )
table = pd.concat(frames, ignore_index=True)
edges = boundaries(table)
artifacts.write_text(snakemake.output.csv, table.to_csv(index=False))
artifacts.write_text(snakemake.output.boundaries, edges.to_csv(index=False))
artifacts.write(stability_dataset(table, edges), snakemake.output.netcdf, provenance.made(snakemake))
