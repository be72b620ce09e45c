"""R4: what leakage gives without masking: along a path, and as hidden motion becomes less predictable."""

import pandas as pd
from matplotlib.figure import Figure

from rnn_replay.figures.style import (
    DOUBLE,
    LIGHT_GREY,
    draw_seeds,
    environment_colours,
    figure,
    interval,
    panel_letter,
    title,
)
from rnn_replay.tables.selection import by_setting, select, with_missing


def draw_unmasked(along: pd.DataFrame, masks: pd.DataFrame, level: float) -> tuple[Figure, pd.DataFrame]:
    """Error against no leak, (a) along the path without masking, (b) against unpredictability over masks.

    Args:
        along: columns environment, seed, step and ratio of the errors with and without leak.
        masks: columns environment, seed, mask_hidden, unpredictability (m) and ratio.
        level: of the intervals.

    Returns:
        The figure and what it shows.
    """
    fig = figure(DOUBLE, 2.2, level)
    first, second = fig.subplots(1, 2)
    names = list(dict.fromkeys(along["environment"]))
    colours = environment_colours(names)
    for name in names:
        rows = select(along, environment=name)
        steps, groups = by_setting(rows, "step", "ratio")
        found = [interval(first, group) for group in groups]
        ends = [at.low for at in found], [at.high for at in found]
        first.fill_between(steps, *ends, color=colours[name], alpha=0.2, linewidth=0)
        first.plot(steps, [at.estimate for at in found], color=colours[name], label=title(name))
        rows = select(masks, environment=name)
        place = rows.groupby("mask_hidden")["unpredictability"].mean()
        _, groups = by_setting(rows, "mask_hidden", "ratio")
        draw_seeds(second, place.to_numpy(), groups, colours[name], title(name))
        for mask, x, values in zip(place.index, place, groups, strict=True):
            second.annotate(f"{mask}", (x, values.mean()), (4, -7), textcoords="offset points", fontsize=5)
    for ax in (first, second):
        ax.axhline(1, color=LIGHT_GREY, linewidth=0.8, zorder=0)
    first.set(
        xlabel="Time along an awake path (steps)", ylabel="Squared position error,\nleaky over no leak", ylim=(0, None)
    )
    second.set(
        xlabel="Error of predicting hidden motion (m)", ylabel="Held-out error,\nleaky over no leak", ylim=(0, 1.1)
    )
    second.set_title("numbers: inputs hidden in a row")
    first.legend(loc="upper right", ncols=len(names))
    for letter, ax in zip("ab", (first, second), strict=True):
        panel_letter(ax, letter, offset=-20)
    along = with_missing(along, "environment", "step", column="ratio").assign(panel="a")
    masks = with_missing(masks, "environment", "mask_hidden", column="ratio").assign(panel="b")
    return fig, pd.concat([along, masks], ignore_index=True)


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_unmasked(inputs["unmasked_along"], inputs["unmasked_masks"], settings["level"])
