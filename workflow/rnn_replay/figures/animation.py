"""The paper in ten seconds: awake paths beside replays under each condition, in each environment, all on one clock."""

from base64 import b64encode
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from rnn_replay.figures.examples import Example, some
from rnn_replay.figures.maps import draw_map, draw_scale, round_length
from rnn_replay.figures.style import BLACK, CONDITIONS, DOUBLE, figure, row_name

RESOLUTION = 130  # dots per inch
PACE = 1.0  # seconds of replay in a second of film
REST = 1.5  # seconds that the last frame stays
COLOURS = 48  # of the palette that all frames share; fewer make a smaller file


class Film:
    """An animated figure: one row for each environment, one column for each condition.

    Attributes:
        figure: shows the frame drawn last.
        table: the paths: environment, condition, number, time, x, y.
        times: of the frames, in seconds since the start of all replays.
    """

    def __init__(self, examples: dict[str, Example]):
        self.figure: Figure = figure(DOUBLE, 0.35 + 1.25 * len(examples))
        self.figure.get_layout_engine().set(w_pad=0.02, h_pad=0.03)
        axes = self.figure.subplots(len(examples), len(CONDITIONS), squeeze=False)
        self.paths: list[tuple[np.ndarray, np.ndarray, list]] = []
        tables = []
        for row, (name, example) in zip(axes, examples.items(), strict=True):
            tables.append(self.add_row(row, example).assign(environment=name))
            row_name(row[0], name)
        for ax, condition in zip(axes[0], CONDITIONS, strict=True):
            ax.set_title(condition.capitalize(), color=CONDITIONS[condition], fontweight="bold")
        self.clock = axes[-1, -1].annotate(
            "0.0 s", (1, -0.02), xycoords="axes fraction", ha="right", va="top", annotation_clip=False
        )
        self.table = pd.concat(tables, ignore_index=True)[["environment", "condition", "number", "time", "x", "y"]]
        self.times = np.unique(self.table["time"])
        self.figure.set_dpi(RESOLUTION)
        self.canvas = FigureCanvasAgg(self.figure)
        self.canvas.draw()
        self.figure.set_layout_engine("none")  # laid out once, so that nothing moves but the paths

    def add_row(self, row: list[Axes], example: Example) -> pd.DataFrame:
        """Maps of one environment with the paths that will be drawn; all last as long as the awake paths."""
        positions = example.positions()
        steps = positions["awake"].shape[1]
        tables = []
        for ax, (condition, position) in zip(row, positions.items(), strict=True):
            draw_map(ax, example.environment)
            for number in some(position):
                path = position[number, :steps]
                time = np.round(example.time_step * np.arange(len(path)), 6)
                look = {"color": CONDITIONS[condition]}
                dot = {"markersize": 4, "markeredgecolor": BLACK, "markeredgewidth": 0.4}
                # Placed at the start already: an empty line would count as lying in the figure's corner.
                (trail,) = ax.plot(*path[:1].T, linewidth=0.9, alpha=0.65, zorder=3, **look)
                (head,) = ax.plot(*path[:1].T, "o", zorder=4, **look, **dot)
                self.paths.append((time, path, [trail, head]))
                tables.append(
                    pd.DataFrame(
                        {"condition": condition, "number": number, "time": time, "x": path[:, 0], "y": path[:, 1]}
                    )
                )
        draw_scale(row[0], round_length(example.environment))
        return pd.concat(tables, ignore_index=True)

    def draw(self, now: float) -> Image.Image:
        """The frame at a time in seconds."""
        for time, path, (trail, head) in self.paths:
            past = path[time <= now + 1e-9]
            trail.set_data(*past.T)
            head.set_data(*past[-1:].T)
        self.clock.set_text(f"{now:.1f} s")
        self.canvas.draw()
        return Image.fromarray(np.asarray(self.canvas.buffer_rgba())).convert("RGB")

    def frames(self) -> Iterator[Image.Image]:
        """All frames."""
        return map(self.draw, self.times)


def save_animation(film: Film, path: str | Path) -> None:
    """Write a film as a GIF that repeats; the same numbers give the same bytes.

    Pixels that stay as they were are transparent, which makes the file several times smaller. It has to be: browsers
    show no page of more than 2 MB within another, as the report does, where the film is encoded twice.
    """
    frames = list(film.frames())
    palette = frames[-1].quantize(COLOURS)  # the last frame has every colour
    pixels = [np.asarray(frame.quantize(palette=palette, dither=Image.Dither.NONE)) for frame in frames]
    changed = [np.where(new == old, COLOURS, new) for old, new in pairwise(pixels)]
    frames = [Image.fromarray(values.astype(np.uint8), "P") for values in (pixels[0], *changed)]
    for frame in frames:
        frame.putpalette(palette.getpalette())
    # GIF counts hundredths of a second.
    spans = np.round(100 * np.diff(film.times) / PACE) * 10
    durations = [*map(int, spans), int(1000 * REST)]
    look = {"transparency": COLOURS, "disposal": 1, "optimize": False}
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=durations, loop=0, **look)


def page(path: str | Path) -> str:
    """A web page that holds a GIF and needs nothing else, since the report shows no GIF by itself."""
    data = b64encode(Path(path).read_bytes()).decode()
    style = "<style>body {margin: 1em; background: white} img {width: 100%; max-width: 1000px}</style>"
    head = f'<meta charset="utf-8"><title>Replay</title>{style}'
    image = f'<img src="data:image/gif;base64,{data}" alt="Awake paths and replays, moving">'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{image}</body></html>\n'
