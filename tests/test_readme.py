"""What the README tells a user to do, done."""

import re

import pandas as pd
import pytest
import yaml
from checkout import ROOT, checkout, snakemake

README = (ROOT / "README.md").read_text()


def block(after: str, language: str) -> str:
    """The first code block of a language after some words of the README."""
    return re.search(rf"```{language}\n(.*?)```", README[README.index(after) :], re.DOTALL)[1]


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A run with the README's environment. Others are left out and networks are small, to be quick."""
    folder = checkout(tmp_path_factory.mktemp("own"))
    (folder / "workflow/rnn_replay/environments/line.py").write_text(block("**An environment** is one file", "python"))
    (folder / "line.yaml").write_text(block("in a file of your own, `line.yaml`", "yaml"))
    values = yaml.safe_load((folder / "config.yaml").read_text())
    values["environments"] = {}
    (folder / "config.yaml").write_text(yaml.safe_dump(values))
    small = {
        "environments": {"line": {"training_paths": 60, "test_paths": 30}},
        "seeds": [101, 102],
        "demonstration": True,
        "training": {"iterations": 8, "batch": 16},
        "replay": {"states": 6, "repeats": 2, "steps": 60},
        "theory": yaml.safe_load((folder / "tests/tiny.yaml").read_text())["theory"],
        "sweeps": {name: None for name in values["sweeps"] if name not in ("leakage", "momentum", "grafted")},
    }
    (folder / "small.yaml").write_text(yaml.safe_dump(small))
    targets = ["claims_table", "results/figures/examples.png", "results/figures/sweeps.png"]
    done = snakemake(folder, *targets, "--cores", "1", "--configfile", "line.yaml", "small.yaml")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "results"


def test_own_environment_runs_through_the_whole_pipeline(own):
    claims = pd.read_csv(own / "tables/claims.csv")
    primary = claims[claims["primary"] & (claims["environment"] == "line")]
    assert {"L2", "A1", "A3", "M1", "AM"} <= set(primary["claim"])
    assert not primary[primary["claim"].isin(["A1", "M1", "AM"])]["estimate"].isna().any()
    assert (own / "figures/examples.png").stat().st_size > 0


def test_what_the_readme_links_to_exists():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
