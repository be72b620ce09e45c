"""A training step: noise, projections, loss, gradient, clipping and Adam."""

import pytest

from benchmarks import ours, predecessor, products, scan
from benchmarks.problem import Problem

SCALE = Problem(512, 200, 100, features=484)  # of scenarios/krishna2024.yaml


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


def test_scale(alternately):
    """The predecessor's own scale."""
    others = {"predecessor": predecessor.Training(SCALE)}
    alternately(ours.Training(SCALE), others, 5, part="scale", size=[SCALE.units, SCALE.batch, SCALE.steps])
