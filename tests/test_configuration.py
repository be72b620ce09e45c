"""Bad input gets one clear sentence; grids expand as written."""

import copy

import pytest
import yaml
from pipeline.configuration import Configuration, ConfigurationError, schema

DEFAULT = yaml.safe_load(open("config.yaml"))


def changed(path, value):
    """The default configuration with one key, given as a path with dots, set."""
    configuration = copy.deepcopy(DEFAULT)
    *folders, key = path.split("/")
    entry = configuration
    for folder in folders:
        entry = entry[folder]
    entry[key] = value
    return configuration


BAD = [
    ("sedes", [1], "sedes is not a known key; allowed: claims, demonstration,"),
    ("training/leek", 0.1, "training.leek is not a known key; allowed: activity_penalty,"),
    ("sweeps/momentum/frction", 1, "sweeps.momentum.frction is not a known key; allowed: adaptation_form,"),
    (
        "environments/triangl",
        {},
        "environments names 'triangl', which does not exist; allowed: head_direction, rat,",
    ),
    ("seeds", [], "seeds is []; allowed: a list of at least one whole number from 0 on, without repeats"),
    ("seeds", [1, 1], "seeds is [1, 1]; allowed: a list of at least one whole number from 0 on, without repeats"),
    ("training/leak", 1.2, "training.leak is 1.2; allowed: number at least 0, at most 1"),
    ("training/leak", -0.1, "training.leak is -0.1; allowed: number at least 0, at most 1"),
    ("sweeps/momentum/friction", [1.0, 0], "sweeps.momentum.friction is 0; allowed: a number above 0, at most 1"),
    ("sweeps/momentum/friction", 1.5, "sweeps.momentum.friction is 1.5; allowed: a number above 0, at most 1"),
    ("training/noise", -0.1, "training.noise is -0.1; allowed: number at least 0"),
    ("replay/noise", -1, "replay.noise is -1; allowed: number at least 0"),
    ("replay/adaptation_time", 0.5, "replay.adaptation_time is 0.5; allowed: number at least 1"),
    ("training/adaptation_time", 0.5, "training.adaptation_time is 0.5; allowed: number at least 1"),
    ("training/mask_shown", 0, "training.mask_shown is 0; allowed: integer at least 1"),
    (
        "environments/rat/agent_time_step",
        0.2,
        "environments.rat.agent_time_step is 0.2; allowed: number at least 0.001, at",
    ),
    ("sweeps/momentum/variants", ["leak7"], "sweeps.momentum.variants names 'leak7', which is not trained in triangle"),
    ("variants/x{y}", {}, "variants.x{y} has 'y' in its name; allowed: activity_penalty,"),
    ("variants/plain", {"leak": [0.1, 0.2]}, "variants.plain makes 'plain' in triangle twice"),
    ("training/leak", {"triangle": 0.3}, "training.leak has no value for the environment 'tmaze'"),
    ("replay/starts", "asleep", 'replay.starts is "asleep"; allowed: beginning, awake'),
]


@pytest.mark.parametrize(("path", "value", "sentence"), BAD, ids=[f"{path}={value}" for path, value, _ in BAD])
def test_bad_input_gets_one_sentence(path, value, sentence):
    # The shared leak is used only by variants that do not set their own.
    with pytest.raises(ConfigurationError) as error:
        Configuration(changed(path, value))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_key():
    configuration = copy.deepcopy(DEFAULT)
    del configuration["seeds"]
    with pytest.raises(ConfigurationError, match="'seeds' is a required key"):
        Configuration(configuration)


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

    demo = Configuration(merge(copy.deepcopy(DEFAULT), yaml.safe_load(open("scenarios/demo.yaml"))))
    assert len(demo.seeds) >= 2
    assert demo.environments == ["triangle", "tmaze", "rat"]


def test_every_key_of_the_schema_is_described():
    def walk(node, path):
        for key, entry in node.get("properties", {}).items():
            entry = schema()["$defs"].get(entry.get("$ref", "").removeprefix("#/$defs/"), {}) | entry
            assert "description" in entry, f"{path}{key}"
            walk(entry, f"{path}{key}.")

    walk(schema(), "")
    for name, definition in schema()["$defs"].items():
        walk(definition, f"{name}.")


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
