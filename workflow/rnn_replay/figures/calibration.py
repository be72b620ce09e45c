"""Calibration: what the measures of speed say of states whose change of speed is known, under two decoders."""

import pandas as pd
from matplotlib.figure import Figure

from rnn_replay.figures.decoders import DECODERS
from rnn_replay.figures.style import (
    DOUBLE,
    GREY,
    LIGHT_GREY,
    SEEDS,
    draw_seeds,
    figure,
    fit_to_seeds,
    panel_letter,
    title,
)
from rnn_replay.tables.selection import select

MEASURES = {"compression": "Net displacement", "track_compression": "Along the track"}
WIDTH = 0.26  # between the decoders of one change


def draw_calibration(table: pd.DataFrame, environments: list[str], level: float) -> tuple[Figure, pd.DataFrame]:
    """Rows of panels for measures, columns for environments; a box has no measure along a track.

    Args:
        table: columns environment, seed, decoder, change, measure, expected and ratio.
        environments: names, in order.
        level: of the intervals.

    Returns:
        The figure and the rows that it shows.
    """
    fig = figure(DOUBLE, 4.4, level)
    axes = fig.subplots(len(MEASURES), len(environments), sharey=True, squeeze=False)
    drawn = []
    for c, name in enumerate(environments):
        for r, measure in enumerate(MEASURES):
            ax, rows = axes[r, c], select(table, environment=name, measure=measure)
            if rows.empty:
                ax.remove()
                continue
            expected = rows.drop_duplicates("change")[["change", "expected"]]
            for x, value in enumerate(expected["expected"]):
                ax.hlines(value, x - 0.45, x + 0.45, color=GREY, linewidth=1.2, zorder=1, gid=SEEDS)
            for i, (decoder, colour) in enumerate(DECODERS.items()):
                of_decoder = select(rows, decoder=decoder)
                groups = [select(of_decoder, change=change)["ratio"].to_numpy() for change in expected["change"]]
                places = [x + WIDTH * (i - 0.5) for x in range(len(groups))]
                draw_seeds(ax, places, groups, colour, decoder, spread=0.14, connect=False)
            ax.set_xticks(range(len(expected)), expected["change"], rotation=40, ha="right", rotation_mode="anchor")
            ax.grid(axis="y", color=LIGHT_GREY, linewidth=0.4)
            drawn.append(rows)
        axes[0, c].set_title(title(name))
    for letter, row, measure in zip("ab", axes, MEASURES.values(), strict=True):
        for ax in [ax for ax in row if ax.figure][:1]:  # the first that is left, where a box comes first
            ax.set_ylabel(f"{measure}\n(× unchanged)")
            ax.tick_params(labelleft=True)
            panel_letter(ax, letter, offset=-20)
    fit_to_seeds(fig.axes, margin=0.1)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    line = axes[0, 0].collections[0]
    fig.legend([*handles, line], [*labels, "as it should be"], loc="outside upper center", ncols=3)
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_calibration(inputs["calibration"], settings["environments"], settings["level"])
