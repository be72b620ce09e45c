"""The artifact of metrics: every metric of every replay of a sweep, for all seeds of a variant."""

import numpy as np
import xarray as xr

from rnn_replay.artifacts.environments import to_map
from rnn_replay.artifacts.netcdf import variable
from rnn_replay.measures import METRICS, AwakePaths, Recording, States
from rnn_replay.model.settings import SETTING


def awake_paths(replays: xr.Dataset, environment: xr.Dataset) -> list[AwakePaths]:
    """What replays of one network are compared to, for each decoder, from their dataset and their environment's."""
    behaviour, map = environment["test_position"].values, to_map(environment)
    similarity, time_step = replays["awake_similarity"].values, float(environment["time_step"])
    return [AwakePaths(paths, behaviour, similarity, map, time_step) for paths in replays["awake_position"].values]


def recordings(replays: xr.Dataset, awake: list[AwakePaths], seed: int, s: int) -> list[Recording]:
    """The replays of one setting that did not diverge, as metrics are given them, for each decoder.

    Args:
        replays: dataset of the replays of a sweep, of one network.
        awake: what they are compared to, for each decoder.
        seed: configured seed; keys subsampling.
        s: place of the setting.
    """
    kept = replays["diverged"].values[s] == 0
    points = np.stack([replays["start_path"].values, replays["start_time"].values])
    shared = {
        "similarity": replays["similarity"].values[s, kept],
        "start": np.unique(points, axis=1, return_inverse=True)[1].reshape(-1)[kept],
        "seed": seed,
        "activity": replays["activity"].values[s, kept],
    }
    if "state" in replays:
        hidden = (replays[name].values[s, kept] for name in ("state", "adaptation"))
        shared["states"] = States(*hidden, shared["start"])
    decoded = zip(replays["position"].values[:, s, kept], awake, strict=True)
    return [Recording(position, compared, **shared) for position, compared in decoded]


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
    for name in METRICS.keys() & {"decoder", "diverged", "seed", "setting", *SETTING}:
        raise ValueError(f"metric {METRICS[name].function} has a name that the tables use, '{name}'; allowed: another")
    diverged = replays["diverged"].values.astype(bool)
    decoders, settings = replays.sizes["decoder"], replays.sizes["setting"]
    values = {
        name: np.full((decoders, settings, *diverged.shape[1:][: metric.scope == "replay"]), np.nan)
        for name, metric in METRICS.items()
    }
    awake = awake_paths(replays, environment)
    resting = {}  # measures of replays that stay where they start, by what they depend on
    for s in range(settings):
        kept = ~diverged[s]
        if not kept.any():
            continue
        for d, recording in enumerate(recordings(replays, awake, seed, s)):
            for name, metric in METRICS.items():
                if metric.scope == "replay":
                    values[name][d, s, kept] = metric.measure(recording)
                elif metric.scope == "setting":
                    values[name][d, s] = metric.measure(recording)
                elif metric.scope == "starts":
                    key = (name, recording.position[:, 0].tobytes())
                    if key not in resting:
                        resting[key] = metric.measure(recording)
                    values[name][d, s] = resting[key]
                elif np.isnan(values[name]).all():
                    values[name][:] = metric.measure(recording)
    data = {"decoder": replays["decoder"].variable}
    for name, metric in METRICS.items():
        dims = "decoder setting replay" if metric.scope == "replay" else "decoder setting"
        data[name] = variable(dims, values[name], metric.unit, metric.meaning)
    data["diverged"] = variable(
        "setting", diverged.mean(-1), "1", "share of replays that left the range of awake states"
    )
    data |= {name: replays[name].variable for name in SETTING}
    return xr.Dataset(data)
