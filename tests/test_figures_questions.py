"""Figures of what the paper left open."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import check_labels, check_page, check_units
from rnn_replay.figures.animals import draw_animals
from rnn_replay.figures.biology import SHOWN, draw_biology
from rnn_replay.figures.front import draw_fronts
from rnn_replay.figures.style import SEEDS as POINTS
from rnn_replay.figures.unmasked import draw_unmasked
from rnn_replay.measures.biology.published import PUBLISHED
from rnn_replay.measures.biology.recovery import recovery
from rnn_replay.tables.selection import select

NAMES, SEEDS = ("triangle", "tmaze", "rat"), range(1, 5)
MEASURES = ("displacement_exponent_rms", "share_momentum", "compression", "hover_share", "hover_share_null")


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Tidy rows of every measure under every condition."""
    found = [
        (name, "none" if condition == "behaviour" else "readout", condition, seed, metric)
        for name in NAMES
        for condition in SHOWN
        for seed in SEEDS
        for metric in MEASURES
        if metric != "compression" or condition not in ("behaviour", "awake")
    ]
    frame = pd.DataFrame(found, columns=["environment", "decoder", "condition", "seed", "metric"])
    return frame.assign(value=np.random.default_rng(0).uniform(0.3, 0.9, len(frame)))


@pytest.fixture(scope="module")
def settings() -> pd.DataFrame:
    """A table of settings over adaptation and friction, of which some lie on the front."""
    found = [
        (name, decoder, b, f, objective, b + 1 / f, (b, f) == (0.1, 0.6), f == 0.6)
        for name in NAMES
        for decoder in ("template", "readout")
        for b in (0.0, 0.1)
        for f in (1.0, 0.8, 0.6)
        for objective in ("compression", "spread" if name == "triangle" else "occupancy_entropy", "wasserstein")
    ]
    columns = ["environment", "decoder", "adaptation_strength", "friction", "objective", "estimate"]
    return pd.DataFrame(found, columns=[*columns, "picked", "on_front"])


@pytest.fixture(scope="module")
def held() -> pd.DataFrame:
    """Replay beside what was published, of an open field, a W-track and a loop."""
    known = {
        "tanni": {"kind": "recorded", "shape": "box", "place_cells": True},
        "wtrack": {"kind": "wtrack", "shape": "track", "place_cells": False},
        "triangle": {"kind": "triangle", "shape": "loop", "place_cells": False},
    }
    rows = []
    for name, what in known.items():
        for p in PUBLISHED:
            for place, condition in enumerate(SHOWN):
                value = 0.4 + 0.05 * place
                rows.append(
                    {"environment": name, "decoder": "none" if condition == "behaviour" else "readout"}
                    | {"condition": condition, "metric": p.metric, "where": p.where, "fair": p.judged(what)[0]}
                    | {"published_low": p.low, "published_high": p.high, "shuffled": 0.05, "diffusion": 0.45}
                    | {"estimate": value, "low": value - 0.05, "high": value + 0.05}
                )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def figures(rows, settings, held):
    """Every figure, with its table."""
    along = pd.DataFrame(
        [(n, s, t) for n in NAMES for s in SEEDS for t in range(20)], columns=["environment", "seed", "step"]
    )
    masks = pd.DataFrame(
        [(n, s, m) for n in NAMES for s in SEEDS for m in (0, 10)], columns=["environment", "seed", "mask_hidden"]
    )
    recovered = recovery([20, 150], [0.1, 0.4, 0.7], [1.5], paths=4, seed=0)
    return {
        "animals": draw_animals(held, "readout"),
        "biology": draw_biology(recovered, rows, "readout", 0.95),
        "front": draw_fronts(settings),
        "unmasked": draw_unmasked(
            along.assign(ratio=0.5 + 0.01 * along["seed"]),
            masks.assign(ratio=0.5 + 0.01 * masks["seed"], unpredictability=masks["mask_hidden"] / 100),
            0.95,
        ),
    }


@pytest.mark.parametrize("name", ["animals", "biology", "front", "unmasked"])
def test_figures_are_whole(figures, name):
    check_labels(figures[name][0])
    check_units(figures[name][0])
    check_page(*figures[name], name)


def test_plotted_seeds_are_those_of_the_table(figures, rows):
    fig, numbers = figures["biology"]
    wanted = sorted(100 * select(rows, metric="share_momentum")["value"])
    plotted = [value for line in fig.axes[3].lines if line.get_gid() == POINTS for value in line.get_ydata()]
    assert sorted(plotted) == pytest.approx(wanted)
    assert sorted(100 * select(numbers, metric="share_momentum")["value"]) == pytest.approx(wanted)
    excess = select(numbers, metric="hover_excess", environment="rat", condition="both", seed=2)["value"].item()
    of_one = select(rows, environment="rat", condition="both", seed=2).set_index("metric")["value"]
    assert excess == pytest.approx(of_one["hover_share"] - of_one["hover_share_null"])


def test_laboratories_stand_beside_their_fair_partners_alone(figures, held):
    fig, numbers = figures["animals"]
    assert [ax.get_title().split("\n")[0] for ax in fig.axes] == [
        "Stella et al.",
        "Krause & Drugowitsch",
        "Ji et al.",
        "Krause & Drugowitsch",
    ]
    assert set(numbers["environment"]) == {"tanni", "wtrack"} and "unfair" not in set(numbers["fair"])
    shown = numbers.groupby("metric")["environment"].unique().map(set)
    assert shown["exponent_stella"] == {"tanni"} and shown["exponent_ji"] == {"wtrack"}
    alone, nothing = draw_animals(held[held["environment"] == "triangle"], "readout")
    assert not alone.axes and nothing.empty
