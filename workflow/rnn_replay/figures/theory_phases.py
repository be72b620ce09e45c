"""Figure: phases of the linear system over adaptation strength and friction."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from rnn_replay.figures.style import BLACK, LIGHT_GREY, ORANGE, SINGLE, SKY, figure
from rnn_replay.theory.linear import PHASES


def draw_phases(linear: xr.Dataset) -> tuple[Figure, pd.DataFrame]:
    """Overdamped, oscillating and unstable, with the boundary found in simulation.

    Args:
        linear: artifact of the linear system.

    Returns:
        The figure, and its numbers: friction, adaptation_strength, phase; for what was found in
        simulation, phase is `boundary` or `grows`.
    """
    fig = figure(SINGLE, 2.7)
    ax = fig.subplots()
    # Square roots on both sides of 0, since the map's first cells reach below it.
    ax.set_xscale("function", functions=(lambda b: np.sign(b) * np.sqrt(abs(b)), lambda root: np.sign(root) * root**2))
    friction, strength = linear["map_friction"].values, linear["map_strength"].values
    colours = [SKY, ORANGE, LIGHT_GREY]
    phases = linear["phase"].values
    ax.pcolormesh(strength, friction, phases, cmap=ListedColormap(colours), vmin=-0.5, vmax=2.5, rasterized=True)
    inside = linear["boundary_measured"].values <= strength.max()
    order = np.argsort(linear["boundary_friction"].values)
    (line,) = ax.plot(
        linear["boundary_predicted"].values[order], linear["boundary_friction"].values[order], color=BLACK
    )
    (points,) = ax.plot(
        linear["boundary_measured"].values[inside],
        linear["boundary_friction"].values[inside],
        "o",
        color=BLACK,
        mfc="white",
        clip_on=False,
    )
    grown = (linear["grid_growth"] > 0) & (linear["grid_strength"] <= strength.max())
    (crosses,) = ax.plot(
        linear["grid_strength"].values[grown], linear["grid_friction"].values[grown], "x", color=BLACK, clip_on=False
    )
    ax.set(
        xlabel="Adaptation strength $b_a$",
        xticks=[0, 0.05, 0.2, 0.5, 1, 2, 3],
        ylabel="Friction λ$_v$",
        xlim=(0, strength.max()),
        ylim=(friction.min(), 1.0),
    )
    ax.xaxis.set_major_formatter("{x:g}")
    patches = [Patch(color=colour, label=name) for colour, name in zip(colours, PHASES, strict=True)]
    handles = [*patches, line, points, crosses]
    fig.legend(
        handles, [*PHASES, "boundary", "boundary, simulated", "simulated, grows"], loc="outside upper center", ncols=3
    )
    rows = [(f, b, PHASES[phases[i, j]]) for i, f in enumerate(friction) for j, b in enumerate(strength)]
    rows += [
        (f, b, "boundary")
        for f, b in zip(linear["boundary_friction"].values, linear["boundary_measured"].values, strict=True)
        if np.isfinite(b)
    ]
    rows += [
        (f, b, "grows")
        for f, b in zip(linear["grid_friction"].values[grown], linear["grid_strength"].values[grown], strict=True)
    ]
    return fig, pd.DataFrame(rows, columns=["friction", "adaptation_strength", "phase"])


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_phases(inputs["linear"])
