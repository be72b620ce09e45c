"""The same sweeps under two decoders side by side, so that no result rests on one of them."""

import pandas as pd
from matplotlib.figure import Figure

from rnn_replay.claims.contrasts import SPEED
from rnn_replay.figures.panels import LABELS, Choice, choices, draw_against, friction_axis, grafted_rows, momentum_rows
from rnn_replay.figures.style import (
    BLUE,
    DOUBLE,
    LIGHT_GREY,
    ORANGE,
    figure,
    fit_to_seeds,
    panel_letter,
    title,
)
from rnn_replay.tables.selection import select

DECODERS = {"template": BLUE, "readout": ORANGE}


def draw_decoders(table: pd.DataFrame, choices: dict[str, Choice], level: float) -> tuple[Figure, pd.DataFrame]:
    """One row for each environment: speed against friction and adaptation, exploration against adaptation.

    Args:
        table: tidy table of metrics.
        choices: what is drawn of each environment.
        level: of the intervals.

    Returns:
        The figure and the rows of the table that it shows.
    """
    fig = figure(DOUBLE, 0.4 + 1.4 * len(choices), level)
    axes = fig.subplots(len(choices), 3, squeeze=False)
    drawn = []
    for row, (name, choice) in zip(axes, choices.items(), strict=True):
        momentum = momentum_rows(table, name, choice)
        grafted = select(grafted_rows(table, name, choice), friction=1.0)
        panels = (
            (momentum, "friction", SPEED),
            (grafted, "adaptation_strength", SPEED),
            (grafted, "adaptation_strength", choice.exploration),
        )
        for ax, (rows, key, metric) in zip(row, panels, strict=True):
            if metric == SPEED:
                ax.axhline(1, color=LIGHT_GREY, linewidth=0.8, zorder=0)
            for decoder, colour in DECODERS.items():
                shown = select(rows, decoder=decoder, metric=metric)
                drawn.append(draw_against(ax, shown, key, colour, label=decoder))
            ax.set(xlabel=LABELS[key], ylabel=LABELS[metric])
            fit_to_seeds([ax])
        friction_axis(row[0], momentum)
        row[0].set_ylabel(f"{title(name)}\n{LABELS[SPEED]}")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, title="Decoder", loc="outside upper center", ncols=2)
    for letter, ax in zip("abc", axes[0], strict=True):
        panel_letter(ax, letter)
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    chosen = choices(settings["claims"], settings["environments"])
    return draw_decoders(inputs["metrics"], chosen, settings["claims"]["level"])
