"""The recipe for a mechanism: one file and one entry of the configuration, followed in a fresh copy."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest
import yaml
from checkout import ROOT, environment, one_environment, snakemake

RECIPE = (ROOT / "docs/recipes/mechanism.md").read_text()
DECLARATION, TERM = re.findall(r"```python\n(.*?)```", RECIPE, re.DOTALL)
PHASES = """
import json, numpy, torch
from rnn_replay import environments
from rnn_replay.environments import Pool
from rnn_replay.model.awake import awake
from rnn_replay.model.replay import Subject, replay
from rnn_replay.model.settings import Sampling, Setting, Variant
from rnn_replay.model.training import train
import yaml

values = yaml.safe_load(open("config.yaml"))
triangle = environments.load("triangle", values["environments"]["triangle"])
pool = triangle.paths(20, numpy.random.default_rng(1))
pool = Pool(pool.position.astype("f4"), pool.tracked.astype("f4"))
keys = {"seed": 1, "environment": "triangle", "name": "test"}
flat = {key: value["triangle"] if isinstance(value, dict) else value for key, value in values["training"].items()}
plain = Variant(**flat | {"damping": 0.0})
damped, said, found = plain.but(damping=0.05), [], {}

losses = [train(pool.tracked, each, **keys, report=said.append) for each in (plain, damped)]
found["training"] = float(abs(losses[0].loss - losses[1].loss).max())
found["said"] = [line for line in said if "automatic" in line]
network = losses[0].network, losses[0].mean_activity
runs = [awake(*network, each, pool.tracked, **keys).r for each in (plain, damped)]
found["awake"] = float((runs[0] - runs[1]).abs().max())
subject = Subject.wake(*network, damped, pool, triangle.map(), **keys)
base = {key: value for key, value in values["replay"].items() if key in Setting.model_fields}
settings = [Setting(**base), *(Setting(**base | {"damping": value}) for value in (0.05, 0.0))]
state = replay(subject, settings, Sampling(starts="beginning", states=3, repeats=1, steps=20, record_states=True)).state
found["replay"], found["as trained"] = (float(abs(state[0] - state[i]).max()) for i in (2, 1))
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A checkout of one environment, with the term."""
    folder = one_environment(tmp_path_factory.mktemp("term"))
    path = folder / "workflow/rnn_replay/model/dynamics.py"
    text, place = path.read_text(), "    mean_activity: Number = 0.0\n"
    drift = next(line for line in text.splitlines(keepends=True) if line.startswith("    drift = torch.add("))
    assert text.count(place) == text.count(drift) == 1
    path.write_text(text.replace(place, DECLARATION + place).replace(drift, drift + TERM))
    return folder


def test_a_term_changes_awake_run_training_and_replay(folder):
    done = subprocess.run(
        [sys.executable, "-c", PHASES], cwd=folder, env=environment(folder), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert min(found[phase] for phase in ("awake", "training", "replay")) > 1e-5
    # What a replay does not set is as in training; only the damped network leaves the hand-written gradients.
    assert found["as trained"] == 0
    assert len(found["said"]) == 1 and found["said"][0].endswith("damping is 0.05")


def test_its_sweep_runs_from_the_configuration_and_tables_have_its_column(folder):
    values = yaml.safe_load((folder / "config.yaml").read_text())
    values["variants"] = {"leak0.3_mask20": {"damping": 0.05}}
    values["sweeps"] = {"damping": {"variants": ["leak0.3_mask20"], "damping": ["trained", 0.0, 0.1]}}
    (folder / "config.yaml").write_text(yaml.safe_dump(values))
    done = snakemake(folder, "--cores", "1", "results/tables/metrics.csv", "results/tables/networks.csv")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    metrics, networks = (pd.read_csv(folder / f"results/tables/{name}.csv") for name in ("metrics", "networks"))
    assert metrics.groupby("setting")["damping"].first().tolist() == [0.05, 0.0, 0.1]
    values = metrics[metrics["metric"] == "off_manifold"].pivot_table("value", "setting", "decoder")
    assert values.nunique().max() == 3
    assert set(networks["damping"]) == {0.05}
