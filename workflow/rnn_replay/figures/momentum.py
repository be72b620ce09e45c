"""Momentum: example replays, speed against friction, and arrival at a goal as survival."""

import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.claims.contrasts import SPEED
from rnn_replay.figures.examples import Example, draw_pair, examples_of
from rnn_replay.figures.panels import (
    INVERSE,
    LABELS,
    Choice,
    choices,
    draw_against,
    draw_inverse,
    friction_axis,
    momentum_rows,
)
from rnn_replay.figures.style import CONDITIONS, DOUBLE, LIGHT_GREY, figure, fit_to_seeds, panel_letter
from rnn_replay.figures.survival import draw_survival
from rnn_replay.tables.selection import select


def draw_speed(ax: Axes, rows: pd.DataFrame) -> pd.DataFrame:
    """Speed against friction with the line that speed over friction would follow."""
    rows = select(rows, metric=SPEED)
    ax.axhline(1, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    draw_against(ax, rows, "friction", CONDITIONS["momentum"])
    draw_inverse(ax, rows, label=INVERSE)
    friction_axis(ax, rows)
    fit_to_seeds([ax])
    ax.set_ylabel(LABELS[SPEED])
    # Above the panel, where no curve runs through it.
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)
    return rows


def draw_momentum(
    table: pd.DataFrame,
    choices: dict[str, Choice],
    examples: dict[str, Example],
    metrics: dict[str, xr.Dataset],
    decoder: str,
    level: float,
) -> tuple[Figure, pd.DataFrame]:
    """One row for each environment: baseline, momentum, speed, survival.

    Args:
        table: tidy table of metrics.
        choices: what is drawn of each environment.
        examples: of one seed of each environment.
        metrics: of the sweep over friction of each environment, with one value for each replay.
        decoder: how positions are decoded for the two plots.
        level: of the intervals.

    Returns:
        The figure and what it shows.
    """
    fig = figure(DOUBLE, 0.6 + 1.65 * len(choices), level)
    axes = fig.subplots(len(choices), 4, squeeze=False, width_ratios=[1, 1, 1.25, 1.25])
    drawn = []
    for row, (name, choice) in zip(axes, choices.items(), strict=True):
        tables = [draw_pair(row[:2], examples[name], ("baseline", "momentum"), name)]
        rows = select(momentum_rows(table, name, choice), decoder=decoder)
        tables.append(draw_speed(row[2], rows))
        tables.append(draw_survival(row[3], metrics[name].sel(decoder=decoder), examples[name].environment))
        drawn += [part.assign(environment=name) for part in tables]
    handles, labels = axes[0, 3].get_legend_handles_labels()
    # Above the panels, since curves run everywhere in the third.
    fig.legend(handles, labels, title=LABELS["friction"], loc="outside upper right", ncols=len(labels))
    for letter, ax in zip("abc", axes[0, [0, 2, 3]], strict=True):
        panel_letter(ax, letter, level=axes[0, 3])
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    chosen, examples = choices(settings["claims"], settings["environments"]), examples_of(inputs, settings)
    arrivals = dict(zip(chosen, inputs["momentum"], strict=True))
    level = settings["claims"]["level"]
    return draw_momentum(inputs["metrics"], chosen, examples, arrivals, settings["decoder"], level)
