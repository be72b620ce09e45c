"""How every figure looks, and how it is saved: one style, sizes of a journal's columns, the same bytes each time."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.claims.statistics import over_seeds

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
SPELLINGS = {"Tmaze": "T-maze"}  # names that are spelt otherwise in print

SEEDS = "seeds"  # marks the points of single seeds in a figure

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


def figure(width: float, height: float) -> Figure:
    """An empty figure in the project's style, laid out so that nothing overlaps.

    Args:
        width: inches, as a rule SINGLE or DOUBLE.
        height: inches.
    """
    matplotlib.rcParams.update(matplotlib.rcParamsDefault | STYLE)
    return Figure(figsize=(width, height), layout="constrained")


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


def t_interval(values: Sequence[float] | np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """Mean and the ends of its t interval over seeds; NaN values are left out.

    Returns:
        mean, low, high. The ends are NaN for fewer than two values, and all three for none.
    """
    found = over_seeds(values, level)
    return found.estimate, found.low, found.high


def fit_to_seeds(axes: Iterable[Axes], margin: float = 0.25) -> None:
    """Limits of y, shared by the panels, that hold all seeds with a margin; an interval beyond them is cut.

    With two or three seeds intervals are so wide that they would hide what there is to see.
    """
    axes = list(axes)
    values = [line.get_ydata() for ax in axes for line in ax.lines if line.get_gid() == SEEDS]
    values = np.concatenate([np.asarray(v, dtype=float) for v in values]) if values else np.array([])
    values = values[np.isfinite(values)]
    if len(values):
        low, high = values.min(), values.max()
        pad = margin * ((high - low) or abs(high) or 1.0)
        factor = (high / low) ** margin if low > 0 else 1.0
        for ax in axes:
            if ax.get_yscale() == "log":
                ax.set_ylim(low / factor, high * factor)
            else:
                ax.set_ylim(low - pad, high + pad)


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
    """Seeds as points behind their mean with its 95 % t interval.

    Args:
        x: where each group of seeds stands.
        values: the seeds' values, one sequence for each x.
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
    middle = [t_interval(group) for group in values]
    mean = [m for m, _, _ in middle]
    low, high = ([abs(m - ends[i]) for m, *ends in middle] for i in (0, 1))
    ax.errorbar(
        x,
        mean,
        yerr=[low, high],
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
