"""Which negative controls read as well as replay: a metric that one passes cannot be primary."""

import numpy as np
import pandas as pd
import xarray as xr

CONTROLS = ("white noise", "AR noise", "untrained", "shuffled", "wrong map", "uniform")
MEMORY = "memory_gain_15"  # the one metric of hidden states; controls of decoded positions do not concern it
# Metrics that could be a claim's primary one, and whether more of them or less is what a claim expects of good replay.
BETTER = {
    "wasserstein": "less",
    "trajectory_wasserstein": "less",
    "gated_trajectory_wasserstein": "less",
    "off_manifold": "less",
    "off_track": "less",
    "compression": "more",
    "track_compression": "more",
    "progress_speed": "more",
    "progress_compression": "more",
    "reach_time": "less",
    "reached": "more",
    "reach_hazard": "more",
    "occupancy_entropy": "more",
    "regions_visited": "more",
    "transitions": "more",
    "entropy_per_distance": "more",
    "spread": "more",
    MEMORY: "more",
}
COLUMNS = ["environment", "decoder", "metric", "control", "better", "value", "replay", "passes"]
MARGIN = 0.1  # share of replay's value by which a control may be worse and still reads as well (our choice)


def controls_table(datasets: list[xr.Dataset]) -> pd.DataFrame:
    """What each control reads, mean of seeds, beside replay.

    Returns:
        Columns environment, decoder, metric, control, better, value, replay and passes: whether the control reads as
        well as replay, or up to MARGIN worse. A control that leaves a metric undefined does not. No rows where no
        environment has controls.
    """
    if not datasets:
        return pd.DataFrame(columns=COLUMNS)
    frames = []
    for dataset in datasets:
        mean = dataset["value"].mean("seed").to_series().unstack("control")
        replay_value = mean.pop("replay")
        frame = mean.stack(future_stack=True).rename("value").reset_index()
        frame["replay"] = replay_value.loc[pd.MultiIndex.from_frame(frame[["decoder", "metric"]])].to_numpy()
        frame.insert(0, "environment", dataset.attrs["environment"])
        frames.append(frame)
    table = pd.concat(frames, ignore_index=True)
    table.insert(4, "better", table["metric"].map(BETTER))
    sign = np.where(table["better"] == "more", 1, -1)
    slack = MARGIN * table["replay"].abs()
    # Where replay itself has no value, any control that has one reads better.
    gap = np.where(table["replay"].isna(), np.inf, sign * (table["value"] - table["replay"]) + slack)
    table["passes"] = table["value"].notna() & (gap >= 0)
    return table


def gate(table: pd.DataFrame, metric: str, environment: str, decoder: str) -> list[str]:
    """Names of the controls that read as well as replay; a metric that has any cannot be primary there.

    Raises:
        KeyError: the metric is not among those that controls were measured by.
    """
    if metric not in BETTER:
        raise KeyError(f"metric '{metric}' has no controls; allowed: {', '.join(BETTER)}")
    rows = table[(table["metric"] == metric) & (table["environment"] == environment) & (table["decoder"] == decoder)]
    return list(rows.loc[rows["passes"], "control"])
