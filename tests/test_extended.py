"""The extended run adds to the paper's and leaves every job of it as it was."""

import copy
import shutil

import pytest
import yaml
from checkout import TINY, checkout, planned
from pipeline.configuration import Configuration, ConfigurationError

DEFAULT = yaml.safe_load(open("config.yaml"))


def with_extended(**section):
    """The default configuration with another section `extended`."""
    return Configuration(copy.deepcopy(DEFAULT) | {"extended": section})


def test_the_default_covers_some_of_the_papers_seeds_and_adds_variants_and_sweeps():
    paper = Configuration(DEFAULT)
    assert set(paper.extended.seeds) < set(paper.seeds)
    assert set(paper.networks) < set(paper.extended.networks)
    assert set(paper.measurements) < set(paper.extended.measurements)


@pytest.mark.parametrize(
    "section",
    [
        {},
        {"seeds": 1},
        {"variants": {"tanh": {"nonlinearity": "tanh"}}},
        {"sweeps": {"slow": {"variants": ["adapted*"], "friction": 0.1}}},
    ],
)
def test_the_papers_part_does_not_depend_on_it(section):
    without = Configuration({key: value for key, value in DEFAULT.items() if key != "extended"})
    paper = with_extended(**section)
    assert paper.seeds == without.seeds
    assert paper.variants == without.variants
    assert paper.sweeps == without.sweeps


def test_patterns_of_the_papers_sweeps_match_what_is_added():
    extended = with_extended(variants={"adapted_inside": {"adaptation_form": "inside"}}).extended
    assert "adapted_inside" in extended.sweeps["rat"]["trained"]["variants"]


def test_a_variant_is_trained_where_its_values_are_given():
    extended = with_extended(variants={"half": {"leak": {"tmaze": 0.5}}}).extended
    assert [environment for environment, variant in extended.networks if variant == "half"] == ["tmaze"]


def test_one_value_for_all_environments_holds_for_further_ones():
    values = copy.deepcopy(DEFAULT)
    values["training"]["iterations"] = 8
    extended = Configuration(values).extended
    assert {settings["iterations"] for settings in extended.variants["head_direction"].values()} == {8}


def test_what_is_null_in_the_papers_part_stays_left_out():
    values = copy.deepcopy(DEFAULT)
    values["variants"]["adapted{adaptation_strength}"] = None
    values["sweeps"] |= {"trained": None, "coverage": None}
    values["extended"] = {"variants": {"adapted{adaptation_strength}": {"adaptation_strength": {"rat": [0.3]}}}}
    assert "adapted0.3" not in Configuration(values).extended.variants["rat"]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ({"seeds": 0}, "extended.seeds is 0; allowed: whole number at least 1"),
        ({"seads": 1}, "extended.seads is not a known key; allowed: claims, controls, environments,"),
        ({"variants": {"x": {"leek": 1}}}, "extended: variants.x.leek is not a known key; allowed:"),
        (
            {"training": {"units": 32}},
            "extended changes the variant 'adapted0.2' in triangle, which",
        ),
        ({"sweeps": {"noise": {"noise": [1.0]}}}, "extended changes the sweep 'noise' in triangle"),
        ({"environments": {"rat": {"steps": 61}}}, "extended changes the environment in rat"),
        (
            {"sweeps": {"slow": {"variants": ["x"]}}},
            "extended: sweeps.slow.variants names 'x', which is not",
        ),
    ],
)
def test_bad_sections_get_one_sentence(section, sentence):
    with pytest.raises(ConfigurationError) as error:
        with_extended(**section)
    assert sentence in str(error.value)


def edit(path, change):
    """Change a configuration file."""
    values = yaml.safe_load(path.read_text())
    change(values)
    path.write_text(yaml.safe_dump(values, sort_keys=False))


def remove(values):
    del values["extended"]


def add(values):
    values["extended"]["variants"]["tanh_half"] = {"nonlinearity": "tanh", "leak": 0.5}
    values["extended"]["sweeps"]["hot"] = {"variants": ["tanh_half"], "noise": 3.0}
    values["extended"]["seeds"] = 1


@pytest.mark.parametrize(("change", "files"), [(remove, ("config.yaml", "tests/tiny.yaml")), (add, ("config.yaml",))])
def test_no_job_of_the_paper_is_made_again(finished, tmp_path, change, files):
    folder = checkout(tmp_path / "copy")
    shutil.copytree(finished / "results", folder / "results")
    for name in files:
        edit(folder / name, change)
    made, said = planned(folder, *TINY)
    assert made == set()
    assert "Nothing would be remade." in said


def test_the_extended_run_shares_what_the_paper_has_made(finished, tmp_path):
    anew, _ = planned(checkout(tmp_path), "extended", *TINY)
    made, _ = planned(finished, "extended", *TINY)
    files = (path for path in (finished / "results").rglob("*") if path.suffix in (".nc", ".csv"))
    there = {str(path.relative_to(finished / "results")) for path in files}
    assert made == anew - there
    assert anew & there, "environments and networks of the paper are among what the extended run needs"
    assert not made & there
    assert {"tables/extended/networks.nc", "tables/extended/metrics.nc"} < made
