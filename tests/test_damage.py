"""Artifacts that were damaged are noticed, and nothing is made from them."""

import random
import shutil

import pytest
import xarray as xr
from checkout import TINY, checkout, planned, snakemake
from pipeline import provenance, verify
from rnn_replay import artifacts

WAYS = ("truncated", "zeroed", "flipped", "reshaped", "replaced")


@pytest.fixture
def copy(finished, tmp_path):
    """A checkout with the results of the tiny configuration."""
    folder = checkout(tmp_path / "copy")
    shutil.copytree(finished / "results", folder / "results")
    return folder


def damage(path, way, other):
    """Damage an artifact; `other` is a valid one of the same kind."""
    content = bytearray(path.read_bytes())
    if way == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif way == "zeroed":
        path.write_bytes(bytes(len(content)))
    elif way == "flipped":
        # In the values of a variable, where nothing in the file's structure gives it away.
        with xr.open_dataset(path, decode_times=False) as dataset:
            numbers = [v.values.tobytes() for v in dataset.variables.values() if v.dtype.kind == "f" and v.size > 3]
        place = max(content.find(values) for values in numbers)
        assert place > 0
        content[place] ^= 1
        path.write_bytes(content)
    elif way == "reshaped":
        with xr.open_dataset(path, decode_times=False) as dataset:
            dataset = dataset.load()
        name = max(dataset.data_vars, key=lambda name: dataset[name].ndim)
        dataset.isel({dataset[name].dims[-1]: slice(1, None)}).to_netcdf(path)
    else:
        shutil.copyfile(other, path)


def choose(results):
    """Twenty artifacts, four for each way, and for each another of its kind."""
    stages = ("environments", "networks", "replays", "metrics")
    kinds = {kind: sorted((results / kind).rglob("*.nc")) for kind in stages}
    paths = [path for found in kinds.values() for path in found]
    random.Random(3).shuffle(paths)
    for i, path in enumerate(paths[:20]):
        of_kind = kinds[path.relative_to(results).parts[0]]
        yield WAYS[i % 5], path, of_kind[of_kind.index(path) - 1]


def test_twenty_damaged_artifacts_are_noticed(copy):
    chosen = list(choose(copy / "results"))
    assert len({path for _, path, _ in chosen}) == 20
    originals = {other: other.read_bytes() for _, _, other in chosen}
    for way, path, other in chosen:
        spare = copy / "other.nc"
        spare.write_bytes(originals[other])
        damage(path, way, spare)
    for _, path, _ in chosen:
        with pytest.raises(artifacts.Corrupt, match=f"{path}.* Delete .* and run again"):
            artifacts.read(path)
    named = list(verify.problems(copy / "results"))
    for _, path, _ in chosen:
        assert any(line.startswith(str(path)) for line in named)
    # What shows without reading all the content is remade unasked.
    made, said = planned(copy, *TINY)
    for way, path, _ in chosen:
        if way in ("truncated", "zeroed", "replaced"):
            assert str(path.relative_to(copy / "results")) in made
            assert f"{path.relative_to(copy)}: " in said


def test_nothing_is_made_from_a_damaged_artifact(copy):
    replay = copy / "results/replays/triangle/leak0.3_mask20/momentum.nc"
    metrics = copy / "results/metrics/triangle/leak0.3_mask20/momentum.nc"
    damage(replay, "flipped", None)
    metrics.unlink()
    done = snakemake(copy, str(metrics.relative_to(copy)), "--cores", "1", *TINY)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"{replay.relative_to(copy)} is not what was written" in said
    assert f"Delete {replay.relative_to(copy)} and run again to remake it." in said
    assert not metrics.exists()


def test_verify_finds_nothing_in_what_was_just_made(finished, capsys):
    assert verify.main(str(finished / "results")) == 0
    assert "nothing corrupt, nothing stale, all made by the same code" in capsys.readouterr().out


def test_verify_names_what_is_stale_mixed_or_edited(copy):
    results = copy / "results"
    network = results / "networks/triangle/leak0.3_mask20/101.nc"
    dataset = artifacts.read(network)
    found = provenance.provenance(network)
    found.pop(artifacts.netcdf.DIGEST)
    dataset["bias"] = dataset["bias"] + 1  # equal content would be no reason to make anything again
    found["recipe"]["code"]["rnn_replay.model.dynamics"] = "other"
    found["recipe"]["packages"]["numpy"] = "0.1"
    artifacts.write(dataset, network, found)
    (results / "figures/sweeps.csv").write_text("x\n")
    (results / "networks/.102.nc.partial").write_text("")
    named = "\n".join(verify.problems(results))
    for sentence in (
        "replays/triangle/leak0.3_mask20/momentum.nc is stale: it was made from another networks/triangle",
        "tables/networks.nc is stale: it was made from another networks/triangle/leak0.3_mask20/101.nc",
        "used another rnn_replay.model.dynamics: networks/triangle/leak0.3_mask20/101.nc",
        "used numpy 0.1: networks/triangle/leak0.3_mask20/101.nc",
        "figures/sweeps.csv was changed after it was written",
        "networks/.102.nc.partial was left by a run that was cut off",
    ):
        assert sentence in named


def test_provenance_is_read_by_one_call(finished):
    results = finished / "results"
    found = provenance.provenance(results / "networks/tmaze/leak0.3_mask10/101.nc")
    assert found["artifact"] == "networks/tmaze/leak0.3_mask10/101.nc"
    environment = provenance.provenance(results / "environments/tmaze/101.nc")
    assert found["inputs"] == {"environments/tmaze/101.nc": environment["content_sha256"]}
    assert "rnn_replay.model.dynamics" in found["recipe"]["code"] and "torch" in found["recipe"]["packages"]
    figure = provenance.provenance(results / "figures/sweeps.png")
    assert set(figure["inputs"]) == {"tables/metrics.csv"}
    assert set(figure["beside"]) == {"figures/sweeps.pdf", "figures/sweeps.png", "figures/sweeps.csv"}
    assert provenance.provenance(results / "tables/metrics.csv")["artifact"] == "tables/metrics.nc"
