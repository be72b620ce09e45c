"""Adaptation: example replays, exploration, memory and speed, grafted and trained."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.claims.contrasts import SPEED
from rnn_replay.figures.examples import Example, draw_pair, examples_of
from rnn_replay.figures.panels import LABELS, Choice, choices, draw_against, grafted_rows, trained_rows
from rnn_replay.figures.style import BLUE, CONDITIONS, DOUBLE, GREY, LIGHT_GREY, figure, fit_to_seeds, panel_letter
from rnn_replay.tables.selection import select

MEMORY = "memory_gain_15"
GIVEN = "memory_gain_given_adaptation_15"
READINGS = {"grafted": CONDITIONS["adaptation"], "trained": BLUE}


def draw_readings(ax: Axes, grafted: pd.DataFrame, trained: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One metric against adaptation strength, for adaptation grafted onto the network and trained with it."""
    drawn = []
    if metric == SPEED:
        ax.axhline(1, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    for (reading, colour), rows in zip(READINGS.items(), (grafted, trained), strict=True):
        drawn.append(draw_against(ax, select(rows, metric=metric), "adaptation_strength", colour, reading))
    ax.set_xlabel(LABELS["adaptation_strength"])
    ax.set_ylabel(LABELS[metric])
    fit_to_seeds([ax])
    return pd.concat(drawn, ignore_index=True)


def draw_memory(ax: Axes, grafted: pd.DataFrame, trained: pd.DataFrame) -> pd.DataFrame:
    """Memory beyond the state, and what is left of it once adaptation is given too (open, grey)."""
    drawn = []
    ax.axhline(0, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    for rows, label in ((grafted, r"given $a_t$ too"), (trained, None)):
        given = select(rows, metric=GIVEN)
        drawn.append(draw_against(ax, given, "adaptation_strength", GREY, label, marker="s"))
    drawn.append(draw_readings(ax, grafted, trained, MEMORY))
    return pd.concat(drawn, ignore_index=True)


def draw_adaptation(
    table: pd.DataFrame, choices: dict[str, Choice], examples: dict[str, Example], decoder: str, level: float
) -> tuple[Figure, pd.DataFrame]:
    """One row for each environment: baseline, adaptation, exploration, memory, speed.

    Args:
        table: tidy table of metrics.
        choices: what is drawn of each environment.
        examples: of one seed of each environment.
        decoder: how positions are decoded for the plots.
        level: of the intervals.

    Returns:
        The figure and what it shows.
    """
    fig = figure(DOUBLE, 0.3 + 1.45 * len(choices), level)
    axes = fig.subplots(len(choices), 5, squeeze=False, width_ratios=[1, 1, 1.2, 1.2, 1.2])
    drawn = []
    for row, (name, choice) in zip(axes, choices.items(), strict=True):
        tables = [draw_pair(row[:2], examples[name], ("baseline", "adaptation"), name)]
        shown = {"decoder": decoder, "friction": 1.0}
        grafted = select(grafted_rows(table, name, choice), **shown)
        trained = select(trained_rows(table, name, choice), **shown)
        tables.append(draw_readings(row[2], grafted, trained, choice.exploration))
        tables.append(draw_memory(row[3], grafted, trained))
        tables.append(draw_readings(row[4], grafted, trained, SPEED))
        drawn += [part.assign(environment=name) for part in tables]
    handles, labels = axes[0, 3].get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda i: labels[i].startswith("given"))
    fig.legend([handles[i] for i in order], [labels[i] for i in order], loc="outside upper right", ncols=len(labels))
    for letter, ax in zip("abcd", axes[0, [0, 2, 3, 4]], strict=True):
        panel_letter(ax, letter, level=axes[0, 4])
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    chosen, examples = choices(settings["claims"], settings["environments"]), examples_of(inputs, settings)
    return draw_adaptation(inputs["metrics"], chosen, examples, settings["decoder"], settings["claims"]["level"])
