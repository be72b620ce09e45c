"""Replay beside animals: model recovery first, then exponent, momentum, compression, and hover and jump."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.figures.style import (
    BLUE,
    DOUBLE,
    GREY,
    LIGHT_GREY,
    ORANGE,
    PURPLE,
    SKY,
    draw_seeds,
    environment_colours,
    figure,
    fit_to_seeds,
    panel_letter,
    title,
)
from rnn_replay.measures.biology.path_models import MODELS
from rnn_replay.measures.biology.published import PUBLISHED
from rnn_replay.measures.biology.recovery import ENOUGH
from rnn_replay.tables.selection import select, with_missing

SHOWN = ("behaviour", "awake", "baseline", "adaptation", "momentum", "both")
TICKS = ("true paths", "awake", "baseline", "adaptation", "momentum", "both")
LENGTHS = {20: SKY, 35: ORANGE, 70: PURPLE, 150: BLUE}
BANDS = {"sleep": SKY, "awake": ORANGE, "ripples": ORANGE, "running": PURPLE}
WIDTH = 0.62  # over which the environments of a condition are laid side by side


def draw_matrix(ax: Axes, table: pd.DataFrame, noise_share: float, persistence: float) -> pd.DataFrame:
    """The recovery matrix at one noise share and persistence, on bins: planted models against found ones.

    Colours are of the shortest paths; each cell reads the share of the shortest and of the longest.
    """
    rows = select(table, noise_share=noise_share, lattice=float(table["lattice"].max()))
    rows = rows[(rows["planted"] != "momentum") | np.isclose(rows["persistence"], persistence)]
    lengths = (int(rows["increments"].min()), int(rows["increments"].max()))
    short, long = (
        select(rows, increments=length)
        .pivot(index="planted", columns="found", values="share")
        .loc[list(MODELS), list(MODELS)]
        .to_numpy()
        for length in lengths
    )
    ax.imshow(short, cmap="cividis", vmin=0, vmax=1)
    for (i, j), value in np.ndenumerate(short):
        words = f"{100 * value:.0f} | {100 * long[i, j]:.0f}"
        ax.text(j, i, words, ha="center", va="center", fontsize=6, color="white" if value < 0.6 else "black")
    ax.set_xticks(range(len(MODELS)), MODELS, rotation=30, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(MODELS)), MODELS)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(xlabel="Found (% of paths)", ylabel="Planted")
    ax.set_title(f"{lengths[0]} | {lengths[1]} steps, noise {noise_share:g}, φ {persistence:g}", fontsize=6)
    return rows[rows["increments"].isin(lengths)]


def draw_limits(ax: Axes, table: pd.DataFrame) -> pd.DataFrame:
    """How often planted momentum is found, against its persistence, for each length, with little and much noise."""
    rows = select(table, planted="momentum", found="momentum", lattice=float(table["lattice"].max()))
    noises = sorted(rows["noise_share"].unique())
    for increments, part in rows.groupby("increments"):
        for noise, style in ((noises[0], "-"), (noises[-1], ":")):
            line = select(part, noise_share=float(noise)).sort_values("persistence")
            label = f"{increments} steps" if style == "-" else None
            colour = LENGTHS.get(increments, GREY)
            ax.plot(line["persistence"], 100 * line["share"], style, marker="o", color=colour, label=label)
    ax.axhline(100 * ENOUGH, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    ax.set(xlabel=r"Planted persistence $\varphi$", ylabel="Momentum found (%)", ylim=(-4, 104))
    ax.set_title(f"noise {noises[0]:g} (lines), {noises[-1]:g} (dots)", fontsize=6)
    ax.set_xlim(right=1.32)  # room for the legend, which would lie on the lines
    ax.set_xticks([0.4, 0.6, 0.8, 1.0])
    ax.legend(loc="lower right", handlelength=1)
    return rows


def draw_measure(ax: Axes, rows: pd.DataFrame, metric: str, label: str, scale: float = 1.0) -> pd.DataFrame:
    """A measure under every condition, environments side by side, over bands of the published values."""
    rows = select(rows, metric=metric)
    rows = rows[rows["condition"].isin(SHOWN)]
    names = list(dict.fromkeys(rows["environment"]))
    shift = np.linspace(-WIDTH / 2, WIDTH / 2, len(names)) if len(names) > 1 else [0.0]
    conditions = [name for name in SHOWN if name in set(rows["condition"])]
    bands = [p for p in PUBLISHED if p.metric == metric and p.where in BANDS]
    for published in bands:
        low, high = scale * published.low, scale * published.high
        look = {"color": BANDS[published.where], "alpha": 0.3 if high > low else 0.9, "zorder": 0, "linewidth": 0.8}
        ax.axhspan(low, high, **look) if high > low else ax.axhline(low, **look)
        # At the left, where room is left for it.
        side = {"ha": "left", "va": "center" if high > low else "bottom", "fontsize": 5, "color": GREY}
        ax.text(-1.7, (low + high) / 2, published.where, **side)
    for name, offset in zip(names, shift, strict=True):
        of_one = select(rows, environment=name)
        groups = [scale * select(of_one, condition=c)["value"].to_numpy() for c in conditions]
        places = [i + offset for i, group in enumerate(groups) if len(group)]
        groups = [group for group in groups if len(group)]
        colour = environment_colours(names)[name]
        draw_seeds(ax, places, groups, colour, title(name), spread=0.1, connect=False)
    ticks = [TICKS[SHOWN.index(name)] for name in conditions]
    ax.set_xticks(range(len(conditions)), ticks, rotation=35, ha="right", rotation_mode="anchor")
    ax.set_xlim(-1.75 if bands else -0.5, len(conditions) - 0.4)
    ax.set_ylabel(label)
    fit_to_seeds([ax])
    return with_missing(rows, "environment", "condition")


def draw_biology(recovery: pd.DataFrame, rows: pd.DataFrame, decoder: str, level: float) -> tuple[Figure, pd.DataFrame]:
    """Two rows of three panels.

    Args:
        recovery: table of :func:`~rnn_replay.measures.biology.recovery.recovery`.
        rows: tidy rows of the measures of biology and of compression, under the conditions, by seed.
        decoder: how positions are decoded; true paths have none.
        level: of the intervals.

    Returns:
        The figure and what it shows.
    """
    fig = figure(DOUBLE, 4.5, level)
    axes = fig.subplots(2, 3)
    drawn = [draw_matrix(axes[0, 0], recovery, noise_share=0.4, persistence=0.8), draw_limits(axes[0, 1], recovery)]
    rows = rows[rows["decoder"].isin([decoder, "none"])]
    exponent = "Displacement exponent\n(RMS; Brownian 0.5)"
    drawn.append(draw_measure(axes[0, 2], rows, "displacement_exponent_rms", exponent))
    drawn.append(draw_measure(axes[1, 0], rows, "share_momentum", "Best described\nby momentum (%)", 100))
    drawn.append(draw_measure(axes[1, 1], rows, "compression", "Compression\n(× awake speed)"))
    keys = ["environment", "condition", "seed"]
    kinds = {k: select(rows, metric=k).set_index(keys)["value"] for k in ("hover_share", "hover_share_null")}
    excess = (kinds["hover_share"] - kinds["hover_share_null"]).rename("value").reset_index()
    drawn.append(
        draw_measure(
            axes[1, 2], excess.assign(metric="hover_excess"), "hover_excess", "Hovering beyond\nits null (%)", 100
        )
    )
    axes[1, 1].axhline(1, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    axes[1, 1].set_title("animals: 6 to 20, by another clock", fontsize=6)
    axes[1, 2].axhline(0, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    handles, labels = axes[0, 2].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper right", ncols=len(labels))
    for letter, ax in zip("abcdef", axes.flat, strict=True):
        panel_letter(ax, letter, offset=-20)
    columns = ["environment", "condition", "decoder", "seed", "metric", "value", "seeds_missing"]
    columns += ["increments", "noise_share", "lattice", "planted", "persistence", "found", "share"]
    return fig, pd.concat(drawn, ignore_index=True).reindex(columns=columns)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_biology(inputs["recovery"], inputs["biology_seeds"], settings["decoder"], settings["level"])
