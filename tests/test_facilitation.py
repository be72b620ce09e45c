"""Facilitation: off it is not there, at rest it changes nothing, and near the mean it meets its linear theory."""

import numpy as np
import pytest
import torch
from rnn_replay.model.dynamics import BASELINE, Dynamics, State, rest, step
from rnn_replay.model.replay import simulate
from rnn_replay.theory.facilitation import facilitated
from rnn_replay.theory.linear import Linear
from rnn_replay.theory.memory import memory_gain


def number(value: float) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64)


def rule(strength: float, time: float, *mean: float, **others) -> Dynamics:
    """An update rule with facilitation."""
    mean_activity = torch.tensor(mean, dtype=torch.float64)
    numbers = {"facilitation_strength": number(strength), "facilitation_time": number(time)}
    return Dynamics(**numbers, mean_activity=mean_activity, nonlinearity="identity", **others)


def advance(state: State, p: Dynamics) -> tuple[torch.Tensor, State]:
    """What a state transmits, and the same state with the next efficacy."""
    seen = []

    def preactivation(y):
        seen.append(y)
        return torch.zeros_like(y)

    after = step(state, preactivation, number(0.0), p)
    return seen[0], State(state.r, state.v, state.a, after.u)


def test_by_hand():
    p = rule(2.0, 10.0, 1.0, 3.0)
    # Mean activity 2, so ρ̄ = (½, 3/2) and ū = .2 (1 + 2 ρ̄)/(1 + .4 ρ̄) = (.4/1.2, .8/1.6).
    average = torch.tensor([1 / 3, 0.5], dtype=torch.float64)
    torch.testing.assert_close(p.mean_efficacy, average)
    r = torch.tensor([4.0, -1.0], dtype=torch.float64)
    transmitted, state = advance(rest(r), p)
    assert torch.equal(transmitted, r)
    # ρ = (2, 0): u' = u + (.2 − u)/10 + .04 ρ (1 − u)
    expected = torch.tensor([1 / 3 - (1 / 3 - 0.2) / 10 + 0.08 * 2 / 3, 0.5 - 0.03], dtype=torch.float64)
    torch.testing.assert_close(state.u, expected)
    torch.testing.assert_close(advance(state, p)[0], r * expected / average)


def test_without_strength_states_pass_unchanged():
    p, state = rule(0.0, 10.0, 1.0, 1.0, 1.0), rest(number(0.0))
    for r in torch.randn(20, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)):
        transmitted, state = advance(state._replace(r=r, v=0 * r, a=0 * r), p)
        torch.testing.assert_close(transmitted, r, rtol=1e-12, atol=0)


def test_mean_activity_keeps_efficacy_where_it_is_and_no_activity_lets_it_fall_to_the_baseline():
    p = rule(3.0, 5.0, 0.5, 1.5)
    for r, expected in ((p.mean_activity, p.mean_efficacy), (0 * p.mean_activity, torch.full((2,), BASELINE).double())):
        state = rest(r)
        for _ in range(200):
            _, state = advance(state, p)
        torch.testing.assert_close(state.u, expected)


LEAK, WEIGHT, MEAN, SIGMA, LAG = 0.3, 0.2, 1.0, 0.003, 10


def measured(strength: float, time: float, friction: float) -> tuple[float, float, float, float]:
    """Variance of r and of r_{t+10} − r_t in simulated replays, each followed by its standard error."""
    replays, steps, burn_in = 600, 1200, 200
    generator = torch.Generator().manual_seed(5)
    recorded = []
    simulate(
        lambda y: WEIGHT * y + (LEAK - WEIGHT) * MEAN,
        rule(strength, time, MEAN, leak=LEAK, friction=friction, noise=SIGMA),
        rest(torch.full((replays, 1), MEAN, dtype=torch.float64)),
        steps,
        lambda t: torch.randn(replays, 1, generator=generator, dtype=torch.float64),
        lambda t, state: recorded.append(state.r[:, 0].clone()) if t >= burn_in else None,
    )
    r = torch.stack(recorded).numpy() - MEAN
    found = []
    for values in (r**2, (r[LAG:] - r[:-LAG]) ** 2):
        each = values.mean(0)
        found += [each.mean(), each.std(ddof=1) / np.sqrt(replays)]
    return tuple(found)


@pytest.mark.parametrize(("strength", "time", "friction"), [(0.5, 10.0, 1.0), (0.5, 10.0, 0.6)])
def test_small_deviations_meet_the_linear_theory(strength, time, friction):
    theory = facilitated(LEAK - WEIGHT, WEIGHT, friction, strength, time, SIGMA)
    variance, error, displacement, displacement_error = measured(strength, time, friction)
    assert abs(variance - theory.covariance()[0, 0]) < 4 * error
    assert abs(displacement - theory.displacement(LAG) ** 2) < 4 * displacement_error
    # Without facilitation the theory would be off by much more.
    plain = Linear(LEAK - WEIGHT, friction, 0.0, 1.0, SIGMA)
    assert abs(variance - plain.covariance()[0, 0]) > 8 * error


def test_facilitation_remembers_for_longer_than_momentum():
    facilitation, momentum = facilitated(0.1, 0.2, 1.0, 1.0, 10.0, 1.0), Linear(0.1, 0.6, 0.0, 1.0, 1.0)
    assert memory_gain(facilitation, 1, "") == pytest.approx(0.0071, abs=5e-5)
    assert memory_gain(momentum, 1, "") == pytest.approx(0.0083, abs=5e-5)
    assert memory_gain(facilitation, 15, "") == pytest.approx(0.0170, abs=5e-5)
    assert 0 < memory_gain(momentum, 15, "") < 1e-4


def test_facilitation_slows_what_momentum_speeds_up():
    plain, momentum = Linear(0.1, 1.0, 0.0, 1.0, 1.0), Linear(0.1, 0.6, 0.0, 1.0, 1.0)
    same_weights = facilitated(0.1, 0.2, 1.0, 1.0, 10.0, 1.0)
    # With the stiffness to what does not change put back to what it was without facilitation.
    same_stiffness = facilitated(0.1 - same_weights.adaptation_strength, 0.2, 1.0, 1.0, 10.0, 1.0)
    assert momentum.displacement(10) > plain.displacement(10) > same_weights.displacement(10)
    assert plain.displacement(10) > same_stiffness.displacement(10)
    assert momentum.autocorrelation_time() < plain.autocorrelation_time() < same_stiffness.autocorrelation_time()
