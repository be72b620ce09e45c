"""The artifact of biology: measures of a sweep's replays that recordings are described by, for all seeds."""

import numpy as np
import pandas as pd
import xarray as xr
from scipy.spatial import KDTree

from rnn_replay.artifacts.environments import to_map
from rnn_replay.artifacts.netcdf import variable
from rnn_replay.measures.biology.measures import MEASURES, describe
from rnn_replay.model.settings import SETTING
from rnn_replay.seeds import stream

PREFIXES = {"replay": "", "awake": "awake_", "behaviour": "behaviour_"}  # of the measures of a phase


def measure(replays: xr.Dataset, environment: xr.Dataset, seed: int) -> xr.Dataset:
    """All measures of one network's replays, and the same of its awake run, decoded alike, and of behaviour itself.

    Replays that diverged are left out. Of awake and true paths as many are measured as there are replays, and their
    densities are compared with those of the other held-out paths.

    Args:
        replays: dataset of the replays of a sweep.
        environment: dataset of the environment of the same seed.
        seed: configured seed; keys the draws.

    Returns:
        Measures with the dimensions decoder and setting; those awake, `awake_…`, with the dimension decoder; and those
        of true paths, `behaviour_…`, without.
    """
    map, true = to_map(environment), environment["test_position"].values
    decoders, settings, paths = (replays.sizes[name] for name in ("decoder", "setting", "replay"))
    # One stream for all settings, so that their draws do not tell them apart.
    waking, replaying = (lambda phase=phase: stream(seed, "biology", phase) for phase in ("awake", "replay"))
    values = {name: np.full((decoders, settings), np.nan) for name in MEASURES}
    resting = {name: np.full(decoders, np.nan) for name in MEASURES}
    behaviour = describe(true[:paths], true[paths:], map, 0.0, waking())
    # What is rounded to bins, as the decoders say: the template always, the read-out where s is not the position.
    rounds = {"template": bin_spacing(map.bins), "readout": 0.0 if map.traits.reads_position else bin_spacing(map.bins)}
    for d in range(decoders):
        spacing = rounds[str(replays["decoder"].values[d])]
        awake = replays["awake_position"].values[d]
        for name, value in describe(awake[:paths], awake[paths:], map, spacing, waking()).items():
            resting[name][d] = value
        for s in range(settings):
            position = replays["position"].values[d, s, replays["diverged"].values[s] == 0]
            if len(position):
                for name, value in describe(position, awake, map, spacing, replaying()).items():
                    values[name][d, s] = value
    data = {"decoder": replays["decoder"].variable}
    for name, (unit, meaning) in MEASURES.items():
        data[name] = variable("decoder setting", values[name], unit, meaning)
        data[f"awake_{name}"] = variable("decoder", resting[name], unit, f"awake: {meaning}")
        data[f"behaviour_{name}"] = variable("", behaviour[name], unit, f"true paths: {meaning}")
    data |= {name: replays[name].variable for name in SETTING if name in replays}
    return xr.Dataset(data)


def bin_spacing(bins: np.ndarray) -> float:
    """Distance of place bins (bin, 2) from their nearest neighbours, in metres, the median over bins."""
    return float(np.median(KDTree(bins).query(bins, k=2)[0][:, 1]))


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Tidy rows of one artifact: one for each phase (replay, awake, behaviour), setting, seed, decoder and measure."""
    frames = []
    for phase, prefix in PREFIXES.items():
        data = dataset[[f"{prefix}{name}" for name in MEASURES]].drop_vars(SETTING, errors="ignore")
        frame = data.rename({f"{prefix}{name}": name for name in MEASURES}).to_dataframe().reset_index()
        keys = [key for key in ("setting", "seed", "decoder") if key in frame]
        frames.append(frame.melt(keys, var_name="metric", value_name="value").assign(phase=phase))
    frame = pd.concat(frames, ignore_index=True)
    frame["setting"] = frame["setting"].fillna(-1).astype(int)
    frame["decoder"] = frame["decoder"].fillna("none")
    known = [name for name in SETTING if name in dataset]
    settings = dataset[known].to_dataframe()[known]
    frame = frame.join(settings, on="setting")
    for place, key in enumerate(("environment", "variant", "sweep")):
        frame.insert(place, key, dataset.attrs[key])
    frame["unit"] = [MEASURES[name][0] for name in frame["metric"]]
    return frame


def biology_table(datasets: list[xr.Dataset]) -> pd.DataFrame:
    """Tidy table of all measures; rows of awake and true paths have the setting −1, and the latter no decoder."""
    table = pd.concat([rows(dataset) for dataset in datasets], ignore_index=True)
    keys = ["environment", "variant", "sweep", "phase", "setting", *SETTING, "seed", "decoder", "metric", "unit"]
    return table[[*(key for key in keys if key in table), "value"]]
