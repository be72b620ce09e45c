"""Share of replays that have not reached a goal, or not crossed regions, yet: seeds, their mean, and who is at risk."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation
from scipy.stats import CensoredData, ecdf

from rnn_replay.artifacts.environments import to_map
from rnn_replay.figures.panels import LABELS, Choice, choices
from rnn_replay.figures.style import CONDITIONS, DOUBLE, GREY, figure, interval, panel_letter, title
from rnn_replay.measures import METRICS, AwakePaths, Recording

FRICTIONS = (1.0, 0.8, 0.6, 0.4)  # shown where the sweep has them
ENOUGH = 4  # seeds from which on the interval is drawn; with fewer it would cover the panel (our choice)
DONE = 0.02  # the panel ends soon after the share that has not arrived is below this under every setting
# Metrics of when an event happens and whether it does, and the axis of its panels.
EVENTS = {
    "reach": ("reach_time", "reached", "Share not at a goal yet"),
    "crossing": ("crossing_time", "crossed", "Share not across yet"),
}
AWAKE = (0, (2, 1.2))
RISK, ROW = -33, 8  # points from a panel down to the first row of numbers at risk, and between rows


def survival(duration: np.ndarray, happened: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Kaplan and Meier's estimate of the share to which an event has not happened by each time, shape (time,).

    Args:
        duration: until the event or the end of observation, shape (replay,).
        happened: whether it happened, or the replay was cut short before (censored), shape (replay,).
        time: in the unit of the durations.
    """
    data = CensoredData(uncensored=duration[happened], right=duration[~happened])
    return ecdf(data).sf.evaluate(time)


def at_risk(duration: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Number of replays, of durations (replay,), that are still watched at each time and to which nothing happened."""
    return (duration[:, None] >= time).sum(0)


def survival_curves(
    metrics: xr.Dataset, setting: int, time_step: float, event: str = "reach"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Replays of one setting to which an event has not happened.

    Args:
        metrics: of one sweep and decoder, with one value for each replay.
        setting: number of the setting.
        time_step: seconds between steps.
        event: of EVENTS.

    Returns:
        Steps of shape (time,), share of shape (seed, time), NaN for a seed without replays, and number at risk of
        all seeds, shape (time,).
    """
    when, whether, _ = EVENTS[event]
    duration = metrics[when].isel(setting=setting).values / time_step
    happened = metrics[whether].isel(setting=setting).values == 1
    steps = np.arange(round(float(np.nanmax(metrics[when].values, initial=time_step)) / time_step) + 1)
    curves, watched = np.full((len(duration), len(steps)), np.nan), np.zeros(len(steps), dtype=int)
    for seed in range(len(duration)):
        # Replays that diverged have no time, nor have those for which the event means nothing.
        known = np.isfinite(duration[seed])
        if known.any():
            whole = np.round(duration[seed][known])
            curves[seed] = survival(whole, happened[seed][known], steps)
            watched += at_risk(whole, steps)
    return steps, curves, watched


def awake_curve(environment: xr.Dataset, steps: np.ndarray, event: str) -> np.ndarray:
    """The same share of held-out awake paths at steps (time,)."""
    position, time_step = environment["test_position"].values, float(environment["time_step"])
    similarity = np.ones(position.shape[:2])
    awake = AwakePaths(position, position, similarity, to_map(environment), time_step)
    recording = Recording(position, awake, similarity, start=np.arange(len(position)), seed=0)
    duration, happened = (METRICS[name].compute(recording) for name in EVENTS[event][:2])
    known = np.isfinite(duration)
    return survival(np.round(duration[known] / time_step), happened[known] == 1, steps)


def draw_survival(
    ax: Axes, metrics: xr.Dataset, environment: xr.Dataset, event: str = "reach", key: str = "friction", table=False
) -> pd.DataFrame:
    """Seeds as thin lines, their mean as a thick one with its t interval as a band where there are ENOUGH seeds.

    Args:
        ax: where to draw.
        metrics: of a sweep, for one decoder; its settings differ in `key` alone.
        environment: dataset of the environment of one seed.
        event: of EVENTS.
        key: the setting that is compared: `friction`, of which FRICTIONS are shown, or `adaptation_strength`.
        table: whether the number of replays at risk stands below.

    Returns:
        What is drawn: the setting (NaN awake), time, mean, low, high, seeds missing, and number at risk.
    """
    time_step = float(environment["time_step"])
    values = metrics[key].values
    shown = [i for i in range(len(values)) if key != "friction" or np.isclose(values[i], FRICTIONS).any()]
    colours = colormaps["viridis" if key == "friction" else "plasma"](np.linspace(0, 0.85, len(shown)))
    rows = []
    for setting, colour in zip(shown, colours, strict=True):
        steps, curves, watched = survival_curves(metrics, setting, time_step, event)
        time = time_step * steps
        found = pd.DataFrame([asdict(interval(ax, at)) for at in curves.T]).rename(columns={"estimate": "mean"})
        ax.plot(time, curves.T, color=colour, linewidth=0.35, alpha=0.5, zorder=2)
        ax.plot(time, found["mean"], color=colour, label=f"{values[setting]:g}", zorder=3)
        if found["seeds"].max() >= ENOUGH:
            low, high = (found[end].clip(0, 1) for end in ("low", "high"))
            ax.fill_between(time, low, high, color=colour, alpha=0.15, linewidth=0, zorder=1)
        rows.append(found.assign(**{key: values[setting], "time": time, "at_risk": watched}))
    # A setting under which every replay diverges has no mean.
    late = np.any([part["mean"] > DONE for part in rows], axis=0).nonzero()[0].max(initial=-1)
    end = time[min(late + len(time) // 20, len(time) - 1) if late >= 0 else -1]
    awake = awake_curve(environment, steps[: environment.sizes["time"]], event)
    ax.plot(time[: len(awake)], awake, color=CONDITIONS["awake"], linestyle=AWAKE, label="awake", zorder=4)
    ax.set(xlim=(0, end), ylim=(0, 1.02), xlabel="Time (s)", ylabel=EVENTS[event][2])
    if table:
        write_at_risk(ax, rows, colours, end)
    rows.append(pd.DataFrame({"time": time[: len(awake)], "mean": awake}))
    return pd.concat(rows, ignore_index=True).assign(what="survival", event=event)


def write_at_risk(ax: Axes, rows: list[pd.DataFrame], colours: np.ndarray, end: float) -> None:
    """Number of replays at risk at the start, middle and end of the panel, below it, in the curves' colours."""
    lines = "\n" * (len(rows) + 4)  # a legend comes below
    ax.set_xlabel(f"Time (s){lines}")
    place = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "top", "fontsize": 5.5}
    ax.annotate("Replays at risk", (0, 0), (-4, RISK + ROW), color=GREY, ha="left", **place)
    for i, (part, colour) in enumerate(zip(rows, colours, strict=True)):
        for share, side in ((0, "center"), (0.5, "center"), (1, "right")):
            count = part["at_risk"].iloc[int(np.searchsorted(part["time"], share * end * (1 - 1e-9)))]
            ax.annotate(f"{count}", (share, 0), (0, RISK - ROW * i), color=colour, ha=side, **place)


def draw_survivals(
    choices: dict[str, Choice],
    environments: dict[str, xr.Dataset],
    momentum: dict[str, xr.Dataset],
    grafted: dict[str, xr.Dataset],
    decoder: str,
    level: float,
) -> tuple[Figure, pd.DataFrame]:
    """One row for each environment: reach and crossing against friction, then against grafted adaptation.

    Args:
        choices: what is drawn of each environment.
        environments: dataset of one seed of each.
        momentum, grafted: metrics of the sweeps over friction and over adaptation of each, with one value for each
            replay.
        decoder: how positions are decoded.
        level: of the intervals.

    Returns:
        The figure and what it shows.
    """
    fig = figure(DOUBLE, 0.4 + 2.3 * len(choices), level)
    axes = fig.subplots(len(choices), 4, squeeze=False)
    drawn = []
    for row, name in zip(axes, choices, strict=True):
        overdamped = grafted[name].isel(setting=np.isclose(grafted[name]["friction"].values, 1))
        sweeps = {"friction": momentum[name], "adaptation_strength": overdamped}
        panels = [(key, sweep, event) for key, sweep in sweeps.items() for event in EVENTS]
        for ax, (key, sweep, event) in zip(row, panels, strict=True):
            metrics = sweep.sel(decoder=decoder)
            part = draw_survival(ax, metrics, environments[name], event, key, table=True)
            drawn.append(part.assign(environment=name))
            if event == "reach":
                # Below the numbers and across two panels, where no curve runs.
                below = (RISK - ROW * part[key].nunique()) / 72
                transform = ax.transAxes + ScaledTranslation(0, below, fig.dpi_scale_trans)
                place = {"loc": "upper left", "bbox_to_anchor": (0, 0), "bbox_transform": transform}
                ax.legend(title=LABELS[key], ncols=5, alignment="left", **place).set_in_layout(False)
        row[0].set_ylabel(f"{title(name)}\n{EVENTS['reach'][2]}")
    for letter, ax in zip("abcd", axes[0], strict=True):
        panel_letter(ax, letter, level=axes[0, 0])
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    chosen = choices(settings["claims"], settings["environments"])
    parts = [dict(zip(chosen, inputs[name], strict=True)) for name in ("environments", "momentum", "grafted")]
    return draw_survivals(chosen, *parts, settings["decoder"], settings["claims"]["level"])
