"""Figures: one style that prints, colours that stay apart, numbers that are those of the tables, nothing cut."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from figure_checks import check_labels, check_page, check_units
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from rnn_replay import environments
from rnn_replay.artifacts.environments import to_dataset
from rnn_replay.environments import Map, Pool, Traits
from rnn_replay.figures import style
from rnn_replay.figures.adaptation import draw_adaptation
from rnn_replay.figures.balance import draw_balance
from rnn_replay.figures.calibration import ROWS, draw_calibration
from rnn_replay.figures.decoders import draw_decoders
from rnn_replay.figures.environments import draw_environments
from rnn_replay.figures.examples import Example, draw_examples, regions_seen, travelled
from rnn_replay.figures.fidelity import draw_fidelity
from rnn_replay.figures.learning import compared, draw_learning, running_mean
from rnn_replay.figures.maps import clearance
from rnn_replay.figures.momentum import draw_momentum
from rnn_replay.figures.panels import choices
from rnn_replay.figures.place_cells import draw_place_cells
from rnn_replay.figures.seeds import draw_seed_widths
from rnn_replay.figures.survival import draw_survivals, survival_curves
from rnn_replay.figures.sweeps import draw_sweeps
from rnn_replay.tables.calibration import EXPECTED, KNOWN, MEASURES
from rnn_replay.tables.selection import by_setting, select
from scipy.stats import ttest_1samp
from synthetic_tables import TRAITS

ROOT = Path(__file__).parents[1]
NAMES = ("triangle", "tmaze", "rat")
SEEDS = (1, 2, 3)
STRENGTHS, FRICTIONS = (0.0, 0.1), (1.0, 0.8, 0.6)
LEAKS, MASKS = (0.0, 0.3, 1.0), (0, 10)
LEVEL = 0.95
CLAIMS = {
    "level": LEVEL,
    "variant": "leak0.3_mask10",
    "leakage": ["leak{leak}_mask{mask_hidden}"],
    "trained": "adapted0.1",
    "adaptation_strength": 0.1,
    "friction": 0.6,
    "noise": 2.0,
    "matched_noise": 1.29,
    "margin_kept": 0.1,
    "margin_none": 0.02,
}


@pytest.fixture(scope="module")
def box() -> xr.Dataset:
    """An environment like the rat's, without RatInABox: a box in which four rates tell the position."""
    rng = np.random.default_rng(0)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
    grid = (np.stack(np.meshgrid(np.arange(10), np.arange(10)), axis=-1).reshape(-1, 2) + 0.5) / 10
    rates = lambda position: np.exp(-np.square(position[..., None, :] - (0.25 + 0.5 * corners)).sum(-1) / 0.1)  # noqa: E731
    map = Map(
        traits=Traits("box", place_cells=True, reads_position=False),
        segments=np.stack([corners, np.roll(corners, -1, axis=0)], axis=1),
        bins=grid,
        bins_tracked=rates(grid),
        regions=grid[::4],
        goals=corners,
        goal_radius=0.25,
        size=1.0,
    )
    steps = rng.normal(0, 0.03, (20, 41, 2))
    position = np.clip(rng.uniform(0.2, 0.8, (20, 1, 2)) + np.cumsum(steps, axis=1), 0, 1)
    pool = Pool(position, rates(position))
    return to_dataset(pool, pool, map, 0.1)


@pytest.fixture(scope="module")
def datasets(box) -> dict[str, xr.Dataset]:
    """Environments by name."""
    settings = {"steps": 40, "time_step": 0.1, "training_paths": 2, "test_paths": 20}
    found = {}
    for name in ("triangle", "tmaze"):
        environment = environments.load(name, settings)
        pools = [environment.paths(20, np.random.default_rng(seed)) for seed in (0, 1)]
        found[name] = to_dataset(*pools, environment.map(), 0.1)
    return found | {"rat": box}


@pytest.fixture(scope="module")
def replays(datasets) -> dict[str, xr.Dataset]:
    """Replays by environment: awake paths under every setting, the last of which has a diverged replay."""
    found = {}
    grid = [(b, f) for b in STRENGTHS for f in FRICTIONS]
    for name, environment in datasets.items():
        position = environment["test_position"].values[:12]
        data = {
            "decoder": ["template", "readout"],
            "position": (
                ("decoder", "setting", "replay", "time", "space"),
                np.broadcast_to(position, (2, len(grid), *position.shape)),
            ),
            "awake_position": (
                ("decoder", "path", "awake_time", "space"),
                np.broadcast_to(environment["test_position"].values, (2, 20, 41, 2)),
            ),
            "diverged": (("setting", "replay"), np.zeros((len(grid), 12), dtype=np.int8)),
            "start_path": ("replay", np.repeat(np.arange(6), 2)),
            "start_time": ("replay", np.full(12, 3)),
            "adaptation_strength": ("setting", [b for b, _ in grid]),
            "friction": ("setting", [f for _, f in grid]),
        }
        found[name] = xr.Dataset(data, attrs={"sweep": "grafted"})
        found[name]["diverged"][-1, 0] = 1
    return found


@pytest.fixture(scope="module")
def momentum_metrics() -> xr.Dataset:
    """Times of a sweep over friction: replay i arrives after i steps, and the last never."""
    time = np.broadcast_to(0.1 * np.arange(1, 21), (len(SEEDS), 2, len(FRICTIONS), 20)).copy()
    reached = np.ones_like(time)
    reached[..., -1] = 0
    dims = ("seed", "decoder", "setting", "replay")
    data = {"reach_time": (dims, time), "reached": (dims, reached)}
    data |= {"crossing_time": (dims, time), "crossed": (dims, reached), "friction": ("setting", list(FRICTIONS))}
    return xr.Dataset(data | {"decoder": ["template", "readout"]})


@pytest.fixture(scope="module")
def grafted_metrics(momentum_metrics) -> xr.Dataset:
    """The same for a sweep over adaptation strength, with and without momentum."""
    settings = {"adaptation_strength": [0.0, 0.1, 0.1], "friction": [1.0, 1.0, 0.6]}
    return momentum_metrics.assign({name: ("setting", values) for name, values in settings.items()})


@pytest.fixture(scope="module")
def calibrated() -> pd.DataFrame:
    """A table of calibration; there is no measure along the track in the box."""
    rows = [
        (name, seed, decoder, change, measure, expected, expected + 0.01 * seed)
        for name in NAMES
        for seed in SEEDS
        for decoder in ("template", "readout")
        for change, expected in EXPECTED.items()
        for measure in MEASURES
        if (name, measure) != ("rat", "track_compression")
    ]
    rows += [
        (name, seed, "bins", change, measure, expected, expected * (1 + 0.01 * seed))
        for name in NAMES
        for seed in SEEDS
        for change, expected in KNOWN.items()
        for measure in (["reach_hazard"] if change.startswith("hazard") else MEASURES)
    ]
    return pd.DataFrame(rows, columns=["environment", "seed", "decoder", "change", "measure", "expected", "ratio"])


@pytest.fixture(scope="module")
def widths() -> pd.DataFrame:
    """A table of the width of intervals against the number of seeds."""
    contrasts = [("L2", "leakage against none", "ratio"), ("A1", "adaptation against none", "difference")]
    contrasts += [("AM", f"{kind}: both against adaptation", "difference") for kind in ("faster", "kept")]
    contrasts += [(claim, "momentum against none", "difference") for claim in ("A2", "M1")]
    rows = [
        (claim, name, contrast, "compression", "1", scale, count, 3 / count, count > 3)
        for claim, contrast, scale in contrasts
        for name in NAMES
        for count in (2, 3, 12, 16)
    ]
    return pd.DataFrame(
        rows, columns=["claim", "environment", "contrast", "metric", "unit", "scale", "seeds", "width", "foretold"]
    )


METRICS = [
    "compression",
    "spread",
    "occupancy_entropy",
    "wasserstein",
    "wasserstein_null",
    "wasserstein_floor",
    "trajectory_wasserstein",
    "trajectory_wasserstein_null",
    "trajectory_wasserstein_floor",
    "diverged",
    "memory_gain_15",
    "memory_gain_given_adaptation_15",
]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """A tidy table of metrics with every sweep that figures show."""
    main = CLAIMS["variant"]
    settings = [(main, "momentum", 0.0, f) for f in FRICTIONS]
    settings += [(main, "grafted", b, f) for b in STRENGTHS for f in FRICTIONS]
    settings += [(variant, "trained", b, f) for variant, b in ((main, 0.0), ("adapted0.1", 0.1)) for f in FRICTIONS]
    settings += [(f"leak{leak:g}_mask{mask}", "leakage", 0.0, 1.0) for leak in LEAKS for mask in MASKS]
    columns = ["variant", "sweep", "adaptation_strength", "friction"]
    frame = pd.DataFrame(settings, columns=columns)
    for key, values in (("environment", NAMES), ("seed", SEEDS), ("decoder", ("template", "readout"))):
        frame = frame.merge(pd.DataFrame({key: values}), how="cross")
    frame = frame.merge(pd.DataFrame({"metric": METRICS, "unit": "1"}), how="cross")
    return frame.assign(value=0.5 + np.random.default_rng(0).random(len(frame)) / frame["friction"])


@pytest.fixture(scope="module")
def networks() -> pd.DataFrame:
    """A tidy table of networks that differ in leak and mask, and one that bears another name."""
    rows = [(e, f"leak{k:g}_mask{m}", k, m, s) for e in NAMES for k in LEAKS for m in MASKS for s in SEEDS]
    rows += [("triangle", "other", 0.3, 10, s) for s in SEEDS]
    frame = pd.DataFrame(rows, columns=["environment", "variant", "leak", "mask_hidden", "seed"])
    return frame.assign(test_error=0.01 * (1 + frame["mask_hidden"] + frame["seed"]))


@pytest.fixture(scope="module")
def figures(
    datasets, replays, momentum_metrics, grafted_metrics, calibrated, widths, table, networks
) -> dict[str, tuple[Figure, pd.DataFrame]]:
    """Every figure, with its table."""
    curves = networks.drop_duplicates(["environment", "variant", "seed"]).set_index(["environment", "variant", "seed"])
    loss = np.exp(-np.linspace(0, 3, 200)) * curves["test_error"].to_xarray().expand_dims(iteration=200, axis=-1)
    chosen = choices(CLAIMS, {name: TRAITS[name] for name in NAMES})
    plane = {name: chosen[name] for name in ("triangle", "tmaze")}
    shown = {name: Example(datasets[name], replays[name], chosen[name].settings, "readout") for name in NAMES}
    arrivals = dict.fromkeys(NAMES, momentum_metrics)
    pattern = CLAIMS["leakage"][0]
    return {
        "environments": draw_environments(datasets),
        "learning": draw_learning(networks, loss.to_dataset(name="loss"), dict.fromkeys(NAMES, "m²"), pattern, LEVEL),
        "fidelity": draw_fidelity(table, networks, list(NAMES), "template", pattern, LEVEL),
        "examples": draw_examples(shown),
        "sweeps": draw_sweeps(table, chosen, "template", LEVEL),
        "adaptation": draw_adaptation(table, plane, shown, "template", LEVEL),
        "momentum": draw_momentum(table, plane, shown, arrivals, "template", LEVEL),
        "balance": draw_balance(table, plane, "template", LEVEL),
        "place_cells": draw_place_cells(table, {"rat": chosen["rat"]}, shown, arrivals, "template", LEVEL),
        "decoders": draw_decoders(table, chosen, LEVEL),
        "survival": draw_survivals(
            chosen, datasets, arrivals, dict.fromkeys(NAMES, grafted_metrics), "template", LEVEL
        ),
        "calibration": draw_calibration(calibrated, list(NAMES), LEVEL),
        "seeds": draw_seed_widths(widths, list(NAMES)),
    }


FIGURES = [
    "environments",
    "learning",
    "fidelity",
    "examples",
    "sweeps",
    "adaptation",
    "momentum",
    "balance",
    "place_cells",
    "decoders",
    "survival",
    "calibration",
    "seeds",
]


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_cut_and_no_label_covers_another(figures, name):
    check_labels(figures[name][0])


@pytest.mark.parametrize("name", FIGURES)
def test_axes_say_their_units(figures, name):
    check_units(figures[name][0])


@pytest.mark.parametrize("name", FIGURES)
def test_figure_fits_a_column_and_has_its_numbers_and_caption(figures, name):
    check_page(*figures[name], name)


def test_plotted_seeds_are_those_of_the_table(figures, table):
    fig, numbers = figures["sweeps"]
    rows = select(table, environment="rat", sweep="momentum", metric="compression", decoder="template")
    plotted = [line for line in fig.axes[0].lines if line.get_gid() == style.SEEDS]
    colour = style.environment_colours(NAMES)["rat"]
    values = sorted(v for line in plotted if line.get_color() == colour for v in line.get_ydata())
    assert values == pytest.approx(sorted(rows["value"]))
    drawn = select(numbers, environment="rat", sweep="momentum", metric="compression")
    assert sorted(drawn["value"]) == pytest.approx(values)


def test_figures_of_a_run_without_trained_adaptation_and_with_one_mask(datasets, replays, table, networks):
    chosen = choices(CLAIMS, {name: TRAITS[name] for name in NAMES})
    short = table[(table["sweep"] != "trained") & (table["seed"] < 3)]
    fig, _ = draw_sweeps(short, chosen, "template", LEVEL)
    assert len(fig.axes) == 6  # the sweep that was not run has no panels
    examples = {name: Example(datasets[name], replays[name], chosen[name].settings, "readout") for name in NAMES}
    _, numbers = draw_adaptation(short, chosen, examples, "template", LEVEL)
    assert set(numbers["sweep"].dropna()) == {"grafted"}
    one = networks[(networks["mask_hidden"] == 10) & (networks["leak"] == 0.3) & (networks["seed"] < 3)]
    _, numbers = draw_fidelity(short, one, list(NAMES), "template", CLAIMS["leakage"][0], LEVEL)
    assert set(numbers["mask_hidden"]) == {10}


def test_every_environment_with_place_cells_is_drawn(datasets, replays, momentum_metrics, table):
    names = ["rat", "triangle"]
    chosen = choices(CLAIMS, {name: TRAITS[name] for name in names})
    shown = {name: Example(datasets[name], replays[name], chosen[name].settings, "readout") for name in names}
    fig, numbers = draw_place_cells(table, chosen, shown, dict.fromkeys(names, momentum_metrics), "template", LEVEL)
    check_labels(fig)
    assert set(numbers["environment"]) == set(names)


def test_figures_do_not_import_torch():
    modules = [f"rnn_replay.figures.{path.stem}" for path in (ROOT / "workflow/rnn_replay/figures").glob("[a-z]*.py")]
    code = f"import sys, importlib; [importlib.import_module(m) for m in {modules!r}]; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_interval_is_that_of_the_t_test_at_the_figures_level(level):
    values = np.array([1.0, 2.5, 0.5, 4.0])
    expected = ttest_1samp(values, 0).confidence_interval(level)
    ax = style.figure(style.SINGLE, 2, level).subplots()
    style.draw_seeds(ax, [0, 1, 2], [[*values, np.nan], [3.0], [np.nan]], style.BLUE)
    (bars,) = ax.containers[0].lines[2]
    assert bars.get_segments()[0][:, 1] == pytest.approx([expected.low, expected.high])
    assert [len(part) for part in bars.get_segments()[1:]] == [0, 0]
    opened = [line.get_xdata()[0] for line in ax.lines if line.get_markerfacecolor() == "white"]
    assert opened == [0, 2]  # the means that leave a seed out


def test_selection_matches_numbers_within_rounding_and_refuses_two_rows_of_a_seed():
    rows = pd.DataFrame({"friction": [0.1 + 0.2, 0.3, 1.0], "seed": [1, 2, 1], "value": [5.0, 6.0, 7.0]})
    assert len(select(rows, friction=0.3)) == 2
    x, values = by_setting(rows.assign(friction=[0.3, 0.3, 1.0]), "friction")
    assert list(x) == [0.3, 1.0] and [list(v) for v in values] == [[5, 6], [7]]
    with pytest.raises(ValueError, match="seed 1 has several rows, which differ in"):
        by_setting(rows.assign(friction=1.0), "friction")


def test_intervals_that_leave_the_panel_are_hairlines_with_arrows():
    ax = style.figure(style.SINGLE, 2, LEVEL).subplots()
    style.draw_seeds(ax, [0, 1], [[1.0, 2.0], [1.4, 1.41]], style.BLUE)
    style.fit_to_seeds([ax])
    (bars,) = ax.containers[0].lines[2]
    assert list(bars.get_linewidth()) == [0.4, 1.0]
    arrows = [line for line in ax.lines if line.get_gid() == style.CUT]
    assert [(*line.get_xydata()[0], line.get_marker()) for line in arrows] == [(0, 0.75, "v"), (0, 2.25, "^")]


def test_seeds_without_a_value_are_counted_in_the_table(table):
    holed = table.assign(value=table["value"].where((table["seed"] > 1) | (table["friction"] != 0.8)))
    _, numbers = draw_sweeps(holed, choices(CLAIMS, {"rat": TRAITS["rat"]}), "template", LEVEL)
    assert numbers.groupby("friction")["seeds_missing"].unique().to_dict() == {0.6: [0], 0.8: [1], 1.0: [0]}


@pytest.mark.parametrize("name", ["learning", "fidelity", "decoders", "seeds"])
def test_logarithmic_axes_have_plain_numbers(figures, name):
    fig, _ = figures[name]
    axes = [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis) if axis.get_scale() == "log"]
    assert axes
    for axis in axes:
        labels = [text.get_text() for text in axis.get_ticklabels(which="both") if text.get_text()]
        assert all(re.fullmatch(r"[\d.]+", label) for label in labels), labels


@pytest.mark.parametrize(("low", "high"), [(0.055, 0.085), (0.3, 1.6), (0.02, 2), (1e-3, 30)])
def test_logarithmic_axes_have_enough_ticks_and_not_too_many(low, high):
    ticks = style.LogTicks().tick_values(low, high)
    assert 2 <= ((ticks >= low) & (ticks <= high)).sum() <= 9


def test_a_legend_of_momentum_lies_beside_the_curves(figures):
    fig, _ = figures["momentum"]
    fig.draw_without_rendering()
    legends = [(ax, ax.get_legend()) for ax in fig.axes if ax.get_legend()]
    assert legends
    for ax, legend in legends:
        assert legend.get_window_extent().y0 >= ax.get_window_extent().y1 - 1


def test_maps_of_balance_have_a_colour_bar_and_say_which_direction_is_better(figures):
    fig, _ = figures["balance"]
    maps = [ax for ax in fig.axes if ax.images]
    assert len(maps) == 6 and all(ax.images[0].colorbar for ax in maps)
    assert all(re.search("\n(higher|lower): ", ax.get_title()) for ax in maps)
    assert {ax.images[0].get_cmap().name for ax in maps if "lower" in ax.get_title()} == {"cividis_r"}


def test_one_environment_fills_its_figure_and_no_goal_leaves_its_panel(datasets):
    fig, _ = draw_environments({"triangle": datasets["triangle"]})
    check_labels(fig)
    assert fig.get_figwidth() == style.SINGLE
    ax = fig.axes[0]
    assert ax.get_window_extent().width > 0.6 * fig.bbox.width
    for ring in (patch for patch in ax.patches if isinstance(patch, Circle)):
        (x, y), r = ring.center, ring.radius
        assert ax.get_xlim()[0] < x - r and x + r < ax.get_xlim()[1] and y + r < ax.get_ylim()[1]


def test_paths_stay_in_their_panels_and_starts_are_whole(figures):
    axes = figures["examples"][0].axes[:5]
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


def test_a_condition_under_which_all_replays_diverge_is_empty(datasets, replays, grafted_metrics):
    chosen = choices(CLAIMS, {"triangle": TRAITS["triangle"]})
    gone = replays["triangle"].copy(deep=True)
    gone["diverged"][np.isclose(gone["friction"], 0.6)] = 1
    example = Example(datasets["triangle"], gone, chosen["triangle"].settings, "readout")
    counts = {name: len(position) for name, position in example.positions().items()}
    assert counts == {"awake": 6, "baseline": 12, "adaptation": 12, "momentum": 0, "both": 0}
    _, numbers = draw_examples({"triangle": example})
    assert set(numbers["condition"]) == {"awake", "baseline", "adaptation"}


@pytest.mark.parametrize("gone", [0.6, 0.8, None])
def test_survival_reaches_as_far_where_a_setting_diverges_everywhere(datasets, momentum_metrics, grafted_metrics, gone):
    chosen = choices(CLAIMS, {"triangle": TRAITS["triangle"]})
    kept = abs(momentum_metrics["friction"] - (gone or -1)) > 1e-9
    some = momentum_metrics.where(kept).assign(friction=momentum_metrics["friction"])
    fig, numbers = draw_survivals(
        chosen, datasets, {"triangle": some}, {"triangle": grafted_metrics}, "template", LEVEL
    )
    assert [ax.get_xlim()[1] for ax in fig.axes] == pytest.approx([2.0] * 4)
    assert numbers.loc[numbers["friction"] == gone, "seeds_missing"].eq(3).all()
    assert not any(ax.collections for ax in fig.axes)  # no band over three seeds


def test_survival_has_a_band_from_four_seeds_on(datasets, momentum_metrics, grafted_metrics):
    chosen = choices(CLAIMS, {"triangle": TRAITS["triangle"]})
    many = {"triangle": momentum_metrics.isel(seed=[0, 1, 2, 0])}
    fig, _ = draw_survivals(chosen, datasets, many, {"triangle": grafted_metrics}, "template", LEVEL)
    assert [len(ax.collections) for ax in fig.axes] == [3, 3, 0, 0]


def test_calibration_shows_its_targets_and_labels_each_row_with_a_box_first(calibrated):
    low = calibrated.assign(ratio=0.5)
    fig, _ = draw_calibration(low, ["rat", "triangle", "tmaze"], LEVEL)
    check_labels(fig)
    assert all(ax.get_ylim()[1] > 2 for ax in fig.axes)
    assert [ax.get_ylabel() for ax in fig.axes if ax.get_ylabel()] == [label.strip() for label in ROWS]
    letters = [text.get_text() for ax in fig.axes for text in ax.texts if text.get_text() in list("abcd")]
    assert letters == list("abcd")


def test_figure_of_seeds_without_any_interval_says_so(widths):
    fig, _ = draw_seed_widths(widths.iloc[:0], list(NAMES))
    assert "at least two seeds" in fig.texts[0].get_text()


def test_distance_travelled_and_regions_of_a_straight_walk():
    walk = np.stack([np.arange(21.0), np.zeros(21)], axis=-1)[None]
    assert travelled(walk)[0] == pytest.approx([0, 10, 20])
    jitter = np.random.default_rng(0).normal(0, 0.01, walk.shape)
    assert travelled(walk + jitter)[0, -1] == pytest.approx(20, abs=0.1)
    seen = regions_seen(walk, np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]]))[0]
    assert seen[0] == 1 and seen[10] == 2 and seen[-1] == 3 and (np.diff(seen) >= 0).all()


def test_example_leaves_out_what_diverged_and_names_a_missing_setting(datasets, replays):
    settings = choices(CLAIMS, {"triangle": TRAITS["triangle"]})["triangle"].settings
    positions = Example(datasets["triangle"], replays["triangle"], settings, "readout").positions()
    assert {name: len(position) for name, position in positions.items() if name != "awake"} == dict.fromkeys(
        settings, 11
    )
    assert len(positions["awake"]) == 6
    missing = Example(datasets["triangle"], replays["triangle"], settings | {"both": (0.7, 0.6)}, "readout")
    with pytest.raises(ValueError, match=r"'grafted' has no setting with adaptation_strength 0\.7 and friction 0\.6"):
        missing.positions()


def test_survival_of_known_arrivals(momentum_metrics):
    steps, curves, watched = survival_curves(momentum_metrics.sel(decoder="template"), 0, 0.1)
    assert list(steps) == list(range(21))
    assert watched[0] == 20 * len(SEEDS) and watched[11] == 10 * len(SEEDS)
    assert curves[:, 0] == pytest.approx(1)
    assert curves[:, 10] == pytest.approx(0.5)
    assert curves[:, -1] == pytest.approx(0.05)  # the one that never arrives


def test_adaptation_is_compared_without_momentum_and_replays_at_risk_are_counted(figures):
    _, numbers = figures["survival"]
    adapted = select(numbers, environment="rat", event="crossing")
    adapted = adapted[adapted["adaptation_strength"].notna()]
    assert len(adapted) == 2 * 21  # of three settings, those without momentum
    assert adapted.groupby("adaptation_strength")["at_risk"].first().tolist() == [60, 60]


def test_learning_compares_networks_by_name_and_smooths(networks):
    assert "other" not in set(compared(networks, CLAIMS["leakage"][0])["variant"])
    iteration, mean = running_mean(np.array([[*np.arange(100.0), np.nan]]))
    assert mean[0, 0] == pytest.approx(np.arange(25).mean()) and iteration[0] == 25
    assert mean[0, -1] == pytest.approx(np.arange(75, 100).mean())
    curves = xr.Dataset()
    with pytest.raises(ValueError, match="no network of 'moon' is named as in"):
        draw_learning(networks, curves, {"moon": "1"}, CLAIMS["leakage"][0], LEVEL)


def test_choices_need_a_value_for_each_environment():
    with pytest.raises(ValueError, match=r"claims\.friction has no value for the environment 'rat'"):
        choices(CLAIMS | {"friction": {"triangle": 0.6}}, {name: TRAITS[name] for name in ("triangle", "rat")})
