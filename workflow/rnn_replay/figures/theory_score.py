"""Figure: the score that changes in time, the error of its estimates, and the leak that follows."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from rnn_replay.figures.style import (
    BLACK,
    BLUE,
    DOUBLE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILLION,
    environment_colours,
    figure,
    logarithmic,
    panel_letter,
    title,
)

COLOURS = [BLUE, VERMILLION, GREEN, PURPLE, ORANGE]
NAMES = {
    "brownian": "Brownian",
    "ornstein_uhlenbeck_from_point": "OU, from a point",
    "ornstein_uhlenbeck_stationary": "OU, stationary",
}


def draw_score(gaussian: xr.Dataset) -> tuple[Figure, pd.DataFrame]:
    """Score leak over time in theory and in the environments, its estimation error, and leaks for the task.

    Args:
        gaussian: artifact of Gaussian paths.

    Returns:
        The figure, and the numbers drawn: panel, series, x, y.
    """
    fig = figure(DOUBLE, 3.9)
    axes = fig.subplots(2, 3).ravel()
    rows: list[tuple] = []

    def draw(ax, panel: str, series: str, x, y, style: str = "-", **how) -> None:
        # An error that is not finite, with too few paths for its moments to exist, has no point.
        x, y = (np.asarray(values)[np.isfinite(y)] for values in (x, y))
        ax.plot(x, y, style, **how)
        rows.extend((panel, series, float(a), float(b)) for a, b in zip(x, y, strict=True))

    ax = axes[0]
    for process, leak, colour in zip(gaussian["process"].values, gaussian["score_leak"].values, COLOURS, strict=False):
        draw(ax, "a", process, gaussian["time"].values, leak, color=colour, label=NAMES[process])
    ax.axhline(1, color=GREY, linestyle=":")
    ax.set(xlabel="Time (steps)", ylabel="Score leak $σ^2Σ_t^{-1}$", title="Gaussian paths")
    logarithmic(ax)
    ax.text(0.97, 0.93, "off the manifold", transform=ax.transAxes, ha="right", va="top", fontsize=6, color=GREY)
    ax.legend(loc="lower left", bbox_to_anchor=(0.25, 0.45))

    ax = axes[1]
    names = [str(name).removeprefix("leak_") for name in gaussian.data_vars if str(name).startswith("leak_")]
    colours = environment_colours(names)
    for name in names:
        leak = gaussian[f"leak_{name}"].values
        draw(ax, "b", name, np.arange(leak.shape[1]), leak.mean(0), color=colours[name], label=title(name))
        ax.fill_between(np.arange(leak.shape[1]), leak.min(0), leak.max(0), color=colours[name], alpha=0.25, lw=0)
    ax.set(xlabel="Time (steps)", ylabel="Score leak, on the manifold", title="Environments")
    logarithmic(ax)
    ax.legend()

    ax = axes[2]
    samples = gaussian["samples"].values
    for i, colour in zip(range(gaussian.sizes["dimension"]), COLOURS, strict=False):
        n = int(gaussian["dimension"][i])
        draw(ax, "c", f"{n} units, exact", samples, gaussian["error_exact"].values[i], color=colour, label=f"$n$ = {n}")
        draw(ax, "c", f"{n} units, measured", samples, gaussian["error_measured"].values[i], "o", color=colour)
    ax.set(xlabel="Paths $N$", ylabel="Relative error of the score", title="Estimates")
    logarithmic(ax, "xy")
    ax.legend(loc="upper right")

    ax = axes[3]
    for process, error, colour in zip(
        gaussian["process"].values, gaussian["tracking_error"].values, COLOURS, strict=False
    ):
        draw(ax, "d", process, gaussian["leak"].values, error, color=colour, label=NAMES[process])
        best = error.argmin()
        ax.plot(gaussian["leak"].values[best], error[best], "o", color=colour)
    ax.set(xlabel="Constant leak λ", ylabel="Squared error, mean over time", title="Noisy path integration")
    logarithmic(ax)
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.7))

    ax = axes[4]
    labels = []
    for i in range(gaussian.sizes["trained"]):
        name, kind = str(gaussian["trained_on"][i].values), str(gaussian["trained_kind"][i].values)
        x, marker = (i // 2) + (0.12 if kind == "relu" else -0.12), "s" if kind == "relu" else "o"
        filled = BLUE if kind == "linear" else VERMILLION
        draw(ax, "e", f"{name}, {kind}, on", [x], [gaussian["learned_on"].values[i]], marker, color=filled)
        draw(
            ax, "e", f"{name}, {kind}, off", [x], [gaussian["learned_off"].values[i]], marker, color=filled, mfc="none"
        )
        draw(
            ax, "e", f"{name}, {kind}, predicted on", [x], [gaussian["predicted_on"].values[i]], "_", color=BLACK, ms=6
        )
        if kind == "linear":
            labels.append(
                {
                    "brownian": "BM",
                    "ornstein_uhlenbeck_from_point": "OU",
                    "ornstein_uhlenbeck_stationary": "OU\nstat.",
                }.get(name, title(name))
            )
    ax.axhline(1, color=GREY, linestyle=":")
    ax.set_xticks(range(len(labels)), labels, rotation=45)
    ax.set(ylabel="Leak of the network", ylim=(-0.05, 1.05), title="Learned")
    handles = [
        ax.plot([], [], m, color=c, mfc=f)[0]
        for m, c, f in (("o", BLUE, BLUE), ("s", VERMILLION, VERMILLION), ("o", GREY, "none"))
    ]
    handles.append(ax.plot([], [], "_", color=BLACK)[0])
    ax.legend(
        handles,
        ["linear, on", "ReLU, on", "off the manifold", "predicted, on"],
        loc="upper right",
        bbox_to_anchor=(1, 0.95),
    )

    ax = axes[5]
    for i in range(gaussian.sizes["trained"]):
        if str(gaussian["trained_on"][i].values) == "ornstein_uhlenbeck_stationary":
            kind = str(gaussian["trained_kind"][i].values)
            colour = BLUE if kind == "linear" else VERMILLION
            spectrum = gaussian["spectrum"].values[i]
            draw(
                ax,
                "f",
                kind,
                np.arange(1, len(spectrum) + 1),
                spectrum,
                ".",
                color=colour,
                label={"relu": "ReLU"}.get(kind, kind),
            )
    ax.axhline(1, color=GREY, linestyle=":")
    ax.set(xlabel="Eigenvalue, sorted", ylabel="Real part, $I - J$", title="Spectrum, OU stationary")
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0.9))
    for letter, ax in zip("abcdef", axes, strict=True):
        panel_letter(ax, letter, offset=-20)
    return fig, pd.DataFrame(rows, columns=["panel", "series", "x", "y"])


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_score(inputs["gaussian"])
