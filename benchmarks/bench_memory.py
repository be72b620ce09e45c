"""Peak memory of 1,000 replays against their number of steps, and of training at the predecessor's scale.

Each in a process of its own.
"""

import subprocess
import sys

import pytest

from benchmarks.bench_training import SCALE

UNITS, REPLAYS = 128, 1000


def peak(benchmark, *command: object) -> dict[str, int]:
    """Peak memory before and after, in bytes, of what :mod:`benchmarks.peak` is asked for."""
    command = [sys.executable, "-m", "benchmarks.peak", *map(str, command)]
    found = benchmark.pedantic(subprocess.run, (command,), {"check": True, "capture_output": True}, rounds=1)
    return dict(zip(("before", "peak"), map(int, found.stdout.split()), strict=True))


@pytest.mark.parametrize(("code", "steps"), [("ours", 500), ("ours", 5000), ("predecessor", 500)])
def test_memory(benchmark, code, steps):
    found = peak(benchmark, "replay", code, UNITS, REPLAYS, steps)
    benchmark.extra_info |= {"part": "memory", "code": code, "steps": steps, **found}


@pytest.mark.parametrize("code", ["ours", "predecessor"])
def test_scale_memory(benchmark, code):
    found = peak(benchmark, "training", code, SCALE.units, SCALE.batch, SCALE.steps, SCALE.features)
    benchmark.extra_info |= {"part": "scale_memory", "code": code, **found}
