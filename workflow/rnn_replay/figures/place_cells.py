"""The paper's figures on place cells: replays, adaptation, momentum, and both together."""

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure, SubFigure

from rnn_replay.figures.adaptation import draw_memory, draw_readings
from rnn_replay.figures.balance import draw_balance_row
from rnn_replay.figures.examples import Example, draw_pair, examples_of
from rnn_replay.figures.momentum import draw_speed
from rnn_replay.figures.panels import LABELS, Choice, choices, grafted_rows, momentum_rows, trained_rows
from rnn_replay.figures.style import DOUBLE, figure, panel_letter
from rnn_replay.figures.survival import draw_survival
from rnn_replay.tables.selection import select


def draw_one(
    fig: SubFigure, table: pd.DataFrame, name: str, choice: Choice, example: Example, metrics: xr.Dataset, decoder: str
) -> pd.DataFrame:
    """One environment; arguments as in :func:`draw_place_cells`."""
    parts = fig.subfigures(3, 1, height_ratios=[1, 1.25, 1.2])
    conditions = ("awake", *choice.settings)
    top, middle, bottom = (part.subplots(1, n) for part, n in zip(parts, (len(conditions), 4, 4), strict=True))
    drawn = [draw_pair(top, example, conditions, name)]
    at = select(table, decoder=decoder)
    overdamped = select(at, friction=1.0)
    grafted, trained = grafted_rows(overdamped, name, choice), trained_rows(overdamped, name, choice)
    drawn.append(draw_readings(middle[0], grafted, trained, choice.exploration))
    drawn.append(draw_memory(middle[1], grafted, trained))
    drawn.append(draw_speed(middle[2], momentum_rows(at, name, choice)))
    drawn.append(draw_survival(middle[3], metrics.sel(decoder=decoder), example.environment))
    parts[1].legend(*middle[1].get_legend_handles_labels(), loc="outside upper left", ncols=3)
    handles, labels = middle[3].get_legend_handles_labels()
    parts[1].legend(handles, labels, title=LABELS["friction"], loc="outside upper right", ncols=len(labels))
    drawn += draw_balance_row(bottom, grafted_rows(at, name, choice), choice)
    parts[2].legend(*bottom[3].get_legend_handles_labels(), loc="outside upper right", ncols=len(choice.settings))
    for letter, ax in zip("abcdefghi", (top[0], *middle, *bottom), strict=True):
        panel_letter(ax, letter)
    return pd.concat(drawn, ignore_index=True).assign(environment=name)


def draw_place_cells(
    table: pd.DataFrame,
    choices: dict[str, Choice],
    examples: dict[str, Example],
    metrics: dict[str, xr.Dataset],
    decoder: str,
    level: float,
) -> tuple[Figure, pd.DataFrame]:
    """Each environment below the other: examples on top, then adaptation and momentum, then maps over both.

    Args:
        table: tidy table of metrics.
        choices: what is drawn of each environment.
        examples: of one seed of each environment.
        metrics: of the sweep over friction of each environment, with one value for each replay.
        decoder: how positions are decoded for the plots.
        level: of the intervals.

    Returns:
        The figure and what it shows.
    """
    fig = figure(DOUBLE, 6.2 * len(choices), level)
    blocks = fig.subfigures(len(choices), 1, squeeze=False)[:, 0]
    drawn = [
        draw_one(block, table, name, choice, examples[name], metrics[name], decoder)
        for block, (name, choice) in zip(blocks, choices.items(), strict=True)
    ]
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    chosen, examples = choices(settings["claims"], settings["environments"]), examples_of(inputs, settings)
    arrivals = dict(zip(chosen, inputs["momentum"], strict=True))
    level = settings["claims"]["level"]
    return draw_place_cells(inputs["metrics"], chosen, examples, arrivals, settings["decoder"], level)
