"""Exact gradients of the awake phase, by hand-written backpropagation through time.

Autograd records every operation of every step, which costs more than the arithmetic of a small network. Here
the states r_1 … r_T are one operation to autograd, and the backward pass is the adjoint of the update rule of
:mod:`rnn_replay.dynamics` at λ_v = 1. With the low-pass filtered activity h_t = a_t / b_a, h_0 = 0, forward is

    f_t     = φ(W r_t + X_t)                            X_t = U u_t + b; inside: f_t = φ(W r_t + X_t − b_a h_t)
    r_{t+1} = (1 − λ_r) r_t + f_t − b_a o_t + σ η_t     o_t = h_t; rotational: h_t ⊥ r_t; inside: 0
    h_{t+1} = h_t + (m_t − h_t) / τ_a                   m_t = r_t; centred: r_t − r̄; drive: f_t − λ_r r_t

where h ⊥ r = h − r (h·r) / (r·r). Let p_t = dL/dr_t be the adjoint of the state and G_t the direct gradient of
the loss L with respect to r_t. Let ℓ_t = −(dL/dh_t) / (b_a τ_a) be the adjoint of adaptation, scaled so that it
obeys the same low-pass filter, backward in time. Starting from p_T = G_T and ℓ_T = 0,

    z_t = φ'_t ∘ p_{t+1}                                drive: z_t = φ'_t ∘ (p_{t+1} − b_a ℓ_{t+1})
    p_t = G_t + (1 − λ_r) p_{t+1} + Wᵀ z_t + k_t        k_t = −b_a ℓ_{t+1}; drive: λ_r b_a ℓ_{t+1}
    ℓ_t = ℓ_{t+1} + (n_t − ℓ_{t+1}) / τ_a               n_t = p_{t+1}; inside: z_t; rotational: p_{t+1} ⊥ r_t

    dL/dW = Σ_t z_t r_tᵀ        dL/dX_t = z_t        dL/dr_0 = p_0

`rotational` adds to k_t the derivative of −b_a (h_t ⊥ r_t) with respect to r_t, applied to p_{t+1}:
b_a (c p_{t+1} + d h_t − 2 c d r_t), where c = (h_t·r_t) / (r_t·r_t) and d = (p_{t+1}·r_t) / (r_t·r_t).
The slope φ'_t is a function of f_t alone: sign f_t for ReLU, 1 − f_t² for tanh.
"""

import torch
from torch.autograd.function import once_differentiable

from rnn_replay.dynamics import ADAPTATION_FORMS, Dynamics, orthogonal

APPLY = {"relu": torch.relu_, "tanh": torch.tanh_}
SLOPE = {"relu": torch.sign, "tanh": lambda f: 1 - f * f}


def awake_states(
    start: torch.Tensor, recurrent: torch.Tensor, drive: torch.Tensor, noise: torch.Tensor, dynamics: Dynamics
) -> torch.Tensor:
    """States of a network in the awake phase, differentiable in the first three arguments.

    Args:
        start: r_0, shape (path, unit).
        recurrent: W, shape (unit, unit).
        drive: X_t = U u_t + b for every step, shape (step, path, unit).
        noise: η_t, standard normal, same shape as drive; a constant.
        dynamics: the update rule, with friction 1 and plain numbers; r̄ is a constant.

    Returns:
        r_0, r_1, …, shape (step + 1, path, unit): the same as from :func:`rnn_replay.dynamics.step`.

    Raises:
        ValueError: the update rule is one that these gradients do not cover.
    """
    check(dynamics)
    return AwakeStates.apply(start, recurrent, drive, noise, dynamics)


def check(dynamics: Dynamics) -> None:
    """Raise a ValueError unless the gradients of this module cover the update rule."""
    for name in ("leak", "friction", "adaptation_strength", "adaptation_time", "noise"):
        if isinstance(getattr(dynamics, name), torch.Tensor):
            raise ValueError(f"{name} is a tensor; allowed in training: a plain number")
    for name, allowed in (
        ("friction", (1,)),
        ("nonlinearity", tuple(APPLY)),
        ("adaptation_form", ADAPTATION_FORMS),
    ):
        if getattr(dynamics, name) not in allowed:
            raise ValueError(
                f"{name} is '{getattr(dynamics, name)}'; allowed in training: {', '.join(map(str, allowed))}"
            )


class AwakeStates(torch.autograd.Function):
    """The forward and the backward recursion of the module's docstring, symbol by symbol."""

    @staticmethod
    def forward(ctx, start, recurrent, drive, noise, dynamics):
        apply, form = APPLY[dynamics.nonlinearity], dynamics.adaptation_form
        strength, rate = dynamics.adaptation_strength, 1 / dynamics.adaptation_time
        transposed = recurrent.T

        states = drive.new_empty(len(drive) + 1, *start.shape)
        states[0] = start
        torch.mul(noise, dynamics.noise, out=states[1:])
        fs = torch.empty_like(drive)
        # Only `rotational` needs the past of h in the backward pass.
        hs = torch.empty_like(drive) if strength and form == "rotational" else None
        h = torch.zeros_like(start)
        rs = states.unbind(0)
        for t, (x, f) in enumerate(zip(drive.unbind(0), fs.unbind(0), strict=True)):
            r, following = rs[t], rs[t + 1]
            torch.addmm(x, r, transposed, out=f)
            if strength and form == "inside":
                f.sub_(h, alpha=strength)
            apply(f)
            following.add_(r, alpha=1 - dynamics.leak).add_(f)
            if not strength:
                continue
            if form == "rotational":
                hs[t] = h
                following.sub_(orthogonal(h, r), alpha=strength)
            elif form != "inside":
                following.sub_(h, alpha=strength)
            if form == "drive":
                source = torch.sub(f, r, alpha=dynamics.leak)
            elif form == "centred":
                source = r - dynamics.mean_activity
            else:
                source = r
            h.lerp_(source, rate)

        ctx.dynamics = dynamics
        ctx.save_for_backward(recurrent, states, fs, hs)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx, direct):
        dynamics = ctx.dynamics
        recurrent, states, fs, hs = ctx.saved_tensors
        form, keep = dynamics.adaptation_form, 1 - dynamics.leak
        strength, rate = dynamics.adaptation_strength, 1 / dynamics.adaptation_time

        slopes = SLOPE[dynamics.nonlinearity](fs)  # each row becomes z_t in its turn
        gs, zs, rs = direct.unbind(0), slopes.unbind(0), states.unbind(0)
        p = gs[-1].clone(memory_format=torch.contiguous_format)
        l = torch.zeros_like(p)  # noqa: E741, the ℓ of the docstring
        for t in reversed(range(len(zs))):
            z, g = zs[t], gs[t]
            if not strength:
                z.mul_(p)
            elif form == "drive":
                z.mul_(torch.sub(p, l, alpha=strength))
                g = torch.add(g, l, alpha=dynamics.leak * strength)
                l.lerp_(p, rate)
            else:
                z.mul_(p)
                g = torch.sub(g, l, alpha=strength)
                if form == "rotational":
                    turn, across = rotation(p, hs[t], rs[t])
                    g.add_(turn, alpha=strength)
                    l.lerp_(across, rate)
                else:
                    l.lerp_(z if form == "inside" else p, rate)
            p.addmm_(z, recurrent, beta=keep).add_(g)

        weights = None
        if ctx.needs_input_grad[1]:
            weights = slopes.flatten(0, 1).T @ states[:-1].flatten(0, 1)
        return p, weights, slopes, None, None


def rotation(p: torch.Tensor, h: torch.Tensor, r: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """c p + d h − 2 c d r and p ⊥ r of the module's docstring; all arrays have shape (path, unit)."""
    power = (r * r).sum(-1, keepdim=True)
    power.masked_fill_(power == 0, 1)  # where r is zero so are c and d
    c = (h * r).sum(-1, keepdim=True) / power
    d = (p * r).sum(-1, keepdim=True) / power
    return c * p + d * h - 2 * c * d * r, p - d * r
