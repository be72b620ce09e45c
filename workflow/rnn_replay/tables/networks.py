"""The table of networks, tidy and as a dataset. Apart from that of metrics, so that no metric concerns it."""

import json

import pandas as pd
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.model.dynamics import TrainingParameters
from rnn_replay.model.settings import Variant

ERRORS = {  # with their units
    "test_error": "1",
    "test_position_error": "m",
    "test_error_unmasked": "1",
    "test_position_error_unmasked": "m",
    "extrapolation_error": "m",  # of the last velocity, which a network has to beat
}
# Training settings with a column: those that the paper's networks differ in, then all others of the update rule.
TRAINING = tuple(
    dict.fromkeys(("leak", "mask_hidden", "adaptation_strength", "nonlinearity", *TrainingParameters.model_fields))
)


def networks_table(datasets: list[xr.Dataset]) -> pd.DataFrame:
    """Tidy table of networks: environment, variant, its settings, seed, and errors on held-out paths.

    Where any of them has learned its leak, there is a column `learned_leak` too, its mean over units.
    """
    rows = []
    for dataset in datasets:
        settings = json.loads(dataset.attrs["recipe"])["settings"]
        rows.append(
            {"environment": dataset.attrs["environment"], "variant": dataset.attrs["name"]}
            | {key: settings.get(key, Variant.model_fields[key].default) for key in TRAINING}
            | {"seed": int(dataset.attrs["seed"])}
            | {key: float(dataset[key]) for key in ERRORS}
            | ({"learned_leak": float(dataset["learned_leak"].mean())} if "learned_leak" in dataset else {})
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
