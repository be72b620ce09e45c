"""Speed and exploration over each sweep: friction, grafted adaptation, trained adaptation."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnn_replay.claims.contrasts import SPEED
from rnn_replay.figures.panels import (
    DOTTED,
    INVERSE,
    LABELS,
    Choice,
    choices,
    draw_against,
    draw_inverse,
    friction_axis,
    grafted_rows,
    momentum_rows,
    trained_rows,
)
from rnn_replay.figures.style import (
    DOUBLE,
    GREY,
    LIGHT_GREY,
    environment_colours,
    figure,
    fit_to_seeds,
    panel_letter,
    title,
)
from rnn_replay.tables.selection import select

METRICS = (SPEED, "occupancy_entropy", "spread")
SWEEPS = ("friction", "grafted", "trained")


def rows_of(table: pd.DataFrame, sweep: str, environment: str, choice: Choice) -> pd.DataFrame:
    """Rows of one sweep; those over adaptation without momentum."""
    if sweep == "friction":
        return momentum_rows(table, environment, choice)
    rows = grafted_rows(table, environment, choice) if sweep == "grafted" else trained_rows(table, environment, choice)
    return select(rows, friction=1.0)


def draw_sweeps(
    table: pd.DataFrame, choices: dict[str, Choice], decoder: str, level: float
) -> tuple[Figure, pd.DataFrame]:
    """Rows of panels for metrics, columns for the sweeps that were run, colours for environments.

    Args:
        table: tidy table of metrics.
        choices: what is drawn of each environment.
        decoder: how positions are decoded.
        level: of the intervals.

    Returns:
        The figure and the rows of the table that it shows.
    """
    run = [s for s in SWEEPS if any(len(rows_of(table, s, name, choice)) for name, choice in choices.items())]
    fig = figure(DOUBLE, 4.8, level)
    axes = fig.subplots(len(METRICS), len(run), sharey="row", sharex="col", squeeze=False)
    colours = environment_colours(list(choices))
    drawn = []
    for r, metric in enumerate(METRICS):
        for c, sweep in enumerate(run):
            ax = axes[r, c]
            if metric == SPEED:
                ax.axhline(1, color=LIGHT_GREY, linewidth=0.8, zorder=0)
            for environment, choice in choices.items():
                rows = select(rows_of(table, sweep, environment, choice), metric=metric, decoder=decoder)
                key = "friction" if sweep == "friction" else "adaptation_strength"
                colour = colours[environment]
                drawn.append(draw_against(ax, rows, key, colour, label=title(environment)))
                if metric == SPEED and sweep == "friction":
                    draw_inverse(ax, rows, colour)
            if r == len(METRICS) - 1:
                ax.set_xlabel(LABELS[sweep])
            if c == 0:
                ax.set_ylabel(LABELS[metric])
        fit_to_seeds(axes[r])
        panel_letter(axes[r, 0], "abc"[r], offset=-20)
    friction_axis(axes[-1, 0], pd.concat([rows_of(table, "friction", e, c) for e, c in choices.items()]))
    handles, labels = axes[0, 0].get_legend_handles_labels()
    line = Line2D([], [], color=GREY, linestyle=DOTTED, linewidth=0.9)
    fig.legend([*handles, line], [*labels, INVERSE], loc="outside upper center", ncols=len(choices) + 1)
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    chosen = choices(settings["claims"], settings["environments"])
    return draw_sweeps(inputs["metrics"], chosen, settings["decoder"], settings["claims"]["level"])
