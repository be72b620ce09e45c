"""Calibration: what measures say of paths and of states whose answer is known, beside that answer."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.figures.decoders import DECODERS
from rnn_replay.figures.style import (
    BLACK,
    DOUBLE,
    GREEN,
    GREY,
    LIGHT_GREY,
    PURPLE,
    SEEDS,
    SKY,
    VERMILLION,
    draw_seeds,
    figure,
    fit_to_seeds,
    logarithmic,
    panel_letter,
    title,
)
from rnn_replay.tables.known import EXPECTED, HAZARDS, LASTING, NOWHERE, SPEEDS
from rnn_replay.tables.selection import select, with_missing

WIDTH = 0.52  # over which the series of one change stand side by side
MEASURES = {
    "compression": ("net displacement", VERMILLION),
    "track_compression": ("along the track", SKY),
    "progress_compression": ("velocity of progress", BLACK),
}
RATIOS = {
    "reach_hazard": ("hazard of reaching", GREEN),
    "entropy_per_distance": ("exploration by distance", PURPLE),
    "progress_speed": ("velocity of progress", BLACK),
}
MULTIPLES = [f"{speed:g} × speed" for speed in SPEEDS]
# Of each row of panels: what its changes are, the column that tells its series apart, and those.
OF_DECODERS = {name: (name, colour) for name, colour in DECODERS.items()}
ROWS = {
    "Reading\n(× awake)": (MULTIPLES, "measure", MEASURES),
    "Reading\n(× awake)\n": (list(NOWHERE), "measure", MEASURES),
    "Progress\n(× unchanged)": (list(EXPECTED), "decoder", OF_DECODERS),
    "Reading\n(× truth)": ([*(f"hazard {h:g} per step" for h in HAZARDS), *MULTIPLES[:4], LASTING], "measure", RATIOS),
}


def draw_changes(ax: Axes, rows: pd.DataFrame, changes: list[str], key: str, series: dict) -> None:
    """Readings of changes side by side, and a line at what each should be."""
    changes = [change for change in changes if (rows["change"] == change).any()]
    expected = rows.drop_duplicates("change").set_index("change")["expected"].reindex(changes)
    for x, value in enumerate(expected):
        label = None if x else "as it should be"
        ax.hlines(value, x - 0.45, x + 0.45, color=GREY, linewidth=1.2, zorder=1, label=label, gid=SEEDS)
    shown = [name for name in series if (rows[key] == name).any()]
    for i, name in enumerate(shown):
        label, colour = series[name]
        found = {change: select(rows, change=change, **{key: name})["ratio"].to_numpy() for change in changes}
        places = [x + WIDTH * ((i + 0.5) / len(shown) - 0.5) for x, change in enumerate(changes) if len(found[change])]
        draw_seeds(ax, places, [each for each in found.values() if len(each)], colour, label, 0.1, connect=False)
    short = [change.removesuffix(" per step").removesuffix(" speed") for change in changes]
    ax.set_xticks(range(len(changes)), short, rotation=40, ha="right", rotation_mode="anchor")
    ax.grid(axis="y", color=LIGHT_GREY, linewidth=0.4)


def draw_calibration(table: pd.DataFrame, environments: list[str], level: float) -> tuple[Figure, pd.DataFrame]:
    """Rows of panels for speeds, paths that get nowhere, changed states and other measures; columns for environments.

    Args:
        table: columns environment, seed, decoder, change, measure, expected and ratio.
        environments: names, in order.
        level: of the intervals.

    Returns:
        The figure and the rows that it shows.
    """
    fig = figure(DOUBLE, 8.4, level)
    axes = fig.subplots(len(ROWS), len(environments), sharey="row", squeeze=False)
    drawn = []
    for c, name in enumerate(environments):
        for ax, (changes, key, series) in zip(axes[:, c], ROWS.values(), strict=True):
            rows = select(table, environment=name)
            rows = rows[rows["change"].isin(changes) & rows[key].isin(series)]
            if key == "decoder":
                rows = select(rows, measure="progress_compression")
            draw_changes(ax, rows, changes, key, series)
            drawn.append(with_missing(rows, "decoder", "measure", "change", column="ratio"))
        logarithmic(axes[0, c])
        axes[0, c].set_title(title(name))
    for r, label in enumerate(ROWS):
        axes[r, 0].set_ylabel(label.strip())
        panel_letter(axes[r, 0], "abcd"[r], offset=-20)
    fit_to_seeds(axes[1:].ravel(), margin=0.1)
    found = {}
    for ax in axes[:, -1]:
        found |= {label: handle for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    for ax in axes[:, 0]:
        found |= {label: handle for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    fig.legend(found.values(), found.keys(), loc="outside upper center", ncols=5)
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_calibration(inputs["calibration"], settings["environments"], settings["level"])
