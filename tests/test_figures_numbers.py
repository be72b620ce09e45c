"""Figures: the numbers are those of the tables."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from rnn_replay.claims.contrasts import SPEED
from rnn_replay.claims.statistics import mean_interval
from rnn_replay.figures import style
from rnn_replay.figures.animals import draw_animals
from rnn_replay.figures.examples import Example, draw_examples, regions_seen, travelled
from rnn_replay.figures.learning import compared, draw_learning, running_mean
from rnn_replay.figures.panels import choices
from rnn_replay.figures.survival import survival_curves
from rnn_replay.figures.sweeps import draw_sweeps
from rnn_replay.tables.selection import by_setting, select
from synthetic_figures import Run
from synthetic_run import CLAIMS, LEVEL
from synthetic_tables import TRAITS

RUN = Run()


def test_plotted_seeds_are_those_of_the_table():
    fig, numbers = RUN.figures["sweeps"]
    rows = select(RUN.table, environment="rat", sweep="momentum", metric=SPEED, decoder="template")
    plotted = [line for line in fig.axes[0].lines if line.get_gid() == style.SEEDS]
    colour = style.environment_colours(RUN.names)["rat"]
    values = sorted(v for line in plotted if line.get_color() == colour for v in line.get_ydata())
    assert values == pytest.approx(sorted(rows["value"]))
    drawn = select(numbers, environment="rat", sweep="momentum", metric=SPEED)
    assert sorted(drawn["value"]) == pytest.approx(values)


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_interval_is_that_of_the_claims_at_the_figures_level(level):
    values = np.array([1.0, 2.5, 0.5, 4.0])
    expected = mean_interval(values, level)
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


def test_seeds_without_a_value_are_counted_in_the_table():
    holed = RUN.table.assign(value=RUN.table["value"].where((RUN.table["seed"] > 1) | (RUN.table["friction"] != 0.8)))
    _, numbers = draw_sweeps(holed, choices(CLAIMS, {"rat": TRAITS["rat"]}), "template", LEVEL)
    assert numbers.groupby("friction")["seeds_missing"].unique().to_dict() == {0.6: [0], 0.8: [1], 1.0: [0]}


def test_a_condition_under_which_all_replays_diverge_is_empty():
    example = Run(names=("triangle",), gone=(0.6,)).shown["triangle"]
    counts = {name: len(position) for name, position in example.positions().items()}
    assert counts == {"awake": 6, "baseline": 12, "adaptation": 12, "momentum": 0, "both": 0}
    _, numbers = draw_examples({"triangle": example})
    assert set(numbers["condition"]) == {"awake", "baseline", "adaptation"}


def test_distance_travelled_and_regions_of_a_straight_walk():
    walk = np.stack([np.arange(21.0), np.zeros(21)], axis=-1)[None]
    assert travelled(walk)[0] == pytest.approx([0, 10, 20])
    jitter = np.random.default_rng(0).normal(0, 0.01, walk.shape)
    assert travelled(walk + jitter)[0, -1] == pytest.approx(20, abs=0.1)
    seen = regions_seen(walk, np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]]))[0]
    assert seen[0] == 1 and seen[10] == 2 and seen[-1] == 3 and (np.diff(seen) >= 0).all()


def test_example_leaves_out_what_diverged_and_names_a_missing_setting():
    settings = RUN.chosen["triangle"].settings
    positions = RUN.shown["triangle"].positions()
    assert {name: len(position) for name, position in positions.items() if name != "awake"} == dict.fromkeys(
        settings, 11
    )
    assert len(positions["awake"]) == 6
    missing = Example(RUN.datasets["triangle"], RUN.replays["triangle"], settings | {"both": (0.7, 0.6)}, "readout")
    with pytest.raises(ValueError, match=r"'grafted' has no setting with adaptation_strength 0\.7 and friction 0\.6"):
        missing.positions()


def test_survival_of_known_arrivals():
    steps, curves, watched = survival_curves(RUN.momentum_metrics.sel(decoder="template"), 0, 0.1)
    assert list(steps) == list(range(21))
    assert watched[0] == 20 * RUN.count and watched[11] == 10 * RUN.count
    assert curves[:, 0] == pytest.approx(1)
    assert curves[:, 10] == pytest.approx(0.5)
    assert curves[:, -1] == pytest.approx(0.05)  # the one that never arrives


def test_adaptation_is_compared_without_momentum_and_replays_at_risk_are_counted():
    _, numbers = RUN.figures["survival"]
    adapted = select(numbers, environment="rat", event="crossing")
    adapted = adapted[adapted["adaptation_strength"].notna()]
    assert len(adapted) == 2 * 21  # of three settings, those without momentum
    assert adapted.groupby("adaptation_strength")["at_risk"].first().tolist() == [60, 60]


def test_learning_compares_networks_by_name_and_smooths():
    assert "other" not in set(compared(RUN.networks, CLAIMS["leakage"][0])["variant"])
    iteration, mean = running_mean(np.array([[*np.arange(1000.0), np.nan]]))
    assert mean[0, 0] == pytest.approx(np.arange(25).mean()) and iteration[0] == 25
    assert mean[0, -1] == pytest.approx(np.arange(975, 1000).mean())
    iteration, mean = running_mean(np.array([np.arange(40.0)]))  # a short training is not one point
    assert (len(iteration), iteration[0], mean[0, 0]) == (39, 2, 0.5)
    curves = xr.Dataset()
    with pytest.raises(ValueError, match="no network of 'moon' is named as in"):
        draw_learning(RUN.networks, curves, {"moon": "1"}, CLAIMS["leakage"][0], LEVEL)


def test_choices_need_a_value_for_each_environment():
    with pytest.raises(ValueError, match=r"claims\.friction has no value for the environment 'rat'"):
        choices(CLAIMS | {"friction": {"triangle": 0.6}}, {name: TRAITS[name] for name in ("triangle", "rat")})


def test_plotted_values_of_biology_are_those_of_the_table():
    fig, numbers = RUN.figures["biology"]
    wanted = sorted(100 * select(RUN.biology, metric="share_momentum")["value"])
    plotted = [value for line in fig.axes[3].lines if line.get_gid() == style.SEEDS for value in line.get_ydata()]
    assert sorted(plotted) == pytest.approx(wanted)
    assert sorted(100 * select(numbers, metric="share_momentum")["value"]) == pytest.approx(wanted)
    excess = select(numbers, metric="hover_excess", environment="rat", condition="both", seed=2)["value"].item()
    of_one = select(RUN.biology, environment="rat", condition="both", seed=2).set_index("metric")["value"]
    assert excess == pytest.approx(of_one["hover_share"] - of_one["hover_share_null"])


def test_laboratories_stand_beside_their_fair_partners_alone():
    fig, numbers = RUN.figures["animals"]
    assert [ax.get_title().split("\n")[0] for ax in fig.axes] == [
        "Stella et al.",
        "Krause & Drugowitsch",
        "Ji et al.",
        "Krause & Drugowitsch",
    ]
    assert set(numbers["environment"]) == {"tanni", "wtrack"} and "unfair" not in set(numbers["fair"])
    shown = numbers.groupby("metric")["environment"].unique().map(set)
    assert shown["exponent_stella"] == {"tanni"} and shown["exponent_ji"] == {"wtrack"}
    alone, nothing = draw_animals(RUN.held[RUN.held["environment"] == "triangle"], "readout")
    assert not alone.axes and nothing.empty
