"""Intervals of replay beside those of each laboratory, by its own convention, where that is fair or partly so."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.figures.style import (
    CONDITIONS,
    DOUBLE,
    GREY,
    LIGHT_GREY,
    ORANGE,
    SKY,
    cut_intervals,
    environment_colours,
    figure,
    panel_letter,
    title,
)
from rnn_replay.tables.selection import select

# Metrics of the panels, their titles, and their axes.
PANELS = {
    "exponent_stella": ("Stella et al.\nplane, lags 1 to 10", "Exponent\n(RMS; Brownian 0.5)"),
    "exponent_krause": ("Krause & Drugowitsch\nplane, lags 1 to 30", "Exponent\n(RMS; Brownian 0.5)"),
    "exponent_ji": ("Ji et al.\ntrack, lags 1 to 19", "Exponent\n(mean |·|; Brownian 0.5)"),
    "share_momentum_unmixed": ("Krause & Drugowitsch\nmomentum, corrected", "Share of paths\n(1)"),
}
# Rows of a laboratory, by what of the animal's life they are of, and those of the networks.
THEIRS = {
    "sleep": ("sleep",),
    "awake, ripples": ("awake", "ripples"),
    "running": ("running",),
    "shuffled": ("awake, shuffled",),
    "simulated diffusion": ("simulated diffusion",),
}
OURS = ("behaviour", *CONDITIONS)
FLOORS = {"shuffled": "x", "diffusion": "d"}  # of the baseline, with their markers
BANDS = {"sleep": SKY, "awake, ripples": ORANGE}
NAMES = {"behaviour": "true paths", "shuffled": "baseline, shuffled", "diffusion": "diffusion like baseline"}
GAP = 1.0  # rows between theirs and ours
SPREAD = 0.5  # rows over which environments are laid side by side


def draw_laboratory(
    ax: Axes, held: pd.DataFrame, metric: str, rows: dict[str, float], names: list[str]
) -> pd.DataFrame:
    """One panel: published ranges above, replay of each environment below.

    Args:
        ax: where to draw.
        held: of one decoder; published values and measures of replay.
        metric: of the panel.
        rows: height of each row by name.
        names: of all environments, for their colours.
    """
    fair = held[held["fair"] != "unfair"]
    theirs = fair[fair["metric"].isin([metric, *(f"{metric}_{floor}" for floor in FLOORS)])]
    for name, wheres in THEIRS.items():
        for row in theirs[theirs["where"].isin(wheres)].drop_duplicates("where").itertuples():
            span = (row.published_low, row.published_high)
            ax.plot(span, [rows[name]] * 2, "-|", color=GREY, linewidth=2, markersize=5, solid_capstyle="butt")
            if name in BANDS:
                if span[1] > span[0]:
                    ax.axvspan(*span, color=BANDS[name], alpha=0.18, linewidth=0, zorder=0)
                else:
                    ax.axvline(span[0], color=BANDS[name], linewidth=0.8, zorder=0)
    ours = select(fair, metric=metric).drop_duplicates(["environment", "condition"])
    shown = [name for name in names if name in set(ours["environment"])]
    shifts = np.linspace(-SPREAD / 2, SPREAD / 2, len(shown)) if len(shown) > 1 else [0.0]
    for name, shift in zip(shown, shifts, strict=True):
        colour, of_one = environment_colours(names)[name], select(ours, environment=name)
        for row in of_one[of_one["condition"].isin(OURS)].itertuples():
            y = rows[row.condition] - shift
            ends = [[row.estimate - row.low], [row.high - row.estimate]]
            ax.errorbar(row.estimate, y, xerr=ends, fmt="o", color=colour, markersize=3, elinewidth=1, capsize=1.5)
            if row.condition == "baseline":
                for floor, mark in FLOORS.items():
                    ax.plot(getattr(row, floor), rows[f"baseline {floor}"] - shift, mark, color=colour, markersize=3.5)
    if metric.startswith("exponent"):
        ax.axvline(0.5, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    ax.set_title(PANELS[metric][0], fontsize=6)
    ax.set_xlabel(PANELS[metric][1])
    ax.set_xlim(-0.12, 1.12)
    ax.set_xticks([0, 0.5, 1])
    cut_intervals(ax)
    return pd.concat([theirs.drop_duplicates(["metric", "where"]), ours]).drop_duplicates()


def draw_animals(held: pd.DataFrame, decoder: str) -> tuple[Figure, pd.DataFrame]:
    """A panel for each laboratory's measure that has a fair or partly fair partner.

    Args:
        held: table of :func:`~rnn_replay.questions.biology.biology_comparison`.
        decoder: how positions are decoded; true paths have none.

    Returns:
        The figure and the rows that it shows.
    """
    held = held[held["decoder"].isin([decoder, "none"])]
    fair = held[held["fair"] != "unfair"]
    names = list(dict.fromkeys(fair["environment"]))
    metrics = [metric for metric in PANELS if metric in set(fair["metric"])]
    order = [*THEIRS, *OURS, *(f"baseline {floor}" for floor in FLOORS)]
    rows = {name: -place - (GAP if place >= len(THEIRS) else 0) for place, name in enumerate(order)}
    fig = figure(DOUBLE, 3.4)
    if not metrics:
        fig.text(0.5, 0.5, "No environment of this run has a fair partner.", ha="center")
        return fig, fair
    axes = fig.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
    drawn = [draw_laboratory(ax, held, metric, rows, names) for ax, metric in zip(axes, metrics, strict=True)]
    ticks = [f"{name} (published)" for name in THEIRS] + [NAMES.get(name, name) for name in (*OURS, *FLOORS)]
    axes[0].set_yticks(list(rows.values()), ticks)
    colours = environment_colours(names)
    for name in names:
        axes[0].plot([], [], "o", color=colours[name], markersize=3, label=title(name))
    fig.legend(loc="outside upper right", ncols=len(names))
    for letter, ax in zip("abcd", axes, strict=False):
        panel_letter(ax, letter, offset=-4)
        ax.tick_params(axis="y", length=0)
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_animals(inputs["biology"], settings["decoder"])
