"""The linear system: closed forms against each other and against the replay loop, and planted errors."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_errors import step_with
from rnn_replay.model import replay
from rnn_replay.theory import linear_simulation
from rnn_replay.theory.comparison import passes, row, sidak_bound
from rnn_replay.theory.linear import (
    Linear,
    Unstable,
    critical_adaptation,
    momentum_variance,
)

SAMPLING = {"replays": 256, "steps": 3000, "burn_in": 400, "window": 100}
SYSTEMS = linear_simulation.grid(0.2, [1.0, 0.6, 0.3], [0.0, 0.1, 0.3], 10, 1.0)
systems = st.builds(
    Linear,
    stiffness=st.floats(0.01, 1.5),
    friction=st.floats(0.05, 1),
    adaptation_strength=st.floats(0, 3),
    adaptation_time=st.floats(1, 50),
    noise=st.just(1.0),
)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


@given(systems)
@settings(max_examples=100, deadline=None)
def test_critical_adaptation_is_where_an_eigenvalue_leaves_the_unit_circle(system):
    critical = critical_adaptation(system.stiffness, system.friction, system.adaptation_time)
    if critical > 0.01 and system.stiffness < 1.9 * (2 - system.friction):
        below, above = (replace(system, adaptation_strength=factor * critical) for factor in (0.99, 1.01))
        assert below.spectral_radius() < 1 < above.spectral_radius()


@given(systems)
@settings(max_examples=30, deadline=None)
def test_second_moments_solve_lyapunov_and_add_up_to_the_autocorrelation_time(system):
    if system.spectral_radius() > 0.97:
        return
    c, n = system.covariance(), system.noise_vector()
    np.testing.assert_allclose(c, system.matrix() @ c @ system.matrix().T + np.outer(n, n), rtol=1e-7, atol=1e-9)
    lags = system.autocovariance(1500)
    assert (2 * lags.sum() - lags[0]) / lags[0] == pytest.approx(system.autocorrelation_time(), rel=1e-6)


@given(st.floats(0.02, 1), st.floats(0.1, 1))
def test_momentum_variance_is_that_of_lyapunov(stiffness, friction):
    system = Linear(stiffness, friction, 0.0, 10.0, 0.7)
    assert momentum_variance(stiffness, friction, 0.7) == pytest.approx(system.covariance()[0, 0], rel=1e-6)


def test_momentum_variance_at_the_ends():
    assert momentum_variance(0.2, 1.0, 1.0) == pytest.approx(1 / (0.2 * 1.8))
    assert momentum_variance(1e-4, 1e-2, 1.0) == pytest.approx(1 / (2 * 1e-2 * 1e-4), rel=1e-3)


def test_simulation_meets_closed_form():
    assert passes(linear_simulation.compare(SYSTEMS, **SAMPLING, seed=0))


def test_a_3_percent_error_in_a_formula_is_caught(monkeypatch):
    lyapunov = Linear.covariance
    monkeypatch.setattr(Linear, "covariance", lambda self: 1.03 * lyapunov(self))
    assert not passes(linear_simulation.compare(SYSTEMS, **SAMPLING, seed=0))


@pytest.mark.parametrize("part", ["noise", "friction", "adaptation"])
def test_a_3_percent_error_in_the_update_rule_is_caught(monkeypatch, part):
    monkeypatch.setattr(replay, "step", step_with(part))
    assert not passes(linear_simulation.compare(SYSTEMS, **SAMPLING, seed=0))


def test_the_stability_boundary_is_found_in_simulation():
    frictions = [1.0, 0.6, 0.3]
    found = linear_simulation.boundary(0.2, frictions, 10, steps=1000, halvings=10, highest=3.0)
    np.testing.assert_allclose(found, [critical_adaptation(0.2, f, 10) for f in frictions], atol=0.02)


def test_beyond_the_boundary_there_is_a_clear_error_and_no_comparison():
    system = Linear(0.2, 0.3, 1.5, 10, 1.0)
    with pytest.raises(Unstable, match=r"b_a = 1\.5.*allowed: b_a below"):
        system.covariance()
    assert linear_simulation.growth_rate([system], 2000)[0] == pytest.approx(
        math.log(system.spectral_radius()), rel=0.02
    )
    compared = linear_simulation.compare([SYSTEMS[0], system], 32, 200, 100, 100, seed=0)
    assert set(compared["adaptation_strength"]) == {0.0}
    assert np.isfinite(linear_simulation.growth_rate([Linear(0.2, 1.0, 2.0, 10, 1.0)], 400)).all()


def test_sidak_bound_and_refused_comparisons():
    assert sidak_bound(1) == pytest.approx(2.5758, abs=1e-4)
    assert sidak_bound(100) == pytest.approx(3.888, abs=5e-3)
    with pytest.raises(ValueError, match="finite numbers"):
        row("linear", "variance", 1, 0, math.nan, 1.0, 1.0)
