"""Exactly what a change concerns is remade: each test asserts the exact set of jobs, of the tiny configuration.

Most start from a fresh clone into which only `results/` was copied, in an order that mixes up modification times.
"""

import ast
import os
import random
import shutil
from fnmatch import fnmatch

import pytest
import yaml
from checkout import TINY, checkout, planned

LIBRARY = "workflow/rnn_replay"
NEVER = frozenset()
# What comes of each stage. Of the figures, `environments` is drawn from environments alone, and `learning` also from
# networks; `calibration` and the theory have tables of their own.
CONFIGURATION = {"configuration.yaml"}
CALIBRATION = {"tables/calibration.nc", "figures/calibration.pdf"}
THEORY = {"theory/*", "figures/theory_*"}
CLAIMS = {"tables/claims.nc", "figures/seeds.pdf"}
APART = {"figures/calibration.pdf", "figures/theory_*"}
CONTROLS = {"controls/*", "tables/controls.csv"}
FROM_METRICS = {"metrics/*", "tables/metrics.nc", "figures/*", *CLAIMS, *CONTROLS}
FROM_REPLAYS = {"replays/*", *FROM_METRICS}
FROM_NETWORKS = {"networks/*", "tables/networks.nc", *FROM_REPLAYS}
EVERYTHING = {"*"}
NOT_FROM_NETWORKS = {"figures/environments.pdf", *APART}
NOT_FROM_REPLAYS = {"figures/learning.pdf", *NOT_FROM_NETWORKS}
FIRST_SEED_ONLY = {"figures/environments.pdf", "figures/examples.pdf", "figures/animation.gif"}
OF_ENVIRONMENTS = {"tables/*", "figures/*", "theory/gaussian.nc", "theory/claims.nc", *CONFIGURATION}
OF_ALL_SEEDS = {"replays/*", "metrics/*", "controls/*", *OF_ENVIRONMENTS}
SIMULATED_ALONE = {"figures/theory_phases.pdf", "figures/theory_sampling.pdf"}
NOT_OF_ALL_SEEDS = {"figures/environments.pdf", *SIMULATED_ALONE}


@pytest.fixture(scope="module")
def everything(finished, tmp_path_factory):
    """All jobs of the tiny configuration."""
    return planned(checkout(tmp_path_factory.mktemp("nothing_made")), *TINY)[0]


@pytest.fixture
def cloned(finished, tmp_path):
    """A fresh clone with `results/` copied in, last things first."""
    folder = checkout(tmp_path / "clone")
    for path in sorted((finished / "results").rglob("*"), reverse=True):
        if path.is_file():
            copy = folder / path.relative_to(finished)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    return folder


def chosen(jobs, patterns, but=NEVER):
    """Jobs that match a pattern and are not excepted."""

    def matches(job, patterns):
        return any(fnmatch(job, pattern) for pattern in patterns)

    return {job for job in jobs if matches(job, patterns) and not matches(job, but)}


def edit(folder, name, change):
    path = folder / name
    path.write_text(change(path.read_text()))


def edit_yaml(folder, change, name="tests/tiny.yaml"):
    values = yaml.safe_load((folder / name).read_text())
    (folder / name).write_text(yaml.safe_dump(change(values) or values, sort_keys=False))


def append(module):
    """Add a line of code to a module."""
    return lambda folder: edit(folder, f"{LIBRARY}/{module}.py", lambda text: text + "\nADDED = 1\n")


def reversed_keys(values):
    if isinstance(values, dict):
        return {key: reversed_keys(values[key]) for key in reversed(values)}
    return values


# Nothing is remade ----------------------------------------------------------------------------------------------------


def unchanged(folder):
    pass


def touch_all(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    random.Random(1).shuffle(files)
    for i, path in enumerate(files):
        os.utime(path, (1e9 + 10 * i, 1e9 + 10 * i))


def reword(folder):
    for path in [*(folder / "workflow").rglob("*.py")]:
        module = ast.parse(path.read_text())
        if ast.get_docstring(module):
            lines = path.read_text().splitlines()
            lines[: module.body[0].end_lineno] = ['"""Other words."""  # and a comment']
            path.write_text("\n".join(lines) + "\n# The end.\n")


def reformat(folder):
    for path in [*(folder / "workflow").rglob("*.py")]:
        path.write_text(ast.unparse(ast.parse(path.read_text())) + "\n")


def note(folder):
    edit_yaml(folder, lambda values: values | {"notes": "Monday's run."})


def reorder(folder):
    edit_yaml(folder, reversed_keys)
    edit_yaml(folder, reversed_keys, "config.yaml")


@pytest.mark.parametrize("change", [unchanged, touch_all, reword, reformat, note, reorder])
def test_nothing_is_remade(cloned, change):
    change(cloned)
    made, said = planned(cloned, *TINY)
    assert made == set()
    assert "Nothing would be remade." in said


def test_nothing_is_remade_where_snakemakes_own_notes_travelled(cloned, finished):
    shutil.copytree(finished / ".snakemake", cloned / ".snakemake", symlinks=True)
    touch_all(cloned / "results")
    assert planned(cloned, *TINY)[0] == set()


# Only what a change of code or packages concerns ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "patterns", "but"),
    [
        # Two imports away from the script that trains: training, backpropagation, dynamics.
        ("model/dynamics", FROM_NETWORKS | THEORY, NOT_FROM_NETWORKS - {"figures/theory_*"}),
        ("model/training", FROM_NETWORKS | THEORY, NOT_FROM_NETWORKS - {"figures/theory_*"}),
        ("model/replay", FROM_REPLAYS | THEORY, NOT_FROM_REPLAYS - {"figures/theory_*"}),
        ("measures/speed", FROM_METRICS | THEORY | CALIBRATION, {"figures/environments.pdf", "figures/learning.pdf"}),
        ("figures/sweeps", {"figures/sweeps.pdf"}, NEVER),
        ("figures/style", {"figures/*"}, NEVER),
        (
            "environments/tmaze",
            {"*/tmaze/*", "controls/tmaze.nc", *OF_ENVIRONMENTS},
            SIMULATED_ALONE | CONFIGURATION,
        ),
        ("seeds", EVERYTHING, CONFIGURATION),
    ],
)
def test_a_changed_module_concerns_what_calls_it(cloned, everything, module, patterns, but):
    append(module)(cloned)
    made, said = planned(cloned, *TINY)
    assert made == chosen(everything, patterns, but)
    assert f"rnn_replay.{module.replace('/', '.')} changed" in said


def replaced(module, old, new):
    """Replace text of a module, which must be there."""

    def change(folder):
        text = (folder / "workflow" / module).read_text("utf-8")
        assert old in text, f"{module} has no {old}"
        (folder / "workflow" / module).write_text(text.replace(old, new), "utf-8")

    return change


class Reword(ast.NodeTransformer):
    """Other words in every docstring, message, log line and description."""

    def reworded(self, node):
        for child in ast.walk(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                child.value += " (in other words)"
        return node

    def visit_Raise(self, node):
        return self.reworded(node)

    def visit_Expr(self, node):
        said = isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") in ("print", "report")
        return self.reworded(node) if said or isinstance(node.value, ast.Constant) else node

    def visit_Call(self, node):
        self.generic_visit(node)
        if getattr(node.func, "id", "") == "variable":
            for word in node.args[2:]:
                self.reworded(word)
        return node


def reword_messages(folder):
    for path in (folder / LIBRARY).rglob("*.py"):
        path.write_text(ast.unparse(Reword().visit(ast.parse(path.read_text("utf-8")))) + "\n", "utf-8")


def more_memory(folder):
    for path in (folder / "workflow/rules").glob("*.smk"):
        path.write_text(path.read_text("utf-8").replace("mem_mb=1500", "mem_mb=1600"), "utf-8")


def code_of_the_pipeline(folder):
    for module in ("provenance", "fingerprints", "snakemake_adapter", "job", "checkpoints"):
        path = folder / f"workflow/pipeline/{module}.py"
        path.write_text(path.read_text("utf-8") + "\nADDED = 1\n", "utf-8")


@pytest.mark.parametrize("change", [reword_messages, more_memory, code_of_the_pipeline])
def test_edits_that_cannot_change_numbers_remake_nothing(cloned, change):
    change(cloned)
    assert planned(cloned, *TINY)[0] == set()


@pytest.mark.parametrize(
    ("change", "patterns", "but"),
    [
        (replaced("rnn_replay/artifacts/netcdf.py", "FORMAT = ", "FORMAT = 1000 + "), EVERYTHING, NEVER),
        (append("theory/plane_kernel"), {*THEORY, *CLAIMS}, NEVER),
        (append("environments/rat"), {"*/rat/*", "controls/rat.nc", *OF_ENVIRONMENTS}, SIMULATED_ALONE | CONFIGURATION),
    ],
    ids=["format", "theory", "environment"],
)
def test_other_edits_remake_what_they_decide(cloned, everything, change, patterns, but):
    change(cloned)
    made, _ = planned(cloned, *TINY)
    assert made <= chosen(everything, patterns, but)
    assert made


def test_another_ratinabox_concerns_its_environment_alone(cloned, everything):
    other_version(cloned, "ratinabox")
    made, _ = planned(cloned, *TINY)
    assert {job for job in made if job.startswith("environments/")} == chosen(everything, {"environments/rat/*"})


def other_version(folder, name):
    """Another version of a package, found before the installed one."""
    metadata = folder / f"workflow/{name}-99.dist-info/METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 99\n")


def test_changed_statistics_concern_claims_and_the_intervals_that_are_drawn(cloned, everything):
    append("claims/statistics")(cloned)
    assert planned(cloned, *TINY)[0] == chosen(everything, {*CLAIMS, "theory/claims.nc", "figures/*"})


def test_a_figures_title_concerns_figures_alone(cloned, everything):
    edit(cloned, f"{LIBRARY}/figures/style.py", lambda text: text.replace('"T-maze"', '"T maze"'))
    assert planned(cloned, *TINY)[0] == chosen(everything, {"figures/*"})


def test_another_version_of_a_package_concerns_whose_numbers_it_decides(cloned, everything):
    for name in ("torch", "POT"):
        folder = cloned / f"workflow/{name}-99.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 99\n")
    made, said = planned(cloned, *TINY)
    assert made == chosen(everything, FROM_NETWORKS | THEORY | CALIBRATION, {"figures/environments.pdf"})
    assert "torch" in said and "→ 99" in said
    shutil.rmtree(cloned / "workflow/torch-99.dist-info")
    # Whatever imports a measure imports POT.
    but = {"figures/environments.pdf", "figures/learning.pdf"}
    assert planned(cloned, *TINY)[0] == chosen(everything, FROM_METRICS | THEORY | CALIBRATION, but)


# Only what a change of the configuration concerns ---------------------------------------------------------------------


def test_two_numbers_swapped_between_two_keys(cloned, everything):
    def swap(values):
        values["training"]["mask_shown"], values["training"]["mask_lead"] = 2, 3

    edit_yaml(cloned, swap)
    made, said = planned(cloned, *TINY)
    assert made == chosen(everything, FROM_NETWORKS | CONFIGURATION, NOT_FROM_NETWORKS)
    assert "training.mask_lead 2 → 3; training.mask_shown 3 → 2" in said


def test_one_learning_rate_concerns_one_environment(cloned, everything):
    edit_yaml(cloned, lambda v: v["training"].update(learning_rate={"triangle": 0.006, "tmaze": 0.001, "rat": 0.002}))
    made, said = planned(cloned, *TINY)
    shared = {"tables/*", "figures/*", *CONFIGURATION}
    assert made == chosen(
        everything,
        {"networks/tmaze/*", "replays/tmaze/*", "metrics/tmaze/*", "controls/tmaze.nc", *shared},
        {"tables/calibration.nc", *NOT_FROM_NETWORKS},
    )
    assert "results/networks/tmaze/leak0.3_mask10/101.nc: training.learning_rate 0.002 → 0.001" in said


def test_a_seed_added(cloned, everything):
    edit_yaml(cloned, lambda values: values.update(seeds=[101, 102, 103]))
    made, _ = planned(cloned, *TINY)
    new = {job.replace("102", "103") for job in everything if "102" in job}
    assert made == new | chosen(everything, OF_ALL_SEEDS, NOT_OF_ALL_SEEDS)


def test_a_seed_that_controls_do_not_join_leaves_them_alone(cloned, everything):
    controls = {"seeds": 2, "variants": {"tmaze": ["leak*"]}}
    edit_yaml(cloned, lambda values: values.update(seeds=[101, 102, 103], controls=controls))
    made, _ = planned(cloned, *TINY)
    # Networks under other masks than the triangle's own are controls in config.yaml.
    alone = {"networks/tmaze/leak0.3_mask10/103.nc", "networks/triangle/leak0.3_mask5/103.nc"}
    new = {job.replace("102", "103") for job in everything if "102" in job} - alone
    but = {"replays/tmaze/*", "metrics/tmaze/*", "controls/tmaze.nc", *NOT_OF_ALL_SEEDS}
    assert made == new | chosen(everything, OF_ALL_SEEDS, but)


def test_a_seed_removed(cloned, everything):
    edit_yaml(cloned, lambda values: values.update(seeds=[101]))
    made, said = planned(cloned, *TINY)
    assert made == chosen(everything, OF_ALL_SEEDS, NOT_OF_ALL_SEEDS)
    assert "environments/rat/102.nc removed" in said


def like_tmaze(values):
    """Whatever is given by environment, for another one as for the T-maze."""
    if isinstance(values, dict):
        values = {key: like_tmaze(value) for key, value in values.items()}
        if "tmaze" in values:
            values["other"] = values["tmaze"]
    return values


def test_an_environment_added(cloned, everything):
    shutil.copy(cloned / f"{LIBRARY}/environments/tmaze.py", cloned / f"{LIBRARY}/environments/other.py")
    edit_yaml(cloned, like_tmaze)
    edit_yaml(cloned, like_tmaze, "config.yaml")
    made, _ = planned(cloned, *TINY)
    new = {job.replace("tmaze", "other") for job in everything if "tmaze" in job}
    assert made == new | chosen(everything, OF_ENVIRONMENTS, SIMULATED_ALONE)


def test_an_environment_removed(cloned, everything):
    def without_rat(values):
        values["environments"].pop("rat")

    edit_yaml(cloned, without_rat)
    edit_yaml(cloned, without_rat, "config.yaml")
    made, _ = planned(cloned, *TINY)
    assert made == chosen(everything, OF_ENVIRONMENTS, SIMULATED_ALONE | {"figures/place_cells.pdf"})


def test_a_sweep_setting_added(cloned, everything):
    edit_yaml(cloned, lambda values: values["sweeps"]["momentum"].update(friction=[1.0, 0.8, 0.6]))
    made, said = planned(cloned, *TINY)
    concerned = {"replays/*/momentum.nc", "metrics/*/momentum.nc", "tables/metrics.nc", "figures/*", *CLAIMS}
    concerned |= CONFIGURATION
    assert made == chosen(everything, concerned, NOT_FROM_REPLAYS | FIRST_SEED_ONLY)
    assert "sweeps.momentum.settings 2 → 3 entries" in said


@pytest.mark.parametrize("masks", [[20], [20, 5, 2]])
def test_a_mask_removed_or_added(cloned, everything, masks):
    def change(values):
        values["variants"]["leak{leak}_mask{mask_hidden}"]["mask_hidden"]["triangle"] = masks

    edit_yaml(cloned, change)
    made, _ = planned(cloned, *TINY)
    new = {f"networks/triangle/leak0.3_mask2/{seed}.nc" for seed in (101, 102)} if 2 in masks else set()
    assert made == new | chosen(
        everything, {"tables/networks.nc", "figures/learning.pdf", "figures/explorer.html", *CLAIMS, *CONFIGURATION}
    )


# What is not what it was ----------------------------------------------------------------------------------------------


def test_a_deleted_or_edited_file_is_remade_with_what_is_made_from_it(cloned, everything):
    (cloned / "results/metrics/tmaze/leak0.3_mask10/grafted.nc").unlink()
    made, said = planned(cloned, *TINY)
    of_metrics = chosen(everything, {"tables/metrics.nc", "figures/*", *CLAIMS}, NOT_FROM_REPLAYS | FIRST_SEED_ONLY)
    assert made == {"metrics/tmaze/leak0.3_mask10/grafted.nc"} | of_metrics
    assert "results/metrics/tmaze/leak0.3_mask10/grafted.nc: is not there" in said
    assert "results/tables/metrics.nc: results/metrics/tmaze/leak0.3_mask10/grafted.nc is remade" in said


def test_an_edited_table_is_remade(cloned):
    with open(cloned / "results/figures/sweeps.csv", "a") as file:
        file.write("1\n")
    made, said = planned(cloned, *TINY)
    assert made == {"figures/sweeps.pdf"}
    assert "figures/sweeps.csv changed" in said
