"""The one update rule: leakage, adaptation and momentum.

Training, replay and theory all advance their state by it: with :func:`step`, or by what tests hold to be the same, in
:mod:`rnn_replay.model.gradients` (training by hand) and :mod:`rnn_replay.model.in_place` (replay and theory).

    g_t     = −λ_r r_t + φ(x_t) − a_t                    x_t = W r_t + U u_t + b
    v_{t+1} = (1 − λ_v) v_t + g_t + σ η_t                η_t ~ N(0, I)
    r_{t+1} = r_t + v_{t+1}
    a_{t+1} = (1 − 1/τ_a) a_t + (b_a / τ_a) r_t

In a GRU the increment z ∘ (h̃ − r) takes the place of φ(x), so that λ_r = 0, λ_v = 1, b_a = 0, σ = 0 is an ordinary one:

    z = sigmoid(x_z)    ρ = sigmoid(x_ρ)    h̃ = φ(x_u + ρ ∘ x_r)        x_z, x_ρ, x_r, x_u: see Network.preactivation

Source: Casco-Rodriguez, Krishna & Baraniuk, arXiv 2602.18401; Cho et al. 2014 for the GRU, with the reset gate after
the product, as in torch.nn.GRUCell, whose update gate is 1 − z. The forms of adaptation other than `outside` and the
place of leak, momentum and adaptation in a GRU are our choice of what to compare.

PyTorch is not imported at run time: the Snakefile reads in every job which parameters there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rnn_replay.model.parameters import REPLAY, TRAINING, parameter, settings_of

if TYPE_CHECKING:
    import torch

    Number = float | torch.Tensor

NONLINEARITIES = {
    "relu": lambda x: x.relu(),
    "tanh": lambda x: x.tanh(),
    "identity": lambda x: x,  # linear drift, for the theory stage
}
CELLS = ("vanilla", "gru")
ADAPTATION_FORMS = ("outside", "inside", "centred", "rotational", "drive")
NOISE_SCALINGS = ("fixed", "fluctuation_dissipation")


class State(NamedTuple):
    """State r, velocity v and adaptation a of a network, each of shape (..., unit)."""

    r: torch.Tensor
    v: torch.Tensor
    a: torch.Tensor


@dataclass(frozen=True)
class Dynamics:
    """Parameters of the update rule, each declared here and nowhere else: a line here and its term in :func:`step`.

    Any number may be a tensor that broadcasts against the state.

    Attributes:
        mean_activity: r̄ of shape (unit,), the mean awake state, which is measured and not set.
    """

    leak: Number = parameter(
        "λ_r",
        "1/step",
        "share of the state lost each step (0: residual integrator; 1: vanilla RNN)",
        0.0,
        where=(TRAINING,),
        required=True,
        ge=0,
        le=1,
    )
    friction: Number = parameter(
        "λ_v",
        "1/step",
        "share of the velocity lost each step (1: overdamped, the ordinary RNN; below 1: momentum)",
        1.0,
        where=(REPLAY,),
        required=True,
        gt=0,
        le=1,
    )
    adaptation_strength: Number = parameter(
        "b_a", "1", "negative feedback at equilibrium per unit of activity (0: off)", 0.0, required=True, ge=0
    )
    adaptation_time: Number = parameter("τ_a", "steps", "time constant of adaptation", 1.0, required=True, ge=1)
    adaptation_form: str = parameter(
        "",
        "",
        "how adaptation acts: `outside` subtracts a_t from the drift; `inside` subtracts it within φ (of h̃); `centred` "
        "is driven by r_t − r̄; `rotational` subtracts only the part of a_t orthogonal to r_t; `drive` is driven by the "
        "drift before adaptation",
        "outside",
        required=True,
        choices=ADAPTATION_FORMS,
    )
    noise: Number = parameter("σ", "1/step", "standard deviation of the state noise", 0.0, required=True, ge=0)
    noise_scaling: str = parameter(
        "",
        "",
        "how σ follows λ_v, see noise_scale: `fixed`, or `fluctuation_dissipation`, scaled so that friction does not "
        "heat the state",
        "fixed",
        where=(REPLAY,),
        required=True,
        choices=NOISE_SCALINGS,
    )
    facilitation_strength: Number = parameter(
        "b_f", "1", "short-term facilitation (0: off)", 0.0, where=(REPLAY,), ge=0
    )
    facilitation_time: Number = parameter("τ_f", "steps", "time constant of facilitation", 10.0, where=(REPLAY,), ge=1)
    nonlinearity: str = parameter(
        "φ", "", "nonlinearity", "relu", where=(TRAINING,), required=True, choices=tuple(NONLINEARITIES)
    )
    cell: str = parameter("", "", "whether the network has gates", "vanilla", where=(TRAINING,), choices=CELLS)
    mean_activity: Number = 0.0


TrainingParameters = settings_of(Dynamics, TRAINING)
ReplayParameters = settings_of(Dynamics, REPLAY)


def rest(r: torch.Tensor) -> State:
    """The state r with neither velocity nor adaptation."""
    return State(r, r.new_zeros(r.shape), r.new_zeros(r.shape))


def step(state: State, x: torch.Tensor, eta: torch.Tensor, p: Dynamics) -> State:
    """Advance a state by one step.

    Args:
        state: r_t, v_t and a_t.
        x: pre-activation W r_t + U u_t + b, same shape as r_t; of a GRU all four parts, shape (..., 4 unit).
        eta: standard normal noise η_t, same shape as r_t.
        p: parameters of the update rule.

    Returns:
        r_{t+1}, v_{t+1} and a_{t+1}.
    """
    r, v, a = state
    # Before the leak: autograd adds gradients in the order of operations, which decides their last bits.
    added = increment(state, x, p)
    drift = -p.leak * r + added
    if p.adaptation_form == "inside":
        g = drift
    else:
        g = drift - (orthogonal(a, r) if p.adaptation_form == "rotational" else a)
    v = (1 - p.friction) * v + g + p.noise * eta

    if p.adaptation_form == "drive":
        source = drift
    elif p.adaptation_form == "centred":
        source = r - p.mean_activity
    else:
        source = r
    a = (1 - 1 / p.adaptation_time) * a + (p.adaptation_strength / p.adaptation_time) * source
    return State(r + v, v, a)


def increment(state: State, x: torch.Tensor, p: Dynamics) -> torch.Tensor:
    """φ(x_t) of the update rule, φ(x_t − a_t) with adaptation `inside`; of a GRU z ∘ (h̃ − r). Arguments: see `step`."""
    r, _, a = state
    phi = NONLINEARITIES[p.nonlinearity]
    if p.cell == "gru":
        update, reset, recurrent, given = x.split(r.shape[-1], dim=-1)
        candidate = given + reset.sigmoid() * recurrent
        if p.adaptation_form == "inside":
            candidate = candidate - a
        return update.sigmoid() * (phi(candidate) - r)
    return phi(x - a) if p.adaptation_form == "inside" else phi(x)


def orthogonal(a: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
    """The part of a orthogonal to r, unit by unit vector; all of a where r is zero. Shapes (..., unit)."""
    power = (r * r).sum(-1, keepdim=True)
    overlap = (a * r).sum(-1, keepdim=True)
    return a - r * (overlap / power.where(power > 0, 1))


def noise_scale(friction: Number, scaling: str, stiffness: Number = 0.0) -> Number:
    """Factor on σ that a noise scaling asks for at a friction.

    `fixed` leaves σ as it is, as the paper's rule reads. `fluctuation_dissipation` gives r the stationary
    variance that it has at λ_v = 1 under a linear drift −k r: for the AR(2) process of the update rule,
    Var r = σ² (2 − λ_v) / (λ_v k (2 (2 − λ_v) − k)). For weak drift (k → 0) the factor is √λ_v.

    Args:
        friction: λ_v in (0, 1].
        scaling: one of NOISE_SCALINGS.
        stiffness: k of the linear drift.
    """
    if scaling == "fixed":
        return 1.0
    if scaling == "fluctuation_dissipation":
        f, k = friction, stiffness
        return (f * (2 * (2 - f) - k) / ((2 - f) * (2 - k))) ** 0.5
    raise ValueError(f"noise_scaling is '{scaling}'; allowed: {', '.join(NOISE_SCALINGS)}")
