"""How all parts measure: on one core, alternately, round by round."""

import importlib.metadata
import os
import platform
from pathlib import Path
from statistics import median
from time import process_time

import pytest
import torch

WARM_UP = 1  # rounds that are not counted
LONG_ENOUGH = 0.05  # s; a shorter call is repeated within a round, for the clock and for warm caches
LOAD = os.getloadavg()  # before anything here computes


def pytest_benchmark_update_machine_info(config, machine_info):
    """What a reader needs to judge the numbers; no names of this machine."""
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    flags = Path("/proc/cpuinfo").read_text()
    machine_info.clear()
    machine_info["processor"] = model[0].split(":")[1].strip() + (", AVX-512" if "avx512f" in flags else "")
    machine_info["cores"] = os.cpu_count()
    machine_info["load"] = LOAD
    machine_info["packages"] = {name: importlib.metadata.version(name) for name in ("torch", "jax", "pytest-benchmark")}
    machine_info["python"] = platform.python_version()


@pytest.fixture
def one_core():
    """This process on one core and one thread, so that nobody gets a second."""
    cores, threads = os.sched_getaffinity(0), torch.get_num_threads()
    os.sched_setaffinity(0, {max(cores)})
    torch.set_num_threads(1)
    yield
    os.sched_setaffinity(0, cores)
    torch.set_num_threads(threads)


@pytest.fixture
def alternately(benchmark, one_core):
    """A function that times one contender by pytest-benchmark and all others before each of its rounds.

    What it finds goes into the benchmark's `extra_info`: for each contender its ratio to the first in each round. The
    clock is the CPU time of the process, which other work on the machine disturbs least; a benchmark that waits for a
    device has `clock=perf_counter`, here and in its mark. ROUNDS in the environment replaces a benchmark's own number
    of rounds, to see that all runs through.
    """

    def measure(first, others, rounds, clock=process_time, **described):
        rounds = int(os.environ.get("ROUNDS") or rounds)
        contenders = {name: repeated(call, clock) for name, call in others.items()}
        target, calls = repeated(first, clock)
        times = {name: [] for name in others}

        def run_others():
            for name, (call, count) in contenders.items():
                start = clock()
                call()
                times[name].append((clock() - start) / count)

        benchmark.pedantic(target, setup=run_others, rounds=rounds, warmup_rounds=WARM_UP)
        base = [time / calls for time in benchmark.stats.stats.data]
        benchmark.extra_info |= {**described, "seconds": median(base)}
        benchmark.extra_info["ratios"] = {
            name: [other / own for other, own in zip(found[WARM_UP:], base, strict=True)]
            for name, found in times.items()
        }

    return measure


def repeated(call, clock):
    """A call as often as makes it long enough, and how often that is."""
    call()  # where there is something to compile
    start = clock()
    call()
    count = max(1, round(LONG_ENOUGH / (clock() - start)))

    def calls():
        for _ in range(count):
            call()

    return calls, count
