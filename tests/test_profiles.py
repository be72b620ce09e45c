"""The shipped profiles know every rule there is."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_slurm_groups_every_rule_that_runs_a_script():
    scripted = {
        name
        for rules in (ROOT / "workflow/rules").glob("*.smk")
        for name in re.findall(r"^use rule \w+ as (\w+) with:$", rules.read_text(), re.MULTILINE)
    }
    profile = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())
    grouped = dict(entry.split("=") for entry in profile["groups"])
    assert len(scripted) > 20
    assert set(grouped) == scripted
    sizes = dict(entry.split("=") for entry in profile["group-components"])
    assert set(sizes) == set(grouped.values())
