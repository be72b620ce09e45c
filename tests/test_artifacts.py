"""Artifacts come back as they were written, or not at all."""

import os
import subprocess
import sys

import netCDF4
import numpy as np
import pytest
import torch
import xarray as xr
from rnn_replay import artifacts
from rnn_replay.artifacts.netcdf import variable
from rnn_replay.artifacts.networks import from_dataset, to_dataset
from rnn_replay.artifacts.seeds import stack
from rnn_replay.model.network import initialise
from rnn_replay.model.training import Trained, Variant
from rnn_replay.seeds import named_seed, stream
from rnn_replay.tables.networks import ERRORS

VARIANT = {
    "units": 5,
    "leak": 0.3,
    "nonlinearity": "relu",
    "noise": 0.05,
    "adaptation_strength": 0.0,
    "adaptation_time": 100.0,
    "adaptation_form": "outside",
    "mask_hidden": 2,
    "mask_shown": 3,
    "mask_lead": 2,
    "input_gain": 10.0,
    "initial_scale": "leak",
    "learning_rate": 0.002,
    "warm_up": 0,
    "iterations": 4,
    "batch": 2,
    "gradient_clip": 1.0,
    "activity_penalty": 0.0,
    "device": "cpu",
}


def network_dataset():
    network = initialise(5, 2, 0.3, 1, "triangle")
    for key, weight in network.weights().items():
        setattr(network, key, weight.detach())
    trained = Trained(network, torch.arange(5.0), np.arange(4, dtype=np.float32))
    return trained, to_dataset(trained, dict.fromkeys(ERRORS, 0.5))


def test_a_network_makes_the_round_trip(tmp_path):
    trained, dataset = network_dataset()
    artifacts.write(dataset, tmp_path / "network.nc", {"recipe": {"settings": VARIANT}, "seed": 1})
    network, mean_activity, variant = from_dataset(artifacts.read(tmp_path / "network.nc"))
    for key, weight in trained.network.weights().items():
        assert torch.equal(network.weights()[key], weight)
    assert torch.equal(mean_activity, trained.mean_activity)
    assert variant == Variant(**VARIANT)


def seeds_dataset(*seeds):
    """What each seed has on its own, stacked."""
    of = {seed: stream(seed, "test").standard_normal((2, 3)).astype(np.float32) for seed in seeds}
    each = [xr.Dataset({"x": variable("decoder time", values, "1", "x")}) for values in of.values()]
    return stack(each, seeds)


def test_a_seed_is_the_same_alone_and_beside_others():
    alone, beside = seeds_dataset(2), seeds_dataset(1, 2, 3)
    assert beside["x"].dims == ("seed", "decoder", "time")
    assert alone["x"].sel(seed=2).values.tobytes() == beside["x"].sel(seed=2).values.tobytes()


def test_one_seed_is_read_alone_and_all_are_checked(tmp_path):
    path = tmp_path / "replays.nc"
    artifacts.write(seeds_dataset(1, 2, 3), path, {})
    first = artifacts.read(path, seed=0)
    assert first.identical(artifacts.read(path).isel(seed=0))
    with netCDF4.Dataset(path, "a") as opened:
        opened["x"][2, 0, 0] = 7.0
    with pytest.raises(artifacts.Corrupt, match="not what was written"):
        artifacts.read(path, seed=0)


def test_same_content_has_the_same_bytes(tmp_path):
    for name in ("first.nc", "second.nc"):
        artifacts.write(network_dataset()[1], tmp_path / name, {"seed": 1})
    assert (tmp_path / "first.nc").read_bytes() == (tmp_path / "second.nc").read_bytes()


def test_text_numbers_and_missing_values_come_back(tmp_path):
    dataset = xr.Dataset(
        {
            "name": artifacts.variable("row", ["a", "ψ"], "1", "names"),
            "value": artifacts.variable("row", [np.nan, 2.0], "m", "values"),
        }
    )
    artifacts.write(dataset, tmp_path / "table.nc", {})
    found = artifacts.read(tmp_path / "table.nc")
    assert found["name"].values.tolist() == ["a", "ψ"]
    np.testing.assert_array_equal(found["value"].values, [np.nan, 2.0])


def test_a_variable_without_units_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"variable 'x' of .* has no attribute 'units'"):
        artifacts.write(xr.Dataset({"x": 1.0}), tmp_path / "x.nc", {})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damage", ["truncated", "zeroed", "flipped"])
def test_damage_is_noticed(tmp_path, damage):
    path = tmp_path / "network.nc"
    artifacts.write(network_dataset()[1], path, {"seed": 1})
    content = bytearray(path.read_bytes())
    weights = network_dataset()[1]["recurrent"].values.tobytes()
    at = content.index(weights)
    if damage == "truncated":
        content = content[: len(content) // 2]
    elif damage == "zeroed":
        content = bytearray(len(content))
    else:
        content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(artifacts.Corrupt, match=r"network.nc .* Delete .* and run again"):
        artifacts.read(path)


def test_streams_depend_on_seed_and_every_name():
    seeds = {named_seed(s, *names) for s in (1, 2) for names in (("a", "b"), ("b", "a"), ("a",), ("a", "c"))}
    assert len(seeds) == 8
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert stream(1, "a").random() == stream(1, "a").random() != stream(1, "b").random()


def test_what_is_written_has_a_version(tmp_path):
    # If this fails, artifacts are written otherwise than before: raise FORMAT, so that they are made again.
    rows = artifacts.variable("row", np.arange(3.0), "m", "distances")
    names = artifacts.variable("row", ["a", "b", "c"], "1", "names")
    made = {"artifact": "x.nc", "recipe": {"code": {"a": "1"}}, "inputs": {}, "beside": {}, "seed": 1}
    artifacts.write(xr.Dataset({"rows": rows, "names": names}), tmp_path / "x.nc", made)
    dataset = artifacts.read(tmp_path / "x.nc")
    assert sorted(dataset.attrs) == sorted([*made, "Conventions", artifacts.netcdf.DIGEST, artifacts.netcdf.SEAL])
    assert (artifacts.netcdf.FORMAT, dataset.attrs[artifacts.netcdf.DIGEST][:16]) == (2, "a267524059a1cb95")


def test_equal_content_has_an_equal_digest_whatever_made_it(tmp_path):
    data = xr.Dataset({"x": artifacts.variable("row", np.arange(3.0), "m", "distances")})
    digests = set()
    for code in ("1", "2"):
        artifacts.write(data, tmp_path / "x.nc", {"recipe": {"code": code}, "python": code})
        digests.add(artifacts.read(tmp_path / "x.nc").attrs[artifacts.netcdf.DIGEST])
    assert len(digests) == 1


def test_provenance_that_was_edited_is_noticed(tmp_path):
    data = xr.Dataset({"x": artifacts.variable("row", np.arange(3.0), "m", "distances")})
    artifacts.write(data, tmp_path / "x.nc", {"recipe": {"code": "1"}})
    with netCDF4.Dataset(tmp_path / "x.nc", "a") as file:
        file.recipe = file.recipe.replace("1", "2")
    with pytest.raises(artifacts.Corrupt, match="does not match its digest"):
        artifacts.read(tmp_path / "x.nc")


def test_two_writers_of_one_artifact_do_not_meet(tmp_path):
    """A reader sees a whole file at any moment, and nobody's file is taken away."""
    code = (
        "import sys, numpy as np, xarray as xr; from rnn_replay import artifacts\n"
        "data = xr.Dataset({'x': artifacts.variable('row', np.full(20_000, float(sys.argv[1])), '1', 'numbers')})\n"
        f"for _ in range(40): artifacts.write(data, {str(tmp_path / 'x.nc')!r}, {{}})\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, number]) for number in "12"]
    reads = 0
    while any(writer.poll() is None for writer in writers):
        if (tmp_path / "x.nc").exists():
            assert set(artifacts.read(tmp_path / "x.nc")["x"].values) <= {1.0, 2.0}
            reads += 1
    assert [writer.returncode for writer in writers] == [0, 0]
    assert reads > 0
    assert [path.name for path in tmp_path.iterdir()] == ["x.nc"]


def test_files_of_a_job_are_replaced_together_or_not_at_all(tmp_path):
    paths = [tmp_path / "a.csv", tmp_path / "b.nc"]
    for path in paths:
        path.write_text("before")
    sentence = r"b\.nc could not be written: File too large"
    with pytest.raises(artifacts.NotWritten, match=sentence), artifacts.replacing(*paths) as names:
        names[0].write_text("after")
        raise OSError(27, "File too large")
    assert [path.read_text() for path in paths] == ["before", "before"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.nc"]


def test_what_a_killed_process_left_is_cleared(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    left = tmp_path / f".{os.uname().nodename}.{process.pid}.a.csv"
    left.write_text("half")
    artifacts.write_text(tmp_path / "a.csv", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
