"""Stability of replay as friction falls, beside what is predicted from awake states, as a tidy table."""

import pandas as pd
import xarray as xr

from rnn_replay.artifacts.environments import to_pool
from rnn_replay.artifacts.networks import from_dataset
from rnn_replay.model.awake import awake
from rnn_replay.model.stability import predicted
from rnn_replay.seeds import stream


def stability_table(
    networks: list[xr.Dataset], environments: list[xr.Dataset], metrics: list[xr.Dataset]
) -> pd.DataFrame:
    """Columns environment, variant, seed, friction, those of the prediction, and the shares that were observed.

    Args:
        networks: one dataset for each network.
        environments: that of each network.
        metrics: of a sweep over friction, one dataset for each environment and variant, with a dimension seed.
    """
    measured = {(dataset.attrs["environment"], dataset.attrs["variant"]): dataset for dataset in metrics}
    frames = []
    for dataset, environment in zip(networks, environments, strict=True):
        keys = {"seed": int(dataset.attrs["seed"])} | {key: dataset.attrs[key] for key in ("environment", "name")}
        found = measured[keys["environment"], keys["name"]].sel(seed=keys["seed"])
        network, mean_activity, variant = from_dataset(dataset)
        states = awake(network, mean_activity, variant, to_pool(environment, "test").tracked, **keys).r
        rng = stream(keys["seed"], "stability", keys["environment"])
        friction = found["friction"].values
        frames.append(
            pd.DataFrame(
                {"environment": keys["environment"], "variant": keys["name"], "seed": keys["seed"]}
                | {"friction": friction}
                | predicted(network, variant.dynamics(), states, friction, rng)
                | {
                    "diverged": found["diverged"].values,
                    "off_manifold": found["off_manifold"].mean("replay").isel(decoder=0).values,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
