"""Two ideas that this code does not use, on the forward loop of training alone: half precision, and seeds stacked."""

import pytest
import torch

from benchmarks.problem import LEAK, NOISE

SEEDS = 8


class Forward:
    """The forward loop in buffers; with seeds, networks of as many seeds in one batched product a step."""

    def __init__(self, units, batch, steps, dtype=torch.float32, seeds=()):
        def normal(*shape):
            return torch.randn(*shape).to(dtype)

        self.transposed = LEAK * normal(*seeds, units, units).transpose(-1, -2) / units**0.5
        self.drives, self.etas = (normal(steps, *seeds, batch, units).unbind(0) for _ in range(2))
        self.states = normal(steps + 1, *seeds, batch, units).unbind(0)
        self.fs = normal(steps, *seeds, batch, units).unbind(0)
        self.multiply = torch.Tensor.baddbmm_ if seeds else torch.Tensor.addmm_

    @torch.inference_mode()
    def __call__(self):
        for t, (f, drive, eta) in enumerate(zip(self.fs, self.drives, self.etas, strict=True)):
            self.multiply(f.copy_(drive), self.states[t], self.transposed)
            torch.add(f.relu_(), eta, alpha=NOISE, out=self.states[t + 1]).add_(self.states[t], alpha=1 - LEAK)


@pytest.mark.parametrize(("size", "rounds"), [((64, 64, 50), 15), ((128, 64, 50), 15), ((512, 200, 100), 9)])
def test_bfloat16(alternately, size, rounds):
    half = Forward(*size, dtype=torch.bfloat16)
    alternately(Forward(*size), {"bfloat16": half}, rounds, part="tried", size=size)


@pytest.mark.parametrize(("size", "rounds"), [((64, 64, 50), 15), ((128, 64, 50), 15), ((512, 200, 100), 5)])
def test_seeds_stacked(alternately, size, rounds):
    alone = [Forward(*size) for _ in range(SEEDS)]

    def one_by_one():
        for forward in alone:
            forward()

    alternately(one_by_one, {"stacked": Forward(*size, seeds=(SEEDS,))}, rounds, part="tried", size=size)
