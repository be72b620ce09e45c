"""Bad input gets one clear sentence, and nothing starts."""

import copy

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline.configuration import MEMORY_STEPS, Configuration, ConfigurationError
from rnn_replay.measures.prediction import HISTORY, HORIZONS

DEFAULT = yaml.safe_load(open("config.yaml", encoding="utf-8"))
NAN, INF = float("nan"), float("inf")


def changed(path, value):
    """The default configuration with one key, given as a path with slashes (`~1` is a slash in a name), set."""
    configuration = copy.deepcopy(DEFAULT)
    *folders, key = path.split("/")
    entry = configuration
    for folder in folders:
        entry = entry[folder]
    entry[key.replace("~1", "/")] = value
    return configuration


BAD = [
    # Unknown keys.
    ("sedes", [1], "sedes is not a known key; allowed: claims, controls,"),
    ("training/leek", 0.1, "training.leek is not a known key; allowed: activity_penalty,"),
    ("sweeps/momentum/frction", 1, "sweeps.momentum.frction is not a known key; allowed: adaptation_form,"),
    ("variants/mine", {"leek": 1}, "variants.mine.leek is not a known key; allowed: activity_penalty,"),
    ("replay/stpes", 1, "replay.stpes is not a known key; allowed: adaptation_form,"),
    ("claims/levle", 0.9, "claims.levle is not a known key; allowed: adaptation_strength,"),
    ("theory/linear/sampling/repeats", 3, "theory.linear.sampling.repeats is not a known key; allowed: burn_in,"),
    ("environments/tmaze/arms", 1.0, "environments.tmaze.arms is not a known key; allowed: arm, jitter,"),
    ("extended/sweps", {}, "extended.sweps is not a known key; allowed: claims, controls, environments,"),
    ("controls", {"seeds": 8, "variant": []}, "controls.variant is not a known key; allowed: seeds, variants"),
    ("controls/seeds", 0, "controls.seeds is 0; allowed: whole number at least 1"),
    ("controls", {"variants": ["leak*"]}, "controls.seeds is missing; allowed: whole number at least 1"),
    ("controls/variants/tmaze", "leak*", 'controls.variants.tmaze is "leak*"; allowed: list of'),
    ("controls/variants/tmze", ["leak*"], "controls.variants names 'tmze'; allowed: default,"),
    # Names.
    ("environments/triangl", {}, "environments names 'triangl', which does not exist; allowed:"),
    (
        "environments/my track",
        {"kind": "tmaze"},
        "environments.my track is a name with other characters; allowed: letters,",
    ),
    ("environments/a~1b", {"kind": "tmaze"}, "environments.a/b is a name with other characters; allowed: letters,"),
    (
        "environments/default",
        {"kind": "tmaze", "steps": 60, "time_step": 0.1, "training_paths": 5, "test_paths": 5},
        "environments.default is a name that stands for all others; allowed:",
    ),
    ("environments/box", {"kind": "bx"}, 'environments.box.kind is "bx", which does not exist; allowed:'),
    ("environments/box", {"kind": 3}, "environments.box.kind is 3, which does not exist; allowed:"),
    ("environments/5", {}, "environments names '5', which does not exist; allowed:"),
    (
        "sweeps/mine~1fast",
        {"variants": ["*leak*"]},
        "sweeps.mine/fast is a name with other characters; allowed: letters,",
    ),
    ("sweeps/..", {"variants": ["*leak*"]}, "sweeps... is a name with other characters; allowed: letters, digits,"),
    ("sweeps/", {"variants": ["*leak*"]}, "sweeps. is a name with other characters; allowed: letters, digits,"),
    ("variants/x~1y", {}, "variants.x/y: 'x/y' is a name with other characters; allowed: letters,"),
    ("variants/x y", {}, "variants.x y: 'x y' is a name with other characters; allowed: letters,"),
    ("variants/x{y}", {}, "variants.x{y} has 'y' in its name; allowed: activity_penalty,"),
    ("variants/x{leak.real}", {}, "variants.x{leak.real} has 'str' object has no attribute 'real' in its"),
    ("variants/x{0}", {}, "variants.x{0} has Format string contains positional fields in its"),
    ("variants/x{", {}, "variants.x{ has Single '{' encountered in format string in its name;"),
    ("variants/plain", {"leak": [0.1, 0.2]}, "variants.plain makes 'plain' in triangle twice; put each key that is"),
    # Not the kind of value.
    ("results", "", 'results is ""; allowed: text that is not empty'),
    ("results", 3, "results is 3; allowed: text that is not empty"),
    ("seeds", 3, "seeds is 3; allowed: list of whole numbers at least 0, at least 1 of"),
    ("seeds", [1.0], "seeds.0 is 1.0; allowed: whole number at least 0"),
    ("seeds", [103.5], "seeds.0 is 103.5; allowed: whole number at least 0"),
    ("seeds", ["x"], 'seeds.0 is "x"; allowed: whole number at least 0'),
    ("seeds", [True], "seeds.0 is true; allowed: whole number at least 0"),
    ("demonstration", "maybe", 'demonstration is "maybe"; allowed: true or false'),
    ("environments", [], "environments is []; allowed: mapping that is not empty"),
    ("environments/rat", 3, "environments.rat is 3; allowed: mapping"),
    ("environments/triangle/steps", 50.5, "environments.triangle.steps is 50.5; allowed: whole number at least 20"),
    ("environments/triangle/steps", "fifty", 'environments.triangle.steps is "fifty"; allowed: whole number at'),
    ("environments/triangle/steps", True, "environments.triangle.steps is true; allowed: whole number at least 20"),
    ("environments/triangle/steps", None, "environments.triangle.steps is null; allowed: whole number at least 20"),
    ("environments/tmaze/arm", "long", 'environments.tmaze.arm is "long"; allowed: number at least 0.001'),
    ("training", None, "training is null; allowed: mapping"),
    ("training/units", 64.0, "training.units is 64.0; allowed: whole number at least 1"),
    ("training/units", "64", 'training.units is "64"; allowed: whole number at least 1'),
    ("training/noise", "loud", 'training.noise is "loud"; allowed: number at least 0'),
    ("training/noise", None, "training.noise is null; allowed: number at least 0"),
    ("training/learning_rate", "2e-3x", 'training.learning_rate is "2e-3x"; allowed: number above 0'),
    ("training/initial_scale", "lek", 'training.initial_scale is "lek"; allowed: number above 0 or leak'),
    ("training/nonlinearity", "sigmoid", 'training.nonlinearity is "sigmoid"; allowed: relu, tanh, identity'),
    ("variants/mine", 3, "variants.mine is 3; allowed: mapping"),
    ("variants/mine", {"environments": "triangle"}, 'variants.mine.environments is "triangle"; allowed: a list of'),
    ("sweeps/momentum", [], "sweeps.momentum is []; allowed: mapping"),
    ("sweeps/momentum/variants", "leak*", 'sweeps.momentum.variants is "leak*"; allowed: a list of names or'),
    (
        "sweeps/momentum/variants",
        {"triangle": "leak*"},
        'sweeps.momentum.variants.triangle is "leak*"; allowed: a list of',
    ),
    ("sweeps/momentum/variants", [3], "sweeps.momentum.variants is [3]; allowed: a list of names or"),
    ("sweeps/momentum/variants", None, "sweeps.momentum.variants is null; allowed: a list of names or"),
    (
        "sweeps/grafted/record_states",
        "yes please",
        'sweeps.grafted.record_states is "yes please"; allowed: true or false',
    ),
    ("replay/starts", "asleep", 'replay.starts is "asleep"; allowed: beginning, awake'),
    ("replay/starts", ["beginning", "awake"], 'replay.starts is ["beginning", "awake"]; allowed: beginning, awake'),
    ("claims/leakage", "leak{leak}", 'claims.leakage is "leak{leak}"; allowed: list of texts, at least 1 of'),
    ("claims/level", {"triangle": 0.9}, 'claims.level is {"triangle": 0.9}; allowed: number above 0, below 1'),
    ("claims/variant", 3, "claims.variant is 3; allowed: text"),
    ("theory", None, "theory is null; allowed: mapping"),
    ("extended", [], "extended is []; allowed: mapping"),
    ("theory/linear/frictions", "all", 'theory.linear.frictions is "all"; allowed: list of numbers above 0,'),
    # Out of range.
    ("seeds", [-1], "seeds.0 is -1; allowed: whole number at least 0"),
    ("training/leak", 1.2, "training.leak is 1.2; allowed: number at least 0, at most 1"),
    ("training/leak", -0.1, "training.leak is -0.1; allowed: number at least 0, at most 1"),
    (
        "training/leak",
        {"triangle": 1.2, "tmaze": 0.3, "rat": 0.3},
        "training.leak.triangle is 1.2; allowed: number at least 0, at most 1",
    ),
    (
        "variants/leak{leak}_mask{mask_hidden}/leak",
        {"triangle": [0.3, 1.2]},
        "variants.leak{leak}_mask{mask_hidden}.leak.triangle is 1.2; allowed: number at",
    ),
    ("sweeps/momentum/friction", [1.0, 0], "sweeps.momentum.friction is 0; allowed: number above 0, at most 1"),
    ("sweeps/momentum/friction", 1.5, "sweeps.momentum.friction is 1.5; allowed: number above 0, at most 1"),
    (
        "sweeps/grafted/adaptation_strength",
        {"triangle": [-1.0], "tmaze": 0.1, "rat": 0.1},
        "sweeps.grafted.adaptation_strength.triangle is -1.0; allowed: number at",
    ),
    ("training/noise", -0.1, "training.noise is -0.1; allowed: number at least 0"),
    ("replay/noise", -1, "replay.noise is -1; allowed: number at least 0"),
    ("replay/adaptation_time", 0.5, "replay.adaptation_time is 0.5; allowed: number at least 1 or trained"),
    ("training/adaptation_time", 0.5, "training.adaptation_time is 0.5; allowed: number at least 1"),
    ("training/mask_shown", 0, "training.mask_shown is 0; allowed: whole number at least 1"),
    ("training/learning_rate", 0, "training.learning_rate is 0; allowed: number above 0"),
    ("environments/rat/agent_time_step", 0.2, "environments.rat.agent_time_step is 0.2; allowed: number at least"),
    ("environments/rat/cells", 50, "environments.rat.cells is 50; allowed: a square number, such as 64"),
    ("environments/rat/time_step", 0.12, "environments.rat.time_step is 0.12; allowed: a multiple of"),
    ("claims/friction", 1.0, "claims.friction is 1.0; allowed: number above 0, below 1"),
    (
        "claims/adaptation_strength",
        {"tmaze": -0.1},
        "claims.adaptation_strength.tmaze is -0.1; allowed: number above 0",
    ),
    ("theory/linear/sampling/steps", 8010, "theory.linear.sampling.steps is 8010; allowed: a multiple of window"),
    ("theory/gaussian/times", [100], "theory.gaussian.times holds 100; allowed: at most steps (50)"),
    ("theory/linear/frictions", [0.5], "theory.linear.frictions is [0.5]; allowed: list of numbers above 0,"),
    (
        "theory/potentials/ring/frictions",
        [1.0, 0],
        "theory.potentials.ring.frictions.1 is 0; allowed: number above 0, at",
    ),
    (
        "theory/linear/memory/points",
        [{"friction": 0.5, "adaptation_strength": 0.1}],
        'theory.linear.memory.points is [{"friction": 0.5,',
    ),
    ("extended/seeds", 0, "extended.seeds is 0; allowed: whole number at least 1"),
    # Not finite.
    ("training/noise", NAN, "training.noise is NaN; allowed: finite numbers"),
    ("training/noise", INF, "training.noise is Infinity; allowed: finite numbers"),
    ("environments/tmaze/speed", NAN, "environments.tmaze.speed is NaN; allowed: finite numbers"),
    ("sweeps/momentum/friction", [1.0, NAN], "sweeps.momentum.friction.1 is NaN; allowed: finite numbers"),
    (
        "sweeps/grafted/adaptation_strength",
        {"triangle": [INF]},
        "sweeps.grafted.adaptation_strength.triangle.0 is Infinity; allowed: finite",
    ),
    ("claims/level", NAN, "claims.level is NaN; allowed: finite numbers"),
    ("theory/gaussian/start_mean", -INF, "theory.gaussian.start_mean is -Infinity; allowed: finite numbers"),
    (
        "extended/variants/mine",
        {"leak": {"tmaze": NAN}},
        "extended.variants.mine.leak.tmaze is NaN; allowed: finite numbers",
    ),
    # Too large, or too many.
    ("seeds", [10**30], "seeds.0 is 1000000000000000000000000000000; allowed: whole numbers up to 9223372036854775807"),
    ("training/iterations", 10**400, "training.iterations is 1000000"),
    ("replay/steps", -(2**64), "replay.steps is -18446744073709551616; allowed: whole numbers up to 922337"),
    ("seeds", list(range(4000)), "seeds has 4000 entries, which with "),
    (
        "sweeps/momentum/friction",
        [i / 20_000 for i in range(1, 20_001)],
        "sweeps.momentum makes more than 10000 combinations in triangle (friction 20000); allowed: shorter lists",
    ),
    (
        "sweeps/momentum",
        {"variants": ["leak*"]} | {key: [i / 200 for i in range(1, 201)] for key in ("friction", "noise")},
        "sweeps.momentum makes more than 10000 combinations in triangle (friction 200 × noise 200); allowed: shorter",
    ),
    (
        "variants/m{leak}_{noise}",
        {key: [i / 200 for i in range(1, 201)] for key in ("leak", "noise")},
        "variants.m{leak}_{noise} makes more than 10000 combinations in triangle (leak 200 × noise 200); allowed:",
    ),
    # Nothing, or twice the same.
    ("seeds", [], "seeds is []; allowed: list of whole numbers at least 0, at least 1 of"),
    ("seeds", [1, 1], "seeds is [1, 1]; allowed: list of whole numbers at least 0, at least"),
    ("environments", {}, "environments is {}; allowed: mapping that is not empty"),
    ("environments", {"triangle": None}, "environments has only entries that are null; allowed: at least one"),
    ("variants", {}, "variants is {}; allowed: mapping that is not empty"),
    ("variants", {"mine": None}, "variants has only entries that are null; allowed: at least one that"),
    ("variants", {"mine": {"environments": []}}, "variants.mine.environments is []; allowed: a list of environments"),
    ("sweeps", {"momentum": None}, "sweeps has only entries that are null; allowed: at least one that is"),
    ("sweeps/momentum/friction", [], "sweeps.momentum.friction is []; allowed: a value, or a list of at"),
    (
        "sweeps/momentum/friction",
        [1.0, 1.0, 0.5],
        "sweeps.momentum.friction is [1.0, 1.0, 0.5]; allowed: a value, or a",
    ),
    ("sweeps/momentum/friction", [1, 1.0], "sweeps.momentum.friction is [1, 1.0]; allowed: a value, or a list of"),
    ("sweeps/momentum/variants", [], "sweeps.momentum.variants is []; allowed: a list of names or patterns,"),
    (
        "sweeps/momentum/variants",
        {"triangle": []},
        "sweeps.momentum.variants.triangle is []; allowed: a list of names or",
    ),
    (
        "variants/leak{leak}_mask{mask_hidden}/leak",
        {"tmaze": []},
        "variants.leak{leak}_mask{mask_hidden}.leak.tmaze is []; allowed: a value, or a",
    ),
    (
        "variants/leak{leak}_mask{mask_hidden}/mask_hidden",
        {"tmaze": [5, 5]},
        "variants.leak{leak}_mask{mask_hidden}.mask_hidden.tmaze is [5, 5];",
    ),
    ("claims/leakage", [], "claims.leakage is []; allowed: list of texts, at least 1 of them"),
    # Environments that are not there.
    (
        "training/leak",
        {"tmazee": 0.3},
        "training.leak names 'tmazee'; allowed: default, figure_eight, head_direction, rat,",
    ),
    (
        "training/leak",
        {"triangle": 0.3},
        "training.leak has no value for the environment 'tmaze'; allowed: one under its",
    ),
    (
        "replay/noise",
        {"tmazee": 1.0},
        "replay.noise names 'tmazee'; allowed: default, figure_eight, head_direction, rat,",
    ),
    (
        "variants/leak{leak}_mask{mask_hidden}/leak",
        {"tmazee": [0.3]},
        "variants.leak{leak}_mask{mask_hidden}.leak names 'tmazee'; allowed: default,",
    ),
    (
        "variants/mine",
        {"environments": ["tmazee"]},
        'variants.mine.environments names "tmazee"; allowed: figure_eight,',
    ),
    (
        "variants/mine",
        {"environments": [3]},
        "variants.mine.environments names 3; allowed: figure_eight, head_direction,",
    ),
    (
        "sweeps/momentum/variants",
        {"tmazee": ["leak0.3_mask20"]},
        "sweeps.momentum.variants names 'tmazee'; allowed: default,",
    ),
    ("sweeps/momentum/friction", {"rats": 1.0}, "sweeps.momentum.friction names 'rats'; allowed: default,"),
    (
        "claims/variant",
        {"rats": "leak0.3_mask20"},
        "claims.variant names 'rats'; allowed: default, figure_eight, head_direction, rat,",
    ),
    (
        "extended/training/leak",
        {"head_directoin": 0.3},
        "extended: training.leak names 'head_directoin'; allowed: default,",
    ),
    # Networks that are not there.
    ("sweeps/momentum/variants", ["leak7"], "sweeps.momentum.variants names 'leak7', which is not trained in"),
    ("sweeps/momentum/variants", ["leak7*"], "sweeps.momentum.variants names 'leak7*', which matches no variant;"),
    (
        "sweeps/momentum/variants",
        {"rat": ["tanh*"]},
        "sweeps.momentum.variants names 'tanh*', which is not trained in rat;",
    ),
    # Lengths that do not fit.
    ("environments/triangle/steps", 12, "environments.triangle.steps is 12; allowed: whole number at least 20"),
    ("replay/steps", 19, "replay.steps is 19; allowed: whole number at least 20"),
    ("replay/steps", 45, "replay.steps is 45; allowed: at least 46 where states are recorded,"),
    ("training/mask_hidden", 58, "variants: 'adapted0.2' in triangle has mask_hidden + mask_shown of 61"),
    ("training/mask_shown", 200, "variants: 'adapted0.2' in triangle has mask_hidden + mask_shown of"),
    ("training/mask_lead", 51, "variants: 'adapted0.2' in tmaze has mask_hidden + mask_shown of 13"),
    # Folders.
    ("results", "workflow", 'results is "workflow"; allowed: a folder that holds nothing else,'),
    ("results", "tests/out", 'results is "tests/out"; allowed: a folder that holds nothing else,'),
    ("results", ".", 'results is "."; allowed: a folder that holds nothing else, without'),
    ("results", "..", 'results is ".."; allowed: a folder that holds nothing else, without'),
    ("results", "/", 'results is "/"; allowed: a folder that holds nothing else, without'),
    ("results", "config.yaml", 'results is "config.yaml"; allowed: a folder that holds nothing else,'),
    ("results", "out{seed}", 'results is "out{seed}"; allowed: a folder that holds nothing else,'),
    # What the extended run may not do.
    ("extended/training/units", 32, "extended changes the variant 'adapted0.2' in triangle, which the"),
    ("extended/variants/mine", {"leek": 1}, "extended: variants.mine.leek is not a known key; allowed:"),
    ("extended/sweeps/slow", {"variants": ["x"]}, "extended: sweeps.slow.variants names 'x', which is not trained in"),
    (
        "extended/environments/rat",
        {"steps": 61},
        "extended changes the environment in rat, which the paper's run uses;",
    ),
]


@pytest.mark.parametrize(("path", "value", "sentence"), BAD, ids=[f"{path}={value}" for path, value, _ in BAD])
def test_bad_input_gets_one_sentence(path, value, sentence):
    with pytest.raises(ConfigurationError) as error:
        Configuration(changed(path, value))
    assert str(error.value).startswith(sentence)
    assert "\n" not in str(error.value)
    assert "allowed" in str(error.value) or "put each key" in str(error.value)


@pytest.mark.parametrize("key", ["seeds", "training", "theory"])
def test_a_missing_key_is_named(key):
    values = copy.deepcopy(DEFAULT)
    del values[key]
    with pytest.raises(ConfigurationError, match=f"{key} is missing; allowed: "):
        Configuration(values)


def test_a_missing_setting_is_named():
    values = copy.deepcopy(DEFAULT)
    del values["training"]["noise"]
    with pytest.raises(ConfigurationError, match=r"training.noise is missing; allowed: number at least 0"):
        Configuration(values)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=3) | st.just(NAN),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["rat", "leak", "x"]), inside),
    max_leaves=4,
)


@settings(deadline=None)
@given(
    st.sampled_from(
        [
            *("seeds", "environments/rat", "training/leak", "training/initial_scale", "variants/x", "replay/steps"),
            *("sweeps/noise", "sweeps/noise/variants", "sweeps/noise/noise", "claims/variant", "theory/linear/memory"),
            *("extended", "extended/variants", "extended/training/leak", "results", "environments", "claims"),
        ]
    ),
    JSON,
)
def test_whatever_stands_there_is_taken_or_refused_in_one_sentence(path, value):
    try:
        Configuration(changed(path, value))
    except ConfigurationError as error:
        assert "\n" not in str(error)


def test_a_memory_needs_as_many_steps_as_are_asked_for():
    assert HISTORY + max(HORIZONS) + 1 == MEMORY_STEPS


# Files and the command line ------------------------------------------------------------------------------------------
