"""What an experimenter would see: each mechanism beside its twins and its baseline, and how many events tell them."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from rnn_replay.claims.predictions import MECHANISMS
from rnn_replay.figures.style import (
    BLUE,
    CONDITIONS,
    DOUBLE,
    GREY,
    LEAKS,
    LIGHT_GREY,
    PURPLE,
    VERMILLION,
    figure,
    panel_letter,
    title,
)
from rnn_replay.tables.selection import select

VIEW = "recorded"
LABELS = {
    "speed": "speed",
    "velocity_correlation_1": "velocity after 1 step",
    "velocity_correlation_2": "velocity after 2 steps",
    "velocity_correlation_5": "velocity after 5 steps",
    "straightness": "straightness",
    "time_to_hover": "time to next hover",
    "start_dependence": "dependence on the start",
    "occupancy_entropy": "exploration",
    "described_by_momentum": "described by momentum",
}
OWN = {"leakage": LEAKS["leaky"], "adaptation": CONDITIONS["adaptation"], "momentum": CONDITIONS["momentum"]}
TWINS = ((VERMILLION, "s"), (PURPLE, "^"), (BLUE, "D"))
OPEN = {"markersize": 3.5, "markerfacecolor": "white", "markeredgewidth": 0.9}
MANY = 999  # events, of which larger numbers are not told
COLUMN = 0.06  # share of a panel's width that a column of numbers takes, on its right, over the number of panels


def looks(rows: pd.DataFrame, mechanism: str) -> list[tuple[str, str, str]]:
    """Twins of a mechanism that rows have, each with its colour and marker."""
    styled = zip(MECHANISMS[mechanism][2], TWINS, strict=False)
    return [(twin, *look) for twin, look in styled if twin in set(rows["twin"])]


def draw_pairs(ax: Axes, rows: pd.DataFrame, mechanism: str, column: float) -> None:
    """Quantities from the top; how far mechanism and twins are from baseline; and numbers of events on the right.

    A number stands only where the interval over seeds leaves out that there is no difference. A column of numbers has a
    width in shares of the panel's.
    """
    twins = looks(rows, mechanism)
    ax.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    for y, quantity in enumerate(LABELS):
        of_one = select(rows, quantity=quantity).set_index("twin")
        unit = of_one["spread"].where(of_one["spread"] > 0)  # where all events are alike there is none
        shift = (of_one["mean_mechanism"] - of_one["mean_baseline"]) / unit
        ax.axhline(y, color=LIGHT_GREY, linewidth=0.4, zorder=0)
        ax.plot(shift.mean(), y, "o", color=OWN[mechanism], markersize=4.5, zorder=3)
        for place, (twin, colour, marker) in enumerate(twins):
            row = of_one.loc[twin]
            away = (row["mean_twin"] - row["mean_baseline"]) / unit[twin]
            ax.plot(away, y, marker, color=colour, zorder=4, **OPEN)
            told = row["low"] > 0 or row["high"] < 0
            number = (f"{row['events']:.0f}" if row["events"] < MANY else f">{MANY}") if told else "–"
            beside = {"transform": ax.get_yaxis_transform(), "fontsize": 5, "ha": "center", "va": "center"}
            ax.text(1 + column * (place + 0.7), y, number, **beside)
    for place, (_, colour, marker) in enumerate(twins):
        look = {"color": colour, "clip_on": False, "transform": ax.get_yaxis_transform()}
        ax.plot(1 + column * (place + 0.7), -0.75, marker, **look, **OPEN)
    middle = 1 + column * (len(twins) / 2 + 0.2)
    ax.text(middle, 1.09, "events to tell it from", transform=ax.transAxes, fontsize=5, ha="center", va="bottom")
    ax.set_ylim(len(LABELS) - 0.5, -0.5)
    ax.set_yticks(range(len(LABELS)), LABELS.values())
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.spines["left"].set_visible(False)


def draw_predictions(table: pd.DataFrame, environments: list[str], level: float) -> tuple[Figure, pd.DataFrame]:
    """Rows of panels for mechanisms, columns for environments.

    Args:
        table: of :func:`~rnn_replay.tables.predictions.predictions_table`.
        environments: names, in order.
        level: of the intervals that say where a number of events stands.

    Returns:
        The figure and the rows that it shows.
    """
    rows = select(table, view=VIEW)
    mechanisms = [name for name in MECHANISMS if name in set(rows["mechanism"])]
    fig = figure(DOUBLE, 0.5 + 2.5 * len(mechanisms), level)
    parts = fig.subfigures(len(mechanisms), 1, squeeze=False)[:, 0]
    for part, mechanism, letter in zip(parts, mechanisms, "abc", strict=False):
        axes = part.subplots(1, len(environments), sharey=True, squeeze=False)[0]
        of_mechanism = select(rows, mechanism=mechanism)
        for ax, name in zip(axes, environments, strict=True):
            draw_pairs(ax, select(of_mechanism, environment=name), mechanism, COLUMN * len(environments))
            ax.set_title(title(name), loc="left")
            ax.set_xlabel("From baseline (sd of single events)")
        twins = looks(of_mechanism, mechanism)
        handles = [Line2D([], [], color=GREY, linewidth=0.8)]
        handles.append(Line2D([], [], color=OWN[mechanism], marker="o", linestyle="none"))
        handles += [Line2D([], [], color=colour, marker=mark, linestyle="none", **OPEN) for _, colour, mark in twins]
        handles.append(Line2D([], [], linestyle="none"))
        labels = [MECHANISMS[mechanism][1], f"with {mechanism}", *(f"twin: {twin}" for twin, *_ in twins)]
        labels.append("–: no difference found")
        part.legend(handles, labels, loc="outside upper center", ncols=len(labels))
        panel_letter(axes[0], letter, offset=-20)
    return fig, rows.drop(columns="view")


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_predictions(inputs["predictions"], settings["environments"], settings["level"])
