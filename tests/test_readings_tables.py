"""Tables, words and figures of readings, from values in which an effect is planted."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml
from checkout import FEW_READINGS, one_environment, snakemake, with_few_readings
from figure_checks import check_labels, check_page, check_units
from pipeline.configuration import Configuration
from rnn_replay.figures.readings_curve import draw
from rnn_replay.figures.readings_shares import draw_shares
from rnn_replay.model.decoding import DECODERS
from rnn_replay.readings.settings import GATINGS
from rnn_replay.readings.table import LOST, readings_tables
from rnn_replay.readings.words import markdown

DEFAULT = yaml.safe_load(open("config.yaml"))
NAMES = ("triangle", "tmaze", "rat")
SECTION = FEW_READINGS | {"metrics": {"A1": ["spread", "entropy_per_distance"]}}


def values(frame, seed):
    """Values of a seed: more under adaptation `outside`, less under `drive`; with noise × 4 replay is lost."""
    rng, conditions = np.random.default_rng(seed), frame.conditions
    settings = [json.loads(condition.setting) for condition in conditions]
    effect = [(1 if s["adaptation_form"] == "outside" else -1) * (s["adaptation_strength"] > 0) for s in settings]
    shape = (2, len(conditions), len(DECODERS), len(GATINGS))
    value = 2 + np.array(effect)[None, :, None, None] + 0.05 * rng.standard_normal(shape)
    lost = np.array([0.9 if s["noise"] == 4.0 else 0.1 for s in settings])
    coords = {"metric": ["entropy_per_distance", "spread"], "condition": [" ".join(each) for each in conditions]}
    data = {"value": (("metric", "condition", "decoder", "gating"), value)}
    data |= {"off_manifold": ("condition", lost), "diverged": ("condition", np.zeros(len(conditions)))}
    return xr.Dataset(data, coords | {"decoder": list(DECODERS), "gating": list(GATINGS)})


@pytest.fixture(scope="module")
def tables():
    readings = Configuration(DEFAULT).readings
    frames = [replace(readings[name], section=readings[name].section | SECTION) for name in NAMES]
    datasets = [[values(frame, seed) for seed in range(6)] for frame in frames]
    limits = {"off_manifold": 0.5, "diverged": 0.05}
    return readings_tables(frames, datasets, limits, {"level": 0.95, "margin_kept": 0.1})


def test_shares_are_those_that_were_planted(tables):
    row = tables["shares"].set_index(["claim", "environment"]).loc["A1", "rat"]
    assert row["readings"] == 8 * 2 * 2 * 2  # settings, metrics, decoders, gatings
    assert (row["off_manifold"], row["supported"], row["contradicted"], row["supported_of_all"]) == (
        0.5,
        0.5,
        0.5,
        0.25,
    )
    assert row["p"] == 2 / 2**6
    assert row["sentence"] == (
        "Adaptation makes replay explore more: holds in 25 % of readings, in 50 % of those that keep replay intact, "
        "and the opposite in 50 %; on average it fails with adaptation drive, not with adaptation outside."
    )


def test_a_reading_that_destroys_replay_supports_nothing(tables):
    rows = tables["readings"].query("anchor == ''")
    assert set(rows.loc[rows["noise"] == "4", "verdict"]) == {LOST}
    assert set(rows.loc[rows["noise"] == "1", "verdict"]) == {"supported", "contradicted"}


def test_the_axis_that_decides_is_found(tables):
    first = tables["axes"].groupby("environment").first()
    assert (first["axis"] == "form").all() and (first["share"] > 0.9).all()


def test_ranks_run_over_all_readings_once_with_those_off_the_manifold_last(tables):
    rows = tables["readings"].query("environment == 'tmaze' and rank.notna()").sort_values("rank")
    assert rows["rank"].tolist() == list(range(64))
    kept = rows[rows["verdict"] != LOST]
    assert kept["rank"].max() == 31 and kept["effect"].is_monotonic_increasing


def test_the_page_names_the_anchored_readings(tables):
    page = markdown(tables, "ours", demonstration=True)
    assert "| A1 | rat | ours | True | entropy_per_distance |" in page and "A demonstration" in page


def test_other_conditions_are_refused(tables):
    frame = Configuration(DEFAULT).readings["rat"]
    small = replace(frame, section=frame.section | SECTION)
    with pytest.raises(ValueError, match="measured under other conditions"):
        readings_tables([frame], [[values(small, 0)]], {"off_manifold": 0.5}, {"level": 0.95, "margin_kept": 0.1})


@pytest.mark.parametrize("name", ["readings_curve", "readings_shares"])
def test_figures_are_whole(tables, name, tmp_path):
    tables["readings"].round(5).to_csv(tmp_path / "readings.csv", index=False)
    read = pd.read_csv(tmp_path / "readings.csv")
    environments = dict.fromkeys(NAMES)
    drawn = {
        "readings_curve": lambda: draw({"readings": read}, {"environments": environments, "claim": "A1"}),
        "readings_shares": lambda: draw_shares(tables["shares"], list(NAMES)),
    }[name]()
    check_labels(drawn[0])
    check_units(drawn[0])
    check_page(*drawn, name)


def test_the_curve_lists_the_options_of_what_it_draws(tables, tmp_path):
    """A reading whose value is another one's has no rank; a metric of no decoder says so."""
    rows = tables["readings"].copy()
    rows["decoder"] = rows["decoder"].where(rows["metric"] != rows["metric"].iloc[0])
    unranked = rows[rows["rank"].notna()].head(3).assign(rank=float("nan"), noise="7")
    pd.concat([rows, unranked]).to_csv(tmp_path / "readings.csv", index=False)
    read = pd.read_csv(tmp_path / "readings.csv")
    figure, _ = draw({"readings": read}, {"environments": dict.fromkeys(NAMES), "claim": "A1"})
    listed = [option.get_text() for ax in figure.axes for option in ax.get_yticklabels() if ": " in option.get_text()]
    noise = [option for option in listed if option.startswith("noise: ")]
    assert noise == ["noise: 1", "noise: 4"]
    assert "decoder: none" in listed and "decoder: nan" not in listed


def test_the_stage_from_start_to_end(tmp_path):
    folder = with_few_readings(one_environment(tmp_path / "copy", seeds=(101, 102)))
    done = snakemake(folder, "readings", "--cores", "1")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    readings = pd.read_csv(folder / "results/tables/readings.csv")
    # Of replays that hardly resemble awake ones too few are left to be measured, which makes no reading.
    assert set(readings["claim"]) == {"A1"} and readings["form"].nunique() == 2
    assert (folder / "results/figures/readings_curve-A1.pdf").exists()
    assert not list((folder / "results").glob("replays/**/*.nc"))  # values are kept alone
