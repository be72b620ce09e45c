"""Panels that several figures share: a metric against one setting of a sweep, seed by seed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rnn_replay.claims.contrasts import FIDELITY, SPEED, exploration
from rnn_replay.claims.plan import Plan
from rnn_replay.environments import Traits
from rnn_replay.figures.style import GREY, draw_seeds
from rnn_replay.tables.selection import by_setting, select, with_missing

LABELS = {
    "compression": "Compression\n(× awake speed)",
    SPEED: "Speed of progress\n(× awake)",
    "speed": "Speed (m/s)",
    "entropy_per_distance": "Entropy by distance\n(1 = uniform)",
    "occupancy_entropy": "Occupancy entropy\n(1 = uniform)",
    "occupancy_entropy_pooled": "Pooled entropy\n(1 = uniform)",
    "regions_visited": "Regions visited",
    "transitions": "Transitions (1/s)",
    "spread": "Spread of\nreplays (m)",
    "wasserstein": "Wasserstein\ndistance (m)",
    FIDELITY: "Wasserstein distance\nof trajectories (m)",
    "memory_gain_15": "Memory gain,\n15 steps ahead",
    "reached": "Share that arrives",
    "diverged": "Share that diverges",
    "friction": r"Friction $\lambda_v$",
    "adaptation_strength": r"Adaptation $b_a$",
    "grafted": r"Grafted adaptation $b_a$",
    "trained": r"Trained adaptation $b_a$",
}

# Titles of maps, where there is less room.
SHORT = {
    SPEED: "Speed (× awake)",
    "entropy_per_distance": "Entropy by distance",
    "occupancy_entropy": "Occupancy entropy",
    "spread": "Spread (m)",
    FIDELITY: "Wasserstein (m)",
}
DOTTED = (0, (1, 1.5))
INVERSE = r"$\propto 1/\lambda_v$"


@dataclass(frozen=True)
class Choice:
    """What of an environment is drawn where a figure shows one network or one setting: the claims' settings.

    Attributes:
        variant: the network whose replays are shown.
        trained: the network trained with adaptation, if there is one.
        adaptation_strength: b_a of `adaptation` and `both`.
        friction: λ_v of `momentum` and `both`.
        exploration: the primary metric of exploration.
    """

    variant: str
    trained: str | None
    adaptation_strength: float
    friction: float
    exploration: str

    @property
    def settings(self) -> dict[str, tuple[float, float]]:
        """Adaptation strength and friction of each condition but awake."""
        b, f = self.adaptation_strength, self.friction
        return {"baseline": (0.0, 1.0), "adaptation": (b, 1.0), "momentum": (0.0, f), "both": (b, f)}


def choices(claims: dict[str, Any], environments: dict[str, dict[str, Any]]) -> dict[str, Choice]:
    """The choice of each environment, in the given order.

    Args:
        claims: section of the configuration.
        environments: what each is, by name, as the fields of :class:`~rnn_replay.environments.Traits`.

    Raises:
        ValueError: the section lacks a value for one of the environments.
    """
    found = {}
    for name, known in environments.items():
        plan = Plan.of(claims, name)
        for key in ("variant", "adaptation_strength", "friction"):
            if getattr(plan, key) is None:
                raise ValueError(f"claims.{key} has no value for the environment '{name}', which the figures need")
        found[name] = Choice(
            plan.variant, plan.trained, plan.adaptation_strength, plan.friction, exploration(Traits(**known))[0]
        )
    return found


SETTING = ("variant", "adaptation_strength", "friction", "decoder", "metric")


def momentum_rows(table: pd.DataFrame, environment: str, choice: Choice) -> pd.DataFrame:
    """Rows of the sweep over friction, with the number of seeds that have no value."""
    return with_missing(select(table, environment=environment, variant=choice.variant, sweep="momentum"), *SETTING)


def grafted_rows(table: pd.DataFrame, environment: str, choice: Choice) -> pd.DataFrame:
    """The same of the sweep over adaptation that is switched on in replay alone, and friction."""
    return with_missing(select(table, environment=environment, variant=choice.variant, sweep="grafted"), *SETTING)


def trained_rows(table: pd.DataFrame, environment: str, choice: Choice) -> pd.DataFrame:
    """The same of networks trained with and without adaptation, which replay with their own.

    Those with another form of adaptation than the claims' trained network, such as its twin, are left out.
    """
    rows = select(table, environment=environment, sweep="trained")
    form = rows.loc[rows["variant"] == choice.trained, "adaptation_form"]
    same = (rows["variant"] == choice.variant) | rows["adaptation_form"].isin(form)
    return with_missing(rows[same], *SETTING)


def draw_against(ax: Axes, rows: pd.DataFrame, key: str, colour: str, label: str | None = None, **look) -> pd.DataFrame:
    """Seeds, mean and interval of one metric against one setting; returns the rows drawn.

    Args:
        ax: where to draw.
        rows: of one metric and decoder, differing in `key` and seed alone.
        key: column of the setting.
        colour, label: of the series.
        look: further arguments of :func:`~rnn_replay.figures.style.draw_seeds`.
    """
    x, values = by_setting(rows, key)
    if len(x):
        span = float(np.ptp(x)) or 1.0
        draw_seeds(ax, x, values, colour, label, spread=look.pop("spread", 0.03 * span), **look)
    return rows


def draw_inverse(ax: Axes, rows: pd.DataFrame, colour: str = GREY, label: str | None = None) -> None:
    """The line mean / λ_v through the mean without momentum, which speed by momentum alone would follow."""
    mean = select(rows, friction=1.0)["value"].mean()
    friction = np.linspace(rows["friction"].min(), 1, 100)
    ax.plot(friction, mean / friction, linestyle=DOTTED, color=colour, linewidth=0.9, label=label, zorder=1)


def friction_axis(ax: Axes, rows: pd.DataFrame) -> None:
    """Friction from 1 on the left down to its smallest value, so that momentum grows to the right."""
    low = float(rows["friction"].min())
    pad = 0.05 * (1 - low) + 0.01
    ax.set_xlim(1 + pad, low - pad)
    ax.set_xlabel(LABELS["friction"])
