"""Figure: what friction and adaptation do to a sampler: compression, heating, mixing, and the continuous limit."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnn_replay.figures.style import (
    BLACK,
    BLUE,
    DOUBLE,
    GREEN,
    GREY,
    ORANGE,
    VERMILLION,
    figure,
    logarithmic,
    panel_letter,
)
from rnn_replay.theory.comparison import from_dataset, sidak_bound

SYSTEMS = {"linear": BLACK, "double_well": BLUE, "ring": VERMILLION, "tee": GREEN}
LABELS = {"linear": "linear", "double_well": "double well", "ring": "ring", "tee": "T"}


def draw_sampling(
    linear: xr.Dataset, double_well: xr.Dataset, ring: xr.Dataset, tee: xr.Dataset
) -> tuple[Figure, pd.DataFrame]:
    """Compression and heating of the linear system; rates, density and deviations of the potentials.

    Args:
        linear, double_well, ring, tee: artifacts of the theory stage.

    Returns:
        The figure, and the numbers drawn: panel, series, x, y.
    """
    fig = figure(DOUBLE, 3.9)
    axes = fig.subplots(2, 3).ravel()
    rows: list[tuple] = []

    def draw(ax, panel: str, series: str, x, y, style: str = "-", **how) -> None:
        ax.plot(x, y, style, **how)
        rows.extend((panel, series, float(a), float(b)) for a, b in zip(x, y, strict=True))

    friction = linear["curve_friction"].values
    compared = from_dataset(linear)
    plain = compared[(compared["system"] == "linear") & (compared["adaptation_strength"] == 0)]

    ax = axes[0]
    draw(ax, "a", "closed form", friction, linear["curve_displacement"].values, color=BLACK, label="closed form")
    draw(ax, "a", "1/λ_v", friction, 1 / friction, "--", color=GREY, label="1/λ$_v$")
    ax.set(
        xlabel="Friction λ$_v$",
        ylabel="Displacement over 10 steps,\nover that at λ$_v$ = 1",
        title="Compression",
        ylim=(0, 6),
    )
    ax.legend()

    ax = axes[1]
    some = plain[plain["quantity"] == "variance of r"]
    draw(ax, "b", "closed form", friction, linear["curve_variance"].values, color=BLACK, label="closed form")
    draw(ax, "b", "simulated", some["friction"], some["simulated"], "o", color=BLUE, label="simulated")
    ax.set(xlabel="Friction λ$_v$", ylabel="Variance of $r$", title="Heating at fixed noise")
    logarithmic(ax)
    ax.legend()

    ax = axes[2]
    well = from_dataset(double_well)
    curve = double_well["curve_friction"].values
    for scaling, colour, label in (
        ("fixed", ORANGE, "fixed noise"),
        ("fluctuation_dissipation", BLUE, "fixed temperature"),
    ):
        rate = double_well["curve_rate"].values[list(double_well["scaling"].values).index(scaling)]
        draw(ax, "c", f"quadrature, {scaling}", curve, rate, color=colour, label=label)
    draw(ax, "c", "Kramers", curve, double_well["kramers_rate"].values, "--", color=GREY, label="Kramers' limit")
    some = well[(well["quantity"] == "transition rate") & (well["adaptation_strength"] == 0)]
    draw(ax, "c", "simulated", some["friction"], some["simulated"], "o", color=BLUE, label="simulated")
    ax.set(
        xlabel="Friction λ$_v$",
        ylabel="Transition rate (1/step)",
        title="Mixing, double well",
    )
    logarithmic(ax, "xy")
    ax.set_ylim(8e-4, 0.15)
    ax.legend(loc="lower left")

    ax = axes[3]
    x = double_well["position"].values
    for f, density, colour in zip(
        double_well["density_friction"].values, double_well["density"].values, (BLUE, GREEN), strict=True
    ):
        draw(ax, "d", f"λ_v = {f:g}", x, density, color=colour, label=f"λ$_v$ = {f:g}")
    draw(ax, "d", "Boltzmann", x, double_well["boltzmann"].values, "--", color=GREY, label="Boltzmann")
    ax.set(xlabel="$r$", ylabel="Density", title="Stationary, double well", ylim=(0, None))
    ax.legend(loc="upper center")

    ax = axes[4]
    for name, dataset in (("double_well", double_well), ("ring", ring), ("tee", tee)):
        table = from_dataset(dataset)
        table = table[(table["quantity"] == "transition rate") & (table["friction"] == 1)].sort_values(
            "adaptation_strength"
        )
        reference = table["expected"].iloc[0]
        draw(
            ax,
            "e",
            f"{name}, kernel",
            table["adaptation_strength"],
            table["expected"] / reference,
            color=SYSTEMS[name],
            label=LABELS[name],
        )
        draw(
            ax,
            "e",
            f"{name}, simulated",
            table["adaptation_strength"],
            table["simulated"] / reference,
            "o",
            color=SYSTEMS[name],
        )
    ax.set(
        xlabel="Adaptation strength $b_a$",
        ylabel="Transition rate,\nover that at $b_a$ = 0",
        title="Adaptation, λ$_v$ = 1",
    )
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.legend()

    ax = axes[5]
    sets = {"linear": compared} | {
        n: from_dataset(d) for n, d in (("double_well", double_well), ("ring", ring), ("tee", tee))
    }
    for i, (name, table) in enumerate(sets.items()):
        deviation = np.sort(table["deviation"].abs())
        place = i + np.linspace(-0.3, 0.3, len(deviation))
        draw(ax, "f", name, place, deviation, ".", color=SYSTEMS[name], markersize=2)
        bound = sidak_bound(len(table))
        ax.plot([i - 0.35, i + 0.35], [bound, bound], color=GREY)
    ax.set_xticks(range(len(sets)), [LABELS[name] for name in sets], rotation=20)
    ax.set(ylabel="Deviation (standard errors)", ylim=(0, None), title="Simulation against theory")
    for letter, ax in zip("abcdef", axes, strict=True):
        panel_letter(ax, letter, offset=-20)
    return fig, pd.DataFrame(rows, columns=["panel", "series", "x", "y"])


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_sampling(**inputs)
