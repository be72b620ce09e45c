"""Predictions: events that a t test needs, decoding error, sides that are compared, a table whose answer is known."""

import numpy as np
import pytest
import xarray as xr
from figure_checks import check_labels, check_page, check_units
from rnn_replay.artifacts.environments import to_dataset
from rnn_replay.artifacts.netcdf import variable
from rnn_replay.claims.plan import Plan
from rnn_replay.claims.predictions import MECHANISMS, is_predicted, sides
from rnn_replay.environments import Pool
from rnn_replay.figures.predictions import LABELS, MANY, draw_predictions
from rnn_replay.tables.predictions import (
    ERROR,
    EVENT,
    UNITS,
    VIEWS,
    as_recorded,
    events_dataset,
    events_needed,
    place_of,
    power,
    predictions_table,
)
from synthetic_replays import autoregressive, brownian, environment, record

SEEDS, REPLAYS = (1, 2, 3, 4), 64
EFFECT = 0.5  # of momentum against its twins
PLAN = {
    "level": 0.95,
    "variant": "leak0.3_mask20",
    "leakage": ["leak{leak}_mask{mask_hidden}"],
    "adaptation_strength": 0.1,
    "friction": 0.6,
    "noise": 2.0,
    "margin_kept": 0.1,
    "margin_none": 0.02,
}


@pytest.mark.parametrize("effect, events", [(0.2, 394), (0.5, 64), (0.8, 26), (1.0, 17)])
def test_events_of_textbooks(effect, events):
    """Cohen (1988), Statistical Power Analysis, table 2.4.1."""
    assert events_needed(effect) == events_needed(-effect) == events
    assert power(effect, events) >= 0.8 > power(effect, events - 1)


def test_events_without_an_effect():
    assert events_needed(0.0) == np.inf and np.isnan(events_needed(np.nan)) and events_needed(100.0) == 2


def test_decoding_error_has_the_median_that_it_says():
    map = environment("triangle").map()
    still = record(np.zeros((200, 151, 2)), map)
    seen = as_recorded(still)
    assert seen.position.shape[1] == seen.similarity.shape[1] == EVENT + 1
    error = np.linalg.norm(seen.position, axis=-1)
    assert np.median(error) == pytest.approx(ERROR * map.size, rel=0.02)
    np.testing.assert_array_equal(seen.position, as_recorded(still).position)
    steps = np.diff(seen.position, axis=1)  # independent from step to step: −1/2
    assert (steps[:, 1:] * steps[:, :-1]).mean() / (steps**2).mean() == pytest.approx(-0.5, abs=0.03)


def test_sides_name_what_the_plan_names():
    found = sides(Plan.of(PLAN, "triangle"), 20)
    assert found["no leakage"].variant == "leak0_mask20" and found["momentum"].setting["friction"] == 0.6
    assert found["adaptation"].setting["adaptation_strength"] == 0.1
    assert is_predicted(found)  # more noise
    assert not is_predicted({"momentum", "no momentum", "extra leak"})
    without = sides(Plan.of({key: PLAN[key] for key in PLAN if key not in ("friction", "noise")}, "triangle"), 20)
    assert not {"momentum", "more noise"} & set(without)


def replays_of(frictions, persistences):
    """Replays of one sweep in which velocity lasts as long as a setting says; the first replay of each diverges."""
    rng = np.random.default_rng(4)
    paths = [0.5 + 0.02 * np.cumsum(autoregressive((p,), (REPLAYS, 101, 2), rng), axis=1) for p in persistences]
    position = np.stack([np.stack(paths)] * 2)
    awake = 0.5 + brownian(20, 101, 0.02, rng)
    diverged = np.zeros((len(frictions), REPLAYS), dtype=np.int8)
    diverged[:, 0] = 1
    data = {
        "position": variable("decoder setting replay time space", position, "m", "position"),
        "similarity": variable("setting replay time", np.ones(position.shape[1:-1]), "1", "similarity"),
        "diverged": variable("setting replay", diverged, "1", "diverged"),
        "activity": variable("setting replay", np.ones(diverged.shape), "1", "activity"),
        "awake_position": variable("decoder path awake_time space", np.stack([awake] * 2), "m", "awake"),
        "awake_similarity": variable("path awake_time", np.ones(awake.shape[:2]), "1", "awake"),
        "start_path": variable("replay", np.repeat(np.arange(REPLAYS // 4), 4), "1", "path"),
        "start_time": variable("replay", np.full(REPLAYS, 3), "1", "time"),
        "friction": variable("setting", frictions, "1", "friction"),
        "noise_scaling": variable("setting", ["fixed"] * len(frictions), "1", "scaling"),
    }
    data = {name: xr.Variable(*each) for name, each in data.items()}
    of_seeds = xr.concat([xr.Dataset(data)] * 2, xr.Variable("seed", [1, 2], {"units": "1"}), data_vars="all")
    for name in ("friction", "noise_scaling"):
        of_seeds[name] = data[name]
    of_seeds["decoder"] = ["template", "readout"]
    return of_seeds.assign_attrs(variant="main", sweep="momentum")


def test_events_are_measured_by_side_and_view():
    map = environment("rat").map()
    replays = replays_of([1.0, 0.6], [0.0, 0.4])
    assert place_of(replays, {"friction": 0.6}) == 1 and place_of(replays, {"friction": 0.5}) is None
    assert place_of(replays, {"noise_scaling": "fixed"}) is None  # two settings
    there = {"variant": "main", "sweep": "momentum"}
    wanted = {"momentum": there | {"setting": {"friction": 0.6}}, "no momentum": there | {"setting": {"friction": 1.0}}}
    wanted["more noise"] = there | {"sweep": "noise", "setting": {"friction": 1.0}}
    pool = Pool(np.full((20, 61, 2), 0.5), np.ones((20, 61, map.bins_tracked.shape[1])))
    of_seed = to_dataset(pool, pool, map, 0.1)
    found = events_dataset([replays], {1: of_seed, 2: of_seed}, wanted)
    assert list(found["side"].values) == ["momentum", "no momentum"]
    values = found["value"]
    assert values.isel(replay=0).isnull().all()  # diverged
    mean = values.sel(quantity="velocity_correlation_1").mean(["seed", "replay"])
    assert float(mean.sel(side="momentum", view="simulated")) == pytest.approx(0.4, abs=0.05)
    assert float(mean.sel(side="no momentum", view="simulated")) == pytest.approx(0, abs=0.05)
    # Increments of variance 1 and the error's, twice: correlation (0.4 s² − e²) / (s² + 2 e²) at one step.
    signal, error = 0.02**2 / (1 - 0.4**2), (ERROR * map.size) ** 2 / (2 * np.log(2))
    noisy = float(mean.sel(side="momentum", view="recorded"))
    assert noisy == pytest.approx((0.4 * signal - error) / (signal + 2 * error), abs=0.05)


@pytest.fixture(scope="module")
def table():
    """Events of which momentum's are EFFECT standard deviations from its twins', and 2 from baseline."""
    rng = np.random.default_rng(5)
    names = sorted({side for own, baseline, twins in MECHANISMS.values() for side in (own, baseline, *twins)})
    value = rng.standard_normal((len(names), len(VIEWS), len(UNITS), len(SEEDS), 4000))
    value += rng.standard_normal((len(SEEDS), 1))  # what seeds differ in cancels
    value[names.index("momentum")] += EFFECT
    value[names.index("no momentum")] -= 2 - EFFECT
    coordinates = {"side": names, "view": list(VIEWS), "quantity": list(UNITS), "seed": list(SEEDS)}
    dims = ("side", "view", "quantity", "seed", "replay")
    found = [xr.Dataset({"value": (dims, value)}, coordinates, {"environment": name}) for name in ("triangle", "rat")]
    return predictions_table(found, 0.95)


def test_the_table_finds_a_planted_effect(table):
    assert len(table) == 2 * len(VIEWS) * len(UNITS) * sum(len(twins) for *_, twins in MECHANISMS.values())
    momentum = table[table["mechanism"] == "momentum"]
    np.testing.assert_allclose(momentum["effect"], EFFECT, atol=0.06)
    assert momentum["events"].between(50, 85).all() and (momentum["low"] > 0).all()
    np.testing.assert_allclose(momentum["mean_mechanism"] - momentum["mean_baseline"], 2, atol=0.06)
    assert (momentum["seeds"] == len(SEEDS)).all() and (momentum["seeds_missing"] == 0).all()
    others = table[table["mechanism"] != "momentum"]
    assert (others["effect"].abs() < 0.06).all()


def test_the_figure_shows_events_where_seeds_tell(table):
    names = ["triangle", "rat"]
    fig, shown = draw_predictions(table, names, 0.95)
    check_labels(fig)
    check_units(fig)
    check_page(fig, shown, "predictions")
    assert set(LABELS) == set(UNITS) == set(shown["quantity"])
    numbers = [text.get_text() for ax in fig.findobj(lambda a: hasattr(a, "texts")) for text in ax.texts]
    told = shown[(shown["low"] > 0) | (shown["high"] < 0)]
    expected = [f"{n:.0f}" if n < MANY else f">{MANY}" for n in told["events"]]
    assert sorted(n for n in numbers if n.lstrip(">").isdigit()) == sorted(expected)
    assert numbers.count("–") == len(shown) - len(told)
