"""The specification curve of a claim: its readings by effect, and below which choices they are."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from rnn_replay.figures.style import BLACK, BLUE, DOUBLE, GREY, LIGHT_GREY, ORANGE, VERMILLION, figure, title
from rnn_replay.readings.design import MEASURING
from rnn_replay.readings.table import KNOWN, LOST

COLOURS = {"supported": BLUE, "contradicted": VERMILLION, "undecided": GREY, LOST: GREY}
INTERVALS = 150  # readings whose intervals are drawn, evenly by rank
BINS = 40  # of ranks in the dashboard
MARKS = ("D", "o", "s", "^", "v", "P")
BAND = "#F3E3B3"  # of the null hypothesis


def options_shown(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Axes that vary, with their options, in the order of the configuration."""
    axes = [name for name in rows if name not in (*KNOWN, "rank", "null_low", "null_high")]
    varied = [axis for axis in [*axes, *MEASURING] if axis in rows and rows[axis].nunique() > 1]
    return [(axis, option) for axis in dict.fromkeys(varied) for option in ordered(rows[axis])]


def ordered(values: pd.Series) -> list[str]:
    """Distinct options: numbers from low to high, others as they come."""
    found = list(dict.fromkeys(values))
    try:
        return sorted(found, key=float)
    except ValueError:
        return found


def draw_curve(ax: Axes, rows: pd.DataFrame, anchors: pd.DataFrame, marks: dict[str, str]) -> None:
    """Effects by rank with some intervals, the null band, what is off the manifold, and anchored readings."""
    kept = rows[rows["verdict"] != LOST]
    ax.fill_between(kept["rank"], kept["null_low"], kept["null_high"], color=BAND, linewidth=0)
    if len(kept) < len(rows):
        ax.axvspan(len(kept) - 0.5, len(rows) - 0.5, color=LIGHT_GREY, alpha=0.6, linewidth=0)
    some = rows.iloc[np.unique(np.linspace(0, len(rows) - 1, INTERVALS).astype(int))].dropna(subset=["low"])
    ends = np.stack([some[["rank", "low"]], some[["rank", "high"]]], axis=1).astype(float)
    ax.add_collection(LineCollection(ends, colors=[COLOURS[v] for v in some["verdict"]], linewidths=0.4, alpha=0.7))
    ax.plot(kept["rank"], kept["effect"], color=BLACK, linewidth=1.2)
    ax.plot(rows["rank"][len(kept) :], rows["effect"][len(kept) :], color=GREY, linewidth=1.2)
    ax.axhline(0, color=GREY, linewidth=0.5)
    for anchor in anchors.itertuples():
        place = np.searchsorted(kept["effect"], anchor.effect)
        look = {"markersize": 5, "markeredgecolor": BLACK, "markeredgewidth": 0.6, "clip_on": False, "zorder": 5}
        face = "white" if anchor.verdict == LOST else ORANGE
        ax.plot(place, anchor.effect, marks[anchor.anchor], markerfacecolor=face, **look)
    high = np.nanmax(np.abs(np.concatenate([rows["effect"], anchors["effect"]])), initial=0.05)
    ax.set(xlim=(-0.5, len(rows) - 0.5), ylim=(-1.25 * high, 1.25 * high))
    ax.tick_params(labelbottom=False)


def in_words(option: str | float) -> str:
    """An option as a label."""
    return (option.replace("_", " ") or "none") if isinstance(option, str) else f"{option:g}"


def draw_dashboard(ax: Axes, rows: pd.DataFrame, options: list[tuple[str, str]]) -> None:
    """How common each option is among readings of about a rank, over how common it is in all: dark where more."""
    edges = np.unique(np.linspace(0, len(rows), min(BINS, len(rows)) + 1).astype(int))
    shade = np.zeros((len(options), len(edges) - 1))
    for place, (axis, option) in enumerate(options):
        chosen = (rows[axis] == option).to_numpy(float)
        local = np.add.reduceat(chosen, edges[:-1]) / np.diff(edges)
        shade[place] = local / (local + max(chosen.mean(), 1e-9))  # ½: as common as in all
    ax.pcolormesh(edges - 0.5, np.arange(len(options) + 1) - 0.5, shade, cmap="Greys", vmin=0.1, vmax=0.9)
    for place in range(1, len(options)):
        if options[place][0] != options[place - 1][0]:
            ax.axhline(place - 0.5, color=BLACK, linewidth=0.5)
    ax.set(xlim=(-0.5, len(rows) - 0.5), ylim=(len(options) - 0.5, -0.5), xlabel="Reading (rank)")
    ax.tick_params(axis="y", length=0)


def draw_curves(table: pd.DataFrame, environments: list[str], claim: str) -> tuple[Figure, pd.DataFrame]:
    """A column for each environment: the curve above, the dashboard of choices below.

    Args:
        table: of readings, see :func:`~rnn_replay.readings.table.readings_tables`.
        environments: names, in order.
        claim: which.

    Returns:
        The figure and what it shows of each reading.
    """
    table = table[(table["claim"] == claim) & table["environment"].isin(environments)]
    own = table[table["rank"].notna()].sort_values("rank")
    anchors = table[table["anchor"] != ""]
    options = options_shown(table[table["rank"].notna()])  # in the order of the table
    fig = figure(DOUBLE, min(2.2 + 0.105 * len(options), 8.8))
    heights = {"height_ratios": [1.5, 0.105 * len(options)]}
    axes = fig.subplots(2, len(environments), sharex="col", squeeze=False, gridspec_kw=heights)
    marks = dict(zip(dict.fromkeys(anchors["anchor"]), MARKS, strict=False))
    for (above, below), name in zip(axes.T, environments, strict=True):
        rows = own[own["environment"] == name]
        above.set_title(title(name))
        if len(rows):
            draw_curve(above, rows, anchors[anchors["environment"] == name], marks)
            draw_dashboard(below, rows, options)
        below.set_yticks([])
    names = [f"{axis.replace('_', ' ')}: {in_words(option)}" for axis, option in options]
    axes[1, 0].set_yticks(range(len(options)), names, fontsize=5)
    axes[0, 0].set_ylabel("Effect for the claim\n(share of both sides' mean)")
    verdicts = list(COLOURS)[:3]
    handles = [Line2D([], [], color=COLOURS[verdict], linewidth=0.8, label=verdict) for verdict in verdicts]
    handles += [Patch(color=BAND, label="without an effect"), Patch(color=LIGHT_GREY, label=LOST)]
    look = {"linestyle": "", "markerfacecolor": ORANGE, "markeredgecolor": BLACK, "markeredgewidth": 0.6}
    handles += [Line2D([], [], marker=mark, label=anchor, **look) for anchor, mark in marks.items()]
    fig.legend(handles=handles, loc="outside upper center", ncols=5)
    drawn = [*dict.fromkeys(axis for axis, _ in options), "anchor", "rank", "effect", "low", "high", "verdict"]
    return fig, table[["claim", "environment", *drawn]]


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    table = inputs["readings"]
    texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name]) or name == "anchor"]
    table = table.assign(**{name: table[name].astype(object).fillna("") for name in texts})
    return draw_curves(table, list(settings["environments"]), settings["claim"])
