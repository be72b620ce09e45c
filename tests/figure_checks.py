"""What every figure has to hold: nothing cut, no label on another, units, a column's width, numbers and a caption."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from rnn_replay.figures import style

# Last lines of labels of what has no unit.
DIMENSIONLESS = {
    "Adaptation $b_a$",
    "Adaptation strength $b_a$",
    "Compression",
    r"Friction $\lambda_v$",
    "Friction λ$_v$",
    "Grafted adaptation $b_a$",
    "Iteration",
    "15 steps ahead",
    "Number of seeds",
    "Planted",
    r"Planted persistence $\varphi$",
    "Regions visited",
    "Share not across yet",
    "Share not at a goal yet",
    "Share that diverges",
    "Steps hidden",
    "Steps hidden in training",
    "Trained adaptation $b_a$",
    "leaky over no leak",
}

ROOT = Path(__file__).parents[1]


def texts(fig: Figure) -> list[Text]:
    """All texts of a figure that say something and are shown."""
    hidden = {id(t) for ax in fig.findobj(lambda a: hasattr(a, "axison") and not a.axison) for t in _axis_texts(ax)}
    return [t for t in fig.findobj(Text) if t.get_visible() and t.get_text().strip() and id(t) not in hidden]


def _axis_texts(ax) -> list[Text]:
    return [*ax.xaxis.findobj(Text), *ax.yaxis.findobj(Text)]


def check_labels(fig: Figure) -> None:
    """Nothing leaves the page, and no title, label or panel letter covers another."""
    fig.savefig("/dev/null", format="png", dpi=fig.dpi)
    page = fig.bbox
    ticks = {id(t) for ax in fig.axes for t in (*ax.get_xticklabels(), *ax.get_yticklabels())}
    boxes = [(t, t.get_window_extent()) for t in texts(fig) if id(t) not in ticks]
    for text, box in boxes:
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= page.x1 + 1 and box.y1 <= page.y1 + 1
        assert inside, f"'{text.get_text()}' leaves the page"
    named = {id(text) for ax in fig.axes for text in (ax.title, ax.xaxis.label, ax.yaxis.label)}
    named |= {id(text) for text, _ in boxes if re.fullmatch("[a-z]", text.get_text())}  # letters of panels
    labels = [(text.get_text(), box) for text, box in boxes if id(text) in named]
    for (one, a), (other, b) in combinations(labels, 2):
        overlap = min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
        assert not overlap, f"'{one}' and '{other}' overlap"


def can_be_seen(line: Line2D) -> bool:
    """Whether a line has a point that is finite; without markers two of them, side by side."""
    finite = np.isfinite(line.get_xydata()).all(axis=1)
    return finite.any() if line.get_marker() not in ("", "None", None) else (finite[1:] & finite[:-1]).any()


def check_panels(fig: Figure) -> None:
    """Each panel shows something, or says that it has nothing to show."""
    for ax in fig.axes:
        # Neither colour bars nor panels without axes, and no reference lines, which cross the whole panel.
        if ax.axison and ax.get_label() != "<colorbar>":
            lines = [line for line in ax.lines if line.get_transform() == ax.transData]
            shown = any(map(can_be_seen, lines))
            limits = [part.get_datalim(ax.transData).get_points() for part in ax.collections]
            shown = shown or any(np.isfinite(points).all() for points in limits)
            assert shown or ax.images or ax.patches or ax.texts, f"a panel of {ax.get_ylabel()!r} is empty"


def check_units(fig: Figure) -> None:
    """Each axis says its unit in parentheses, or is known to have none."""
    labels = [axis.label.get_text() for ax in fig.axes if ax.axison for axis in (ax.xaxis, ax.yaxis)]
    assert any(labels)
    for label in filter(None, labels):
        known = label.strip().splitlines()[-1].strip() in DIMENSIONLESS
        assert known or re.search(r"\([^()]+\)", label), f"'{label}' has no unit"


def check_page(fig: Figure, numbers: pd.DataFrame, name: str) -> None:
    """The figure fits a journal's column, has its numbers, and a caption that says what is our choice."""
    assert fig.get_figwidth() in (style.SINGLE, style.DOUBLE)
    assert fig.get_figheight() < 9  # a page of a journal with room for the caption
    assert len(numbers) > 0 and "environment" in numbers
    caption = (ROOT / "workflow" / "report" / f"{name}.rst").read_text()
    assert "choice" in caption
    assert fig.get_suptitle() == ""
