"""R6: the front of speed, exploration and fidelity over adaptation and friction, and the setting that is picked."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.claims.contrasts import FIDELITY, SPEED
from rnn_replay.figures.panels import LABELS, SHORT
from rnn_replay.figures.style import DOUBLE, GREY, VERMILLION, figure, panel_letter, title
from rnn_replay.tables.selection import select

DECODERS = ("template", "readout")
APART = np.array([0.3, 0.12])  # shares of both axes that names have to be apart
NAME = np.array([0.4, 0.15])  # and that a name takes, to the right of its point and below it


def draw_front(fig: Figure, ax: Axes, rows: pd.DataFrame) -> pd.DataFrame:
    """Settings of one environment: exploration against speed, fidelity as colour; front and pick are marked."""
    settings = rows.pivot(index=["adaptation_strength", "friction", "on_front", "picked"], columns="objective")
    mean = settings["estimate"].reset_index()
    exploration = next(name for name in mean if name not in (SPEED, FIDELITY, *settings.index.names))
    look = {"cmap": "cividis_r", "zorder": 2}
    front, picked = mean["on_front"].astype(bool), mean["picked"].astype(bool)
    edge = np.where(front, "black", "none")
    points = ax.scatter(mean[SPEED], mean[exploration], c=mean[FIDELITY], s=22, edgecolors=edge, linewidths=0.9, **look)
    ax.plot(mean[SPEED][picked], mean[exploration][picked], "o", markersize=9, mfc="none", mec=VERMILLION, mew=1.3)
    places = mean[[SPEED, exploration]].to_numpy()
    span, named = np.ptp(places, axis=0), []
    # Names that would lie on one another or on a point are left out: the table has them all, the title the pick's.
    for i in np.flatnonzero(front & ~picked):
        right, up = ((places - places[i]) / (NAME * span)).T
        clear = not ((right > 0) & (right < 1) & (up > -1) & (up < 0.1)).any()
        if clear and all((np.abs(places[i] - other) > APART * span).any() for other in named):
            named.append(places[i])
            words = f"{mean['adaptation_strength'][i]:g}, {mean['friction'][i]:g}"
            ax.annotate(words, places[i], (5, -7), textcoords="offset points", fontsize=5, color=GREY)
    ax.set(xlabel=SHORT[SPEED], ylabel=LABELS[exploration])
    ax.margins(0.14)
    bar = fig.colorbar(points, ax=ax, shrink=0.8, pad=0.05)
    bar.set_label("Wasserstein (m)", fontsize=6)
    bar.ax.tick_params(labelsize=5)
    bar.outline.set_visible(False)
    return rows


def draw_fronts(table: pd.DataFrame) -> tuple[Figure, pd.DataFrame]:
    """Rows of panels for decoders, columns for environments.

    Args:
        table: of :func:`~rnn_replay.questions.balance.front_table`, with the columns environment and decoder.

    Returns:
        The figure and what it shows.
    """
    names = list(dict.fromkeys(table["environment"])) or ["none"]
    fig = figure(DOUBLE, 0.4 + 2.0 * len(DECODERS))
    axes = fig.subplots(len(DECODERS), len(names), squeeze=False)
    drawn = []
    for row, decoder in zip(axes, DECODERS, strict=True):
        for ax, name in zip(row, names, strict=True):
            rows = select(table, environment=name, decoder=decoder)
            if rows.empty:
                ax.set_title(f"{title(name)}, {decoder}\nno baseline to compare with")
                ax.set_axis_off()
                continue
            drawn.append(draw_front(fig, ax, rows))
            pick = rows[rows["picked"].astype(bool)].iloc[0]
            ring = f"ring: $b_a$ {pick['adaptation_strength']:g}, $\\lambda_v$ {pick['friction']:g}"
            ax.set_title(f"{title(name)}, {decoder}\n{ring}")
    for letter, row in zip("ab", axes, strict=True):
        panel_letter(row[0], letter, offset=-20)
    return fig, pd.concat(drawn, ignore_index=True) if drawn else table


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_fronts(inputs["balance"])
