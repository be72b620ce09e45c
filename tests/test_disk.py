"""A full disk and a folder that cannot be written to: one clear sentence, and what was there stays as it was."""

import subprocess

import numpy as np
import pytest
import xarray as xr
from checkout import contents, one_environment, snakemake
from rnn_replay import artifacts


@pytest.fixture
def disk(tmp_path):
    """A function that mounts a small disk on a folder."""
    mounted = []

    def mount(folder, size, *options):
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", ",".join([f"size={size}", *options]), "tmpfs", str(folder)],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
        mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def numbers(count):
    values = np.random.default_rng(0).normal(size=count)
    return xr.Dataset({"x": artifacts.variable("row", values, "1", "numbers")})


def test_a_full_disk_leaves_earlier_artifacts(disk, tmp_path):
    folder = tmp_path / "full"
    disk(folder, "300k")
    artifacts.write(numbers(1000), folder / "first.nc", {})
    before = (folder / "first.nc").read_bytes()
    for path in (folder / "first.nc", folder / "second.nc"):
        with pytest.raises(artifacts.NotWritten, match=r"\.nc could not be written: no space is left on its disk\. "):
            artifacts.write(numbers(100_000), path, {})
    with pytest.raises(artifacts.NotWritten, match=r"table\.csv could not be written: no space is left on its disk"):
        artifacts.write_text(folder / "table.csv", "x" * 1_000_000)
    assert [path.name for path in folder.iterdir()] == ["first.nc"]
    assert (folder / "first.nc").read_bytes() == before


def test_a_run_on_a_full_disk_says_so(disk, tmp_path):
    folder = one_environment(tmp_path / "checkout")
    disk(folder / "results", "48k")
    done = snakemake(folder, "--cores", "1", "results/environments/triangle/101.nc")
    assert done.returncode != 0
    assert "101.nc could not be written: no space is left on its disk. Earlier artifacts" in done.stdout + done.stderr
    assert not list((folder / "results").rglob("*.nc"))


def test_a_folder_that_cannot_be_written_to_stops_before_any_job(disk, tmp_path):
    folder = one_environment(tmp_path / "checkout")
    disk(folder / "results", "1m")
    (folder / "results/earlier").write_text("x")
    subprocess.run(["mount", "-o", "remount,ro", str(folder / "results")], check=True)
    before = contents(folder / "results")
    done = snakemake(folder, "--cores", "1", "results/environments/triangle/101.nc")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "results cannot be written to. Nothing was started; artifacts are as they were." in said
    assert "rule environment" not in said
    assert contents(folder / "results") == before
