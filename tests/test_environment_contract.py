"""What a user's environment returns is checked where it is called, and a file that cannot be imported is named."""

from dataclasses import replace

import numpy as np
import pytest
from rnn_replay import environments
from rnn_replay.environments import FOLDER, BaseEnvironment, Map, Pool, Traits, load
from rnn_replay.environments.contract import LEAST_REGIONS, BrokenContract, make
from rnn_replay.measures.speed import CROSSED
from rnn_replay.seeds import stream
from rnn_replay.settings import SettingsError

SETTINGS = {"steps": 30, "time_step": 0.1, "training_paths": 6, "test_paths": 4}
TRACK = load("triangle", SETTINGS)


class Environment(BaseEnvironment):
    """The triangle, of which one thing is changed."""

    traits = Traits("loop")

    def map(self) -> Map:
        return CHANGES.get("map", lambda map: map)(TRACK.map())

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        return CHANGES.get("paths", lambda pool: pool)(TRACK.paths(count, rng))


CHANGES: dict = {}


def test_what_keeps_the_contract_is_made_from_the_streams_of_its_pools():
    training, test, map = make(TRACK, "triangle", 5)
    np.testing.assert_array_equal(
        training.position, TRACK.paths(6, stream(5, "environment", "triangle", "training")).position
    )
    np.testing.assert_array_equal(test.position, TRACK.paths(4, stream(5, "environment", "triangle", "test")).position)
    assert map.is_track


def test_a_crossing_finds_its_regions():
    assert LEAST_REGIONS == CROSSED + 2


def with_nan(pool: Pool) -> Pool:
    return Pool(np.where(np.arange(31)[:, None] == 7, np.nan, pool.position), pool.tracked)


BROKEN = [
    ("paths", lambda pool: None, "returned NoneType; allowed: a Pool"),
    ("paths", with_nan, "returned 'position' with a value that is not a finite number"),
    ("paths", lambda pool: Pool(pool.position, pool.tracked * np.inf), "returned 'tracked' with a value that is not"),
    ("paths", lambda pool: Pool(pool.position[:, 1:], pool.tracked), "'position' of shape (6, 30, 2); allowed: finite"),
    ("paths", lambda pool: Pool(pool.position[1:], pool.tracked), "'position' of shape (5, 31, 2)"),
    ("paths", lambda pool: Pool(pool.position, pool.tracked[..., :1]), "'tracked' of shape (6, 31, 1)"),
    (
        "paths",
        lambda pool: Pool(pool.position.tolist(), pool.tracked),
        "returned 'position' as list; allowed: an",
    ),
    ("paths", lambda pool: Pool(pool.position + 100, pool.tracked), "m off its map; allowed: at most its size, 1.73 m"),
    ("map", lambda map: {}, "returned dict; allowed: a Map"),
    ("map", lambda map: replace(map, goals=map.goals[:0]), "returned 'goals' of shape (0, 2); allowed: finite numbers"),
    ("map", lambda map: replace(map, goals=map.goals[0]), "returned 'goals' of shape (2,)"),
    ("map", lambda map: replace(map, regions=map.regions[:3]), "returned 3 regions; allowed: at least 4"),
    ("map", lambda map: replace(map, bins_tracked=map.bins_tracked[1:]), "returned 'bins_tracked' of shape (59, 2)"),
    ("map", lambda map: replace(map, segments=map.segments[:, 0]), "returned 'segments' of shape (3, 2)"),
    ("map", lambda map: replace(map, size=0.0), "returned 'size' 0.0; allowed: a number above 0"),
    ("map", lambda map: replace(map, goal_radius=np.nan), "returned 'goal_radius' nan"),
    ("map", lambda map: replace(map, traits=Traits("box")), "returned other traits than those of its class"),
]


@pytest.mark.parametrize(("method", "change", "sentence"), BROKEN, ids=[sentence for *_, sentence in BROKEN])
def test_a_broken_contract_names_the_users_method(method, change, sentence, monkeypatch):
    monkeypatch.setitem(CHANGES, method, change)
    with pytest.raises(BrokenContract) as error:
        make(Environment(**SETTINGS), "own", 1)
    assert str(error.value).startswith(f"{__name__}.Environment.{method} ")
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


FILES = [
    ("x = 1\n\n\nclass Environment(:\n", "line 4, cannot be imported: SyntaxError: "),
    ("import numpy\nimport nmpy\n", "line 2, cannot be imported: ModuleNotFoundError: No module named 'nmpy'"),
    ("from rnn_replay.environments.base import Mpa\n", "line 1, cannot be imported: ImportError: cannot import name"),
    ("x = 1\ny = x + z\n", "line 2, cannot be imported: NameError: name 'z' is not defined"),
    ("x = 1\n", "has no class 'Environment'; allowed: a subclass of BaseEnvironment"),
    ("class Environment:\n    pass\n", "has no class 'Environment'; allowed: a subclass of BaseEnvironment"),
    (
        "from rnn_replay.environments import BaseEnvironment\n\n\nclass Environment(BaseEnvironment):\n    pass\n",
        "has no method 'map'",
    ),
]


@pytest.mark.parametrize(("number", "text", "sentence"), [(i, *case) for i, case in enumerate(FILES)])
def test_a_file_that_cannot_be_used_is_named_with_its_line(number, text, sentence, tmp_path, monkeypatch):
    name = f"mine{number}"
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(environments, "FOLDER", tmp_path)
    monkeypatch.setattr(environments, "__path__", [str(FOLDER), str(tmp_path)])
    with pytest.raises(SettingsError) as error:
        load(name, SETTINGS)
    assert str(error.value).startswith((f"{tmp_path / name}.py", f"Environment in {tmp_path / name}.py"))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
