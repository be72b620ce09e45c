"""A fingerprint changes with the code that runs, and with nothing else."""

import ast

import pytest
from checkout import ROOT
from pipeline import fingerprints as provenance
from pipeline.staleness import code_changes, differences

SCRIPTS = "workflow/scripts"
SCRIPTS_ASKED = ("train_network", "make_environment", "draw_animation", "write_configuration")


def hash_of(tmp_path, text):
    path = tmp_path / f"{abs(hash(text))}.py"
    path.write_text(text)
    return provenance.syntax_hash(path)


def test_comments_docstrings_and_layout_do_not_count(tmp_path):
    plain = hash_of(tmp_path, "def f(x):\n    return [x, 1]\n")
    assert plain == hash_of(
        tmp_path, '"""Module."""\n\n\ndef f(x):\n    """Words."""\n    return [\n        x,\n        1,\n    ]  # why\n'
    )
    assert plain != hash_of(tmp_path, "def f(x):\n    return [x, 2]\n")


def test_imports_are_followed_two_away():
    found = provenance.fingerprint(f"{SCRIPTS}/train_network.py")
    assert {"train_network.py", "rnn_replay.model.training", "rnn_replay.model.dynamics", "rnn_replay.seeds"} <= set(
        found
    )
    assert "rnn_replay.model.replay" not in found
    assert "rnn_replay.measures" not in found


def test_only_the_environment_that_is_made_counts():
    found = provenance.fingerprint(f"{SCRIPTS}/make_environment.py", "rnn_replay.environments.rat")
    assert "rnn_replay.environments.rat" in found
    assert "rnn_replay.environments.tmaze" not in found


def test_measuring_does_not_depend_on_training():
    found = provenance.fingerprint(f"{SCRIPTS}/measure_replays.py")
    assert "rnn_replay.measures.speed" in found
    assert "rnn_replay.model.training" not in found


@pytest.mark.parametrize("script", sorted((ROOT / SCRIPTS).glob("*.py")), ids=lambda path: path.stem)
def test_every_script_opens_its_log_first_and_says_what_its_outputs_were_made_from(script):
    calls = [node for node in ast.parse(script.read_text()).body if not isinstance(node, ast.Expr) or node.lineno > 1]
    assert isinstance(calls[0], ast.ImportFrom) and calls[0].module == "pipeline.job"
    assert any(
        isinstance(node, ast.Expr) and getattr(node.value.func, "id", "") == "write"
        for node in calls
        if hasattr(node, "value")
    )


def test_changes_are_said_in_words():
    old = {"leak": 0.3, "mask": {"hidden": 20, "shown": 3}, "sweep": [{"noise": 1.0}, {"noise": 2.0}]}
    new = {"leak": 0.2, "mask": {"hidden": 20, "lead": 2}, "sweep": [{"noise": 1.0}, {"noise": 3.0}]}
    assert differences(old, old) == []
    assert differences(old, new, "training") == [
        "training.leak 0.3 → 0.2",
        "training.mask.shown 3 → nothing",
        "training.mask.lead nothing → 2",
        "training.sweep[1].noise 2.0 → 3.0",
    ]
    assert code_changes({"a": "1", "b": "1"}, {"a": "2", "c": "1"}) == [
        "a changed",
        "b no longer used",
        "c newly used",
    ]


def test_relative_imports_are_followed(tmp_path, monkeypatch):
    package = tmp_path / "rnn_replay/model"
    package.mkdir(parents=True)
    (tmp_path / "rnn_replay/__init__.py").write_text("")
    (package / "__init__.py").write_text("from .one import f\n")
    (package / "one.py").write_text("from .two import g\nfrom ..seeds import stream\nfrom . import three\n")
    for name in ("model/two.py", "model/three.py", "seeds.py"):
        (tmp_path / "rnn_replay" / name).write_text("import scipy.linalg\n")
    monkeypatch.setattr(provenance, "WORKFLOW", tmp_path)
    found = set(provenance.imports(package / "one.py"))
    assert found == {
        "rnn_replay",
        "rnn_replay.model",
        *(f"rnn_replay.{n}" for n in ("model.two", "model.three", "seeds")),
    }
    assert "rnn_replay.model.one" in provenance.imports(package / "__init__.py")


def test_packages_are_those_that_the_script_and_its_modules_import():
    packages = {name: set(provenance.recipe(f"{SCRIPTS}/{name}.py")["packages"]) for name in SCRIPTS_ASKED}
    assert "torch" in packages["train_network"] and "torch" not in packages["make_environment"]
    assert "Pillow" in packages["draw_animation"] and "Pillow" not in packages["train_network"]
    assert "PyYAML" in packages["write_configuration"]
    assert "ratinabox" not in set().union(*packages.values())
    rat = provenance.recipe(f"{SCRIPTS}/make_environment.py", {}, "rnn_replay.environments.rat")
    assert "ratinabox" in rat["packages"]


def test_threads_are_part_of_a_recipe(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert provenance.recipe(f"{SCRIPTS}/train_network.py")["threads"]["OMP_NUM_THREADS"] == "2"
