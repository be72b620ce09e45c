"""The pipeline as a user runs it, on a tiny configuration in a temporary folder."""

import pandas as pd
import pytest
import yaml
from checkout import TINY, checkout, contents, snakemake
from rnn_replay import artifacts


def test_two_cores_give_the_same_bytes(finished, tmp_path):
    folder = checkout(tmp_path)
    done = snakemake(folder, "--cores", "2", *TINY)
    assert done.returncode == 0, done.stderr[-3000:]
    expected = contents(finished / "results")
    assert len(expected) > 20
    assert contents(folder / "results") == expected


def test_nothing_is_left_to_do(finished):
    done = snakemake(finished, "--cores", "1", *TINY, "--dry-run")
    assert "Nothing to be done" in done.stdout + done.stderr


def test_tables_hold_every_environment_seed_and_metric(finished):
    table = pd.read_csv(finished / "results/tables/metrics.csv")
    assert set(table["environment"]) == {"triangle", "tmaze", "rat"}
    assert set(table["seed"]) == {101, 102}
    counts = table.groupby(["environment", "sweep", "setting", "seed", "decoder"]).size()
    assert counts.nunique() == 1
    dataset = artifacts.read(finished / "results/tables/metrics.nc")
    assert {"environment", "variant", "setting", "seed"} <= set(dataset.dims)
    row = table[(table["metric"] == "compression") & (table["sweep"] == "momentum")].iloc[0]
    cell = dataset["compression"].sel(
        environment=row["environment"],
        variant=row["variant"],
        setting=f"momentum/{row['setting']}",
        seed=row["seed"],
        decoder=row["decoder"],
    )
    assert float(cell) == pytest.approx(row["value"])


def test_artifacts_tell_what_they_were_made_from(finished):
    network = artifacts.read(next((finished / "results/networks/tmaze").rglob("101.nc")))
    recipe = yaml.safe_load(network.attrs["recipe"])
    assert recipe["settings"]["leak"] == 0.3
    assert "rnn_replay.model.dynamics" in recipe["code"]
    assert "torch" in recipe["packages"]
    assert str(finished) not in str(network.attrs)


def test_every_figure_is_made(finished):
    made = {path.stem for path in (finished / "results/figures").glob("*.pdf")}
    assert {"environments", "learning", "examples"} <= made
    for stem in made:
        for suffix in ("pdf", "png", "csv"):
            assert (finished / f"results/figures/{stem}.{suffix}").stat().st_size > 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("seeds=[]", "Configuration: seeds is []; allowed: "),
        ("sede=1", "Configuration: sede is not a known key; allowed:"),
    ],
)
def test_bad_input_stops_before_any_job(finished, change, sentence):
    before = contents(finished / "results")
    done = snakemake(finished, "--cores", "1", "--config", change)
    assert done.returncode != 0
    assert sentence in done.stdout + done.stderr
    assert contents(finished / "results") == before


def test_training_that_diverges_names_its_variant(finished, tmp_path):
    folder = checkout(tmp_path)
    overlay = yaml.safe_load((folder / "tests/tiny.yaml").read_text())
    overlay["training"] |= {"initial_scale": 1e6}
    (folder / "hot.yaml").write_text(yaml.safe_dump(overlay))
    target = "results/networks/triangle/leak0.3_mask20/101.nc"
    done = snakemake(folder, target, "--cores", "1", "--configfile", "hot.yaml")
    assert done.returncode != 0
    assert "training of triangle/leak0.3_mask20 with seed 101 diverged: the loss is" in done.stdout + done.stderr
    assert not (folder / target).exists()
