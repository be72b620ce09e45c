"""The update rule against values worked out by hand, and against the plain noisy RNN."""

import math
from dataclasses import replace

import pytest
import torch
from rnn_replay.model.dynamics import Dynamics, State, noise_scale, orthogonal, rest, step


def state(r, v, a):
    return State(*(torch.tensor(part, dtype=torch.float64) for part in (r, v, a)))


# r = (1, −2), v = (.5, 0), a = (.2, −.1), x = (3, −1), η = (1, −1), λ_r = .25, λ_v = .5, σ = .1, b_a = .4, τ_a = 4:
# φ(x) = (3, 0); drift −λ_r r + φ(x) = (2.75, .5); g = drift − a = (2.55, .6)
# v' = .5 v + g + σ η = (2.9, .5); r' = (3.9, −1.5); a' = .75 a + .1 r = (.25, −.275)
START = ([1.0, -2.0], [0.5, 0.0], [0.2, -0.1])
X, ETA = torch.tensor([3.0, -1.0], dtype=torch.float64), torch.tensor([1.0, -1.0], dtype=torch.float64)
RULE = Dynamics(leak=0.25, friction=0.5, adaptation_strength=0.4, adaptation_time=4, noise=0.1)

BY_HAND = {
    "outside": ([3.9, -1.5], [2.9, 0.5], [0.25, -0.275]),
    # φ(x − a) = (2.8, 0), so g = (2.55, .5)
    "inside": ([3.9, -1.6], [2.9, 0.4], [0.25, -0.275]),
    # a' = .75 a + .1 (r − r̄) with r̄ = (1, 1)
    "centred": ([3.9, -1.5], [2.9, 0.5], [0.15, -0.375]),
    # a·r / r·r = .4 / 5 = .08, so a ⊥ r = (.12, .06) and g = (2.63, .44)
    "rotational": ([3.98, -1.66], [2.98, 0.34], [0.25, -0.275]),
    # a' = .75 a + .1 (2.75, .5)
    "drive": ([3.9, -1.5], [2.9, 0.5], [0.425, -0.025]),
}


@pytest.mark.parametrize("form", BY_HAND)
def test_one_step_by_hand(form):
    rule = replace(RULE, adaptation_form=form, mean_activity=torch.ones(2, dtype=torch.float64))
    for found, expected in zip(step(state(*START), lambda y: X.clone(), ETA, rule)[:3], BY_HAND[form], strict=True):
        torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float64))


@pytest.mark.parametrize("nonlinearity", ["relu", "tanh"])
def test_without_momentum_and_adaptation_it_is_the_noisy_rnn_bit_for_bit(nonlinearity):
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(16, 16, generator=generator) / 4
    noise = torch.randn(50, 8, 16, generator=generator)
    r = plain = torch.randn(8, 16, generator=generator)
    now, phi = rest(r), getattr(torch, nonlinearity)
    for eta in noise:
        now = step(now, lambda r: r @ weights.T, eta, Dynamics(leak=0.3, noise=0.05, nonlinearity=nonlinearity))
        plain = plain + (-0.3 * plain + phi(plain @ weights.T) + 0.05 * eta)
    assert torch.equal(now.r, plain)


def test_settings_in_one_batch_equal_settings_alone():
    generator = torch.Generator().manual_seed(1)
    r, x, eta = torch.randn(3, 5, 4, generator=generator, dtype=torch.float64)
    friction, strength = torch.tensor([1.0, 0.6, 0.3]), torch.tensor([0.0, 0.1, 0.2])
    batch = Dynamics(0.3, friction.reshape(-1, 1, 1), strength.reshape(-1, 1, 1), 10.0, noise=0.1)
    together = step(State(*(part.expand(3, -1, -1) for part in (r, x, eta))), lambda y: x.clone(), eta, batch)
    for i in range(3):
        rule = Dynamics(0.3, friction[i], strength[i], 10.0, noise=0.1)
        alone = step(State(r, x, eta), lambda y: x.clone(), eta, rule)
        for found, expected in zip(together[:3], alone[:3], strict=True):
            assert torch.equal(found[i], expected)


def test_orthogonal_part():
    a, r = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[2.0, 0.0], [0.0, 0.0]])
    assert torch.equal(orthogonal(a, r), torch.tensor([[0.0, 2.0], [3.0, 4.0]]))


@pytest.mark.parametrize("friction", [1.0, 0.7, 0.2])
@pytest.mark.parametrize("stiffness", [0.05, 0.4])
def test_fluctuation_dissipation_keeps_the_stationary_variance(friction, stiffness):
    factor = noise_scale(friction, "fluctuation_dissipation", stiffness)
    # Stationary variance of the AR(2) process r_{t+1} = p r_t + q r_{t−1} + σ η.
    p, q = 2 - friction - stiffness, -(1 - friction)
    variance = factor**2 * (1 - q) / ((1 + q) * ((1 - q) ** 2 - p**2))
    assert math.isclose(variance, 1 / (stiffness * (2 - stiffness)), rel_tol=1e-12)


def test_unknown_noise_scaling():
    with pytest.raises(ValueError, match="noise_scaling is 'warm'; allowed: fixed, fluctuation_dissipation"):
        noise_scale(0.5, "warm")
