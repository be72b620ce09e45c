"""Learning with and without leakage under each mask: curves, and the error on held-out paths."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnn_replay.figures.style import DOUBLE, LEAKS, draw_seeds, figure, fit_to_seeds, logarithmic, panel_letter, title
from rnn_replay.tables.selection import by_setting, with_missing

# Iterations of the running mean that takes the scatter of single batches out; a short training has at least 20 of them.
WINDOW, SHARE = 25, 20
POINTS = 100  # points of a curve
# Panels end above the largest loss after the first iterations: at the start a network without leakage explodes.
SETTLED, CLEARANCE = 0.05, 2.0


def kind(leak: float) -> str:
    """What a leak is called: none, leaky or full."""
    return "none" if leak == 0 else "full" if leak == 1 else "leaky"


def running_mean(loss: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Iterations and the running mean of learning curves (seed, iteration) there; NaN at a curve's end is dropped."""
    loss = loss[:, np.isfinite(loss).any(0)]
    width = min(WINDOW, max(1, loss.shape[1] // SHARE))
    total = np.cumsum(np.concatenate([np.zeros((len(loss), 1)), loss], axis=1), axis=1)
    mean = (total[:, width:] - total[:, :-width]) / width
    kept = np.unique(np.linspace(0, mean.shape[1] - 1, POINTS).round().astype(int))
    return kept + width, mean[:, kept]


def draw_curves(ax: Axes, curves: xr.DataArray, networks: pd.DataFrame) -> pd.DataFrame:
    """Learning curves of one environment and mask: seeds as thin lines, their median as a thick one."""
    rows = []
    for leak, of_leak in networks.groupby("leak"):
        colour = LEAKS[kind(leak)]
        loss = curves.sel(variant=of_leak["variant"].iloc[0], seed=of_leak["seed"].to_numpy()).values
        iteration, mean = running_mean(loss)
        point = "o" if len(iteration) == 1 else ""  # no line can be seen of one point
        ax.plot(iteration, mean.T, point + "-", color=colour, linewidth=0.4, alpha=0.45, zorder=2)
        ax.plot(iteration, np.median(mean, axis=0), point + "-", color=colour, linewidth=1.3, zorder=3)
        for seed, curve in zip(of_leak["seed"], mean, strict=True):
            rows.append(pd.DataFrame({"leak": leak, "seed": seed, "iteration": iteration, "value": curve}))
    logarithmic(ax)
    return pd.concat(rows, ignore_index=True).assign(what="training loss")


def draw_errors(ax: Axes, networks: pd.DataFrame, masks: list[int]) -> pd.DataFrame:
    """Held-out error of one environment against the mask, seed by seed."""
    rows = networks[["leak", "mask_hidden", "seed", "test_error"]].rename(columns={"test_error": "value"})
    leaks = rows.groupby("leak")
    for i, (leak, of_leak) in enumerate(leaks):
        found, groups = by_setting(of_leak, "mask_hidden")
        places = np.searchsorted(masks, found) + 0.22 * (i - (len(leaks) - 1) / 2)
        draw_seeds(ax, places, groups, LEAKS[kind(leak)], spread=0.12, connect=False)
    logarithmic(ax)
    fit_to_seeds([ax])
    ax.set_xticks(range(len(masks)), [f"{mask}" for mask in masks])
    ax.set_xlim(-0.5, len(masks) - 0.5)
    return with_missing(rows, "leak", "mask_hidden").assign(what="held-out error")


def compared(networks: pd.DataFrame, pattern: str) -> pd.DataFrame:
    """Rows of networks whose name follows from their leak and mask, as in `leak{leak}_mask{mask_hidden}`."""
    settings = networks[["leak", "mask_hidden"]].itertuples(index=False)
    names = [pattern.format(leak=f"{leak:g}", mask_hidden=mask) for leak, mask in settings]
    return networks[networks["variant"].to_numpy() == np.array(names, dtype=object)]


def draw_row(
    axes: np.ndarray, networks: pd.DataFrame, loss: xr.DataArray, masks: list[int], unit: str
) -> list[pd.DataFrame]:
    """Panels of one environment: a learning curve for each mask, and held-out errors in the last panel."""
    drawn, top = [], 0.0
    for ax, mask in zip(axes, masks, strict=False):
        curves = draw_curves(ax, loss, networks[networks["mask_hidden"] == mask])
        settled = curves["iteration"] > SETTLED * curves["iteration"].max()
        top = max(top, CLEARANCE * curves.loc[settled, "value"].max())
        drawn.append(curves.assign(mask_hidden=mask))
        ax.set_title(f"{mask} steps hidden" if mask else "none hidden")
    for ax in axes[1 : len(masks)]:
        ax.sharey(axes[0])
        ax.tick_params(labelleft=False)
    axes[0].set_ylim(None, top)
    for ax in axes[len(masks) : -1]:
        ax.axis("off")
    drawn.append(draw_errors(axes[-1], networks, masks))
    axes[0].set_ylabel(f"Training loss ({unit})")
    axes[-1].set_ylabel(f"Held-out error ({unit})")
    return drawn


def draw_learning(
    networks: pd.DataFrame, curves: xr.Dataset, units: dict[str, str], pattern: str, level: float
) -> tuple[Figure, pd.DataFrame]:
    """Rows of panels for environments, columns for masks, and held-out errors last.

    Args:
        networks: tidy table of networks.
        curves: the same as a dataset with learning curves.
        units: of the squared tracked variable in each environment to show, in order.
        pattern: names of the networks to compare, with {leak} and {mask_hidden} in them.
        level: of the intervals.

    Returns:
        The figure and what is drawn: environment, what, mask_hidden, leak, seed, iteration, value, seeds_missing.

    Raises:
        ValueError: no network of one of the environments has such a name.
    """
    table = compared(networks, pattern)
    masks = {name: sorted(table.loc[table["environment"] == name, "mask_hidden"].unique()) for name in units}
    missing = [name for name in units if not masks[name]]
    if missing:
        raise ValueError(f"no network of '{missing[0]}' is named as in '{pattern}'; the figure of learning needs some")
    fig = figure(DOUBLE, 0.4 + 1.45 * len(units), level)
    axes = fig.subplots(len(units), max(map(len, masks.values())) + 1, squeeze=False)
    drawn = []
    for row, (name, unit) in zip(axes, units.items(), strict=True):
        of_environment = table[table["environment"] == name]
        tables = draw_row(row, of_environment, curves["loss"].sel(environment=name), masks[name], unit)
        row[0].set_ylabel(f"{title(name)}\n{row[0].get_ylabel()}")
        drawn += [part.assign(environment=name) for part in tables]
    for ax in axes[-1, : len(masks[name])]:
        ax.set_xlabel("Iteration")
    axes[-1, -1].set_xlabel("Steps hidden")
    leaks = table.groupby(table["leak"].map(kind))["leak"].unique()
    kinds = [name for name in LEAKS if name in leaks.index]
    labels = [rf"{name} ($\lambda_r$ = {', '.join(f'{x:g}' for x in sorted(leaks[name]))})" for name in kinds]
    handles = [Line2D([], [], color=LEAKS[name], linewidth=1.3) for name in kinds]
    fig.legend(handles, labels, title="Leakage", loc="outside upper center", ncols=len(handles))
    panel_letter(axes[0, 0], "a")
    panel_letter(axes[0, -1], "b")
    columns = ["environment", "what", "mask_hidden", "leak", "seed", "iteration", "value", "seeds_missing"]
    return fig, pd.concat(drawn, ignore_index=True)[columns]


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    units = ["m²" if environment["reads_position"] else "1" for environment in inputs["environments"]]
    units = dict(zip(settings["environments"], units, strict=True))
    return draw_learning(inputs["networks"], inputs["curves"], units, settings["leakage"], settings["level"])
