"""Panels of the share of replays that have not reached a goal yet, for several frictions and awake."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes

from rnn_replay.artifacts.environments import to_map
from rnn_replay.figures.style import CONDITIONS, t_interval
from rnn_replay.metrics.speed import first_reach
from rnn_replay.metrics.survival import kaplan_meier

FRICTIONS = (1.0, 0.8, 0.6, 0.4)  # shown where the sweep has them
DONE = 0.02  # the panel ends soon after the share that has not arrived is below this under every setting


def survival_curves(metrics: xr.Dataset, setting: int, time_step: float) -> np.ndarray:
    """Share of replays of one setting that have not arrived, shape (seed, time); NaN for a seed without replays.

    Args:
        metrics: of one sweep and decoder, with `reach_time` and `reached` of each replay.
        setting: number of the setting.
        time_step: seconds between steps.
    """
    reach_time = metrics["reach_time"].isel(setting=setting).values
    reached = metrics["reached"].isel(setting=setting).values
    horizon = round(float(np.nanmax(metrics["reach_time"].values)) / time_step)
    curves = np.full((len(reach_time), horizon + 1), np.nan)
    for seed, (time, arrived) in enumerate(zip(reach_time, reached, strict=True)):
        # Replays that diverged, or that started at a goal where behaviour rests, have no reach time.
        known = np.isfinite(time)
        if known.any():
            steps = np.round(time[known] / time_step).astype(int)
            curves[seed] = kaplan_meier(steps, arrived[known] == 1, horizon)
    return curves


def awake_curve(environment: xr.Dataset, horizon: int) -> np.ndarray:
    """The same of held-out awake paths, shape (time,), until they end."""
    position = environment["test_position"].values
    step, eligible = first_reach(position, to_map(environment))
    last = position.shape[1] - 1
    arrived = step[eligible] >= 0
    return kaplan_meier(np.where(arrived, step[eligible], last), arrived, min(horizon, last))


def draw_survival(ax: Axes, metrics: xr.Dataset, environment: xr.Dataset) -> pd.DataFrame:
    """Seeds as thin lines, their mean as a thick one with its 95 % t interval as a band.

    Args:
        ax: where to draw.
        metrics: of a sweep over friction, for one decoder.
        environment: dataset of the environment of one seed.

    Returns:
        What is drawn: friction (NaN awake), time, mean, low, high.
    """
    time_step = float(environment["time_step"])
    friction = metrics["friction"].values
    shown = [i for i in range(len(friction)) if np.isclose(friction[i], FRICTIONS).any()]
    colours = colormaps["viridis"](np.linspace(0, 0.85, len(shown)))
    rows = []
    for setting, colour in zip(shown, colours, strict=True):
        curves = survival_curves(metrics, setting, time_step)
        time = time_step * np.arange(curves.shape[1])
        mean, low, high = np.array([t_interval(at) for at in curves.T]).T
        ax.plot(time, curves.T, color=colour, linewidth=0.35, alpha=0.5, zorder=2)
        ax.plot(time, mean, color=colour, label=f"{friction[setting]:g}", zorder=3)
        ax.fill_between(time, low.clip(0, 1), high.clip(0, 1), color=colour, alpha=0.15, linewidth=0, zorder=1)
        rows.append(pd.DataFrame({"friction": friction[setting], "time": time, "mean": mean, "low": low, "high": high}))
    late = np.max([table["mean"].to_numpy() for table in rows], axis=0) > DONE
    end = time[min(late.nonzero()[0].max(initial=0) + len(time) // 20, len(time) - 1)]
    awake = awake_curve(environment, len(time) - 1)
    ax.plot(time[: len(awake)], awake, color=CONDITIONS["awake"], linestyle=(0, (2, 1.2)), label="awake", zorder=4)
    rows.append(pd.DataFrame({"time": time[: len(awake)], "mean": awake}))
    ax.set(xlim=(0, end), ylim=(0, 1.02), xlabel="Time (s)", ylabel="Share not at a goal yet")
    return pd.concat(rows, ignore_index=True).assign(what="survival")
