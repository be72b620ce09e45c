"""Awake paths stay where they belong, and add up."""

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ratinabox.Agent import Agent
from rnn_replay import environments
from rnn_replay.environments.base import along, autoregressive_speeds
from rnn_replay.measures.fidelity import distance_to_map
from rnn_replay.seeds import stream
from rnn_replay.settings import SettingsError

CONFIGURATION = yaml.safe_load(open("config.yaml"))
CONFIGURED = CONFIGURATION["environments"] | CONFIGURATION["extended"]["environments"]
TRACK = {"steps": 80, "time_step": 0.1, "training_paths": 20, "test_paths": 10}
CONFIGURED |= {"wtrack": TRACK, "figure_eight": TRACK}


def load(name, **changes):
    return environments.load(name, CONFIGURED[name] | changes)


@pytest.fixture(scope="module")
def rat():
    environment = load("rat", training_paths=40, runs=2)
    return environment, environment.paths(40, stream(0, "test"))


@given(seed=st.integers(0, 2**31), speed=st.floats(0, 5), jitter=st.sampled_from([0.0, 0.05]))
@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("name", ["triangle", "tmaze", "wtrack", "figure_eight"])
def test_paths_stay_on_the_track(name, seed, speed, jitter):
    environment = load(name, speed=speed, jitter=jitter)
    position = environment.paths(20, stream(seed, "test")).position
    assert position.shape == (20, environment.steps + 1, 2)
    assert distance_to_map(position, environment.map()).max() <= 6 * jitter + 1e-9


def test_rat_stays_in_the_box(rat):
    environment, pool = rat
    assert distance_to_map(pool.position, environment.map()).max() == 0


@pytest.mark.parametrize("name", ["triangle", "tmaze", "rat"])
def test_displacements_sum_to_positions(name, rat):
    position = rat[1].position if name == "rat" else load(name).paths(5, stream(1, "test")).position
    total = position[:, :1] + np.cumsum(np.diff(position, axis=1), axis=1)
    np.testing.assert_allclose(total, position[:, 1:], atol=1e-12)


def test_triangle_walks_on_at_its_mean_speed():
    environment = load("triangle", jitter=0.0)
    step = np.linalg.norm(np.diff(environment.paths(500, stream(2, "test")).position, axis=1), axis=-1)
    # Steps across a corner are shorter than what is walked, by less than 3 % on average here.
    assert 0.97 * 0.1 < step.mean() < 0.1


def test_triangle_goes_anticlockwise():
    position = load("triangle", jitter=0.0).paths(50, stream(3, "test")).position
    angle = np.unwrap(np.arctan2(position[..., 1], position[..., 0]), axis=1)
    assert (np.diff(angle, axis=1) >= -1e-9).all()


def test_both_arms_are_visited_alike_and_the_agent_rests_at_their_ends():
    environment = load("tmaze", jitter=0.0)
    position = environment.paths(200, stream(4, "test")).position
    end = position[:, -1]
    assert (end[:, 0] < 0).sum() == (end[:, 0] > 0).sum() == 100
    assert (abs(end[:, 0]) == 1).mean() > 0.9
    np.testing.assert_allclose(position[:, 0], np.broadcast_to([0, -0.6], (200, 2)))


def test_rat_rates_are_gaussian_place_fields(rat):
    _, pool = rat
    centres = environments.base.grid(1.0, 1 / 8)
    squared = ((pool.position[..., None, :] - centres) ** 2).sum(-1)
    np.testing.assert_allclose(pool.tracked, np.exp(-squared / (2 * 0.2**2)), atol=1e-12)


def test_rat_moves_like_ratinabox(rat):
    environment, pool = rat
    speed = np.linalg.norm(np.diff(pool.position, axis=1), axis=-1) / environment.time_step
    assert 0.1 < speed.mean() < 0.3


def test_paths_of_a_seed_repeat_and_seeds_differ():
    environment = load("rat", runs=1)
    first, again, other = (environment.paths(4, stream(seed, "test")).position for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_head_directions_persist_and_are_read_by_tuned_cells():
    environment = load("head_direction")
    pool = environment.paths(500, stream(8, "test"))
    np.testing.assert_allclose(np.linalg.norm(pool.position, axis=-1), 1)
    heading = np.unwrap(np.arctan2(pool.position[..., 1], pool.position[..., 0]), axis=1)
    turns = np.diff(heading, axis=1)
    assert turns.std() == pytest.approx(np.deg2rad(90) * 0.1, rel=0.1)
    assert np.corrcoef(turns[:, :-1].ravel(), turns[:, 1:].ravel())[0, 1] == pytest.approx(0.98, abs=0.01)
    # The cell that fires most prefers the heading, and every heading is as well covered as any other.
    preferred = 2 * np.pi * pool.tracked.argmax(-1) / 32
    assert np.abs(np.angle(np.exp(1j * (heading - preferred)))).max() <= np.pi / 32 + 1e-9
    assert np.ptp(pool.tracked.sum(-1)) < 1e-6


def visits(position, goals):
    """Which goal a path is at, each stay once."""
    distance = np.linalg.norm(position[:, None] - goals, axis=-1)
    at = np.where(distance.min(-1) < 0.05, distance.argmin(-1), -1)
    at = at[at >= 0]
    return at[np.concatenate([[True], np.diff(at) != 0])]


def test_outer_arms_of_the_w_alternate_with_the_centre_between():
    environment = load("wtrack", jitter=0.0, steps=400)
    for path in environment.paths(10, stream(10, "test")).position:
        order = visits(path, environment.map().goals)
        outer = order[order > 0]
        assert len(outer) > 4
        assert (np.diff(outer) != 0).all()
        assert (np.diff(order > 0) != 0).all()


def test_halves_of_the_eight_alternate_and_the_stem_is_walked_upwards():
    environment = load("figure_eight", jitter=0.0, steps=400)
    for path in environment.paths(10, stream(11, "test")).position:
        half = np.sign(path[np.abs(path[:, 0]) > 1e-9, 0])
        rounds = half[np.concatenate([[True], np.diff(half) != 0])]
        assert len(rounds) > 4
        assert set(np.abs(np.diff(rounds))) == {2}
        on_stem = (np.abs(path[1:, 0]) < 1e-9) & (np.abs(path[:-1, 0]) < 1e-9)
        assert (np.diff(path[:, 1])[on_stem] > 0).all()


@pytest.mark.parametrize("cells", ["grid", "boundary"])
def test_other_cells_of_a_rat_are_alike_in_all_seeds(cells):
    environment = load("rat", cell_type=cells, cells=9, aspect=1.5, training_paths=4, runs=1)
    np.testing.assert_array_equal(environment.map().bins_tracked, environment.map().bins_tracked)
    pool = environment.paths(4, stream(12, "test"))
    assert pool.tracked.shape == (4, 71, 9)
    assert pool.tracked.std() > 0.05
    assert pool.position[..., 0].max() <= 1.5


def test_a_rat_keeps_off_a_wall_inside_and_its_fields_end_there():
    wall = {"walls": [[[0.5, 0.0], [0.5, 1.0]]], "symmetries": False, "wall_geometry": "line_of_sight"}
    environment = load("rat", training_paths=20, runs=2, **wall)
    x = environment.paths(20, stream(13, "test")).position[..., 0]
    assert ((x < 0.5).all(1) | (x > 0.5).all(1)).all()
    map = environment.map()
    assert len(map.segments) == 5
    left, right = map.bins[:, 0] < 0.5, environments.base.grid(1.0, 1 / 8)[:, 0] > 0.5
    assert map.bins_tracked[np.ix_(left, right)].max() < 1e-9


def test_thigmotaxis_is_ratinaboxs():
    assert load("rat").thigmotaxis == Agent.default_params["thigmotaxis"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"walls": [[[0.5, 0.0], [0.5, 1.0]]]}, "symmetries is true with walls inside; allowed: false"),
        ({"walls": [[[0.5, 0.0]]], "symmetries": False}, "allowed: a list of walls, each"),
        ({"aspect": 1.4}, "cells is 64; allowed: a square number, such as 64, or in a box of aspect 1.4"),
    ],
)
def test_a_box_that_cannot_be_is_refused(change, sentence):
    with pytest.raises(SettingsError) as error:
        load("rat", **change)
    assert sentence in str(error.value)


@pytest.mark.parametrize(("fine", "paper"), [("triangle_fine", "triangle"), ("tmaze_coarse", "tmaze")])
def test_another_time_step_of_the_same_track(fine, paper):
    other, environment = load(fine, jitter=0.0), load(paper, jitter=0.0)
    np.testing.assert_array_equal(other.map().segments, environment.map().segments)
    assert other.steps * other.time_step == environment.steps * environment.time_step
    length = [
        np.linalg.norm(np.diff(e.paths(400, stream(9, "test")).position, axis=1), axis=-1).sum(1).mean()
        for e in (other, environment)
    ]
    assert length[0] == pytest.approx(length[1], rel=0.05)


@pytest.mark.parametrize("name", ["triangle", "tmaze", "wtrack", "figure_eight", "rat", "head_direction"])
def test_map(name):
    map = load(name).map()
    assert map.bins_tracked.shape[0] == len(map.bins)
    assert distance_to_map(map.bins, map).max() < 1e-9
    assert distance_to_map(map.regions, map).max() < 1e-9
    assert len(map.goals) >= 2


@given(st.floats(0, 0.99))
@settings(max_examples=10, deadline=None)
def test_speeds_are_stationary(correlation):
    speeds = autoregressive_speeds(1.0, 0.2, correlation, (4000, 30), stream(7, "test"))
    assert abs(speeds.std(axis=0) - 0.2).max() < 0.015
    assert (speeds >= 0).all()


def test_along_holds_its_ends():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    expected = [[0, 0], [0.5, 0], [1, 0.5], [1, 1]]
    np.testing.assert_allclose(along(points, np.array([-1, 0.5, 1.5, 9])), expected)


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("triangl", {}, "environments names 'triangl', which does not exist; allowed: figure_eight, head_direction,"),
        (
            "box",
            {"kind": "bx"},
            'environments.box.kind is "bx", which does not exist; allowed: figure_eight, head_direction,',
        ),
        (
            "rat",
            {"agent_time_step": 0.2},
            "environments.rat.agent_time_step is 0.2; allowed: number at least 0.001,",
        ),
        ("rat", {"cells": 50}, "environments.rat.cells is 50; allowed: a square number, such as 64"),
        ("box", {**CONFIGURED["rat"], "kind": "rat", "cells": 50}, "environments.box.cells is 50; allowed: a square"),
        ("rat", {"time_step": 0.12}, "environments.rat.time_step is 0.12; allowed: a multiple of agent_time_step"),
        ("tmaze", {"arms": 1.0}, "environments.tmaze.arms is not a known key; allowed: arm,"),
        ("tmaze", {"arm": "long"}, 'environments.tmaze.arm is "long"; allowed: number at least 0.001'),
        ("tmaze", {"arm": float("nan")}, "environments.tmaze.arm is NaN; allowed: finite number at least 0.001"),
        ("triangle", {"steps": 12}, "environments.triangle.steps is 12; allowed: whole number at least 20"),
        ("triangle", {"steps": 50.5}, "environments.triangle.steps is 50.5; allowed: whole number at least 20"),
    ],
)
def test_bad_settings(name, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        environments.load(name, CONFIGURED.get(name, {}) | change)
