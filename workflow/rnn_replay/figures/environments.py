"""The environments: map, goals, regions, some awake paths, and place fields where position is read from rates."""

from string import ascii_lowercase

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.figures.maps import draw_map, draw_path, draw_scale, round_length
from rnn_replay.figures.style import DOUBLE, GREY, SINGLE, figure, panel_letter, title

PATHS = 3  # at most, in one panel
COLUMNS = 4


def some_paths(environment: xr.Dataset) -> np.ndarray:
    """Numbers of a few held-out paths that together visit as many regions as they can."""
    position, regions = environment["test_position"].values, environment["region"].values
    region = np.linalg.norm(position[:, :, None] - regions, axis=-1).argmin(-1)
    visited = np.stack([(region == r).any(1) for r in range(len(regions))], axis=1)
    chosen: list[int] = []
    seen = np.zeros(len(regions), dtype=bool)
    while len(chosen) < PATHS and not seen.all():
        gain = (visited & ~seen).sum(1)
        if not gain.any():
            break
        chosen.append(int(gain.argmax()))
        seen |= visited[chosen[-1]]
    return np.array(chosen)


def draw_fields(ax: Axes, environment: xr.Dataset) -> pd.DataFrame:
    """Rate maps of a few place cells as contours at a quarter, half and three quarters of their peak."""
    box = draw_map(ax, environment, square=True)
    bins, rates = environment["bin"].values, environment["bin_tracked"].values
    x, y = np.unique(bins[:, 0].round(9)), np.unique(bins[:, 1].round(9))
    edges = [np.r_[2 * c[0] - c[1], c, 2 * c[-1] - c[-2]] for c in (x, y)]
    order = np.lexsort((bins[:, 0], bins[:, 1]))
    peak = bins[rates.argmax(0)]
    low, high = bins.min(0), bins.max(0)
    rows = []
    for wanted, colours in zip(((0.25, 0.3), (0.72, 0.45), (0.35, 0.78)), ("Blues", "Oranges", "Greens"), strict=True):
        cell = int(np.linalg.norm(peak - (low + np.array(wanted) * (high - low)), axis=-1).argmin())
        # Bin centres end half a bin before the walls; the map goes on and is cut there.
        rate = np.pad(rates[order, cell].reshape(len(y), len(x)), 1, mode="reflect", reflect_type="odd")
        levels = rate.max() * np.array([0.25, 0.5, 0.75, 1.0])
        filled = ax.contourf(
            *edges, rate, levels=levels, cmap=colours, vmin=0, vmax=1.2 * rate.max(), alpha=0.75, zorder=2
        )
        filled.set_clip_path(box)
        rows += [("field", cell, *place) for place in peak[cell : cell + 1]]
    ax.plot(*peak.T, ".", color=GREY, markersize=1.5, markeredgewidth=0, zorder=3)
    return pd.DataFrame(rows, columns=["what", "number", "x", "y"])


def draw_environments(datasets: dict[str, xr.Dataset]) -> tuple[Figure, pd.DataFrame]:
    """One panel for each environment, and one of place fields for each that reads position from rates.

    Args:
        datasets: dataset of each environment, by name.

    Returns:
        The figure, and the paths and field centres drawn: environment, what, number, time, x, y.
    """
    panels = [(name, False) for name in datasets]
    panels += [(name, True) for name in datasets if not bool(datasets[name]["reads_position"])]
    columns = min(len(panels), COLUMNS)
    rows = -(-len(panels) // columns)
    fig = figure(DOUBLE if columns > 2 else SINGLE, 2.1 * rows if columns > 1 else 2.8)
    tables, lines = [], {}
    axes = fig.subplots(rows, columns, squeeze=False).ravel()
    last = max(float(d["time_step"]) * (d.sizes["time"] - 1) for d in datasets.values())
    for ax in axes[len(panels) :]:
        ax.remove()
    axes = axes[: len(panels)]
    for letter, ax, (name, fields) in zip(ascii_lowercase, axes, panels, strict=False):
        environment = datasets[name]
        if fields:
            table = draw_fields(ax, environment)
            ax.set_title("Place fields")
        else:
            draw_map(ax, environment, regions=True, goals=True, square=True)
            time = float(environment["time_step"]) * np.arange(environment.sizes["time"])
            table = []
            for path in some_paths(environment):
                position = environment["test_position"].values[path]
                lines[name] = draw_path(ax, position, time, last)
                table.append(pd.DataFrame({"what": "path", "number": path, "time": time, "x": position[:, 0]}))
                table[-1]["y"] = position[:, 1]
            table = pd.concat(table, ignore_index=True)
            ax.set_title(title(name))
        draw_scale(ax, round_length(environment))
        panel_letter(ax, letter, offset=0)
        tables.append(table.assign(environment=name))
    bar = fig.colorbar(next(iter(lines.values())), ax=list(axes), shrink=0.6 / rows, aspect=18, pad=0.01)
    bar.set_label("Time (s)")
    bar.outline.set_visible(False)
    return fig, pd.concat(tables, ignore_index=True)[["environment", "what", "number", "time", "x", "y"]]


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_environments(dict(zip(settings["environments"], inputs["environments"], strict=True)))
