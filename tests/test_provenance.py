"""A fingerprint changes with the code that runs, and with nothing else."""

from rnn_replay import provenance

SCRIPTS = "workflow/scripts"


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
    assert {"train_network.py", "rnn_replay.training", "rnn_replay.dynamics", "rnn_replay.seeds"} <= set(found)
    assert "rnn_replay.replay" not in found
    assert "rnn_replay.metrics" not in found


def test_only_the_environment_that_is_made_counts():
    found = provenance.fingerprint(f"{SCRIPTS}/make_environment.py", "rnn_replay.environments.rat")
    assert "rnn_replay.environments.rat" in found
    assert "rnn_replay.environments.tmaze" not in found


def test_measuring_does_not_depend_on_training():
    found = provenance.fingerprint(f"{SCRIPTS}/measure_replays.py")
    assert "rnn_replay.metrics.speed" in found
    assert "rnn_replay.training" not in found
