"""All readings on one page: claims by environments, each cell the shares of readings by verdict."""

from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from rnn_replay.figures.style import BLUE, DOUBLE, GREY, LIGHT_GREY, VERMILLION, figure, title
from rnn_replay.readings.settings import CLAIMS

LOOKS = {"supported": BLUE, "undecided": LIGHT_GREY, "contradicted": VERMILLION}
LOST = {"color": "white", "edgecolor": GREY, "hatch": "//////", "linewidth": 0.4}


def draw_shares(table: pd.DataFrame, environments: list[str]) -> tuple[Figure, pd.DataFrame]:
    """One bar for each claim and environment; its whole length is all readings.

    Args:
        table: of shares, see :func:`~rnn_replay.readings.table.readings_tables`.
        environments: names, in order.

    Returns:
        The figure and the rows that it shows.
    """
    claims = [claim for claim in CLAIMS if (table["claim"] == claim).any()]
    fig = figure(DOUBLE, 0.8 + 0.42 * len(claims))
    axes = fig.subplots(1, len(environments), sharey=True, squeeze=False)[0]
    for ax, name in zip(axes, environments, strict=True):
        rows = table[table["environment"] == name].set_index("claim")
        for place, claim in enumerate(claims):
            if claim not in rows.index:
                continue
            row, left = rows.loc[claim], 0.0
            kept = 1 - row["off_manifold"]
            for verdict, colour in LOOKS.items():
                width = row[verdict] * kept if kept else 0.0
                ax.barh(place, width, 0.66, left, color=colour)
                if width > 0.16 and verdict != "undecided":
                    look = {"color": "white", "ha": "center", "va": "center", "fontsize": 6, "fontweight": "bold"}
                    ax.text(left + width / 2, place, f"{100 * width:.0f} %", **look)
                left += width
            ax.barh(place, row["off_manifold"], 0.66, left, **LOST)
            mark = "*" if row["p"] < 0.05 else ""
            ax.text(1.02, place, f"{row['readings']:,.0f}{mark}", va="center", fontsize=5, color=GREY)
        ax.set(title=title(name), xlim=(0, 1), xlabel="Readings (share)")
        ax.set_xticks([0, 0.5, 1])
    axes[0].set_yticks(
        range(len(claims)), [fill(f"{name.replace('_', ' ')}: {CLAIMS[name].says}", 34) for name in claims]
    )
    axes[0].invert_yaxis()
    handles = [Patch(color=colour, label=verdict) for verdict, colour in LOOKS.items()]
    handles.append(Patch(facecolor="white", label="off the manifold", hatch="//////", edgecolor=GREY, linewidth=0.4))
    fig.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    return fig, table[table["environment"].isin(environments)]


def draw(inputs: dict, settings: dict) -> tuple[Figure, pd.DataFrame]:
    """The figure of a run, and what it shows, from the content of its inputs by name."""
    return draw_shares(inputs["readings_shares"], list(settings["environments"]))
