"""What tells a mechanism from its twins in decoded replay, and how many events an experimenter needs to see it.

An event is one replay, seen in two ways: `simulated`, whole and as decoded; and `recorded`, as a laboratory might have
it: its first EVENT steps, with Gaussian decoding error, independent from step to step. All of that is our choice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from rnn_replay.artifacts.metrics import awake_paths, recordings
from rnn_replay.artifacts.netcdf import variable
from rnn_replay.claims.predictions import MECHANISMS
from rnn_replay.claims.statistics import over_seeds
from rnn_replay.measures import METRICS, Recording
from rnn_replay.measures.biology.path_models import MODELS, fit
from rnn_replay.measures.kinematics import until

EVENT = 50  # steps of a recorded event: 150 to 250 ms in bins of 3 to 5 ms
ERROR = 0.04  # median decoding error over the environment's size, as 8 cm in 2 m
RAYLEIGH = np.sqrt(2 * np.log(2))  # median distance of Gaussian errors in the plane, over their sd along one axis
POWER, LEVEL = 0.8, 0.05  # of a two-sided t test of two independent samples
DECODER = "readout"  # not rounded to bins, which a model of paths would take for noise
VIEWS = ("simulated", "recorded")
MOMENTUM = "described_by_momentum"
MEASURED = (
    *("speed", "velocity_correlation_1", "velocity_correlation_2", "velocity_correlation_5"),
    *("straightness", "time_to_hover", "start_dependence", "occupancy_entropy"),
)
UNITS = {name: METRICS[name].unit for name in MEASURED} | {MOMENTUM: "1"}


def as_recorded(recording: Recording) -> Recording:
    """The same events as a laboratory might have them."""
    shape, sd = recording.position[:, : EVENT + 1].shape, ERROR * recording.map.size / RAYLEIGH
    error = sd * recording.stream("decoding error").standard_normal(shape)
    similarity = recording.similarity[:, : EVENT + 1]
    return replace(recording, position=recording.position[:, : EVENT + 1] + error, similarity=similarity)


def events_of(recording: Recording) -> np.ndarray:
    """Every quantity of every event, shape (quantity, replay), in the order of UNITS; NaN where it has none."""
    values = [METRICS[name].measure(recording) for name in MEASURED]
    best = fit(recording.position, until(recording) - 1).best
    return np.stack([*values, np.where(best < 0, np.nan, best == MODELS.index("momentum"))])


def place_of(replays: xr.Dataset, setting: Mapping) -> int | None:
    """Place of the setting with these values in a sweep; None if there is none, or no single one."""
    same = np.ones(replays.sizes["setting"], dtype=bool)
    for name, wanted in setting.items():
        found = replays[name].values
        same &= np.isclose(found, wanted) if isinstance(wanted, float) else found == wanted
    return int(same.argmax()) if same.sum() == 1 else None


def events_dataset(
    sweeps: Iterable[xr.Dataset], environments: Mapping[int, xr.Dataset], sides: Mapping[str, Mapping]
) -> xr.Dataset:
    """Quantities of all events of one environment.

    Args:
        sweeps: datasets of replays, one after the other, so that no two need be in memory at once.
        environments: datasets of the environment by seed.
        sides: by name, the variant, sweep and setting of what is compared.

    Returns:
        `value` with the dimensions side, view, quantity, seed and replay; NaN where a side was not run.
    """
    values = {}
    for replays in sweeps:
        here = {key: replays.attrs[key] for key in ("variant", "sweep")}
        for name, side in sides.items():
            place = place_of(replays, side["setting"])
            if place is None or any(side[key] != value for key, value in here.items()):
                continue
            shape = (len(VIEWS), len(UNITS), len(environments), replays.sizes["replay"])
            values[name] = np.full(shape, np.nan)
            for i, (seed, environment) in enumerate(environments.items()):
                of_seed = replays.sel(seed=seed)
                kept = of_seed["diverged"].values[place] == 0
                if kept.any():
                    decoder = list(replays["decoder"].values).index(DECODER)
                    whole = recordings(of_seed, awake_paths(of_seed, environment), seed, place)[decoder]
                    for view, recording in enumerate((whole, as_recorded(whole))):
                        values[name][view, :, i, kept] = events_of(recording).T
    dims = {"side": list(values), "view": list(VIEWS), "quantity": list(UNITS), "seed": list(environments)}
    data = {name: variable(name, of_dim, "1", name) for name, of_dim in dims.items()}
    stacked = np.stack(list(values.values()))
    return xr.Dataset(data | {"value": variable("side view quantity seed replay", stacked, "1", "in its own unit")})


def power(effect: float, events: float) -> float:
    """Power of the t test with that many events of each side, for an effect in standard deviations of events."""
    freedom, shift = 2 * events - 2, effect * np.sqrt(events / 2)
    limit = stats.t.ppf(1 - LEVEL / 2, freedom)
    return float(stats.nct.sf(limit, freedom, shift) + stats.nct.cdf(-limit, freedom, shift))


def events_needed(effect: float) -> float:
    """Events of each side that tell an effect, in standard deviations of events, at POWER; infinite for none."""
    effect = abs(effect)
    if not effect > 0:
        return np.nan if np.isnan(effect) else np.inf
    # A test that knows the standard deviation needs no more.
    count = max(2.0, np.floor(2 * (stats.norm.ppf(1 - LEVEL / 2) + stats.norm.ppf(POWER)) ** 2 / effect**2))
    while power(effect, count) < POWER:
        count += 1
    return count


def compared(own: pd.DataFrame, twin: pd.DataFrame, level: float) -> dict[str, float]:
    """Difference of two sides' events (seed, replay) over seeds, and how many events tell it."""
    found = over_seeds(own.mean(axis=1) - twin.mean(axis=1), level)
    spread = np.sqrt(pd.concat([each.var(axis=1) for each in (own, twin)]).mean())
    effect = found.estimate / spread if spread > 0 else np.nan
    ends = {"difference": found.estimate, "low": found.low, "high": found.high}
    counts = {"seeds": found.seeds, "seeds_missing": found.seeds_missing}
    return ends | counts | {"spread": spread, "effect": effect, "events": events_needed(effect)}


def predictions_table(datasets: list[xr.Dataset], level: float) -> pd.DataFrame:
    """One row for each environment, view, mechanism, twin and quantity.

    Args:
        datasets: of :func:`events_dataset`.
        level: of the intervals.

    Returns:
        Means over seeds of the mechanism, its twin and the baseline; `difference`, mechanism minus twin, with its
        interval, paired over seeds; `spread`, the standard deviation of events within a seed; `effect`, the difference
        over it; and `events` of each side that tell the two at POWER, whatever the interval says.
    """
    rows = []
    for dataset in datasets:
        known = set(dataset["side"].values)
        pairs = [(m, own, base, twin) for m, (own, base, twins) in MECHANISMS.items() for twin in twins]
        pairs = [pair for pair in pairs if {pair[1], pair[3]} <= known]
        for (mechanism, *sides), view, quantity in product(pairs, VIEWS, UNITS):
            value = dataset["value"].sel(view=view, quantity=quantity)
            own, baseline, twin = (pd.DataFrame(value.sel(side=s).values if s in known else [[np.nan]]) for s in sides)
            row = {"environment": dataset.attrs["environment"], "view": view, "mechanism": mechanism, "twin": sides[2]}
            row |= {"quantity": quantity, "unit": UNITS[quantity]}
            named = {"mechanism": own, "twin": twin, "baseline": baseline}
            row |= {f"mean_{name}": events.mean(axis=1).mean() for name, events in named.items()}
            rows.append(row | compared(own, twin, level))
    return pd.DataFrame(rows)
