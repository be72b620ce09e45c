"""What the measures of speed say of states whose change of speed is known.

Units with Gaussian place fields follow awake paths. Their states are then changed in ways that should not change
the speed (half the gain, half the distance from the mean, twice the noise), or double it, or stop it; each change
is decoded by both decoders and measured as replays are. `stopped` keeps the first state of each path, and
`collapsed` is a state at the mean activity; both with the noise. All numbers here are our choice.
"""

import numpy as np
import pandas as pd
import torch
import xarray as xr

from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.environments import Map, Pool
from rnn_replay.measures import METRICS, Recording
from rnn_replay.measures.speed import mean_defined
from rnn_replay.model.decoding import DECODERS, Readout, Template
from rnn_replay.seeds import stream

PATHS = 100  # held-out paths of each seed that are measured (our choice)
AXES = ["environment", "seed", "decoder", "change", "measure"]
UNITS = 64
FIELD_WIDTH = 0.3  # of a unit's place field, over the environment's size
NOISE = 0.05  # of the states, over the mean peak rate of a unit
MEASURES = ("compression", "track_compression")  # the second on a track only
EXPECTED = {
    "gain halved": 1.0,
    "shrunk to the mean": 1.0,
    "noise doubled": 1.0,
    "time doubled": 2.0,
    "stopped": 0.0,
    "collapsed": 0.0,
}


def states_along(position: np.ndarray, map: Map, seed: int, noise: float = NOISE) -> np.ndarray:
    """Rates of Gaussian place fields with noise, shape (path, time, UNITS), at positions (path, time, 2)."""
    tuning = stream(seed, "calibration", "tuning")
    low, high = map.bins.min(0), map.bins.max(0)
    centres, peaks = tuning.uniform(low, high, (UNITS, 2)), tuning.uniform(0.5, 1.5, UNITS)
    square = ((position[..., None, :] - centres) ** 2).sum(-1)
    rates = peaks * np.exp(-square / (2 * (FIELD_WIDTH * map.size) ** 2))
    return rates + noise * stream(seed, "calibration", "noise").standard_normal(rates.shape)


def changed_states(position: np.ndarray, map: Map, seed: int) -> dict[str, np.ndarray]:
    """States under each change of EXPECTED, each of shape (path, time, UNITS)."""
    states = states_along(position, map, seed)
    mean = states.mean((0, 1))
    noise = states - states_along(position, map, seed, noise=0)
    return {
        "gain halved": states / 2,
        "shrunk to the mean": (states + mean) / 2,
        "noise doubled": states + noise,
        "time doubled": states_along(position[:, ::2], map, seed),
        "stopped": states_along(np.repeat(position[:, :1], position.shape[1], axis=1), map, seed),
        "collapsed": mean + noise,
    }


def calibration(paths: Pool, map: Map, time_step: float, seed: int) -> pd.DataFrame:
    """Speed of changed states over that of unchanged ones.

    Args:
        paths: awake paths, long enough that half of their steps fill a window of the measures of speed.
        map: of the environment.
        time_step: seconds between steps.
        seed: keys tuning and noise.

    Returns:
        Columns decoder, change, measure, expected and ratio. In a box there is no measure along a track; the ratio
        is NaN where no path has a window before its arrival.
    """
    states = states_along(paths.position, map, seed)
    flat = states.reshape(-1, UNITS)
    affine = np.concatenate([flat, np.ones((len(flat), 1))], axis=1)
    tracked = paths.tracked.reshape(len(flat), -1)
    output, *_ = np.linalg.lstsq(affine, tracked, rcond=None)

    def tensor(values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))

    template = Template.from_awake(tensor(states), tensor(paths.position), tensor(map.bins))
    readout = Readout.from_map(map)
    decode = {
        "template": lambda values: template(tensor(values))[0].numpy(),
        "readout": lambda values: readout(tensor(values @ output[:-1] + output[-1])).numpy(),
    }
    rows = []
    for change, altered in changed_states(paths.position, map, seed).items():
        for decoder in DECODERS:
            cosine = np.ones(altered.shape[:2])
            recording = Recording(
                position=decode[decoder](altered),
                awake=decode[decoder](states),
                behaviour=paths.position,
                map=map,
                time_step=time_step,
                similarity=cosine,
                awake_similarity=cosine,
                start=np.arange(len(altered)),
                seed=seed,
            )
            for measure in MEASURES if map.is_track else MEASURES[:1]:
                ratio = mean_defined(METRICS[measure].compute(recording))
                rows.append((decoder, change, measure, EXPECTED[change], ratio))
    return pd.DataFrame(rows, columns=["decoder", "change", "measure", "expected", "ratio"])


def calibration_table(environments: list[xr.Dataset]) -> pd.DataFrame:
    """Measured speed of changed states over that of unchanged ones, along the held-out paths of environments.

    Args:
        environments: datasets of environments, each of one seed.

    Returns:
        Columns environment, seed, decoder, change, measure, expected and ratio.
    """
    tables = []
    for dataset in environments:
        name, seed = dataset.attrs["environment"], int(dataset.attrs["seed"])
        pool = to_pool(dataset, "test")
        pool = Pool(pool.position[:PATHS], pool.tracked[:PATHS])
        found = calibration(pool, to_map(dataset), float(dataset["time_step"]), seed)
        tables.append(found.assign(environment=name, seed=seed))
    return pd.concat(tables, ignore_index=True)[[*AXES, "expected", "ratio"]]


def to_dataset(table: pd.DataFrame) -> xr.Dataset:
    """The same with the dimensions environment, seed, decoder, change and measure; NaN where there is no track."""
    dataset = table.set_index(AXES)[["ratio"]].to_xarray()
    dataset["expected"] = table.drop_duplicates("change").set_index("change")["expected"].to_xarray()
    dataset["ratio"].attrs.update(units="1", long_name="measured speed of changed states over that of unchanged ones")
    dataset["expected"].attrs.update(units="1", long_name="the same as it should be")
    for axis in AXES:
        dataset[axis].attrs.update(units="1", long_name=axis)
    return dataset
