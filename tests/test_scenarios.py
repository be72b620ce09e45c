"""Scenarios: each says what it is for and where its numbers come from, and can be run."""

import pytest
from checkout import checkout
from pipeline.scenarios import ScenarioError, plan, purpose, scenarios

FILES = {path.stem: path for path in scenarios()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A checkout to run in."""
    return checkout(tmp_path_factory.mktemp("scenarios"))


@pytest.mark.parametrize("name", FILES)
def test_a_scenario_can_be_run(name, folder):
    planned = plan(folder / f"scenarios/{name}.yaml", 2, folder)
    assert planned.jobs > 10
    assert planned.memory.endswith(" MB")


@pytest.mark.parametrize("name", FILES)
def test_a_scenario_says_its_purpose_and_sources(name):
    assert purpose(FILES[name]).endswith(".")
    comment = " ".join(line for line in FILES[name].read_text().splitlines() if line.startswith("#"))
    assert "our choice" in comment or "Source:" in comment


def test_a_scenario_that_is_not_allowed_says_why(folder):
    (folder / "bad.yaml").write_text("seeds: []")
    with pytest.raises(ScenarioError, match="seeds is"):
        plan(folder / "bad.yaml", 2, folder)
