"""Leakage and replay: distance of replay from awake behaviour under each mask, beside its null and its floor."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnn_replay.figures.learning import compared, kind
from rnn_replay.figures.panels import LABELS
from rnn_replay.figures.style import (
    DOUBLE,
    GREY,
    LEAKS,
    SEEDS,
    cut_intervals,
    draw_seeds,
    figure,
    fit_to_seeds,
    logarithmic,
    panel_letter,
    say_no_value,
    seed_values,
    title,
)
from rnn_replay.tables.selection import by_setting, select, with_missing

METRICS = ("wasserstein", "trajectory_wasserstein", "diverged")
NULL, FLOOR = (0, (4, 1.5)), (0, (1, 1.5))


def leakage_rows(table: pd.DataFrame, networks: pd.DataFrame, environment: str, decoder: str) -> pd.DataFrame:
    """Rows of the sweep `leakage` with the leak and mask of each network."""
    rows = select(table, environment=environment, sweep="leakage", decoder=decoder)
    keys = ["environment", "variant", "seed"]
    rows = rows.merge(networks[[*keys, "leak", "mask_hidden"]], on=keys, validate="many_to_one")
    return with_missing(rows, "leak", "mask_hidden", "metric")


def draw_masks(ax: Axes, rows: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One metric against the mask, for each leak; null and floor, where it has them, as lines."""
    shown = select(rows, metric=metric)
    masks, leaks = sorted(shown["mask_hidden"].unique()), sorted(shown["leak"].unique())
    for i, leak in enumerate(leaks):
        found, groups = by_setting(select(shown, leak=float(leak)), "mask_hidden")
        places = np.searchsorted(masks, found) + 0.22 * (i - (len(leaks) - 1) / 2)
        draw_seeds(ax, places, groups, LEAKS[kind(leak)], spread=0.12, connect=False)
    drawn = [shown]
    for suffix, dashes in (("null", NULL), ("floor", FLOOR)):
        line = select(rows, metric=f"{metric}_{suffix}")
        line = line[line["leak"].map(kind) == "leaky"]
        if len(line):
            mean = line.groupby("mask_hidden")["value"].mean().reindex(masks)
            places = np.arange(len(masks))
            ax.hlines(
                mean, places - 0.4, places + 0.4, color=GREY, linestyle=dashes, linewidth=0.9, zorder=1, gid=SEEDS
            )
            drawn.append(line)
    ax.set_xticks(range(len(masks)), [f"{mask}" for mask in masks])
    ax.set_xlim(-0.5, len(masks) - 0.5)
    if metric == "diverged":
        ax.set_ylim(-0.05, 1.05)
        cut_intervals(ax)
        if not len(seed_values(ax)):
            say_no_value(ax)
    else:
        logarithmic(ax)
        fit_to_seeds([ax])
    return pd.concat(drawn, ignore_index=True)


def draw_fidelity(
    table: pd.DataFrame, networks: pd.DataFrame, environments: list[str], decoder: str, pattern: str, level: float
) -> tuple[Figure, pd.DataFrame]:
    """Rows of panels for metrics, columns for environments.

    Args:
        table: tidy table of metrics.
        networks: tidy table of networks, which tells each variant's leak and mask.
        environments: names, in order.
        decoder: how positions are decoded.
        pattern: names of the networks to compare, with {leak} and {mask_hidden} in them.
        level: of the intervals.

    Returns:
        The figure and the rows that it shows.
    """
    fig = figure(DOUBLE, 4.6, level)
    axes = fig.subplots(len(METRICS), len(environments), squeeze=False)
    drawn = []
    networks = compared(networks, pattern)
    for c, name in enumerate(environments):
        rows = leakage_rows(table, networks, name, decoder)
        for r, metric in enumerate(METRICS):
            drawn.append(draw_masks(axes[r, c], rows, metric))
            axes[r, 0].set_ylabel(LABELS[metric])
        axes[0, c].set_title(title(name))
        axes[-1, c].set_xlabel("Steps hidden in training")
    leaks = [k for k in LEAKS if (networks["leak"].map(kind) == k).any()]
    handles = [Line2D([], [], color=LEAKS[k], marker="o", linestyle="none") for k in leaks]
    handles += [Line2D([], [], color=GREY, linestyle=dashes, linewidth=0.9) for dashes in (NULL, FLOOR)]
    labels = [{"none": "no leakage", "leaky": "leaky", "full": "full leakage"}[k] for k in leaks]
    labels += ["if replay stayed where it starts", "awake against awake"]
    fig.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    for letter, ax in zip("abc", axes[:, 0], strict=True):
        panel_letter(ax, letter, offset=-20)
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    chosen = [settings[name] for name in ("environments", "decoder", "leakage", "level")]
    return draw_fidelity(inputs["metrics"], inputs["networks"], *chosen)
