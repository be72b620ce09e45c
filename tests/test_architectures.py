"""Gated networks and learned leaks: against PyTorch's GRU cell, by hand, and through training and replay."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
import yaml
from pipeline.configuration import Configuration
from rnn_replay import environments
from rnn_replay.artifacts import networks as artifact
from rnn_replay.model.awake import errors
from rnn_replay.model.decoding import Readout
from rnn_replay.model.dynamics import Dynamics, State, rest, step
from rnn_replay.model.network import initialise
from rnn_replay.model.replay import Sampling, Setting, Subject, replay
from rnn_replay.model.training import Autograd, Variant, train, unroll
from rnn_replay.seeds import stream

CONFIGURATION = Configuration(yaml.safe_load(open("config.yaml"))).extended
UNITS, FEATURES = 6, 3
ENVIRONMENT = environments.load(
    "triangle", CONFIGURATION.values["environments"]["triangle"] | {"training_paths": 40, "test_paths": 20}
)
KEYS = {"seed": 101, "environment": "triangle", "name": "test"}
PLAIN = Setting(**CONFIGURATION.sweeps["triangle"]["momentum"]["settings"][0])
SAMPLING = Sampling(starts="beginning", states=3, repeats=2, steps=20, record_states=False)


def variant(name: str, **changes) -> Variant:
    settings = CONFIGURATION.variants["triangle"][name] | {"iterations": 12, "batch": 8, "units": 16}
    return Variant(**settings | changes)


def draw(*shape: int) -> torch.Tensor:
    return torch.from_numpy(stream(4, "test architectures", str(shape)).standard_normal(shape)).float()


def gru(units: int = UNITS):
    """A network with gates, random biases included."""
    network = initialise(units, FEATURES, 1.0, 3, "triangle", cell="gru")
    with torch.no_grad():
        network.bias.copy_(draw(3 * units))
    return network


def test_a_gru_step_is_pytorchs():
    network = gru()
    cell = torch.nn.GRUCell(FEATURES, UNITS)
    # PyTorch stacks reset, update and candidate, its update gate is 1 − z, and each gate has two biases.
    order = torch.cat([torch.arange(UNITS, 2 * UNITS), torch.arange(UNITS), torch.arange(2 * UNITS, 3 * UNITS)])
    sign = torch.cat([torch.ones(UNITS), -torch.ones(UNITS), torch.ones(UNITS)])
    with torch.no_grad():
        cell.weight_hh.copy_(network.recurrent[order] * sign[:, None])
        cell.weight_ih.copy_(network.input[order] * sign[:, None])
        cell.bias_ih.copy_(network.bias[order] * sign)
        cell.bias_hh.zero_()
    r, rule = draw(5, UNITS), Dynamics(leak=0.0, nonlinearity="tanh", cell="gru")
    expected, now = r, rest(r)
    for u in draw(20, 5, FEATURES):
        expected = cell(u, expected)
        now = step(now, partial(network.preactivation, external=network.external(u)), torch.zeros(()), rule)
    torch.testing.assert_close(now.r, expected, rtol=1e-5, atol=1e-6)


def test_leak_momentum_and_adaptation_act_on_a_gru_as_on_any_network():
    network, r, v, a = gru(), draw(5, UNITS), 0.1 * draw(5, UNITS), 0.2 * draw(5, UNITS)
    still = torch.zeros(())
    increment = step(rest(r), network.preactivation, still, Dynamics(nonlinearity="tanh", cell="gru")).v
    rule = Dynamics(0.3, 0.6, 0.4, 4.0, nonlinearity="tanh", cell="gru")
    found = step(State(r, v, a), network.preactivation, still, rule)
    torch.testing.assert_close(found.v, 0.4 * v - 0.3 * r + increment - a)
    torch.testing.assert_close(found.r, r + found.v)
    torch.testing.assert_close(found.a, 0.75 * a + 0.1 * r)
    # Within the candidate's tanh, adaptation is a bias.
    inside = step(State(r, v, a), network.preactivation, still, replace(rule, adaptation_form="inside"))
    x = network.preactivation(r)
    shifted = torch.cat([x[..., :-UNITS], x[..., -UNITS:] - a], dim=-1)
    torch.testing.assert_close(inside.v, step(State(r, v, 0 * a), lambda y: shifted.clone(), still, rule).v)


def test_without_input_a_gru_is_driven_by_its_bias():
    network, r = gru(), draw(2, 4, UNITS)
    driven = network.preactivation(r[0], network.external(torch.zeros(4, FEATURES)))
    torch.testing.assert_close(network.preactivation(r)[0], driven)


def test_all_architectures_of_a_seed_begin_with_the_same_encoder_and_candidate():
    plain, gated = (initialise(UNITS, FEATURES, 1.0, 3, "triangle", cell=cell) for cell in ("vanilla", "gru"))
    assert torch.equal(gated.encoder, plain.encoder)
    assert torch.equal(gated.recurrent[2 * UNITS :], plain.recurrent)
    assert torch.equal(gated.input[2 * UNITS :], plain.input)


@pytest.mark.parametrize("which", ["one", "per_unit"])
def test_gradient_of_a_learned_leak(which):
    # By hand at one step from r_0: dr_1/dλ = −r_0; then through λ = sigmoid(ℓ), dλ/dℓ = λ (1 − λ).
    logit = variant("learned_leak_one", learned_leak=which, leak=0.3, units=UNITS).leak_logit().double()
    network = initialise(UNITS, FEATURES, 0.5, 3, "triangle", leak_logit=logit)
    network = type(network)(
        **{key: weight.detach().double().requires_grad_() for key, weight in network.weights().items()}
    )
    tracked, inputs, noise = draw(2, 4, FEATURES).double(), draw(1, 4, FEATURES).double(), draw(1, 4, UNITS).double()
    Autograd(network, 1, 4)(Dynamics(leak=0.7), tracked, inputs, noise)
    with torch.no_grad():
        states = unroll(network, Dynamics(leak=0.7), tracked, inputs, noise)
        error = network.decode(states[1].r) - tracked[1]
        adjoint = 2 * error @ network.decoder / 8
        expected = -(adjoint * states[0].r).sum(0) * 0.3 * 0.7
    torch.testing.assert_close(network.leak_logit.grad, expected.sum() if which == "one" else expected)


@pytest.mark.parametrize("name", ["gru_leak0.3", "tanh_leak0.3", "learned_leak_one", "learned_leak_per_unit"])
def test_from_training_through_the_artifact_to_replay(name):
    settings = variant(name)
    pool, test = (ENVIRONMENT.paths(count, stream(101, "test", str(count))) for count in (40, 20))
    trained = train(pool.tracked, settings, **KEYS, report=lambda line: None)
    assert trained.loss[-1] < trained.loss[0]
    test = environments.Pool(test.position.astype(np.float32), test.tracked.astype(np.float32))
    map = ENVIRONMENT.map()
    found = errors(trained, settings, test, Readout.from_map(map), **KEYS)
    dataset = artifact.to_dataset(trained, found)
    dataset.attrs["recipe"] = json.dumps({"settings": dict(settings)})
    network, mean_activity, read = artifact.from_dataset(dataset)
    assert read == settings
    for key, weight in trained.network.weights().items():
        assert torch.equal(network.weights()[key], weight), key
    if name.startswith("learned"):
        leak = dataset["learned_leak"].values
        assert leak.shape == (() if name.endswith("one") else (16,))
        assert ((leak > 0) & (leak < 1) & (abs(leak - 0.3) > 1e-4)).all()
    subject = Subject.wake(network, mean_activity, read, test, map, **KEYS)
    found = replay(subject, [PLAIN], SAMPLING)
    assert np.isfinite(found.position).all()


def test_replay_of_a_learned_leak_goes_on_as_awake_without_input():
    settings = variant("learned_leak_per_unit", noise=0.0)
    pool = ENVIRONMENT.paths(20, stream(101, "test", "replay"))
    pool = environments.Pool(pool.position.astype(np.float32), pool.tracked.astype(np.float32))
    network = initialise(16, 2, 0.3, 101, "triangle", leak_logit=torch.linspace(-3, 3, 16))
    network = type(network)(**{key: weight.detach() for key, weight in network.weights().items()})
    subject = Subject.wake(network, torch.zeros(16), settings, pool, ENVIRONMENT.map(), **KEYS)
    found = replay(subject, [PLAIN], SAMPLING.but(states=1, repeats=1, record_states=True))
    path, time = found.start_path[0], found.start_time[0]
    start = State(*(part[time, path][None] for part in (subject.awake.r, subject.awake.v, subject.awake.a)))
    rule = replace(settings.dynamics(), leak=torch.sigmoid(network.leak_logit))
    for _ in range(20):
        start = step(start, network.preactivation, torch.zeros(()), rule)
    expected = start.r[0] @ subject.components()[0]
    np.testing.assert_allclose(found.state[0, 0, -1], expected, rtol=1e-4, atol=1e-5)
