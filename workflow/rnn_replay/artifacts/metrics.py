"""The artifact of metrics: every metric of every replay of a sweep, for all seeds of a variant."""

import json

import numpy as np
import xarray as xr

from rnn_replay.artifacts.environments import to_map
from rnn_replay.artifacts.netcdf import variable
from rnn_replay.artifacts.replays import SETTING
from rnn_replay.metrics import METRICS, Recording


def measure(replays: xr.Dataset, environment: xr.Dataset, seed: int) -> xr.Dataset:
    """All metrics of one network's replays.

    Diverged replays are measured by nothing but their share: they have NaN, and where all have diverged, so has
    every metric of that setting.

    Args:
        replays: dataset of the replays of a sweep.
        environment: dataset of the environment of the same seed.
        seed: configured seed; keys subsampling.

    Returns:
        Metrics with the dimensions decoder, setting and, where there is one value per replay, replay.
    """
    map = to_map(environment)
    behaviour = environment["test_position"].values
    diverged = replays["diverged"].values.astype(bool)
    decoders, settings = replays.sizes["decoder"], replays.sizes["setting"]
    shape = {True: (decoders, settings, diverged.shape[1]), False: (decoders, settings)}
    values = {name: np.full(shape[metric.per_replay], np.nan) for name, metric in METRICS.items()}
    for d in range(decoders):
        awake = replays["awake_position"].values[d]
        for s in range(settings):
            kept = ~diverged[s]
            if not kept.any():
                continue
            recording = Recording(
                position=replays["position"].values[d, s, kept],
                awake=awake,
                behaviour=behaviour,
                map=map,
                time_step=float(environment["time_step"]),
                similarity=replays["similarity"].values[s, kept],
                awake_similarity=replays["awake_similarity"].values,
                start=replays["start_path"].values[kept],
                seed=seed,
            )
            for name, metric in METRICS.items():
                if metric.per_replay:
                    values[name][d, s, kept] = metric.compute(recording)
                else:
                    values[name][d, s] = metric.compute(recording)
    data = {"decoder": replays["decoder"].variable}
    for name, metric in METRICS.items():
        dims = "decoder setting replay" if metric.per_replay else "decoder setting"
        data[name] = variable(dims, values[name], metric.unit, metric.meaning)
    data["diverged"] = variable(
        "setting", diverged.mean(-1), "1", "share of replays that left the range of awake states"
    )
    data |= {name: replays[name].variable for name in SETTING}
    return xr.Dataset(data)


def stack(measured: list[xr.Dataset], seeds: list[int]) -> xr.Dataset:
    """Metrics of all seeds of a variant, with the new first dimension seed."""
    data = {}
    for name, first in measured[0].variables.items():
        if name in SETTING or name == "decoder":
            data[name] = first
        else:
            values = np.stack([dataset[name].values for dataset in measured])
            data[name] = (("seed", *first.dims), values, first.attrs)
    data["seed"] = variable("seed", seeds, "1", "configured seed")
    return xr.Dataset(data)


def network_settings(network: xr.Dataset) -> dict:
    """Training settings of a network's dataset."""
    return json.loads(network.attrs["recipe"])["settings"]
