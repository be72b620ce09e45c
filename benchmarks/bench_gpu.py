"""What a GPU gives: a training step of the default size and at the predecessor's scale, where there is one."""

from time import perf_counter

import pytest
import torch

from benchmarks import ours, predecessor
from benchmarks.bench_training import SCALE
from benchmarks.problem import Problem


def finished(step):
    """A call that ends when the device has done what it asks for."""

    def call():
        step()
        torch.cuda.synchronize()

    return call


@pytest.mark.skipif(not torch.cuda.is_available(), reason="PyTorch finds no CUDA device here")
@pytest.mark.benchmark(timer=perf_counter)
@pytest.mark.parametrize(("problem", "rounds"), [(Problem(64, 64, 50), 15), (SCALE, 7)])
def test_gpu(alternately, benchmark, problem, rounds):
    device = "cuda"
    step, core = ours.Training(problem, device), ours.Training(problem)
    torch.cuda.reset_peak_memory_stats()
    step()
    peak = torch.cuda.max_memory_allocated()
    others = {
        "core": core,
        "predecessor": finished(predecessor.Training(problem, device=device)),
        "hoisted": finished(predecessor.Training(problem, predecessor.HoistedRNN, device)),
        "noise": finished(lambda: (step.draw(), step.noise.to(device))),
    }
    size = [problem.units, problem.batch, problem.steps]
    alternately(finished(step), others, rounds, perf_counter, part="gpu", size=size)
    benchmark.extra_info |= {"device": torch.cuda.get_device_name(), "peak": peak}
