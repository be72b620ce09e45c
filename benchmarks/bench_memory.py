"""Peak memory of 1,000 replays against their number of steps, each in a process of its own."""

import subprocess
import sys

import pytest

UNITS, REPLAYS = 128, 1000


@pytest.mark.parametrize(("code", "steps"), [("ours", 500), ("ours", 5000), ("predecessor", 500)])
def test_memory(benchmark, code, steps):
    command = [sys.executable, "-m", "benchmarks.peak", code, str(UNITS), str(REPLAYS), str(steps)]
    found = benchmark.pedantic(subprocess.run, (command,), {"check": True, "capture_output": True}, rounds=1)
    before, peak = map(int, found.stdout.split())
    benchmark.extra_info |= {"part": "memory", "code": code, "steps": steps, "before": before, "peak": peak}
