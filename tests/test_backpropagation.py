"""The hand-written backward pass against autograd through the plain loop."""

import pytest
import torch
from rnn_replay.model import training
from rnn_replay.model.dynamics import ADAPTATION_FORMS, Dynamics, step
from rnn_replay.model.gradients import Backpropagation
from rnn_replay.model.network import Network, initialise
from rnn_replay.model.training import difference, train, unroll
from rnn_replay.seeds import named_seed
from test_checkpoints import VARIANT as CUT_OFF

UNITS, FEATURES, PATHS, STEPS = 7, 2, 3, 8
VARIANT = CUT_OFF.model_copy(
    update={
        "adaptation_time": 5.0,
        "adaptation_form": "outside",
        "warm_up": 0,
        "iterations": 4,
        "activity_penalty": 0.0,
    }
)
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-6}


def draw(name: str, *shape: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(named_seed(3, "backpropagation", name))
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def network(dtype: torch.dtype) -> Network:
    def weight(name: str, *shape: int) -> torch.Tensor:
        return (draw(name, *shape) / UNITS**0.5).to(dtype).requires_grad_()

    return Network(
        recurrent=weight("W", UNITS, UNITS),
        input=weight("U", UNITS, FEATURES),
        bias=weight("b", UNITS),
        encoder=weight("E", UNITS, FEATURES),
        encoder_bias=weight("e", UNITS),
        decoder=weight("D", FEATURES, UNITS),
        decoder_bias=weight("c", FEATURES),
    )


def paths(dtype: torch.dtype, masked: bool) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Tracked variable, inputs and noise."""
    tracked = draw("tracked", STEPS + 1, PATHS, FEATURES)
    inputs = tracked.diff(dim=0)
    if masked:
        inputs = inputs * (torch.arange(STEPS) % 4 == 0).double()[:, None, None]
    return tracked.to(dtype), inputs.to(dtype), draw("noise", STEPS, PATHS, UNITS).to(dtype)


def by_autograd(net: Network, dynamics: Dynamics, tracked, inputs, noise, penalty=0.0):
    r = torch.stack([state.r for state in unroll(net, dynamics, tracked, inputs, noise)])
    loss = (net.decode(r) - tracked).square().sum(-1).mean() + penalty * r.square().mean()
    loss.backward()
    return loss.item(), r.detach()


def by_hand(net: Network, dynamics: Dynamics, tracked, inputs, noise, penalty=0.0):
    gradient = Backpropagation(net, len(inputs), inputs.shape[1])
    return gradient(dynamics, tracked, inputs, noise, penalty), gradient.states


def states_and_gradients(method, dtype, dynamics, masked, penalty):
    net = network(dtype)
    loss, r = method(net, dynamics, *paths(dtype, masked), penalty)
    return loss, r, {name: weight.grad for name, weight in net.weights().items()}


def relative_error(value: torch.Tensor, reference: torch.Tensor) -> float:
    return ((value - reference).norm() / reference.norm()).item()


def flat(gradients: dict[str, torch.Tensor]) -> torch.Tensor:
    """The gradient as one vector."""
    return torch.cat([gradient.flatten() for gradient in gradients.values()])


def rule(nonlinearity="relu", form="outside", strength=0.3, leak=0.3, time=5.0) -> Dynamics:
    return Dynamics(
        leak=leak,
        noise=0.1,
        nonlinearity=nonlinearity,
        adaptation_strength=strength,
        adaptation_time=time,
        adaptation_form=form,
        mean_activity=torch.linspace(0, 1, UNITS) if form == "centred" else 0.0,
    )


@pytest.mark.parametrize("penalty", [0.0, 0.1])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("leak", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("strength", [0.0, 0.3])
@pytest.mark.parametrize("form", ADAPTATION_FORMS)
@pytest.mark.parametrize("nonlinearity", ["relu", "tanh", "identity"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_equals_autograd(dtype, nonlinearity, form, strength, leak, masked, penalty):
    dynamics = rule(nonlinearity, form, strength, leak)
    loss, r, gradients = states_and_gradients(by_hand, dtype, dynamics, masked, penalty)
    expected_loss, expected_r, expected = states_and_gradients(by_autograd, dtype, dynamics, masked, penalty)
    assert loss == pytest.approx(expected_loss, rel=TOLERANCE[dtype])
    assert relative_error(r, expected_r) < TOLERANCE[dtype]
    assert relative_error(flat(gradients), flat(expected)) < TOLERANCE[dtype]
    if dtype == torch.float64:  # in float32 autograd's own error in a single weight matrix reaches 9e-7
        for name, gradient in gradients.items():
            assert relative_error(gradient, expected[name]) < TOLERANCE[dtype], name


@pytest.mark.parametrize("form", ADAPTATION_FORMS)
def test_adaptation_with_a_memory_of_one_step(form):
    """At τ_a = 1 adaptation is the last step's source, and its filter keeps nothing."""
    results = [
        states_and_gradients(states, torch.float64, rule(form=form, time=1.0), True, 0.0)
        for states in (by_hand, by_autograd)
    ]
    for name, gradient in results[0][2].items():
        assert relative_error(gradient, results[1][2][name]) < 1e-12, name


@pytest.mark.parametrize("strength", [0.0, 0.3])
@pytest.mark.parametrize("form", ADAPTATION_FORMS)
def test_noise_and_inputs_in_the_gradients_own_memory_give_the_same_bits(form, strength):
    dynamics, (tracked, *drawn) = rule(form=form, strength=strength), paths(torch.float32, True)
    net, own = network(torch.float32), network(torch.float32)
    loss, states = by_hand(net, dynamics, tracked, *drawn)
    gradient = Backpropagation(own, STEPS, PATHS)
    for _ in range(2):  # the second time over what the first has left
        placed = [memory.copy_(part) for memory, part in zip((gradient.inputs, gradient.noise), drawn, strict=True)]
        assert gradient(dynamics, tracked, *placed) == loss
        assert torch.equal(gradient.states, states)
        for name, weight in own.weights().items():
            assert torch.equal(weight.grad, net.weights()[name].grad), name


def test_rotational_adaptation_at_a_silent_state():
    """At r = 0 no direction is singled out: the gradients stay finite and equal autograd's."""
    dynamics = rule(form="rotational")

    def gradient(method):
        net = network(torch.float64)
        tracked, inputs, noise = paths(torch.float64, False)
        tracked = torch.cat([torch.zeros_like(tracked[:1]), tracked[1:]])
        with torch.no_grad():
            net.encoder_bias.zero_()
        method(net, dynamics, tracked, inputs, noise)
        return net.recurrent.grad

    assert relative_error(gradient(by_hand), gradient(by_autograd)) < 1e-12


@pytest.mark.parametrize("form", ADAPTATION_FORMS)
def test_buffers_keep_nothing_from_call_to_call(form):
    net = network(torch.float64)
    tracked, inputs, noise = paths(torch.float64, True)
    gradient = Backpropagation(net, STEPS, PATHS)
    results = []
    for batch in ((tracked, inputs, noise), (-tracked, 2 * inputs, -noise), (tracked, inputs, noise)):
        loss = gradient(rule(form=form), *batch, 0.1)
        results.append([loss, *(weight.grad.clone() for weight in net.weights().values())])
    assert all(torch.equal(torch.as_tensor(a), torch.as_tensor(b)) for a, b in zip(results[0], results[2], strict=True))
    assert results[0][0] != results[1][0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"friction": 0.5}, "friction is 0.5, which the hand-written gradients do not cover"),
        ({"nonlinearity": "softplus"}, "nonlinearity is softplus"),
        ({"adaptation_form": "within"}, "adaptation_form is within"),
        ({"leak": torch.tensor(0.1)}, "leak is a tensor"),
        ({"facilitation_strength": 0.1}, "facilitation_strength is 0.1"),
        ({"cell": "gru"}, "cell is gru"),
    ],
)
def test_refuses_what_it_cannot_differentiate(change, message):
    with pytest.raises(ValueError, match=message):
        by_hand(network(torch.float64), Dynamics(**change), *paths(torch.float64, False))


@pytest.mark.parametrize("scale", [0.02, 0.3, 3.0])
@pytest.mark.parametrize("form", ADAPTATION_FORMS)
def test_the_check_before_training_finds_nothing_where_the_rule_is_as_it_was(form, scale):
    pool = draw("pool", 40, 6, FEATURES).cumsum(0).float()
    assert difference(initialise(24, FEATURES, scale, 1, "triangle"), rule("tanh", form), pool) == ""


@pytest.mark.parametrize("term", ["drift", "far", "adaptation"])
def test_a_changed_rule_is_trained_by_automatic_differentiation(monkeypatch, term):
    """Without a parameter of its own, a small term in the rule must not be trained by the old gradients."""

    def changed(state, *arguments):
        after = step(state, *arguments)
        if term == "adaptation":
            return after._replace(a=after.a * (1 + 1e-4))
        extra = 1e-4 * (state.r**2 if term == "drift" else torch.relu(state.r.abs() - 3))
        return after._replace(r=after.r - extra)

    said, losses = [], []
    tracked = draw("pool", 30, 15, FEATURES).cumsum(1).numpy() / 10
    monkeypatch.setattr(training, "step", changed)
    for _ in range(2):
        losses.append(train(tracked, VARIANT, 1, "triangle", "changed", report=said.append).loss)
        # The second time as if the rule had the gradients of its own.
        monkeypatch.setattr(training, "Backpropagation", training.Autograd)
    assert any(line.startswith("gradients by automatic differentiation") and "update rule" in line for line in said)
    assert (losses[0] == losses[1]).all()
    monkeypatch.undo()
    said.clear()
    assert (train(tracked, VARIANT, 1, "triangle", "changed", report=said.append).loss != losses[0]).any()
    assert not any("automatic differentiation" in line for line in said)
