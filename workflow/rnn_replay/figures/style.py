"""How every figure looks, and how it is saved: one style, sizes of a journal's columns, the same bytes each time."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from rnn_replay.claims.statistics import Estimate, over_seeds

matplotlib.use("Agg")

SINGLE, DOUBLE = 3.4, 7.0  # widths of one and two columns of a journal, inches
RESOLUTION = 200  # dots per inch of the PNG

# Okabe and Ito's palette, which stays apart under the common forms of colour blindness.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, LIGHT_GREY = "#6E6E6E", "#D9D9D9"

# What each condition and leak looks like in every figure, and environments in their order.
CONDITIONS = {"awake": BLACK, "baseline": BLUE, "adaptation": ORANGE, "momentum": GREEN, "both": PURPLE}
ENVIRONMENTS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
LEAKS = {"none": VERMILLION, "leaky": BLUE, "full": GREY}
SPELLINGS = {"Tmaze": "T-maze", "Wtrack": "W-track"}  # names that are spelt otherwise in print

SEEDS = (
    "seeds"  # marks what a panel has to hold: points of single seeds, and horizontal lines that they are held against
)
CUT = "cut"  # marks the arrowheads of intervals that go on beyond a panel

STYLE = {
    "font.family": "DejaVu Sans",  # comes with Matplotlib, so that every machine draws the same letters
    "mathtext.fontset": "dejavusans",
    "font.size": 7,
    "axes.titlesize": 7,
    "axes.labelsize": 7,
    "xtick.labelsize": 6,
    "ytick.labelsize": 6,
    "legend.fontsize": 6,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlepad": 4,
    "axes.labelpad": 2,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "lines.linewidth": 1.0,
    "lines.markersize": 3,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "pdf.fonttype": 42,  # embedded TrueType, so that text in the PDF stays text
    "savefig.facecolor": "white",
}


class Page(Figure):
    """A figure that knows the level of the intervals that it shows, as 0.95."""

    level: float | None = None


def figure(width: float, height: float, level: float | None = None) -> Page:
    """An empty figure in the project's style, laid out so that nothing overlaps.

    Args:
        width: inches, as a rule SINGLE or DOUBLE.
        height: inches.
        level: of the intervals over seeds; None for a figure without any.
    """
    matplotlib.rcParams.update(matplotlib.rcParamsDefault | STYLE)
    page = Page(figsize=(width, height), layout="constrained")
    page.level = level
    return page


def row_name(ax: Axes, environment: str) -> None:
    """An environment's name, upright, left of a panel without axes."""
    look = {"rotation": 90, "ha": "right", "va": "center"}
    ax.annotate(title(environment), (0, 0.5), (-6, 0), "axes fraction", "offset points", **look)


def interval(ax: Axes, values: Sequence[float] | np.ndarray) -> Estimate:
    """Mean over seeds with its interval, at the level of the panel's figure."""
    return over_seeds(values, ax.get_figure(root=True).level)


def save(fig: Figure, outputs: Any, table: pd.DataFrame) -> None:
    """Write a figure as PDF and PNG, and its numbers as CSV.

    No file carries a date or a version, so that the same numbers give the same bytes.

    Args:
        fig: made by :func:`figure`.
        outputs: paths under the keys `pdf`, `png` and `csv`.
        table: the numbers that are drawn, one tidy table.
    """
    fig.savefig(outputs["pdf"], metadata={"CreationDate": None, "Creator": None, "Producer": None})
    fig.savefig(outputs["png"], dpi=RESOLUTION, metadata={"Software": None})
    table.to_csv(outputs["csv"], index=False, float_format="%.6g")


def title(environment: str) -> str:
    """What an environment is called in figures: its own name, in words."""
    words = environment.replace("_", " ").capitalize().split(" ")
    return " ".join(SPELLINGS.get(word, word) for word in words)


def environment_colours(names: Sequence[str]) -> dict[str, str]:
    """Colour of each environment, by its place; those beyond the palette are grey."""
    return dict(zip(names, chain(ENVIRONMENTS, repeat(GREY)), strict=False))


def panel_letter(ax: Axes, letter: str, offset: float = -14, level: Axes | None = None) -> None:
    """A bold letter above the upper left corner of a panel, `offset` points to the right of it.

    Its height is that of the panel `level`, so that the letters of a row stand on one line.
    """
    ax.annotate(
        letter,
        xy=(0, 1),
        xycoords=(ax.transAxes, (level or ax).transAxes),
        xytext=(offset, 5),
        textcoords="offset points",
        fontsize=9,
        fontweight="bold",
        va="bottom",
        ha="right",
    )


class LogTicks(LogLocator):
    """About two to seven ticks on a logarithmic axis, at round numbers: fewer in each decade the more decades."""

    def tick_values(self, vmin: float, vmax: float) -> np.ndarray:
        """Places of ticks between two values."""
        decades = np.log10(vmax / vmin)
        subs = (1,) if decades > 3 else (1, 2, 5) if decades > 1 else (1, 1.5, 2, 3, 5, 7)
        self.set_params(subs=subs if decades > 0.5 else (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9))
        return super().tick_values(vmin, vmax)


def logarithmic(ax: Axes, axes: str = "y") -> None:
    """Make `x`, `y` or `xy` of a panel logarithmic, with ticks as plain numbers."""
    for name in axes:
        ax.set(**{f"{name}scale": "log"})
        axis = getattr(ax, f"{name}axis")
        axis.set_major_locator(LogTicks())
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())


def fit_to_seeds(axes: Iterable[Axes], margin: float = 0.25) -> None:
    """Limits of y, shared by the panels, that hold what is marked SEEDS; :func:`cut_intervals` says what lies beyond.

    With two or three seeds intervals are so wide that they would hide what there is to see.
    """
    axes = list(axes)
    values = np.concatenate([seed_values(ax) for ax in axes])
    if len(values):
        low, high = values.min(), values.max()
        pad = margin * ((high - low) or abs(high) or 1.0)
        factor = (high / low) ** margin if high > low > 0 else 1 + margin
    for ax in axes:
        if not len(values):
            ax.set_yticks([])
        elif ax.get_yscale() == "log":
            ax.set_ylim(low / factor, high * factor)
        else:
            ax.set_ylim(low - pad, high + pad)
        if len(seed_values(ax)):
            cut_intervals(ax)
        else:
            say_no_value(ax)


def say_no_value(ax: Axes, words: str = "no value") -> None:
    """Say in a panel that there is nothing to show."""
    ax.text(0.5, 0.4, words, transform=ax.transAxes, ha="center", va="center", fontsize=6, color=GREY)


def seed_values(ax: Axes) -> np.ndarray:
    """Heights of all that a panel marks SEEDS, as far as they are numbers."""
    values = [line.get_ydata() for line in ax.lines if line.get_gid() == SEEDS]
    bars = [bar for bar in ax.collections if bar.get_gid() == SEEDS]
    # A line without ends, of what diverged everywhere, has no segment.
    values += [part[:, 1] for bar in bars for part in bar.get_segments() if len(part)]
    found = np.concatenate([[], *values]).astype(float)
    return found[np.isfinite(found)]


def cut_intervals(ax: Axes) -> None:
    """Draw intervals that go on beyond the panel as hairlines, with arrowheads at its edge."""
    for bars in (bars for container in ax.containers for bars in container.lines[2]):
        # An interval without ends has no segment.
        ends = np.array([part if len(part) == 2 else np.full((2, 2), np.nan) for part in bars.get_segments()])
        upright = int(not np.nansum(np.abs(np.diff(ends[..., 0], axis=-1))))
        (low, high), marks = (ax.get_ylim(), "v^") if upright else (ax.get_xlim(), "<>")
        beyond = ends[:, 0, upright] < low, ends[:, 1, upright] > high
        bars.set_linewidth(np.where(np.any(beyond, axis=0), 0.4, 1.0))
        for edge, gone, mark in zip((low, high), beyond, marks, strict=True):
            for place in ends[gone, 0]:
                place[upright] = edge
                look = {"color": bars.get_color()[0], "markersize": 2.5, "markeredgewidth": 0, "clip_on": False}
                ax.plot(*place, mark, gid=CUT, **look)


def draw_seeds(
    ax: Axes,
    x: Sequence[float],
    values: Sequence[Sequence[float]],
    colour: str,
    label: str | None = None,
    spread: float = 0.0,
    connect: bool = True,
    marker: str = "o",
) -> None:
    """Seeds as points behind their mean with its t interval; a mean is open where seeds have no value.

    Args:
        ax: where to draw, of a figure with a level.
        x: where each group of seeds stands.
        values: the seeds' values, one sequence for each x, NaN where a seed has none.
        colour: of points, mean and interval.
        label: of the mean, for a legend.
        spread: width over which the points of one group are laid side by side, in units of x.
        connect: whether a line joins the means.
        marker: of the mean.
    """
    for place, group in zip(x, values, strict=True):
        places = place + np.linspace(-spread / 2, spread / 2, len(group)) if len(group) > 1 else [place] * len(group)
        look = {"color": colour, "markersize": 2.2, "alpha": 0.5, "markeredgewidth": 0}
        ax.plot(places, group, "o", gid=SEEDS, zorder=2, **look)
    found = [interval(ax, group) for group in values]
    mean = np.array([at.estimate for at in found])
    ax.errorbar(
        x,
        mean,
        yerr=np.array([(at.estimate - at.low, at.high - at.estimate) for at in found]).T,
        color=colour,
        label=label,
        fmt=f"-{marker}" if connect else marker,
        markersize=3,
        linewidth=1,
        elinewidth=1,
        capsize=1.8,
        capthick=0.8,
        zorder=3,
    )
    for place, at in zip(x, found, strict=True):
        if at.seeds_missing:
            ax.plot(place, at.estimate, marker, color=colour, markersize=3, mfc="white", mew=0.8, zorder=4)
