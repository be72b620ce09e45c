"""Tables over all environments, variants, sweep settings and seeds: tidy frames, and the same as datasets."""

import json

import pandas as pd
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.artifacts.settings import SETTING
from rnn_replay.metrics import METRICS

DIVERGED = ("1", "share of replays that left the range of awake states; the other metrics leave these out")
ERRORS = ("test_error", "test_position_error", "test_error_unmasked", "test_position_error_unmasked")
TRAINING = ("leak", "mask_hidden", "adaptation_strength", "nonlinearity")


def replay_rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Tidy rows of one artifact of metrics: one for each sweep setting, seed, decoder and metric.

    A metric that has one value per replay is averaged over the replays that did not diverge.
    """
    data = {}
    for name in METRICS:
        values = dataset[name]
        data[name] = values.mean("replay") if "replay" in values.dims else values
    data["diverged"] = dataset["diverged"].expand_dims(decoder=dataset["decoder"])
    # Settings are joined as columns below; here they would only repeat.
    frame = xr.Dataset(data).drop_vars(SETTING, errors="ignore").to_dataframe().reset_index()
    frame = frame.melt(["setting", "seed", "decoder"], var_name="metric", value_name="value")
    settings = dataset[list(SETTING)].to_dataframe()[list(SETTING)]
    frame = frame.join(settings, on="setting")
    for position, key in enumerate(("environment", "variant", "sweep")):
        frame.insert(position, key, dataset.attrs[key])
    frame["unit"] = [DIVERGED[0] if name == "diverged" else METRICS[name].unit for name in frame["metric"]]
    return frame


def metrics_table(datasets: list[xr.Dataset]) -> pd.DataFrame:
    """Tidy table of all metrics: environment, variant, sweep, setting and its values, seed, decoder, metric."""
    keys = ["environment", "variant", "sweep", "setting", *SETTING, "seed", "decoder", "metric", "unit", "value"]
    return pd.concat([replay_rows(dataset) for dataset in datasets], ignore_index=True)[keys]


def metrics_dataset(table: pd.DataFrame) -> xr.Dataset:
    """The table of metrics with the dimensions environment, variant, setting, seed and decoder.

    A setting is named `sweep/number`; cells of combinations that were not run are NaN.
    """
    table = table.assign(setting=table["sweep"] + "/" + table["setting"].astype(str))
    axes = ["environment", "variant", "setting", "seed", "decoder"]
    data = {}
    for name, rows in table.groupby("metric", sort=True):
        units, long_name = DIVERGED if name == "diverged" else (METRICS[name].unit, METRICS[name].meaning)
        data[name] = rows.set_index(axes)["value"].to_xarray().assign_attrs(units=units, long_name=long_name)
    for name, (units, long_name) in SETTING.items():
        values = table.drop_duplicates(["environment", "variant", "setting"])
        values = values.set_index(["environment", "variant", "setting"])[name].to_xarray()
        if values.dtype == object:
            values = values.fillna("")
        data[name] = values.assign_attrs(units=units, long_name=long_name)
    dataset = xr.Dataset(data)
    for axis in axes:
        dataset[axis].attrs.update(units="1", long_name=axis)
    return dataset


def networks_table(datasets: list[xr.Dataset]) -> pd.DataFrame:
    """Tidy table of networks: environment, variant, its settings, seed, and errors on held-out paths."""
    rows = []
    for dataset in datasets:
        settings = json.loads(dataset.attrs["recipe"])["settings"]
        rows.append(
            {"environment": dataset.attrs["environment"], "variant": dataset.attrs["name"]}
            | {key: settings[key] for key in TRAINING}
            | {"seed": int(dataset.attrs["seed"])}
            | {key: float(dataset[key]) for key in ERRORS}
        )
    return pd.DataFrame(rows)


def networks_dataset(table: pd.DataFrame, datasets: list[xr.Dataset]) -> xr.Dataset:
    """The table of networks and their learning curves, with the dimensions environment, variant, seed, iteration.

    Curves of different length are padded with NaN.
    """
    axes = ["environment", "variant", "seed"]
    dataset = table.set_index(axes)[list(ERRORS)].to_xarray()
    for name in ERRORS:
        dataset[name].attrs.update(datasets[0][name].attrs)
    curves = pd.DataFrame({tuple(table.loc[i, axes]): pd.Series(d["loss"].values) for i, d in enumerate(datasets)})
    stacked = curves.stack([0, 1, 2], future_stack=True)
    stacked.index.names = ["iteration", *axes]
    dataset["loss"] = stacked.to_xarray().transpose(*axes, "iteration").assign_attrs(datasets[0]["loss"].attrs)
    dataset["time_step"] = variable("", 1, "1", "iterations between points of the learning curve")
    for axis in (*axes, "iteration"):
        dataset[axis].attrs.update(units="1", long_name=axis)
    return dataset
