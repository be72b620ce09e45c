"""What a metric must return, and that one file is enough to add one."""

import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from checkout import ROOT, environment
from pipeline import fingerprints
from rnn_replay.measures import METRICS, Metric, metric
from rnn_replay.measures.base import distances, dot, norm
from synthetic_replays import brownian, record
from synthetic_replays import environment as small

RECORDING = record(brownian(6, 60, 0.1, np.random.default_rng(0)), small("triangle").map())


def wrong(value, scope: str = "replay", **known) -> Metric:
    """A metric that returns a value."""

    def upper(recording):
        return value

    return Metric("upper", "1", "anything", scope, upper, **known)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_lengths_products_and_distances_are_numpys_bit_for_bit(dtype):
    a, b = np.random.default_rng(0).normal(size=(2, 6, 60, 2)).astype(dtype)
    points = b[0, :3]
    assert norm(a).dtype == dtype
    assert (norm(a) == np.linalg.norm(a, axis=-1)).all()
    assert (dot(a, b) == (a * b).sum(-1)).all()
    assert (distances(a, points) == np.moveaxis(np.linalg.norm(a[..., None, :] - points, axis=-1), -1, 0)).all()


@pytest.mark.parametrize(
    ("value", "scope", "said"),
    [
        (None, "replay", "returned None; allowed: one number for each of 6 replays"),
        (None, "setting", "returned None; allowed: one number"),
        (np.ones(5), "replay", r"returned ndarray of shape \(5,\)"),
        (np.ones((6, 2)), "replay", r"returned ndarray of shape \(6, 2\)"),
        (1.0, "replay", r"returned float of shape \(\)"),
        (np.ones(6), "setting", r"returned ndarray of shape \(6,\); allowed: one number"),
        (["a"] * 6, "replay", "returned list"),
        (np.full(6, np.nan), "replay", "returned NaN only"),
        (np.nan, "behaviour", "returned NaN only"),
    ],
)
def test_what_a_metric_must_not_return_is_said_with_its_function_and_file(value, scope, said):
    with pytest.raises(ValueError, match=f"metric 'upper' in .*test_measures.py {said}"):
        wrong(value, scope).measure(RECORDING)


def test_a_metric_may_be_undefined_where_it_says_so():
    assert np.isnan(wrong(np.full(6, np.nan), undefined="in a box").measure(RECORDING)).all()
    assert wrong(np.arange(6)).measure(RECORDING).sum() == 15


def test_two_metrics_of_one_name_are_refused():
    with pytest.raises(ValueError, match=r"metric 'speed' in .*test_measures.py has the name of 'speed' in .*speed.py"):

        @metric("m/s", "another speed")
        def speed(recording):
            return recording.position[:, 0, 0]


def test_what_stands_beside_a_metric_exists():
    named = {name for each in METRICS.values() for name in each.beside.values()}
    assert "trajectory_wasserstein_shuffled" in named and named <= set(METRICS)


def test_a_metric_is_one_file(tmp_path):
    """The recipe of docs/ in a copy: the metric is in the table under its name, and in its rule's recipe."""
    shutil.copytree(ROOT / "workflow", tmp_path / "workflow", ignore=shutil.ignore_patterns("__pycache__"))
    shown = re.search(r"```python\n(.*?)```", (ROOT / "docs/recipes/metric.md").read_text(), re.DOTALL)
    (tmp_path / "workflow/rnn_replay/measures/upper.py").write_text(shown[1])
    code = (
        "import numpy as np, xarray as xr\n"
        "from pipeline.fingerprints import fingerprint\n"
        "from rnn_replay.measures import METRICS\n"
        "from rnn_replay.model.settings import SETTING\n"
        "from rnn_replay.tables.metrics import replay_rows\n"
        "values = {name: (('seed', 'decoder', 'setting'), np.ones((1, 1, 1))) for name in [*METRICS, 'diverged']}\n"
        "values['diverged'] = (('seed', 'setting'), np.zeros((1, 1)))\n"
        "values |= {name: ('setting', [1.0]) for name in SETTING}\n"
        "where = {'environment': 'triangle', 'variant': 'v', 'sweep': 's'}\n"
        "rows = replay_rows(xr.Dataset(values, {'seed': [1], 'decoder': ['template']}, where))\n"
        "assert rows.loc[rows['metric'] == 'upper', 'unit'].item() == '1'\n"
        "assert 'rnn_replay.measures.upper' in fingerprint('workflow/scripts/measure_replays.py')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(tmp_path), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_the_fingerprint_of_what_measures_holds_every_module():
    found = fingerprints.fingerprint(ROOT / "workflow/scripts/measure_replays.py")
    files = (ROOT / "workflow/rnn_replay/measures").glob("*.py")
    assert {f"rnn_replay.measures.{file.stem}" for file in files if file.stem != "__init__"} <= set(found)
