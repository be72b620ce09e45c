"""Recorded paths: what is cut from a recording, what is held out, and files that are refused in one sentence."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml
from checkout import ROOT, TINY, checkout, planned, snakemake
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rnn_replay.claims.words import against_extrapolation
from rnn_replay.environments import load
from rnn_replay.environments.contract import make
from rnn_replay.environments.recorded import sample_times, windows
from rnn_replay.measures.biology.displacement import krause_exponent, shuffled, stella_exponents
from rnn_replay.model.awake import extrapolated
from rnn_replay.seeds import stream
from rnn_replay.settings import SettingsError

WINDOW = {"kind": "recorded", "steps": 40, "time_step": 0.1, "training_paths": 30, "test_paths": 20}
SHIPPED = {
    "sargolini": {"dataset": "sargolini"},
    "tanni": {"dataset": "tanni", "box": 2.5, "aspect": 1.4, "cells": 70, "field_width": 0.5},
}


def loop(samples: int = 1500, every: float = 0.04) -> np.ndarray:
    """A path of 60 s in a box of 1 m that never repeats, shape (sample, 3): t, x, y."""
    t = 5 + every * np.arange(samples)
    return np.stack([t, 0.5 + 0.4 * np.sin(t), 0.5 + 0.4 * np.cos(0.31 * t)], axis=-1)


def saved(path, rows, names="t,x,y"):
    np.savetxt(path, rows, delimiter=",", header=names, comments="", fmt="%.10g")
    return {**WINDOW, "path": str(path)}


@pytest.mark.parametrize("name", SHIPPED)
def test_ratinaboxs_recordings_are_environments_by_an_entry_alone(name):
    environment = load(name, {**WINDOW, **SHIPPED[name]})
    training, test, map = make(environment, name, 1)
    assert training.position.shape == (30, 41, 2)
    assert test.tracked.shape == (20, 41, environment.cells)
    assert map.bins_tracked.max() <= 1
    # A rat's speed, in m/s, and no leaps.
    step = np.linalg.norm(np.diff(environment.resampled, axis=0), axis=-1) / 0.1
    assert 0.1 < step.mean() < 0.25
    assert step.max() < 3


def test_no_moment_of_a_held_out_path_is_in_a_training_path(tmp_path):
    environment = load("own", {**saved(tmp_path / "own.csv", loop()), "symmetries": False})
    training, test = environment.paths(300, stream(1, "a")), environment.held_out_paths(300, stream(1, "b"))
    moments = [{tuple(place) for place in pool.position.reshape(-1, 2)} for pool in (training, test)]
    assert not moments[0] & moments[1]
    first, held_out = environment.cut()
    assert first.max() + environment.steps < held_out.min()
    assert environment.files == [str(tmp_path / "own.csv")]


def test_positions_are_interpolated_at_the_time_step(tmp_path):
    environment = load("own", {**saved(tmp_path / "own.csv", loop()), "symmetries": False})
    t = 5 + 0.1 * np.arange(len(environment.resampled))
    expected = np.stack([0.5 + 0.4 * np.sin(t), 0.5 + 0.4 * np.cos(0.31 * t)], axis=-1)
    np.testing.assert_allclose(environment.resampled, expected, atol=1e-5)
    pool = environment.paths(5, stream(2, "a"))
    starts = np.linalg.norm(expected[None] - pool.position[:, None, 0], axis=-1).argmin(1)
    np.testing.assert_allclose(pool.position, expected[starts[:, None] + np.arange(41)], atol=1e-5)


def test_npz_and_csv_give_the_same_paths(tmp_path):
    rows = loop()
    csv = load("own", saved(tmp_path / "own.csv", rows))
    np.savez(tmp_path / "own.npz", **dict(zip("txy", rows.T, strict=True)))
    npz = load("own", {**WINDOW, "path": str(tmp_path / "own.npz")})
    np.testing.assert_allclose(csv.paths(3, stream(1)).position, npz.paths(3, stream(1)).position, atol=1e-7)


def test_symmetries_turn_paths_within_the_box_or_leave_them(tmp_path):
    settings = saved(tmp_path / "own.csv", loop())
    turned = load("own", settings).paths(200, stream(3)).position
    plain = load("own", {**settings, "symmetries": False}).paths(200, stream(3)).position
    assert not np.allclose(turned, plain)
    centred = [np.sort(np.abs(position - 0.5), axis=-1) for position in (turned, plain)]
    np.testing.assert_allclose(*centred, atol=1e-12)


@given(
    gaps=st.lists(st.floats(0.05, 3), min_size=1, max_size=60),
    steps=st.integers(20, 40),
    held_out=st.floats(0.2, 0.8),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_no_window_contains_a_gap_or_crosses_the_hold_out(gaps, steps, held_out):
    intervals = np.concatenate([np.full(400, 0.05), gaps, np.full(400, 0.05)])
    t = np.concatenate([[0], np.cumsum(intervals)])
    training, test = windows(t, 0.1, steps, 0.5, held_out)
    times = sample_times(t, 0.1)
    for first in np.concatenate([training, test]):
        start, end = times[first], times[first + steps]
        inside = (t[1:] > start) & (t[:-1] < end)
        assert np.diff(t)[inside].max() <= 0.5
    assert training.max() + steps < test.min()


def rows_with(change):
    rows = loop()
    change(rows)
    return rows


BAD = {
    "no number": (rows_with(lambda r: r.__setitem__((16, 1), np.nan)), "sample 17 is no finite number"),
    "centimetres": (loop() * [1, 100, 100], "centimetres"),
    "unordered": (rows_with(lambda r: r.__setitem__((slice(8, 10), 0), r[9:7:-1, 0])), "do not increase at sample 10"),
    "too short": (loop(60), "has no window of 4 s"),
    "gaps everywhere": (loop() * [20, 1, 1], "without a gap of more than 0.5 s"),
    "hardly a sample": (loop(2), "it has 2 samples"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_recording_is_one_sentence_that_names_the_file(what, tmp_path):
    rows, sentence = BAD[what]
    with pytest.raises(SettingsError) as error:
        load("own", saved(tmp_path / "own.csv", rows))
    assert str(error.value).startswith(f"environments.own.path is {tmp_path / 'own.csv'}: ")
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("time,x,y\n0,0,0\n", "it has no t; allowed"),
        ("t,x,y\n0,0.1,0.1\n1,,0.1\n", "it cannot be read (could not convert string ''"),
        ("", "it has no t and no x and no y"),
        (None, "No such file or directory"),
    ],
)
def test_a_file_that_is_no_recording_is_named(text, sentence, tmp_path):
    path = tmp_path / "own.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SettingsError) as error:
        load("own", {**WINDOW, "path": str(path)})
    assert sentence in str(error.value)
    assert str(path) in str(error.value)


def test_an_npz_that_is_none_is_named(tmp_path):
    (tmp_path / "own.npz").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(SettingsError, match=r"own\.npz: it cannot be read"):
        load("own", {**WINDOW, "path": str(tmp_path / "own.npz")})


def test_a_recording_is_either_shipped_or_ones_own():
    with pytest.raises(SettingsError, match="allowed: one of the two"):
        load("own", WINDOW)


# Beside the recordings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "time_step", "stella", "krause"),
    [
        ("sargolini", 0.06, 0.90, 0.85),
        ("sargolini", 0.2, 0.82, 0.76),
        ("tanni", 0.2, 0.89, 0.82),
        ("tanni", 0.4, 0.85, 0.74),
    ],
)
def test_exponents_of_a_real_rat_fall_with_the_time_bin(dataset, time_step, stella, krause):
    """Of running rats Stella et al. give 0.75 and Krause & Drugowitsch 0.76: the bin, not the convention, decides."""
    environment = load(dataset, {**WINDOW, **SHIPPED[dataset], "time_step": time_step})
    path = environment.resampled
    position = path[np.arange(0, len(path) - 41, 10)[:, None] + np.arange(41)]
    lengths = np.full(len(position), 40)
    assert stella_exponents(position, lengths, range(0, 30, 6)).mean() == pytest.approx(stella, abs=0.03)
    assert krause_exponent(position, lengths) == pytest.approx(krause, abs=0.02)


def test_a_shuffled_rat_reads_as_shuffled():
    """Within Stella et al.'s range of shuffled replay, 0.00 to 0.14, by every laboratory's convention."""
    environment = load("sargolini", {**WINDOW, **SHIPPED["sargolini"], "time_step": 0.2})
    path = environment.resampled
    position = path[np.arange(0, len(path) - 41, 5)[:, None] + np.arange(41)]
    lengths = np.full(len(position), 40)
    order = shuffled(position, lengths, np.random.default_rng(1))
    assert abs(krause_exponent(order, lengths)) < 0.02
    assert abs(stella_exponents(order, lengths, range(5)).mean()) < 0.05


def test_extrapolation_knows_what_is_shown_and_goes_on_at_the_last_velocity():
    rng = np.random.default_rng(0)
    position = np.cumsum(rng.standard_normal((2, 7, 2)), axis=1)
    found = extrapolated(position, np.array([[1, 0], [1, 0], [0, 1], [0, 0], [1, 1], [0, 1]]))
    first, second = position
    steps = np.diff(position, axis=1)
    expected = [first[0], first[1], first[2], first[2] + steps[0, 1], first[2] + 2 * steps[0, 1], first[5]]
    np.testing.assert_allclose(found[0], [*expected, first[5] + steps[0, 4]])
    expected = [second[0], second[0], second[0], second[3], second[3] + steps[1, 2], second[5], second[6]]
    np.testing.assert_allclose(found[1], expected)
    np.testing.assert_allclose(extrapolated(position, np.ones((6, 2))), position)
    straight = np.arange(7.0)[None, :, None] * np.ones((2, 1, 2))
    np.testing.assert_allclose(extrapolated(straight, np.arange(6)[:, None] < np.ones((1, 2))), straight)


def test_the_claims_say_whether_a_network_beats_extrapolation():
    rows = [("a", "main", 0.1, 0.2), ("a", "main", 0.3, 0.25), ("b", "main", 0.3, 0.2), ("b", "other", 0.0, 0.2)]
    columns = ["environment", "variant", "test_position_error", "extrapolation_error"]
    said = against_extrapolation(pd.DataFrame(rows, columns=columns), {"a": "main", "b": "main", "c": "main"})
    assert "a 0.2 m against 0.225 m, the network beats it (1 of 2 seeds)" in said
    assert "b 0.3 m against 0.2 m, the network **does not beat it** (0 of 1 seeds)" in said
    assert "c " not in said.partition("hidden: ")[2]


# The recipe -----------------------------------------------------------------------------------------------------------


def test_ones_own_tracking_data_by_the_recipe(tmp_path):
    """One entry trains a network; its file's content, not its age, decides what is made again."""
    recipe = (ROOT / "docs/recipes/recording.md").read_text()
    folder = checkout(tmp_path / "checkout")
    saved(folder / "tracking.csv", loop(samples=2500))
    (folder / "tracking.yaml").write_text(re.search(r"```yaml\n(.*?)```", recipe, re.DOTALL)[1])
    small = {
        "environments": dict.fromkeys(["triangle", "tmaze", "rat"])
        | {"mine": {"steps": 40, "training_paths": 40, "test_paths": 20}},
        "training": {"iterations": {"mine": 8}, "batch": 16},
        "variants": {"leak{leak}_mask{mask_hidden}": {"leak": {"default": [0.3]}, "mask_hidden": {"default": [20]}}}
        | dict.fromkeys(["matched_leak{leak}_mask{mask_hidden}", "adapted{adaptation_strength}"]),
        "extended": None,
        "rats": None,
    }
    (folder / "small.yaml").write_text(yaml.safe_dump(small))
    how = ("networks_table", "--configfile", TINY[1], "tracking.yaml", "small.yaml")
    done = snakemake(folder, *how, "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    table = pd.read_csv(folder / "results/tables/networks.csv")
    assert set(table["environment"]) == {"mine"}
    assert table["extrapolation_error"].between(1e-6, 1).all()
    (folder / "tracking.csv").touch()
    assert not planned(folder, *how)[0]
    saved(folder / "tracking.csv", loop(samples=2501))
    assert "environments/mine/101.nc" in planned(folder, *how)[0]
