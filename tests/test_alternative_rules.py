"""What mechanisms are compared with: gain of the drift, other leaks, inhibition without delay, noise and starts."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from rnn_replay.model.dynamics import Dynamics, State, step
from rnn_replay.model.gradients import uncovered
from rnn_replay.model.replay import replay
from rnn_replay.model.training import difference
from test_backpropagation import network, paths
from test_replay import PLAIN, SAMPLING, VARIANT, pool, subject  # noqa: F401, a fixture

R, V, A, X, ETA = torch.randn(5, 3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
RULE = Dynamics(leak=0.3, friction=0.6, adaptation_strength=0.2, adaptation_time=10.0, noise=0.1)


def after(rule: Dynamics, r=R, v=V, a=A) -> torch.Tensor:
    """r_{t+1} of one step."""
    return step(State(r, v, a), lambda y: X.clone(), ETA, rule).r


@pytest.mark.parametrize(
    ("changes", "increment"),
    [
        ({}, -0.3 * R + X.relu() - A + 0.1 * ETA),
        ({"drift_gain": 1.7}, 1.7 * (-0.3 * R + X.relu() - A) + 0.1 * ETA),
        ({"leak_form": "convex"}, 0.3 * (X.relu() - R) - A + 0.1 * ETA),
        ({"noise_form": "inside"}, -0.3 * R + (X + 0.1 * ETA).relu() - A),
        ({"noise_form": "inside", "adaptation_form": "inside"}, -0.3 * R + (X - A + 0.1 * ETA).relu()),
        ({"adaptation_form": "static"}, -0.5 * R + X.relu() + 0.1 * ETA),
        (
            {"adaptation_form": "constant", "mean_activity": R.mean(0)},
            -0.3 * R + X.relu() - 0.2 * R.mean(0) + 0.1 * ETA,
        ),
    ],
    ids=str,
)
def test_a_step_by_hand(changes, increment):
    torch.testing.assert_close(after(replace(RULE, **changes)), R + 0.4 * V + increment)


def test_static_adaptation_is_a_larger_leak():
    still = replace(RULE, adaptation_strength=0.0)
    larger = after(replace(still, leak=0.5), a=0 * A)
    torch.testing.assert_close(after(replace(RULE, adaptation_form="static"), a=0 * A), larger)


def test_momentum_is_a_larger_step_once_velocity_has_settled():
    # A constant drift g: the velocity settles at g/λ_v, which is what a gain of 1/λ_v gives at friction 1.
    steady = Dynamics(friction=0.6, nonlinearity="identity")
    state = State(torch.zeros(4), torch.zeros(4), torch.zeros(4))
    for _ in range(60):
        state = step(state, lambda y: torch.ones(4), torch.zeros(4), steady)
    gained = replace(steady, friction=1.0, drift_gain=1 / 0.6)
    one = step(State(torch.zeros(4), torch.zeros(4), torch.zeros(4)), lambda y: torch.ones(4), torch.zeros(4), gained)
    torch.testing.assert_close(state.v, one.v)


@pytest.mark.parametrize("form", ["outside", "inside", "drive", "static", "constant"])
@pytest.mark.parametrize("nonlinearity", ["relu", "tanh", "identity"])
def test_gradients_cover_a_leak_that_multiplies_the_drive(form, nonlinearity):
    rule = Dynamics(
        leak=0.3,
        leak_form="convex",
        adaptation_strength=0.2,
        adaptation_time=5.0,
        adaptation_form=form,
        noise=0.1,
        nonlinearity=nonlinearity,
    )
    net, (tracked, _, _) = network(torch.float64), paths(torch.float64, masked=False)
    assert not uncovered(net, rule)
    assert not difference(net, rule, tracked)


def test_gradients_do_not_cover_noise_within_the_nonlinearity():
    assert uncovered(network(torch.float64), replace(RULE, friction=1.0, noise_form="inside")) == "noise_form is inside"


def test_replay_starts_at_rest_from_the_encoder(pool):  # noqa: F811
    who = subject(pool)
    sampling = SAMPLING.but(starts="encoder")
    found = replay(who, [PLAIN.but(noise=0.0)], sampling)
    start = who.network.encode(who.tracked[found.start_time, found.start_path])
    position, _ = who.template(start)
    np.testing.assert_allclose(found.position[0, 0, :, 0], position, atol=1e-6)
    # At rest: with friction below 1 the first step is that of friction 1.
    moving = replay(who, [PLAIN.but(noise=0.0, friction=0.5)], sampling)
    np.testing.assert_allclose(moving.state[0, :, 1], found.state[0, :, 1], atol=1e-6)


def test_replay_may_leave_the_awake_velocity_behind(pool):  # noqa: F811
    who, settings = subject(pool), [PLAIN.but(friction=0.5, noise=0.0), PLAIN.but(noise=0.0)]
    moving, still = replay(who, settings, SAMPLING.but(start_velocity="zero")).state
    np.testing.assert_allclose(moving[:, 1], still[:, 1], atol=1e-6)
    moving, still = replay(who, settings, SAMPLING).state
    assert np.abs(moving[:, 1] - still[:, 1]).max() > 1e-3


def test_activity_is_the_mean_of_the_state(pool):  # noqa: F811
    who = subject(pool, VARIANT)
    found = replay(who, [PLAIN, PLAIN.but(adaptation_form="static", adaptation_strength=0.3)], SAMPLING)
    plain, leaky = found.activity.mean(-1)
    assert leaky < plain
    frozen = replay(who, [PLAIN.but(noise=0.0, drift_gain=1e-9)], SAMPLING.but(start_velocity="zero"))
    start = who.awake.r[frozen.start_time, frozen.start_path].mean(-1)
    np.testing.assert_allclose(frozen.activity[0], start, rtol=1e-4)
