"""The table of metrics over all environments, variants, sweep settings and seeds, tidy and as a dataset."""

import pandas as pd
import xarray as xr

from rnn_replay.measures import METRICS
from rnn_replay.model.settings import SETTING

DIVERGED = ("1", "share of replays that left the range of awake states; the other metrics leave these out")


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
