"""Figures: what is drawn where, and what becomes of it where there is little or nothing to draw."""

import re

import numpy as np
import pytest
from figure_checks import check_labels
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle
from rnn_replay.figures import style
from rnn_replay.figures.adaptation import draw_adaptation
from rnn_replay.figures.calibration import ROWS, draw_calibration
from rnn_replay.figures.environments import draw_environments
from rnn_replay.figures.fidelity import draw_fidelity
from rnn_replay.figures.maps import clearance
from rnn_replay.figures.place_cells import draw_place_cells
from rnn_replay.figures.seeds import draw_seed_widths
from rnn_replay.figures.sweeps import draw_sweeps
from synthetic_figures import Run
from synthetic_run import CLAIMS, LEVEL

RUN = Run()


@pytest.mark.parametrize("name", ["learning", "fidelity", "seeds"])
def test_logarithmic_axes_have_plain_numbers(name):
    fig, _ = RUN.figures[name]
    axes = [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis) if axis.get_scale() == "log"]
    assert axes
    for axis in axes:
        labels = [text.get_text() for text in axis.get_ticklabels(which="both") if text.get_text()]
        assert all(re.fullmatch(r"[\d.]+", label) for label in labels), labels


@pytest.mark.parametrize(("low", "high"), [(0.055, 0.085), (0.3, 1.6), (0.02, 2), (1e-3, 30)])
def test_logarithmic_axes_have_enough_ticks_and_not_too_many(low, high):
    ticks = style.LogTicks().tick_values(low, high)
    assert 2 <= ((ticks >= low) & (ticks <= high)).sum() <= 9


def test_a_legend_of_momentum_lies_beside_the_curves():
    fig, _ = RUN.figures["momentum"]
    fig.draw_without_rendering()
    legends = [(ax, ax.get_legend()) for ax in fig.axes if ax.get_legend()]
    assert legends
    for ax, legend in legends:
        assert legend.get_window_extent().y0 >= ax.get_window_extent().y1 - 1


def test_maps_of_balance_have_a_colour_bar_and_say_which_direction_is_better():
    fig, _ = RUN.figures["balance"]
    maps = [ax for ax in fig.axes if ax.images]
    assert len(maps) == 6 and all(ax.images[0].colorbar for ax in maps)
    assert all(re.search("\n(higher|lower): ", ax.get_title()) for ax in maps)
    assert {ax.images[0].get_cmap().name for ax in maps if "lower" in ax.get_title()} == {"cividis_r"}


def test_one_environment_fills_its_figure_and_no_goal_leaves_its_panel():
    fig, _ = draw_environments({"triangle": RUN.datasets["triangle"]})
    check_labels(fig)
    assert fig.get_figwidth() == style.SINGLE
    ax = fig.axes[0]
    assert ax.get_window_extent().width > 0.6 * fig.bbox.width
    for ring in (patch for patch in ax.patches if isinstance(patch, Circle)):
        (x, y), r = ring.center, ring.radius
        assert ax.get_xlim()[0] < x - r and x + r < ax.get_xlim()[1] and y + r < ax.get_ylim()[1]


def test_paths_stay_in_their_panels_and_starts_are_whole():
    axes = RUN.figures["examples"][0].axes[:5]
    paths = [artist for ax in axes for artist in ax.collections if isinstance(artist, LineCollection)]
    starts = [line for ax in axes for line in ax.lines if line.get_markerfacecolor() == "white"]
    assert paths and all(path.get_clip_on() for path in paths)
    assert starts and not any(start.get_clip_on() for start in starts)


def test_floors_of_tracks_that_come_close_stay_apart():
    corners = np.array([[0, 0], [0, 1], [0.05, 1], [0.05, 0]])  # a hairpin
    hairpin = np.stack([corners[:-1], corners[1:]], axis=1)
    assert clearance(hairpin) == pytest.approx(0.05)
    angle = np.linspace(0, 2 * np.pi, 25)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    assert clearance(np.stack([ring[:-1], ring[1:]], axis=1)) == np.inf


def test_intervals_that_leave_the_panel_are_hairlines_with_arrows():
    ax = style.figure(style.SINGLE, 2, LEVEL).subplots()
    style.draw_seeds(ax, [0, 1], [[1.0, 2.0], [1.4, 1.41]], style.BLUE)
    style.fit_to_seeds([ax])
    (bars,) = ax.containers[0].lines[2]
    assert list(bars.get_linewidth()) == [0.4, 1.0]
    arrows = [line for line in ax.lines if line.get_gid() == style.CUT]
    assert [(*line.get_xydata()[0], line.get_marker()) for line in arrows] == [(0, 0.75, "v"), (0, 2.25, "^")]


@pytest.mark.parametrize("gone", [(0.6,), (0.8,), ()])
def test_survival_reaches_as_far_where_a_setting_diverges_everywhere(gone):
    fig, numbers = Run(names=("triangle",), gone=gone).figures["survival"]
    assert [ax.get_xlim()[1] for ax in fig.axes] == pytest.approx([2.0] * 4)
    assert numbers.loc[numbers["friction"].isin(gone), "seeds_missing"].eq(3).all()
    assert not any(ax.collections for ax in fig.axes)  # no band over three seeds


def test_survival_has_a_band_from_four_seeds_on():
    fig, _ = Run(names=("triangle",), count=4).figures["survival"]
    assert [len(ax.collections) for ax in fig.axes] == [3, 3, 2, 2]


def test_calibration_shows_its_targets_and_labels_each_row_with_a_box_first():
    low = RUN.calibrated.assign(ratio=0.5)
    fig, _ = draw_calibration(low, ["rat", "triangle", "tmaze"], LEVEL)
    check_labels(fig)
    assert all(ax.get_ylim()[1] > 2 for ax in fig.axes)
    assert [ax.get_ylabel() for ax in fig.axes if ax.get_ylabel()] == [label.strip() for label in ROWS]
    letters = [text.get_text() for ax in fig.axes for text in ax.texts if text.get_text() in list("abcd")]
    assert letters == list("abcd")


def test_figure_of_seeds_without_any_interval_says_so():
    fig, _ = draw_seed_widths(RUN.widths.iloc[:0], list(RUN.names))
    assert "at least two seeds" in fig.texts[0].get_text()


def test_figures_of_a_run_without_trained_adaptation_and_with_one_mask():
    short = RUN.table[(RUN.table["sweep"] != "trained") & (RUN.table["seed"] < 3)]
    fig, _ = draw_sweeps(short, RUN.chosen, "template", LEVEL)
    assert len(fig.axes) == 6  # the sweep that was not run has no panels
    _, numbers = draw_adaptation(short, RUN.chosen, RUN.shown, "template", LEVEL)
    assert set(numbers["sweep"].dropna()) == {"grafted"}
    one = RUN.networks[(RUN.networks["mask_hidden"] == 10) & (RUN.networks["leak"] == 0.3) & (RUN.networks["seed"] < 3)]
    _, numbers = draw_fidelity(short, one, list(RUN.names), "template", CLAIMS["leakage"][0], LEVEL)
    assert set(numbers["mask_hidden"]) == {10}


def test_every_environment_with_place_cells_is_drawn():
    two = Run(names=("rat", "triangle"))
    arrivals = dict.fromkeys(two.names, two.momentum_metrics)
    fig, numbers = draw_place_cells(two.table, two.chosen, two.shown, arrivals, "template", LEVEL)
    check_labels(fig)
    assert set(numbers["environment"]) == set(two.names)


def test_panels_without_any_value_say_so_and_have_no_ticks():
    ax, other = style.figure(style.SINGLE, 2, LEVEL).subplots(1, 2)
    style.draw_seeds(ax, [0, 1], [[np.nan], [np.nan]], style.BLUE)
    style.draw_seeds(other, [0, 1], [[1.0], [2.0]], style.BLUE)
    style.fit_to_seeds([ax, other])
    assert [text.get_text() for text in ax.texts] == ["no value"] and not other.texts
    assert ax.get_ylim() == other.get_ylim()
    style.logarithmic(ax)
    style.fit_to_seeds([ax])
    assert list(ax.get_yticks()) == []


def test_names_of_published_bands_lie_beside_the_points():
    fig, _ = RUN.figures["biology"]
    fig.draw_without_rendering()
    for ax in (fig.axes[2], fig.axes[3]):
        first = min(line.get_xdata().min() for line in ax.lines if line.get_gid() == style.SEEDS)
        for text in ax.texts:
            if text.get_fontsize() == 5:
                end = ax.transData.inverted().transform(text.get_window_extent().max)[0]
                assert end < first, text.get_text()
