"""A training step: noise, projections, loss, gradient, clipping and Adam."""

import pytest

from benchmarks import ours, predecessor, products, scan
from benchmarks.problem import Problem


@pytest.mark.parametrize(
    ("problem", "rounds"), [(Problem(64, 64, 50), 25), (Problem(128, 64, 50), 25), (Problem(512, 200, 100), 15)]
)
def test_training(alternately, problem, rounds):
    step = ours.Training(problem)
    others = {
        "predecessor": predecessor.Training(problem),
        "hoisted": predecessor.Training(problem, predecessor.HoistedRNN),
        "jax": scan.Training(problem),
        "products": products.Training(problem),
        "noise": step.draw,
    }
    alternately(step, others, rounds, part="training", size=[problem.units, problem.batch, problem.steps])
