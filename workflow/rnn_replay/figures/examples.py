"""Example replays of one network for each environment: awake beside baseline, adaptation, momentum and both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnn_replay.figures.maps import draw_map, draw_path, draw_scale, round_length, time_colours
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import CONDITIONS, DOUBLE, GREY, figure, panel_letter, row_name
from rnn_replay.measures.base import smooth, visited_regions
from rnn_replay.measures.speed import LAG

SHOWN = 4  # replays in one panel, each from a starting state of its own


@dataclass(frozen=True)
class Example:
    """What is shown of one environment.

    Attributes:
        environment: dataset of the environment of the seed shown.
        replays: dataset of that seed's replays, of a sweep that holds all four settings.
        settings: adaptation strength and friction of each condition but awake.
        decoder: how positions are decoded.
    """

    environment: xr.Dataset
    replays: xr.Dataset
    settings: dict[str, tuple[float, float]]
    decoder: str

    @property
    def time_step(self) -> float:
        """Seconds between steps."""
        return float(self.environment["time_step"])

    def positions(self) -> dict[str, np.ndarray]:
        """Smoothed positions of each condition, shape (replay, time, 2); awake along the paths replays start on.

        Replays that diverged under any of the settings are left out of all; a setting under which every replay
        diverged has none, and leaves out none of the others'.

        Raises:
            ValueError: the sweep lacks one of the settings.
        """
        replays = self.replays.sel(decoder=self.decoder)
        rows = {name: self.row(*setting) for name, setting in self.settings.items()}
        diverged = {name: replays["diverged"].values[row].astype(bool) for name, row in rows.items()}
        kept = ~np.any([gone for gone in diverged.values() if not gone.all()], axis=0)
        found = {"awake": self.awake(replays)}
        found |= {name: replays["position"].values[row][kept & ~diverged[name]] for name, row in rows.items()}
        return {name: smooth(position) for name, position in found.items()}

    def row(self, adaptation_strength: float, friction: float) -> int:
        """Number of the setting with this adaptation strength and friction."""
        strengths, frictions = (self.replays[key].values for key in ("adaptation_strength", "friction"))
        (rows,) = np.nonzero(np.isclose(strengths, adaptation_strength) & np.isclose(frictions, friction))
        if not len(rows):
            raise ValueError(
                f"the sweep '{self.replays.attrs['sweep']}' has no setting with adaptation_strength "
                f"{adaptation_strength:g} and friction {friction:g}; an example needs one"
            )
        return int(rows[0])

    def awake(self, replays: xr.Dataset) -> np.ndarray:
        """Decoded awake positions from each replay's starting state on, cut to the shortest, (path, time, 2)."""
        starts = pd.unique(pd.Series(zip(replays["start_path"].values, replays["start_time"].values, strict=True)))
        position = replays["awake_position"].values
        length = position.shape[1] - max(time for _, time in starts)
        return np.stack([position[path, time : time + length] for path, time in starts])


def examples_of(inputs: dict, settings: dict) -> dict[str, Example]:
    """Examples by environment, from the datasets `environments` and `replays`, one for each of them."""
    chosen = choices(settings["claims"], settings["environments"])
    found = zip(chosen.items(), inputs["environments"], inputs["replays"], strict=True)
    return {
        name: Example(*datasets, choice.settings, settings["example_decoder"]) for (name, choice), *datasets in found
    }


def travelled(position: np.ndarray) -> np.ndarray:
    """Distance travelled, as net displacement summed over windows of LAG steps, shape (replay, window + 1).

    Jitter hardly adds to it, as it would to the arc length of every step.
    """
    places = position[:, ::LAG]
    return np.cumsum(np.linalg.norm(np.diff(places, axis=1, prepend=places[:, :1]), axis=-1), axis=1)


def regions_seen(position: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Number of regions visited so far, shape (replay, time)."""
    region = visited_regions(position, regions)
    return np.stack([np.maximum.accumulate(region == r, axis=1) for r in range(len(regions))]).sum(0)


def draw_curve(ax: Axes, time: np.ndarray, values: np.ndarray, condition: str) -> pd.DataFrame:
    """Mean over replays with the quartiles as a band; returns them as a table."""
    if not len(values):
        return pd.DataFrame()
    colour = CONDITIONS[condition]
    low, high = np.quantile(values, [0.25, 0.75], axis=0)
    style = (0, (2, 1.2)) if condition == "awake" else "-"
    ax.plot(time, values.mean(0), color=colour, linestyle=style, zorder=3, label=condition.capitalize())
    ax.fill_between(time, low, high, color=colour, alpha=0.12, linewidth=0, zorder=1)
    return pd.DataFrame({"condition": condition, "time": time, "mean": values.mean(0), "low": low, "high": high})


def some(position: np.ndarray) -> np.ndarray:
    """Numbers of SHOWN replays of (replay, time, 2): those of one starting state stand side by side; one of each."""
    return np.unique(np.linspace(0, len(position), min(SHOWN, len(position)), endpoint=False).astype(int))


def draw_example(
    ax: Axes, example: Example, position: np.ndarray, steps: int, last: float
) -> tuple[ScalarMappable, pd.DataFrame]:
    """A few paths of one condition.

    Args:
        ax: where to draw.
        example: with the environment.
        position: smoothed, shape (replay, time, 2), in metres.
        steps: how much of each path is shown.
        last: time at the end of the colour scale, in seconds.

    Returns:
        The colour scale, and the paths: number, time, x, y.
    """
    time = example.time_step * np.arange(steps)
    draw_map(ax, example.environment)
    rows = []
    for number in some(position):
        path = position[number, :steps]
        shown = time[: len(path)]  # replays may be shorter than awake paths
        draw_path(ax, path, shown, last, linewidth=0.9)
        rows.append(pd.DataFrame({"number": number, "time": shown, "x": path[:, 0], "y": path[:, 1]}))
    if not rows:
        ax.text(0.5, 0.5, "all diverge", transform=ax.transAxes, ha="center", va="center", color=GREY, fontsize=6)
    return ScalarMappable(Normalize(0, last), time_colours()), pd.concat([pd.DataFrame(), *rows]).assign(what="path")


def draw_pair(axes: Sequence[Axes], example: Example, conditions: tuple[str, ...], name: str) -> pd.DataFrame:
    """Maps of some conditions of one environment, side by side; the first carries its name and scale.

    Args:
        axes: one panel for each condition.
        example: what is shown.
        conditions: names.
        name: of the environment.

    Returns:
        The paths drawn: condition, number, time, x, y.
    """
    positions = example.positions()
    steps = positions["awake"].shape[1]
    tables = []
    for ax, condition in zip(axes, conditions, strict=True):
        last = example.time_step * (steps - 1)
        line, table = draw_example(ax, example, positions[condition], steps, last)
        tables.append(table.assign(condition=condition))
        ax.set_title(condition.capitalize(), color=CONDITIONS[condition], fontweight="bold")
    draw_scale(axes[0], round_length(example.environment))
    bar = axes[-1].inset_axes((0.3, -0.12, 0.7, 0.04))
    bar = axes[-1].figure.colorbar(line, cax=bar, orientation="horizontal", ticks=[0, last])
    bar.ax.set_xticklabels(["0", f"{last:.1f} s"])
    bar.ax.tick_params(length=0, pad=1.5)
    bar.outline.set_visible(False)
    row_name(axes[0], name)
    return pd.concat(tables, ignore_index=True)


def draw_row(
    axes: list[Axes], example: Example, positions: dict[str, np.ndarray], last: float
) -> tuple[ScalarMappable, pd.DataFrame]:
    """Maps of the five conditions, then distance travelled and regions visited against time, of one environment."""
    tables = []
    for ax, (condition, position) in zip(axes[:5], positions.items(), strict=True):
        line, table = draw_example(ax, example, position, positions["awake"].shape[1], last)
        tables.append(table.assign(condition=condition))
    draw_scale(axes[0], round_length(example.environment))
    regions = example.environment["region"].values
    for condition, position in positions.items():
        time = example.time_step * np.arange(position.shape[1])
        table = draw_curve(axes[5], time[::LAG], travelled(position), condition)
        tables.append(table.assign(what="distance"))
        table = draw_curve(axes[6], time, regions_seen(position, regions), condition)
        tables.append(table.assign(what="regions"))
    axes[5].set_ylabel("Distance (m)")
    axes[6].set_ylabel("Regions visited")
    for ax in axes[5:]:
        ax.set(xlim=(0, None), ylim=(0, None))
        ax.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    return line, pd.concat(tables, ignore_index=True)


def draw_examples(examples: dict[str, Example]) -> tuple[Figure, pd.DataFrame]:
    """One row for each environment.

    Returns:
        The figure, and what is drawn: environment, what (`path`, `distance`, `regions`), condition, number, time,
        x, y, mean, low, high.
    """
    fig = figure(DOUBLE, 0.5 + 1.15 * len(examples))
    fig.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
    grid = fig.add_gridspec(len(examples), 7, width_ratios=[1.1, 1.1, 1.1, 1.1, 1.1, 1, 1])
    axes = np.array([[fig.add_subplot(grid[r, c]) for c in range(7)] for r in range(len(examples))])
    positions = {name: example.positions() for name, example in examples.items()}
    last = max(example.time_step * (positions[name]["awake"].shape[1] - 1) for name, example in examples.items())
    tables = []
    for row, (name, example) in zip(axes, examples.items(), strict=True):
        line, table = draw_row(list(row), example, positions[name], last)
        tables.append(table.assign(environment=name))
        row_name(row[0], name)
    for ax, condition in zip(axes[0], CONDITIONS, strict=False):
        ax.set_title(condition.capitalize(), color=CONDITIONS[condition], fontweight="bold")
    for column, letter in ((0, "a"), (5, "b"), (6, "c")):
        panel_letter(axes[0, column], letter, level=axes[0, 5])
    for ax in axes[-1, 5:]:
        ax.set_xlabel("Time (s)")
    bar = fig.colorbar(line, ax=list(axes[:, :5].ravel()), location="bottom", shrink=0.35, aspect=40, pad=0.01)
    bar.outline.set_visible(False)
    bar.set_label("Time (s)")
    columns = ["environment", "what", "condition", "number", "time", "x", "y", "mean", "low", "high"]
    return fig, pd.concat(tables, ignore_index=True)[columns]


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_examples(examples_of(inputs, settings))
