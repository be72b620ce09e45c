"""Adaptation and momentum together: speed, exploration and fidelity over adaptation strength and friction."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from rnn_replay.claims.contrasts import FIDELITY, SPEED
from rnn_replay.figures.panels import LABELS, SHORT, Choice, choices, grafted_rows
from rnn_replay.figures.style import (
    CONDITIONS,
    DOUBLE,
    LIGHT_GREY,
    cut_intervals,
    figure,
    interval,
    panel_letter,
    say_no_value,
    title,
)
from rnn_replay.tables.selection import by_seed, select

# Which direction of a map's metric is which.
DIRECTION = dict.fromkeys(("entropy_per_distance", "occupancy_entropy", "spread"), "higher: explores more")
DIRECTION |= {SPEED: "higher: faster", FIDELITY: "lower: closer to awake"}


def draw_heat(ax: Axes, rows: pd.DataFrame, metric: str, choice: Choice) -> pd.DataFrame:
    """Mean over seeds of one metric for each adaptation strength and friction, with half the width of its interval.

    Yellow is what is better.

    Squares outline the four conditions that the other figures show.
    """
    rows = select(rows, metric=metric)
    strengths, frictions = np.sort(rows["adaptation_strength"].unique()), np.sort(rows["friction"].unique())[::-1]
    groups = rows.groupby(["friction", "adaptation_strength"])
    cells = {at: interval(ax, by_seed(group).to_numpy()) for at, group in groups}
    mean = np.array([[cells[f, b].estimate for b in strengths] for f in frictions])
    image = ax.imshow(mean, cmap="cividis_r" if metric == FIDELITY else "cividis", aspect="auto", origin="lower")
    for (i, j), value in np.ndenumerate(mean):
        half = cells[frictions[i], strengths[j]].high - value
        text = f"{value:.2f}" + (f"\n±{half:.2f}" if np.isfinite(half) else "") if np.isfinite(value) else "none"
        light = not np.isfinite(value) or np.mean(image.to_rgba(value)[:3]) > 0.5
        ax.text(j, i, text, ha="center", va="center", fontsize=5, color="black" if light else "white")
    bar = ax.get_figure().colorbar(image, ax=ax, aspect=25, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=5, length=1.5, pad=1)
    bar.locator = MaxNLocator(4)
    for condition, (strength, friction) in choice.settings.items():
        (j,), (i,) = np.nonzero(np.isclose(strengths, strength)), np.nonzero(np.isclose(frictions, friction))
        if len(i) and len(j):
            x, y = j[0] - 0.46, i[0] - 0.46
            look = {"fill": False, "edgecolor": CONDITIONS[condition], "linewidth": 1.6}
            ax.add_patch(Rectangle((x, y), 0.92, 0.92, **look))
    ax.set_xticks(range(len(strengths)), [f"{b:g}" for b in strengths])
    ax.set_yticks(range(len(frictions)), [f"{f:g}" for f in frictions])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(xlabel=LABELS["adaptation_strength"], ylabel=LABELS["friction"])
    ax.set_title(f"{SHORT[metric]}\n{DIRECTION[metric]}")
    return rows


def draw_trade_off(ax: Axes, rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Exploration against speed of the four conditions: seeds as points, means with intervals both ways."""
    drawn, shown = [], False
    for condition, (strength, friction) in choice.settings.items():
        at = select(rows, adaptation_strength=float(strength), friction=float(friction))
        pair = [select(at, metric=metric) for metric in (SPEED, choice.exploration)]
        x, y = map(by_seed, pair)
        shown = shown or bool((np.isfinite(x) & np.isfinite(y)).any())
        colour = CONDITIONS[condition]
        ax.plot(x, y, "o", color=colour, markersize=2.2, alpha=0.5, markeredgewidth=0)
        mean = [interval(ax, values) for values in (x, y)]
        errors = {f"{axis}err": at.high - at.estimate for axis, at in zip("xy", mean, strict=True)}
        look = {"color": colour, "fmt": "o", "markersize": 3.5, "elinewidth": 0.8, "capsize": 1.8}
        ax.errorbar(*(at.estimate for at in mean), **errors, **look, label=condition)
        drawn += [part.assign(condition=condition) for part in pair]
    ax.set(xlabel=SHORT[SPEED], ylabel=LABELS[choice.exploration])
    drawn = pd.concat(drawn, ignore_index=True)
    for metric, limits in ((SPEED, ax.set_xlim), (choice.exploration, ax.set_ylim)):
        values = select(drawn, metric=metric)["value"].dropna()
        if len(values):
            pad = 0.2 * (values.max() - values.min() or 1)
            limits(values.min() - pad, values.max() + pad)
    if shown:
        ax.axvline(1, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    else:
        say_no_value(ax)
        ax.set(xticks=[], yticks=[])
    cut_intervals(ax)
    return drawn


def draw_balance(
    table: pd.DataFrame, choices: dict[str, Choice], decoder: str, level: float
) -> tuple[Figure, pd.DataFrame]:
    """One row for each environment: three maps over grafted adaptation and friction, and the trade-off.

    Args:
        table: tidy table of metrics.
        choices: what is drawn of each environment.
        decoder: how positions are decoded.
        level: of the intervals.

    Returns:
        The figure and the rows of the table that it shows.
    """
    fig = figure(DOUBLE, 0.3 + 1.75 * len(choices), level)
    axes = fig.subplots(len(choices), 4, squeeze=False)
    drawn = []
    for row, (name, choice) in zip(axes, choices.items(), strict=True):
        rows = select(grafted_rows(table, name, choice), decoder=decoder)
        drawn += draw_balance_row(row, rows, choice)
        row[0].set_ylabel(f"{title(name)}\n{LABELS['friction']}")
    for letter, ax in zip("abcd", axes[0], strict=True):
        panel_letter(ax, letter)
    handles, labels = axes[0, 3].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper right", ncols=4)
    return fig, pd.concat(drawn, ignore_index=True)


def draw_balance_row(axes: np.ndarray, rows: pd.DataFrame, choice: Choice) -> list[pd.DataFrame]:
    """Maps of speed, exploration and fidelity, and the trade-off, of one environment on four panels."""
    metrics = (SPEED, choice.exploration, FIDELITY)
    drawn = [draw_heat(ax, rows, metric, choice) for ax, metric in zip(axes[:3], metrics, strict=True)]
    drawn.append(draw_trade_off(axes[3], rows, choice))
    return drawn


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    chosen = choices(settings["claims"], settings["environments"])
    return draw_balance(inputs["metrics"], chosen, settings["decoder"], settings["claims"]["level"])
