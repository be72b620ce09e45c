"""What momentum adds beyond a larger step: speed and straightness of replay with momentum, and with its twins."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_replay.claims.plan import Plan
from rnn_replay.claims.readings import Condition, Selection, friction_sweep
from rnn_replay.claims.twins import MOMENTUM, TWINS
from rnn_replay.figures.style import CONDITIONS, DOUBLE, GREY, VERMILLION, draw_seeds, figure, fit_to_seeds, title
from rnn_replay.tables.selection import by_seed, select

ROWS = {"progress_speed": "Speed of progress (m/s)", "straightness": "Straightness\n(1 = straight, 0 = random)"}
SIDES = {"neither": Condition(), "momentum": Condition(momentum=True)}
COLOURS = {"neither": CONDITIONS["baseline"], "momentum": CONDITIONS["momentum"]}  # twins have another


def sides(plan: Plan) -> dict[str, Selection]:
    """Where replay without momentum, with it, and with each of its twins stands."""
    plain = {name: friction_sweep("momentum")(condition, plan) for name, condition in SIDES.items()}
    return plain | {name: TWINS[name](plan) for name in MOMENTUM}


def rows_of(table: pd.DataFrame, environment: str, at: Selection, metric: str, decoder: str) -> pd.DataFrame:
    """Rows of one metric, one for each seed; none where that was not run."""
    where = {"environment": environment, "variant": at.variant, "sweep": at.sweep, "metric": metric, "decoder": decoder}
    return select(table, **where, **at.setting)


def draw_panel(ax: Axes, rows: dict[str, pd.DataFrame], awake: pd.DataFrame) -> None:
    """Seeds of each side beside each other, with the mean awake value as a line where it is known."""
    for place, (name, found) in enumerate(rows.items()):
        if len(found):
            draw_seeds(ax, [place], [by_seed(found).to_numpy()], COLOURS.get(name, VERMILLION), spread=0.5)
    if len(awake):
        ax.axhline(awake["value"].mean(), color=GREY, linestyle="--", linewidth=0.9, zorder=0, label="awake")
    ax.set_xlim(-0.6, len(rows) - 0.4)
    ax.set_xticks(range(len(rows)), [name.replace(", ", ",\n") for name in rows], rotation=40, ha="right")
    fit_to_seeds([ax])
    ax.set_ylim(bottom=min(0, ax.get_ylim()[0]))


def draw_twins(table: pd.DataFrame, plans: dict[str, Plan], decoder: str, level: float) -> tuple[Figure, pd.DataFrame]:
    """One column for each environment, speed above straightness.

    Args:
        table: tidy table of metrics.
        plans: what the claims are read from, by environment.
        decoder: how positions are decoded.
        level: of the intervals.

    Returns:
        The figure and what it shows.
    """
    fig = figure(DOUBLE, 4.2, level)
    axes = fig.subplots(len(ROWS), len(plans), squeeze=False, sharex="col")
    drawn = []
    for column, (name, plan) in zip(axes.T, plans.items(), strict=True):
        for ax, metric in zip(column, ROWS, strict=True):
            rows = {side: rows_of(table, name, at, metric, decoder) for side, at in sides(plan).items()}
            awake = rows_of(table, name, sides(plan)["neither"], f"{metric}_awake", decoder)
            draw_panel(ax, rows, awake)
            drawn += [found.assign(condition=side) for side, found in rows.items()] + [awake.assign(condition="awake")]
        column[0].set_title(title(name))
    for ax, label in zip(axes[:, 0], ROWS.values(), strict=True):
        ax.set_ylabel(label)
    axes[0, 0].legend(loc="upper left")
    return fig, pd.concat(drawn, ignore_index=True)


def draw(inputs: dict[str, Any], settings: dict[str, Any]) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    plans = {name: Plan.of(settings["claims"], name) for name in settings["environments"]}
    return draw_twins(inputs["metrics"], plans, settings["decoder"], settings["claims"]["level"])
