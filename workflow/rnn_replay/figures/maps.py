"""Environments seen from above, and paths on them with time as colour."""

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.patches import Circle, Polygon

from rnn_replay.figures.style import BLACK, GREY, VERMILLION

FLOOR = "#ECECEC"


def time_colours() -> Colormap:
    """Viridis without its palest end, which would vanish on the floor of a map."""
    return LinearSegmentedColormap.from_list("time", colormaps["viridis"](np.linspace(0, 0.93, 256)))


def draw_map(
    ax: Axes, environment: xr.Dataset, regions: bool = False, goals: bool = False, square: bool = False
) -> Polygon | None:
    """The track or box of an environment as the ground of a panel without axes.

    Args:
        ax: where to draw.
        environment: dataset of an environment.
        regions: whether to dot the centres of the regions that exploration counts.
        goals: whether to ring the goals at the distance at which they count as reached.
        square: whether the panel is square whatever the environment's shape, so that panels in a row align.

    Returns:
        The box, to clip by; None for a track.
    """
    segments = environment["segment"].values
    low, high = segments.min((0, 1)), segments.max((0, 1))
    extent = float((high - low).max())
    margin = 0.1 * extent
    if square:
        middle = (low + high) / 2
        low, high = middle - extent / 2, middle + extent / 2
    if bool(environment["is_track"]):
        floor = LineCollection(list(segments), colors=FLOOR, linewidths=7, capstyle="round", zorder=0)
        ax.add_collection(floor)
        box = None
    else:
        box = Polygon(segments[:, 0], closed=True, facecolor=FLOOR, edgecolor=GREY, linewidth=0.8, zorder=0)
        ax.add_patch(box)
    if regions:
        ax.plot(*environment["region"].values.T, ".", color=GREY, markersize=3.5, markeredgewidth=0, zorder=4)
    if goals:
        for goal in environment["goal"].values:
            ring = Circle(goal, float(environment["goal_radius"]), fill=False, edgecolor=VERMILLION, zorder=1)
            ring.set(linewidth=0.8, linestyle=(0, (3, 2)))
            ax.add_patch(ring)
            if box is None:
                ring.set_clip_on(False)
            else:
                ring.set_clip_path(box)
    ax.set(xlim=(low[0] - margin, high[0] + margin), ylim=(low[1] - margin, high[1] + margin))
    ax.set_aspect("equal")
    ax.axis("off")
    return box


def draw_path(ax: Axes, position: np.ndarray, time: np.ndarray, last: float, linewidth: float = 1.0) -> LineCollection:
    """A path with time as colour; a ring marks its start and a dot its end.

    Args:
        ax: where to draw.
        position: shape (time, 2), in metres.
        time: of each position, in seconds.
        last: time at the end of the colour scale, in seconds.
        linewidth: in points.
    """
    colours = time_colours()
    line = LineCollection(np.stack([position[:-1], position[1:]], axis=1), cmap=colours, linewidths=linewidth, zorder=3)
    line.set(array=time[:-1], clim=(0, last), capstyle="round", clip_on=False)
    ax.add_collection(line)
    ax.plot(
        *position[0], "o", markerfacecolor="white", markeredgecolor=BLACK, markeredgewidth=0.6, markersize=3, zorder=5
    )
    ax.plot(*position[-1], "o", color=colours(time[-1] / last), markeredgewidth=0, markersize=2.6, zorder=4)
    return line


def draw_scale(ax: Axes, length: float) -> None:
    """A scale bar in the lower left corner of a map.

    Args:
        ax: a panel with a map.
        length: of the bar, in metres.
    """
    (left, _), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    y = bottom - 0.02 * (top - bottom)
    ax.plot([left, left + length], [y, y], color=BLACK, linewidth=1.2, solid_capstyle="butt", clip_on=False)
    ax.annotate(
        f"{length:g} m",
        xy=(left + length / 2, y),
        xytext=(0, -2),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=6,
        annotation_clip=False,
    )


def round_length(environment: xr.Dataset) -> float:
    """A length of 1, 2 or 5 times a power of ten that is about a quarter of the environment's extent, in metres."""
    segments = environment["segment"].values
    target = 0.35 * float((segments.max((0, 1)) - segments.min((0, 1))).max())
    power = 10.0 ** np.floor(np.log10(target))
    return float(max(step * power for step in (1, 2, 5) if step * power <= target))
