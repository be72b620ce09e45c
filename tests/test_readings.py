"""Readings: designs, inference on planted and null effects, and words."""

import copy
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
import yaml
from pipeline.configuration import Configuration, ConfigurationError
from pipeline.estimates import expected
from rnn_replay.readings.design import Frame
from rnn_replay.readings.inference import axis_shares, differences, joint, judged, signs
from rnn_replay.readings.settings import CLAIMS
from rnn_replay.readings.words import sentence

DEFAULT = yaml.safe_load(open("config.yaml"))
SEEDS, LEVEL = 8, 0.95


@pytest.fixture(scope="module")
def frames():
    return Configuration(DEFAULT).readings


@pytest.mark.parametrize("environment", ["triangle", "tmaze", "rat"])
def test_the_default_has_as_many_readings_as_it_says(frames, environment):
    table = frames[environment].table
    counts = table[~table["again"]].groupby("claim").size()
    assert (counts[["A1", "A2", "A3", "M1", "AM"]] >= 5000).all()
    assert (counts[["L2", "L3"]] >= 200).all()


def test_a_design_is_the_full_product_of_its_axes(frames):
    rows = frames["tmaze"].table.query("design == 'adaptation' and claim == 'A3'")
    axes = ["form", "adaptation_strength", "adaptation_time", "noise", "decoder", "metric", "gating"]
    assert len(rows) == rows[axes].drop_duplicates().shape[0] == np.prod([rows[axis].nunique() for axis in axes])
    assert rows[axes].nunique().tolist() == [6, 8, 4, 4, 2, 4, 2]


def test_no_reading_counts_twice(frames):
    table = frames["rat"].table
    once = table[~table["again"]]
    assert not once.duplicated(["claim", "treatment", "baseline", "decoder", "metric", "gating"]).any()
    # Without a leak nothing is left to compare: no reading holds a condition against itself.
    assert (once["treatment"] != once["baseline"]).all()


def test_readings_reuse_the_papers_networks(frames):
    for frame in frames.values():
        further = set(frame.networks) - set(frame.variants)
        assert len(further) <= 12
        known = {name for name in frame.networks if name in frame.variants}
        assert {name for name in known if name.startswith(("adapted", "convex", "matched"))}
        assert all(frame.networks[name]["leak"] == frame.variants[name]["leak"] for name in known)


def test_every_anchored_reading_is_there_and_the_primary_is_one(frames):
    anchors = frames["triangle"].table.query("anchor != ''")
    assert set(anchors["anchor"]) == {"abstract", "ours", "Levenstein 2024", "Krishna 2024"}
    assert DEFAULT["readings"]["primary"] in set(anchors["anchor"])
    assert not anchors.duplicated(["anchor", "claim"]).any()


def test_networks_of_readings_are_among_the_estimates():
    paper = Configuration(DEFAULT)
    table = pd.read_csv("reference/benchmarks.csv")
    places = [f"networks/tmaze/{name}/301" for name in ("leak0.3_mask10", "readings_units128")]
    ours, wider = expected(places, [paper, paper.extended, paper.rats], table)
    assert wider.seconds > ours.seconds


def small(**axes):
    """A frame of the default's triangle with one design of A1."""
    frame = Configuration(DEFAULT).readings["triangle"]
    section = {"designs": {"one": {"claims": ["A1"], "axes": axes}}, "anchors": {}, "metrics": {"A1": ["spread"]}}
    return replace(frame, section=frame.section | section | {"decoders": ["template"], "gatings": ["all"]})


def test_an_option_more_is_one_entry():
    values = copy.deepcopy(DEFAULT)
    before = Configuration(values).readings["rat"]
    axes = values["readings"]["designs"]["adaptation"]["axes"]
    axes["noise"] = [*axes["noise"], 8.0]
    after = Configuration(values).readings["rat"]
    assert len(after.conditions) == len(before.conditions) + 6 * 8 * 4 + 2  # baselines: noise outside and within φ
    assert set(after.table["noise"]) - set(before.table["noise"]) == {"8"}


def test_an_axis_more_is_one_entry():
    frame = small(adaptation_strength=[0.1, 0.2], drift_gain=[1.0, 1.5], units=[64, 32])
    assert len(frame.table) == 8 and {"drift_gain", "units"} <= set(frame.table)
    assert set(frame.networks) == {"leak0.3_mask20", "readings_units32"}
    assert len(frame.conditions) == 8 + 4  # of every strength, and without adaptation


def test_the_sides_of_each_kind_of_claim():
    frame = small(adaptation_strength=[0.1])
    option = {"adaptation_strength": 0.3, "friction": 0.5, "noise": 2.0, "baseline": {"noise": 3.0}}

    def facts(condition):
        setting = yaml.safe_load(condition.setting)
        return setting["adaptation_strength"], setting["friction"], setting["noise"]

    sides = {kind: tuple(map(facts, frame.sides(kind, option))) for kind in ("adaptation", "momentum", "both")}
    assert sides == {
        "adaptation": ((0.3, 1.0, 2.0), (0.0, 1.0, 3.0)),
        "momentum": ((0.0, 0.5, 2.0), (0.0, 1.0, 3.0)),
        "both": ((0.3, 0.5, 2.0), (0.3, 1.0, 3.0)),
    }
    leaky, other = frame.sides("leakage", {})
    assert (leaky.variant, other.variant) == ("leak0.3_mask20", "leak0_mask20")


def test_trained_adaptation_is_compared_with_the_network_trained_without():
    frame = small(adaptation_strength=[0.1])
    own, other = frame.sides("adaptation", {"training": {"adaptation_strength": 0.2}})
    assert (own.variant, other.variant) == ("adapted0.2", "leak0.3_mask20")
    assert yaml.safe_load(own.setting)["adaptation_strength"] == "trained"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"noize": [1.0]}, "readings: training.noize is not a known key; allowed:"),
        ({"noise": [-1.0]}, "readings.noise is -1.0; allowed: number at least 0"),
        ({"noise": "high"}, "readings: axis 'noise' is \"high\"; allowed: a list of values, or a mapping of options"),
        ({"form": {"odd": {"adaptation_form": "odd"}}}, "readings.adaptation_form is"),
        ({"form": {"odd": {"shape": 1}}}, "readings.shape is not a known key"),
    ],
)
def test_bad_axes_get_one_sentence(change, said):
    values = copy.deepcopy(DEFAULT)
    values["readings"]["designs"] = {"one": {"claims": ["A1"], "axes": change}}
    with pytest.raises(ConfigurationError) as error:
        Configuration(values)
    assert said in str(error.value)


def planted(rng, effect):
    """Differences of readings on two axes; an effect where the first is `yes`; what readings share in a seed."""
    rows = pd.DataFrame(list(product(["yes", "no"], ["p", "q", "r"], range(20))), columns=["first", "second", "copy"])
    shared = rng.standard_normal((SEEDS, 1))
    noise = 0.5 * shared + rng.standard_normal((SEEDS, len(rows)))
    return rows.assign(design="one"), noise + effect * np.where(rows["first"] == "yes", 1, -1)


def test_an_effect_in_half_of_the_readings_comes_back_as_half_with_its_axis():
    rows, found = planted(np.random.default_rng(0), 4.0)
    table = rows.join(judged(found, LEVEL))
    assert ((table["verdict"] == "supported").mean(), (table["verdict"] == "contradicted").mean()) == (0.5, 0.5)
    axes = axis_shares(table, ["first", "second", "copy"])
    assert axes["axis"][0] == "first" and axes["share"][0] > 0.9
    assert (axes["turns_from"][0], axes["turns_to"][0]) == ("no", "yes")
    assert joint(found, LEVEL)[0] == 2 / 2**SEEDS  # with all signs flipped it is the other half
    row = {"claim": "A3", "supported_of_all": 0.5, "off_manifold": 0.0, "supported": 0.5, "contradicted": 0.5}
    assert sentence(row, axes) == (
        "Adaptation slows replay: holds in 50 % of readings, and the opposite in 50 %; on average it fails with first "
        "no, not with first yes."
    )


def test_a_null_multiverse_is_called_one_in_five_per_cent_at_most():
    rng = np.random.default_rng(1)
    called = 0
    for _ in range(200):
        _, found = planted(rng, 0.0)
        flipped = found * rng.choice([-1, 1], (SEEDS, 1))  # labels of a seed exchanged in all of its readings
        called += joint(flipped, LEVEL)[0] <= 0.05
    assert called <= 200 * 0.05 + 2 * np.sqrt(200 * 0.05 * 0.95)
    # The test itself is exact: over all flips of one data set, no more than 5 % are called.
    _, found = planted(rng, 0.0)
    p = [joint(found * flip[:, None], LEVEL)[0] for flip in signs(SEEDS)]
    assert np.mean(np.array(p) <= 0.05) <= 0.05


def test_verdicts_are_those_of_students_interval():
    values = np.array([[1.0, -1.0, 0.1, np.nan], [1.2, -1.1, -0.1, np.nan], [0.9, -0.9, 0.2, 1.0]])
    table = judged(values, LEVEL)
    assert table["verdict"].tolist() == ["supported", "contradicted", "undecided", "undecided"]
    half = 4.30265273 * values[:, 0].std(ddof=1) / np.sqrt(3)  # t at 2 degrees of freedom
    assert table["low"][0] == pytest.approx(values[:, 0].mean() - half)


def test_differences_are_relative_and_turned_towards_the_claim():
    found = differences(np.array([[3.0, 1.0, 0.9]]), np.array([[1.0, 3.0, 1.0]]), np.array([1.0, -1.0, 1.0]), 1.0)
    np.testing.assert_allclose(found, [[1.0, 1.0, -0.1 / 0.95]])
    kept = differences(np.array([[0.95]]), np.array([[1.0]]), np.array([1.0]), 0.9)
    assert kept > 0


def test_the_sign_turns_between_neighbouring_numbers():
    rows = pd.DataFrame({"design": "one", "b": ["0.1", "1", "0.5", "10"], "effect": [-1.0, 0.5, -0.2, 1.0]})
    axes = axis_shares(rows, ["b"])
    assert (axes["turns_from"][0], axes["turns_to"][0]) == ("0.5", "1")


def test_many_seeds_are_flipped_at_random_and_not_flipped_first():
    flips = signs(20)
    assert flips.shape == (4096, 20) and (flips[0] == 1).all()
    assert len(np.unique(signs(3), axis=0)) == 8


def test_each_claim_says_what_it_compares():
    assert {claim.compares for claim in CLAIMS.values()} == {"awake", "leakage", "adaptation", "momentum", "both"}
    assert CLAIMS["A3"].sign("compression") == -1 and CLAIMS["A3"].sign("reach_time") == 1


def test_a_frame_survives_the_way_to_a_job(frames):
    frame = frames["triangle"].needed
    again = Frame(**{name: getattr(frame, name) for name in frame.__dataclass_fields__})
    assert again.conditions == frames["triangle"].conditions and again.networks == frame.networks
