"""Grids expand as written, defaults stand for other environments, and the schema that editors read is current."""

import copy
import json
import subprocess
import sys

import checkout
import pytest
import yaml
from pipeline.configuration import Configuration
from pipeline.schema import SCHEMA, schema

DEFAULT = yaml.safe_load(open("config.yaml", encoding="utf-8"))


def changed(path, value):
    """The default configuration with one key, given as a path with slashes (`~1` is a slash in a name), set."""
    configuration = copy.deepcopy(DEFAULT)
    *folders, key = path.split("/")
    entry = configuration
    for folder in folders:
        entry = entry[folder]
    entry[key.replace("~1", "/")] = value
    return configuration


def test_text_with_an_exponent_is_the_number_that_it_means():
    assert yaml.safe_load("learning_rate: 2e-3") == {"learning_rate": "2e-3"}  # as YAML 1.1 has it
    configuration = Configuration(changed("training/learning_rate", "2e-3"))
    assert configuration.variants["rat"]["adapted0.1"]["learning_rate"] == 2e-3


def test_home_is_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Configuration(changed("results", "~/out")).results == str(tmp_path / "out")


# Environments of one's own -----------------------------------------------------------------------------------------

OWN = {"kind": "tmaze", "steps": 60, "time_step": 0.1, "training_paths": 500, "test_paths": 200}


def test_one_entry_adds_an_environment_to_all_that_has_a_default():
    configuration = Configuration(changed("environments/own", OWN))
    assert {"leak0.3_mask20", "matched_leak1_mask20", "adapted0.2"} <= set(configuration.variants["own"])
    assert set(configuration.sweeps["own"]) == set(configuration.sweeps["tmaze"])
    before = Configuration(DEFAULT)
    assert all(configuration.parts(name) == before.parts(name) for name in before.environments)
    own = {measured for measured in configuration.extended.measurements if measured[0] == "own"}
    assert ("own", "leak0.3_mask20", "friction_range") in own


def test_one_line_leaves_only_ones_own_environment():
    configuration = Configuration(changed("environments", {"triangle": None, "tmaze": None, "rat": None, "own": OWN}))
    assert configuration.environments == ["own"]
    assert configuration.measurements


def test_null_in_a_mapping_leaves_an_environment_out():
    leak = DEFAULT["variants"]["leak{leak}_mask{mask_hidden}"]["leak"]
    values = changed("variants/leak{leak}_mask{mask_hidden}/leak", leak | {"default": None})
    values["environments"]["own"] = OWN
    values["sweeps"] = {"leakage": {"variants": ["matched*"]}}
    del values["extended"]
    assert set(Configuration(values).variants["own"]) == {
        "adapted0.2",
        "convex_leak0.3",
        "small_leak0",
        "static0.2",
        "matched_leak0_mask20",
        "matched_leak0.3_mask20",
        "matched_leak1_mask20",
    }


def test_an_environment_without_networks_is_left_out_of_sweeps_by_pattern():
    values = changed("variants", {"only": {"leak": {"rat": 0.2}}})
    values["sweeps"] = {"leakage": {"variants": ["only*"]}}
    del values["extended"], values["rats"]
    assert Configuration(values).measurements == [("rat", "only", "leakage")]


def test_lists_mean_a_grid():
    configuration = Configuration(DEFAULT)
    names = [name for name in configuration.variants["triangle"] if name.startswith("leak")]
    assert len(names) == 12
    assert configuration.variants["triangle"]["leak0.3_mask20"]["leak"] == 0.3
    assert configuration.variants["triangle"]["leak0.3_mask20"]["mask_hidden"] == 20
    pairs = [
        (setting["adaptation_strength"], setting["friction"])
        for setting in configuration.sweeps["tmaze"]["grafted"]["settings"]
    ]
    assert len(pairs) == len(set(pairs)) == 12


def test_controls_run_on_the_first_seeds():
    configuration = Configuration(changed("seeds", list(range(1, 17))))
    of = configuration.seeds_of
    assert of("tmaze", "leak0.3_mask10") == of("tmaze", "adapted0.2") == list(range(1, 17))
    assert of("tmaze", "leak0.3_mask20") == of("tmaze", "matched_leak0_mask10") == list(range(1, 9))
    assert of("triangle", "leak0.3_mask20") == list(range(1, 17))
    assert configuration.extended.seeds_of("tmaze", "leak0.3_mask20") == [1, 2, 3, 4]
    assert set(configuration.controls) == {"triangle", "tmaze", "rat"}


def test_null_leaves_an_entry_out():
    configuration = Configuration(changed("sweeps/noise", None))
    assert "noise" not in configuration.sweeps["rat"]


def test_demo_overlay_is_valid():
    def merge(base, overlay):
        for key, value in overlay.items():
            if isinstance(value, dict) and isinstance(base.get(key), dict):
                merge(base[key], value)
            else:
                base[key] = value
        return base

    demo = Configuration(merge(copy.deepcopy(DEFAULT), yaml.safe_load(open("scenarios/demo.yaml", encoding="utf-8"))))
    assert len(demo.seeds) >= 2
    assert demo.environments == ["triangle", "tmaze", "rat", "sargolini"]


# The schema that editors read ----------------------------------------------------------------------------------------


def test_the_committed_schema_is_current():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema(), "run: python -m pipeline.schema"


def test_every_key_of_the_schema_is_described():
    whole = schema()

    def walk(node, path):
        for key, entry in node.get("properties", {}).items():
            assert entry.get("description") or "$ref" in entry or "anyOf" in entry, f"{path}{key}"
            walk(entry, f"{path}{key}.")

    walk(whole, "")
    for name, definition in whole["$defs"].items():
        walk(definition, f"{name}.")
    assert whole["$defs"]["training"]["properties"]["leak"]["description"].endswith("[1/step]")


@pytest.mark.parametrize("path", ["config.yaml", "tests/tiny.yaml", "scenarios/demo.yaml", "scenarios/many_seeds.yaml"])
def test_files_name_the_schema(path):
    lines = open(path, encoding="utf-8").read().splitlines()
    (named,) = [line.partition("$schema=")[2] for line in lines if line.startswith("# yaml-language-server:")]
    assert (SCHEMA.parents[2] / path).parent.joinpath(named).resolve() == SCHEMA


def test_default_meets_what_the_paper_needs():
    configuration = Configuration(DEFAULT)
    assert len(configuration.seeds) >= 8
    assert not set(configuration.seeds) & {101, 102, 103}, "pilot seeds are not reported"
    for environment, masks in (("triangle", 4), ("tmaze", 4), ("rat", 2)):
        variants = configuration.variants[environment].values()
        assert {0.0, 1.0} < {variant["leak"] for variant in variants}
        assert len({variant["mask_hidden"] for variant in variants}) >= masks
        assert len({variant["adaptation_strength"] for variant in variants}) >= 2
        assert {"momentum", "grafted", "trained"} <= set(configuration.sweeps[environment])


def test_snakefile_and_settings_are_read_without_pytorch(tmp_path):
    folder = checkout.one_environment(tmp_path / "checkout")
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/__init__.py").write_text("raise RuntimeError('PyTorch was imported')\n")
    run = {"cwd": folder, "capture_output": True, "text": True, "timeout": 300}
    run["env"] = checkout.environment(folder) | {"PYTHONPATH": f"{tmp_path}:{folder / 'workflow'}"}
    for line in (checkout.command("--cores", "1", "--dry-run"), [sys.executable, "-m", "pipeline.schema"]):
        done = subprocess.run(line, **run)
        assert done.returncode == 0, done.stdout + done.stderr
    stopped = subprocess.run([sys.executable, "-c", "import rnn_replay.model.network"], **run)
    assert "PyTorch was imported" in stopped.stderr
