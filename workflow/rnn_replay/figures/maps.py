"""Environments seen from above, and paths on them with time as colour."""

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.patches import Circle, Polygon
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path
from scipy.spatial.distance import cdist

from rnn_replay.figures.style import BLACK, GREY, VERMILLION

FLOOR = "#ECECEC"
FLOOR_WIDTH = 0.09  # of a track's floor, as a share of the environment's extent
POINTS = 60  # of a track between which distances are taken, about


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
    is_track = bool(environment["is_track"])
    if goals and is_track:
        rings, radius = environment["goal"].values, float(environment["goal_radius"])
        low, high = np.minimum(low, (rings - radius).min(0)), np.maximum(high, (rings + radius).max(0))
    margin = 0.1 * extent
    if square:
        middle, half = (low + high) / 2, (high - low).max() / 2
        low, high = middle - half, middle + half
    if is_track:
        draw_floor(ax, segments, extent)
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
            if box is not None:
                ring.set_clip_path(box)
    ax.set(xlim=(low[0] - margin, high[0] + margin), ylim=(low[1] - margin, high[1] + margin))
    ax.set_aspect("equal")
    ax.axis("off")
    return box


def draw_floor(ax: Axes, segments: np.ndarray, extent: float) -> None:
    """The floor along segments (segment, end, 2), narrower where parts of a track that do not touch come close.

    Args:
        ax: where to draw.
        segments: in metres.
        extent: of the environment, in metres.
    """
    width = min(FLOOR_WIDTH * extent, 0.6 * clearance(segments))
    parts: list = [Circle(end, width / 2) for end in np.unique(segments.reshape(-1, 2), axis=0)]
    for start, end in segments:
        across = np.array([start[1] - end[1], end[0] - start[0]]) * width / 2 / (np.linalg.norm(end - start) or 1)
        parts.append(Polygon([start + across, end + across, end - across, start - across]))
    ax.add_collection(PatchCollection(parts, facecolor=FLOOR, edgecolor="none", zorder=0))


def clearance(segments: np.ndarray) -> float:
    """Smallest distance between parts of a track that the track joins by a way three times as long, or not at all.

    Args:
        segments: shape (segment, end, 2), in metres.

    Returns:
        Infinity if there are no such parts.
    """
    ends, number = np.unique(segments.reshape(-1, 2).round(9), axis=0, return_inverse=True)
    number = number.reshape(-1, 2)
    length = np.linalg.norm(segments[:, 1] - segments[:, 0], axis=-1)
    graph = coo_array((length, number.T), shape=(len(ends), len(ends))).tocsr()
    between = shortest_path(graph, directed=False)
    # Points along each segment, the numbers of its ends, and the way to each of them.
    share = np.linspace(0, 1, max(2, POINTS // len(segments)))[:, None, None]
    points = (segments[:, 0] + share * (segments[:, 1] - segments[:, 0])).reshape(-1, 2)
    node = np.tile(number, (len(share), 1))
    way = (np.concatenate([share, 1 - share], axis=-1) * length[:, None]).reshape(-1, 2)
    sides = [(one, other) for one in (0, 1) for other in (0, 1)]
    along = [way[:, [i]] + between[np.ix_(node[:, i], node[:, j])] + way[:, j] for i, j in sides]
    touching = np.any([node[:, [i]] == node[:, j] for i, j in sides], axis=0)
    apart = cdist(points, points)
    return apart[~touching & (np.min(along, axis=0) > 3 * apart)].min(initial=np.inf)


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
    line.set(array=time[:-1], clim=(0, last), capstyle="round")
    ax.add_collection(line)
    # Neither a line nor its end leaves the panel for its neighbour; the start is whole even at the edge.
    look = {"markerfacecolor": "white", "markeredgecolor": BLACK, "markeredgewidth": 0.6, "markersize": 3}
    ax.plot(*position[0], "o", zorder=5, clip_on=False, **look)
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
