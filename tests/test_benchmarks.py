"""What the benchmarks compare computes the same thing: loss and gradients on the same noise."""

from importlib.util import find_spec

import pytest
import torch

from benchmarks import ours, predecessor
from benchmarks.problem import Problem

PATHS = Problem(units=16, batch=8, steps=12)
CELLS = Problem(units=16, batch=8, steps=12, features=9)  # as of place cells


def jax(problem):
    if not find_spec("jax"):
        pytest.skip("JAX is not installed; `make bench` does so")
    from benchmarks import scan  # the first to import JAX, which it tells where to compute

    return scan.Training(problem)


CONTENDERS = {
    "predecessor": predecessor.Training,
    "hoisted": lambda problem: predecessor.Training(problem, predecessor.HoistedRNN),
    "jax": jax,
}


@pytest.mark.parametrize("problem", [PATHS, CELLS], ids=["paths", "cells"])
@pytest.mark.parametrize("name", CONTENDERS)
def test_contenders_compute_what_this_code_computes(name, problem):
    noise = torch.randn(*problem.noise().shape, generator=torch.Generator().manual_seed(0))
    expected_loss, expected = ours.Training(problem).loss_and_gradients(noise)
    contender = CONTENDERS[name](problem)
    loss, gradients = contender.loss_and_gradients(noise)
    assert loss == pytest.approx(expected_loss, rel=1e-5)
    assert set(gradients) == set(expected)
    for weight, gradient in gradients.items():
        error = (gradient - expected[weight]).norm() / expected[weight].norm()
        assert error < 1e-5, weight
    contender()
    assert contender.loss_and_gradients(noise)[0] < loss


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="PyTorch finds no CUDA device here")
@pytest.mark.parametrize("contender", [ours.Training, predecessor.Training])
def test_contenders_compute_the_same_on_a_gpu(contender):
    noise = torch.randn(*CELLS.noise().shape, generator=torch.Generator().manual_seed(0))
    expected_loss, expected = ours.Training(CELLS).loss_and_gradients(noise)
    loss, gradients = contender(CELLS, device="cuda").loss_and_gradients(noise.to("cuda"))
    assert loss == pytest.approx(expected_loss, rel=1e-5)
    for weight, gradient in gradients.items():
        assert (gradient.cpu() - expected[weight]).norm() / expected[weight].norm() < 1e-4, weight
