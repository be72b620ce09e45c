"""The map linearised at awake states: against linear theory, a full Jacobian, and a planted boundary."""

import numpy as np
import pandas as pd
import pytest
import torch
from rnn_replay.model.dynamics import Dynamics, State, step
from rnn_replay.model.network import initialise
from rnn_replay.model.stability import boundaries, boundary, drift_jacobians, growth, predicted, stability_dataset
from rnn_replay.seeds import stream
from rnn_replay.theory.linear import Linear

UNITS = 5


def network():
    net = initialise(UNITS, 2, 0.9, 3, "triangle")
    return type(net)(**{key: weight.detach().double() for key, weight in net.weights().items()})


@pytest.mark.parametrize("friction", [1.0, 0.6, 0.2])
@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_one_unit_is_the_linear_theory(friction, strength):
    system = Linear(0.2, friction, strength, 10.0, 1.0)
    assert growth(np.array([-0.2]), np.array([friction]), strength, 10.0)[0] == pytest.approx(system.spectral_radius())


@pytest.mark.parametrize("nonlinearity", ["relu", "tanh"])
@pytest.mark.parametrize("strength", [0.0, 0.2])
def test_it_is_the_spectral_radius_of_the_whole_map(nonlinearity, strength):
    net, rule = network(), Dynamics(0.3, 0.5, strength, 8.0, nonlinearity=nonlinearity)
    r = torch.from_numpy(stream(1, "test stability").standard_normal(UNITS))

    def advance(z):
        state = State(*z.split(UNITS))
        return torch.cat(step(state, net.preactivation, torch.zeros(()), rule)[:3])

    whole = torch.autograd.functional.jacobian(advance, torch.cat([r, torch.zeros(2 * UNITS, dtype=r.dtype)]))
    if not strength:  # a is then a mode of its own
        whole = whole[: 2 * UNITS, : 2 * UNITS]
    a = drift_jacobians(net, rule, r[None]).numpy()
    found = growth(np.linalg.eigvals(a), np.array([0.5]), strength, 8.0)
    assert found.shape == (1, 1)
    assert found[0, 0] == pytest.approx(np.abs(np.linalg.eigvals(whole.numpy())).max())


def test_a_gru_is_refused():
    with pytest.raises(ValueError, match="cell is 'gru'; allowed where the map is linearised: vanilla"):
        drift_jacobians(network(), Dynamics(cell="gru"), torch.zeros(1, UNITS))


def test_boundary_lies_between_the_settings_where_the_limit_is_passed():
    friction = np.array([0.2, 1.0, 0.4, 0.6])
    assert boundary(friction, np.array([1.3, 0.8, 1.1, 0.9]), 1.0) == pytest.approx(0.5)
    assert boundary(friction, np.array([0.3, 0.8, 0.1, 0.9]), 1.0) == 0.0
    assert boundary(friction, np.array([2.0, 2.0, 2.0, 2.0]), 1.0) == 1.0
    tried = np.array([1.0, 0.3, 0.2, 0.1])
    assert boundary(tried, np.array([0, 0.1, 0.9, 1]), 0.5) == pytest.approx(0.25)
    assert boundary(tried, np.zeros(4), 0.5) == 0.0


def test_replay_of_a_linear_network_diverges_at_the_predicted_boundary():
    # A rotation with drift eigenvalue −κ ± iω is stable while |μ| < 1, that is while friction is high enough.
    net = network()
    net.recurrent = torch.zeros(UNITS, UNITS, dtype=torch.float64)
    net.recurrent[0, 1], net.recurrent[1, 0] = 0.3, -0.3
    friction = np.linspace(0.05, 1, 20)
    rule = Dynamics(leak=0.1, nonlinearity="relu")
    # At states with every unit active, ReLU is the identity.
    net.bias = torch.full((UNITS,), 100.0, dtype=torch.float64)
    found = predicted(net, rule, torch.ones(10, UNITS, dtype=torch.float64), friction, stream(0, "test"))
    np.testing.assert_allclose(found["growth_local"], found["growth_averaged"])
    edge = boundary(friction, found["growth_averaged"], 1.0)
    for value, grows in ((edge - 0.05, True), (edge + 0.05, False)):
        state = State(*(torch.tensor([1.0, 0, 0, 0, 0], dtype=torch.float64) * k for k in (1, 0, 0)))
        for _ in range(1500):
            rule = Dynamics(leak=0.1, friction=float(value), nonlinearity="identity")
            state = step(state, lambda r: net.recurrent @ r, torch.zeros(()), rule)
        assert (state.r.norm() > 1) == grows


def test_table_and_dataset_hold_both():
    friction = np.array([1.0, 0.6, 0.2])
    table = pd.DataFrame(
        {
            "environment": "tmaze",
            "variant": "x",
            "seed": 1,
            "friction": friction,
            "growth_local": [0.8, 1.2, 1.4],
            "growth_averaged": [0.7, 0.9, 1.1],
            "diverged": [0.0, 0.0, 1.0],
            "off_manifold": [0.0, 0.1, np.nan],
        }
    )
    edges = boundaries(table)
    assert edges.iloc[0][["boundary_local", "boundary_averaged", "boundary_observed"]].tolist() == pytest.approx(
        [0.8, 0.4, 0.4]
    )
    dataset = stability_dataset(table, edges)
    assert dataset["growth_local"].sel(friction=0.6).item() == 1.2
    assert all("units" in variable.attrs for variable in dataset.variables.values())
