"""The table of the measures of speed on states whose change of speed is known, for every environment and seed."""

import pandas as pd
import xarray as xr

from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.environments import Pool
from rnn_replay.measures.calibration import calibration

PATHS = 100  # held-out paths of each seed that are measured (our choice)
AXES = ["environment", "seed", "decoder", "change", "measure"]


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
