"""What measures say where the answer is known.

States: units with Gaussian place fields follow awake paths. Their states are then changed in ways that should not
change the speed (half the gain, half the distance from the mean, twice the noise), or double it, or stop it; each
change is decoded by both decoders and measured as replays are. `stopped` keeps the first state of each path, and
`collapsed` is a state at the mean activity; both with the noise.

Paths: the awake paths at multiples of their speed; paths that get nowhere, be it jitter about a point, positions in
random order, or Brownian motion; paths whose velocity lasts, as momentum's does; and jumps to a goal at a known rate.
All are put at the centres of bins, as the template decoder does. All numbers here are our choice.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import torch
import xarray as xr
from scipy.signal import lfilter
from scipy.spatial import KDTree

from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.environments import Map, Pool
from rnn_replay.measures import METRICS, AwakePaths, Recording
from rnn_replay.measures.base import SMOOTHING
from rnn_replay.measures.controls import shuffled
from rnn_replay.measures.progress import AWAKE_WINDOW, last_steps
from rnn_replay.measures.speed import LAG, mean_defined
from rnn_replay.model.decoding import DECODERS, Readout, Template
from rnn_replay.seeds import stream
from rnn_replay.tables.known import EXPECTED, HAZARDS, KNOWN, LASTING, NOWHERE, SPEEDS

REPLAYS, STEPS = 128, 150  # of paths that get nowhere
ARRIVALS = 1000  # paths that jump to a goal
PATHS = 100  # held-out paths of each seed that are measured (our choice)
AXES = ["environment", "seed", "decoder", "change", "measure"]
UNITS = 64
FIELD_WIDTH = 0.3  # of a unit's place field, over the environment's size
NOISE = 0.05  # of the states, over the mean peak rate of a unit
MEASURES = ("compression", "track_compression", "progress_compression")  # the second on a track only
CORRELATION = 0.97  # of that velocity from one step to the next


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
    awake = {
        name: AwakePaths(read(states), paths.position, np.ones(states.shape[:2]), map, time_step)
        for name, read in decode.items()
    }
    rows = []
    for change, altered in changed_states(paths.position, map, seed).items():
        for decoder in DECODERS:
            recording = Recording(
                position=decode[decoder](altered),
                awake=awake[decoder],
                similarity=np.ones(altered.shape[:2]),
                start=np.arange(len(altered)),
                seed=seed,
            )
            for measure in MEASURES:
                if measure == "track_compression" and not map.is_track:
                    continue
                ratio = mean_defined(np.asarray(METRICS[measure].compute(recording), dtype=float))
                rows.append((decoder, change, measure, EXPECTED[change], ratio))
    return pd.DataFrame(rows, columns=["decoder", "change", "measure", "expected", "ratio"])


def at_speed(position: np.ndarray, speed: float) -> np.ndarray:
    """Paths (path, time, 2) at a multiple of their speed."""
    times = np.arange(0, position.shape[1] - 1, speed)
    first, share = times.astype(int), (times % 1)[:, None]
    return position[:, first] * (1 - share) + position[:, first + 1] * share


def awake_step(awake: np.ndarray) -> float:
    """Mean length of the first steps of awake paths (path, time, 2), before any arrival."""
    return float(np.linalg.norm(np.diff(awake[:, :10], axis=1), axis=-1).mean())


def known_paths(awake: np.ndarray, map: Map, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Paths of which is known how they get on, by name, each of shape (path, time, 2), from awake ones."""
    shape = (REPLAYS, STEPS + 1, 2)
    place = rng.choice(map.bins, REPLAYS)[:, None]
    noise = rng.standard_normal(shape)
    jumps = (np.arange(STEPS + 1) >= rng.integers(STEPS, size=(REPLAYS, 20, 1))).sum(1) % 2
    paths = {f"{speed:g} × speed": at_speed(awake, speed) for speed in SPEEDS}
    paths |= {name: place + float(name.split()[1]) * noise for name in NOWHERE[:3]}
    paths |= {
        "random order": shuffled(awake, last_steps(awake, map) + 1, rng),
        "frozen": np.repeat(place, STEPS + 1, axis=1),
        "OU": place + 0.1 * lfilter([np.sqrt(1 - 0.9**2)], [1, -0.9], noise, axis=1),
        "Brownian": place + np.cumsum(awake_step(awake) / np.sqrt(2) * noise, axis=1),
        "jumper": map.bins[[0, -1]][jumps],
    }
    return paths


def path_rows(awake: np.ndarray, map: Map, time_step: float, seed: int) -> pd.DataFrame:
    """What measures say of paths whose answer is known; columns as of `calibration`, the decoder being `bins`.

    Args:
        awake: held-out paths, shape (path, time, 2).
        map: of the environment.
        time_step: seconds between steps.
        seed: keys the paths.
    """
    rng = stream(seed, "calibration", "paths")
    bins, compared = KDTree(map.bins), AwakePaths(awake, awake, np.ones(awake.shape[:2]), map, time_step)

    def recording(position: np.ndarray, binned: bool = True) -> Recording:
        centres = map.bins[bins.query(position)[1]] if binned else position
        return Recording(centres, compared, np.ones(position.shape[:2]), np.arange(len(position)), seed)

    rows, entropy = [], {}
    for change, position in known_paths(awake, map, rng).items():
        found = recording(position)
        for measure in MEASURES:
            fits = position.shape[1] > SMOOTHING + LAG or measure == "progress_compression"
            if fits and (map.is_track or measure != "track_compression"):
                ratio = mean_defined(np.asarray(METRICS[measure].compute(found), dtype=float))
                rows.append((change, measure, KNOWN[change], ratio))
        if change in [f"{speed:g} × speed" for speed in SPEEDS[:4]]:
            entropy[change] = METRICS["entropy_per_distance"].compute(found)
    rows += [(change, "entropy_per_distance", 1.0, found / entropy["1 × speed"]) for change, found in entropy.items()]
    if not map.is_track:  # and with no walls
        velocity = rng.standard_normal((4 * REPLAYS, STEPS + 1, 2)) * awake_step(awake) / np.sqrt(2)
        velocity[:, 1:] *= np.sqrt(1 - CORRELATION**2)
        found = recording(np.cumsum(lfilter([1], [1, -CORRELATION], velocity, axis=1), axis=1), binned=False)
        lags = 2 * AWAKE_WINDOW + np.subtract.outer(np.arange(AWAKE_WINDOW), np.arange(AWAKE_WINDOW))
        truth = awake_step(awake) / time_step * np.sqrt((CORRELATION**lags).mean())
        rows.append((LASTING, "progress_speed", 1.0, METRICS["progress_speed"].compute(found) / truth))
    far = np.linalg.norm(map.bins[:, None] - map.goals, axis=-1).min(1).argmax()
    for hazard in HAZARDS:
        when = 2 + rng.geometric(hazard, size=ARRIVALS)
        position = np.where((np.arange(STEPS + 1) >= when[:, None])[..., None], map.goals[0], map.bins[far])
        # A smoothed path arrives a step late, and the first two steps are the start's.
        truth = 1 / ((1 / hazard + 3) * time_step)
        ratio = METRICS["reach_hazard"].compute(recording(position)) / truth
        rows.append((f"hazard {hazard:g} per step", "reach_hazard", 1.0, ratio))
    return pd.DataFrame(rows, columns=["change", "measure", "expected", "ratio"]).assign(decoder="bins")


def calibration_table(environments: Iterable[xr.Dataset]) -> pd.DataFrame:
    """What measures say of changed states and of known paths, made from the held-out paths of environments.

    Args:
        environments: datasets of environments, each of one seed, so that no two need be in memory at once.

    Returns:
        Columns environment, seed, decoder, change, measure, expected and ratio.
    """
    tables = []
    for dataset in environments:
        name, seed = dataset.attrs["environment"], int(dataset.attrs["seed"])
        pool = to_pool(dataset, "test")
        pool = Pool(pool.position[:PATHS], pool.tracked[:PATHS])
        map, time_step = to_map(dataset), float(dataset["time_step"])
        tables += [
            found.assign(environment=name, seed=seed)
            for found in (calibration(pool, map, time_step, seed), path_rows(pool.position, map, time_step, seed))
        ]
    return pd.concat(tables, ignore_index=True)[[*AXES, "expected", "ratio"]]


def to_dataset(table: pd.DataFrame) -> xr.Dataset:
    """The same with the dimensions environment, seed, decoder, change and measure; NaN where nothing is measured."""
    dataset = table.set_index(AXES)[["ratio"]].to_xarray()
    expected = table.drop_duplicates(["change", "measure"]).set_index(["change", "measure"])["expected"]
    dataset["expected"] = expected.to_xarray().reindex_like(dataset[["change", "measure"]])
    dataset["ratio"].attrs.update(
        units="1", long_name="what is measured, over that of unchanged states, awake paths or the truth"
    )
    dataset["expected"].attrs.update(units="1", long_name="the same as it should be")
    for axis in AXES:
        dataset[axis].attrs.update(units="1", long_name=axis)
    return dataset
