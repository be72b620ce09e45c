"""The run on recorded paths: a configuration of its own, in environments of its own, by the same rules."""

import copy

import pandas as pd
import pytest
import yaml
from checkout import TINY, checkout, planned, snakemake
from pipeline.configuration import Configuration, ConfigurationError

DEFAULT = yaml.safe_load(open("config.yaml"))


def with_rats(change=None, **section):
    """The default configuration with another section `rats`."""
    values = copy.deepcopy(DEFAULT)
    values["rats"] |= section
    if change:
        change(values)
    return Configuration(values)


def test_it_runs_in_environments_of_its_own_and_leaves_the_papers_run_alone():
    paper, without = with_rats(), Configuration({key: value for key, value in DEFAULT.items() if key != "rats"})
    assert set(paper.rats.environments) == {"sargolini", "tanni", "wtrack"}
    assert not set(paper.rats.environments) & set(paper.extended.environments)
    assert (paper.variants, paper.sweeps) == (without.variants, without.sweeps)
    assert without.rats is None and with_rats(environments={}).rats is None


def test_it_has_every_sweep_of_the_papers_run_and_its_first_seeds():
    paper = with_rats(seeds=2)
    assert paper.rats.seeds == paper.seeds[:2]
    for environment in paper.rats.environments:
        assert set(paper.rats.sweeps[environment]) == set(paper.sweeps["triangle"])


def test_defaults_of_the_paper_hold_and_one_value_for_all_environments_does():
    assert {s["batch"] for s in with_rats().rats.variants["tanni"].values()} == {64}

    def shorter(values):
        values["training"]["iterations"] = 8

    assert {s["iterations"] for s in with_rats(shorter).rats.variants["tanni"].values()} == {8}


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (
            {"environments": {"rat": {}}},
            "rats.environments.rat is the name of another run's; allowed: names of its own",
        ),
        ({"seads": 1}, "rats.seads is not a known key; allowed: claims, controls, environments,"),
        ({"variants": {"x": {"leek": 1}}}, "rats: variants.x.leek is not a known key; allowed:"),
    ],
)
def test_bad_sections_get_one_sentence(section, sentence):
    with pytest.raises(ConfigurationError) as error:
        with_rats(**section)
    assert sentence in str(error.value)


def test_a_small_run_from_start_to_end(tmp_path):
    """Claims, answer and the figure of laboratories, and nothing of the paper's run."""
    folder = checkout(tmp_path / "copy")
    targets = ("rats_claims_table", "rats_answers", "results/figures/rats/animals.png")
    made, _ = planned(folder, *targets, *TINY)
    assert {path.split("/")[1] for path in made if path.startswith("networks/")} == {"sargolini", "wtrack"}
    assert not {path for path in made if path.startswith(("tables/", "figures/")) and "/rats/" not in path} - {
        "tables/extended/recovery.csv"
    }
    done = snakemake(folder, *targets, *TINY, "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    claims = pd.read_csv(folder / "results/tables/rats/claims.csv")
    assert set(claims["environment"]) == {"sargolini", "wtrack"} and set(claims["verdict"]) <= {"demo", "not testable"}
    words = (folder / "results/tables/rats/claims.md").read_text()
    assert "doi:10.1126/science.1125572" in words and "Against extrapolation" in words
    held = pd.read_csv(folder / "results/tables/rats/biology.csv")
    fair = held[held["fair"] == "fair"].groupby("environment")["metric"].unique().map(set)
    assert fair["wtrack"] == {"exponent_ji"}
    assert {"exponent_stella", "exponent_krause"} < fair["sargolini"] and "exponent_ji" not in fair["sargolini"]
    speeds = pd.read_csv(folder / "results/tables/rats/biology_scales.csv").set_index(["environment", "condition"])
    assert speeds.loc[("sargolini", "behaviour"), "estimate"] == pytest.approx(0.15, abs=0.1)  # m/s
    assert (folder / "results/tables/rats/answers.md").read_text().count("R8") == 1
