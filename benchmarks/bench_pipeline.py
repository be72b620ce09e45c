"""The pipeline: where the time of a finished run went, and the demo's awake phase on one core and on two."""

import os
import time
from pathlib import Path

import pytest

from benchmarks import pipeline
from tests.checkout import checkout, snakemake

RESULTS = Path(os.environ.get("RESULTS", "results"))


@pytest.mark.skipif(not (RESULTS / "benchmarks").exists(), reason=f"{RESULTS} holds no run; make one: make figures")
def test_finished_run(benchmark):
    benchmark.extra_info |= {"part": "run", **benchmark.pedantic(pipeline.summary, (RESULTS,), rounds=1)}


@pytest.mark.parametrize("cores", [1, 2])
def test_cores(benchmark, tmp_path, cores):
    """All networks of the demo: environments, networks, their table."""
    folder = checkout(tmp_path)

    def run():
        start, used = time.monotonic(), pipeline.children()
        done = snakemake(folder, "networks_table", "--cores", str(cores), "--configfile", "scenarios/demo.yaml")
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return time.monotonic() - start, pipeline.children() - used

    wall, cpu = benchmark.pedantic(run, rounds=1)
    table = pipeline.jobs(folder / "results/demo")
    benchmark.extra_info |= {
        "part": "cores",
        "cores": cores,
        "wall": wall,
        "cpu": cpu,
        "jobs": len(table),
        "seconds": table["seconds"].sum(),
        "sampled": table["sampled"].sum(),
        "start_up": pipeline.start_up("train_network.py"),
    }
