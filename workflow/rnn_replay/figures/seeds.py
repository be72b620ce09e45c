"""How many seeds: width of each primary claim's interval against the number of seeds."""

from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator

from rnn_replay.figures.style import (
    DOUBLE,
    GREY,
    environment_colours,
    figure,
    logarithmic,
    panel_letter,
    say_no_value,
    title,
)
from rnn_replay.tables.selection import select

COLUMNS = 4
COUNTS = (2, 4, 8, 16, 32)  # ticks of the number of seeds
FORETOLD = (0, (3, 1.5))
KINDS = ((GREY, "-"), ("white", FORETOLD))  # look of what is measured and what is foretold


def panel_title(claim: str, contrast: str) -> str:
    """Claim and contrast on lines that fit a panel."""
    return fill(f"{claim}: {contrast}", 20)


def unit_label(rows: pd.DataFrame) -> str:
    """Units of a panel, and whether widths are those of log ratios."""
    ratio = (rows["scale"] == "ratio").any()
    return "log ratio" if ratio else ", ".join(dict.fromkeys(rows["unit"].astype(str)))


def draw_seed_widths(table: pd.DataFrame, environments: list[str]) -> tuple[Figure, pd.DataFrame]:
    """One panel for each primary claim, colours for environments.

    Args:
        table: of primary rows: claim, environment, contrast, metric, unit, scale, seeds, width and foretold.
        environments: names, in order.

    Returns:
        The figure and the rows that it shows.
    """
    table = table.assign(panel=[panel_title(*row) for row in zip(table["claim"], table["contrast"], strict=True)])
    panels = list(dict.fromkeys(table["panel"]))
    lines = max(1, -(-len(panels) // COLUMNS))
    fig = figure(DOUBLE, 0.5 + 1.6 * lines)
    axes = fig.subplots(lines, COLUMNS, sharex=True, squeeze=False).ravel()
    colours = environment_colours(environments)
    for ax, panel in zip(axes, panels, strict=False):
        of_panel = select(table, panel=panel)
        for name in environments:
            rows = select(of_panel, environment=name).sort_values("seeds")
            known = ~rows["foretold"].astype(bool)
            last = known.sum() - 1
            ax.plot(rows["seeds"][known], rows["width"][known], "-o", color=colours[name])
            further = rows.iloc[max(last, 0) :]
            look = {"color": colours[name], "linestyle": FORETOLD, "marker": "o", "markerfacecolor": "white"}
            ax.plot(further["seeds"], further["width"], zorder=1, **look)
        if (of_panel["width"] > 0).any():
            logarithmic(ax, "xy")
        else:
            say_no_value(ax, "no value above 0")
            ax.set_yticks([])
        ax.xaxis.set_major_locator(FixedLocator(COUNTS))
        ax.set_title(panel)
        ax.set_ylabel(f"Interval width ({unit_label(of_panel)})")
    for ax in axes[len(panels) :]:
        ax.remove()
    for ax in axes[: len(panels)][-COLUMNS:]:
        ax.set_xlabel("Number of seeds")
        ax.tick_params(labelbottom=True)
    handles = [Line2D([], [], color=colours[name], marker="o") for name in environments]
    handles += [Line2D([], [], color=GREY, marker="o", markerfacecolor=face, linestyle=dash) for face, dash in KINDS]
    labels = [*map(title, environments), "measured", "foretold"]
    shown = len(labels) - (not table["foretold"].astype(bool).any())
    fig.legend(handles[:shown], labels[:shown], loc="outside upper center", ncols=shown)
    if not panels:
        fig.text(0.5, 0.4, "No intervals: each needs at least two seeds with a value.", ha="center")
    for letter, ax in zip("abcdefghijklmnop", axes[: len(panels)], strict=False):
        panel_letter(ax, letter, offset=-20)
    return fig, table


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_seed_widths(inputs["seeds"], settings["environments"])
