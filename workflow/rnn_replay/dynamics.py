"""The one update rule: leakage, adaptation and momentum.

Training, replay and theory all advance their state with :func:`step`:

    g_t     = −λ_r r_t + φ(x_t) − a_t                    x_t = W r_t + U u_t + b
    v_{t+1} = (1 − λ_v) v_t + g_t + σ η_t                η_t ~ N(0, I)
    r_{t+1} = r_t + v_{t+1}
    a_{t+1} = (1 − 1/τ_a) a_t + (b_a / τ_a) r_t

Source: Casco-Rodriguez, Krishna & Baraniuk, arXiv 2602.18401. The forms of adaptation other than `outside`
are our choice of what to compare.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch

Number = float | torch.Tensor

NONLINEARITIES = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "identity": lambda x: x,  # linear drift, for the theory stage
}
ADAPTATION_FORMS = ("outside", "inside", "centred", "rotational", "drive")
NOISE_SCALINGS = ("fixed", "fluctuation_dissipation")


class State(NamedTuple):
    """State r, velocity v and adaptation a of a network, each of shape (..., unit)."""

    r: torch.Tensor
    v: torch.Tensor
    a: torch.Tensor


@dataclass(frozen=True)
class Dynamics:
    """Parameters of the update rule; any number may be a tensor that broadcasts against the state.

    Attributes:
        leak: λ_r, share of the state lost each step. 0: residual integrator; 1: vanilla RNN.
        friction: λ_v, share of the velocity lost each step. 1: overdamped, the ordinary RNN; below 1: momentum.
        adaptation_strength: b_a, negative feedback at equilibrium per unit of activity. 0: off.
        adaptation_time: τ_a, in steps.
        adaptation_form: `outside` subtracts a_t from the drift; `inside` subtracts it within φ; `centred` is
            driven by r_t − r̄; `rotational` subtracts only the part of a_t orthogonal to r_t; `drive` is
            driven by the drift before adaptation.
        noise: σ, standard deviation of the state noise, per step.
        nonlinearity: φ, one of NONLINEARITIES.
        mean_activity: r̄ of shape (unit,), the mean awake state; used by `centred` alone.
    """

    leak: Number = 0.0
    friction: Number = 1.0
    adaptation_strength: Number = 0.0
    adaptation_time: Number = 1.0
    adaptation_form: str = "outside"
    noise: Number = 0.0
    nonlinearity: str = "relu"
    mean_activity: Number = 0.0


def rest(r: torch.Tensor) -> State:
    """The state r with neither velocity nor adaptation."""
    return State(r, torch.zeros_like(r), torch.zeros_like(r))


def step(state: State, x: torch.Tensor, eta: torch.Tensor, p: Dynamics) -> State:
    """Advance a state by one step.

    Args:
        state: r_t, v_t and a_t.
        x: pre-activation W r_t + U u_t + b, same shape as r_t.
        eta: standard normal noise η_t, same shape as r_t.
        p: parameters of the update rule.

    Returns:
        r_{t+1}, v_{t+1} and a_{t+1}.
    """
    r, v, a = state
    phi = NONLINEARITIES[p.nonlinearity]
    if p.adaptation_form == "inside":
        g = -p.leak * r + phi(x - a)
    else:
        drift = -p.leak * r + phi(x)
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


def orthogonal(a: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
    """The part of a orthogonal to r, unit by unit vector; all of a where r is zero. Shapes (..., unit)."""
    power = (r * r).sum(-1, keepdim=True)
    overlap = (a * r).sum(-1, keepdim=True)
    return a - r * (overlap / torch.where(power > 0, power, torch.ones_like(power)))


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
