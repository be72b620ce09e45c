"""The bare matrix products: those that no implementation can do without, into buffers that are there already.

A product can be had in more than one layout of the same numbers; the fastest here is taken, by trying all.
"""

from collections.abc import Callable
from functools import partial
from time import perf_counter

import torch

from benchmarks.problem import FEATURES, Problem

TRIALS = 5


def fastest(*layouts: Callable[[], object]) -> Callable[[], object]:
    """The layout whose best of a few trials is the shortest."""

    def best(layout: Callable[[], object]) -> float:
        times = []
        for _ in range(TRIALS):
            start = perf_counter()
            layout()
            times.append(perf_counter() - start)
        return min(times)

    return min(layouts, key=best)


def product(rows: int, inner: int, columns: int) -> Callable[[], object]:
    """A product of (rows, inner) with (inner, columns): either factor may lie transposed, and so may all of it."""
    a, at = torch.rand(rows, inner), torch.rand(inner, rows).T
    b, bt = torch.rand(inner, columns), torch.rand(columns, inner).T
    out, turned = torch.empty(rows, columns), torch.empty(columns, rows)
    return fastest(
        *(partial(torch.mm, x, y, out=out) for x in (a, at) for y in (b, bt)),
        *(partial(torch.mm, y.T, x.T, out=turned) for x in (a, at) for y in (b, bt)),
    )


def recurrence(batch: int, units: int, steps: int) -> Callable[[], object]:
    """One product of (batch, unit) with (unit, unit) a step, each from and to memory of its own."""
    sources, sinks = torch.rand(steps, batch, units), torch.empty(steps, batch, units)
    weights = torch.rand(units, units)

    def rows(matrix: torch.Tensor) -> None:
        for source, sink in zip(sources.unbind(0), sinks.unbind(0), strict=True):
            torch.mm(source, matrix, out=sink)

    def columns(matrix: torch.Tensor) -> None:
        shape = (steps, units, batch)
        for source, sink in zip(sources.view(shape).unbind(0), sinks.view(shape).unbind(0), strict=True):
            torch.mm(matrix, source, out=sink)

    return fastest(*(partial(order, matrix) for order in (rows, columns) for matrix in (weights, weights.T)))


class Training:
    """Products of one training step."""

    def __init__(self, problem: Problem):
        n, batch, steps, features = problem.units, problem.batch, problem.steps, problem.features
        driven, read = steps * batch, (steps + 1) * batch
        self.products = [
            recurrence(batch, n, steps),  # W r_t
            recurrence(batch, n, steps),  # Wᵀ z_t
            product(n, driven, n),  # dL/dW
            product(driven, features, n),  # U u_t
            product(n, driven, features),  # dL/dU
            product(batch, features, n),  # E s_0
            product(n, batch, features),  # dL/dE
            product(read, n, features),  # D r_t
            product(read, features, n),  # Dᵀ e_t
            product(features, read, n),  # dL/dD
        ]

    def __call__(self) -> None:
        for multiply in self.products:
            multiply()


class Replay:
    """Products of replays: W r and D r at each step. The state's memory is used again, as no state need be kept."""

    def __init__(self, units: int, replays: int, steps: int):
        self.products = [product(replays, units, units), product(replays, units, FEATURES)]
        self.steps = steps

    def __call__(self) -> None:
        for _ in range(self.steps):
            for multiply in self.products:
                multiply()
