"""Exact gradients of the awake phase, by hand-written backpropagation through time.

Autograd records every operation of every step, which costs more than the arithmetic of a small network. Here the
backward pass is the adjoint of the update rule of :mod:`rnn_replay.model.dynamics` at λ_v = 1 and with the parameters
that COVERED names, in buffers that are used again at every call, with one product over all steps for whatever is not
recurrent. With the low-pass filtered activity h_t = a_t / b_a, h_0 = 0, forward is

    f_t     = φ(W r_t + X_t)                            X_t = U u_t + b; inside: f_t = φ(W r_t + X_t − b_a h_t)
    r_{t+1} = κ r_t + ζ f_t − b_a o_t + σ η_t           o_t = h_t; rotational: h_t ⊥ r_t; constant: r̄; inside: 0
    h_{t+1} = h_t + (m_t − h_t) / τ_a                   m_t = r_t; centred: r_t − r̄; drive: ζ f_t − λ_r r_t

where κ = 1 − λ_r, of which `static` adaptation takes b_a; ζ is 1, with a `convex` leak λ_r; and
h ⊥ r = h − r (h·r) / (r·r). The loss L is the mean over time and batch of ‖e_t‖², e_t = D r_t + c − s_t, plus the
penalty times the mean of r². Let p_t = dL/dr_t be the adjoint of the state and G_t the direct gradient of L with
respect to r_t. Let ℓ_t = −(dL/dh_t) / (b_a τ_a) be the adjoint of adaptation, scaled so that it obeys the same
low-pass filter, backward in time. Starting from p_T = G_T and ℓ_T = 0,

    z_t = ζ φ'_t ∘ p_{t+1}                              drive: z_t = ζ φ'_t ∘ (p_{t+1} − b_a ℓ_{t+1})
    p_t = G_t + κ p_{t+1} + Wᵀ z_t + k_t                k_t = −b_a ℓ_{t+1}; drive: λ_r b_a ℓ_{t+1}; static, constant: 0
    ℓ_t = ℓ_{t+1} + (n_t − ℓ_{t+1}) / τ_a               n_t = p_{t+1}; inside: z_t; rotational: p_{t+1} ⊥ r_t

    dL/dW = Σ_t z_t r_tᵀ        dL/d[U b] = Σ_t z_t [u_t 1]ᵀ        dL/d[E e] = p_0 [s_0 1]ᵀ

`rotational` adds to k_t the derivative of −b_a (h_t ⊥ r_t) with respect to r_t, applied to p_{t+1}:
b_a (c p_{t+1} + d h_t − 2 c d r_t), where c = (h_t·r_t) / (r_t·r_t) and d = (p_{t+1}·r_t) / (r_t·r_t).
The slope φ'_t is a function of f_t alone: sign f_t for ReLU, 1 − f_t² for tanh, 1 for the identity.
"""

from dataclasses import fields

import torch

from rnn_replay.model.dynamics import ADAPTATION_FORMS, NONLINEARITIES, Dynamics, orthogonal
from rnn_replay.model.network import Network

# Parameters of the update rule that these gradients cover; all others have to be at their default.
COVERED = ("leak", "leak_form", "adaptation_strength", "adaptation_time", "adaptation_form", "noise", "nonlinearity")
UNDELAYED = ("static", "constant")  # forms of adaptation that keep nothing of the past
# Written over f.
SLOPE = {
    "relu": torch.Tensor.sign_,
    "tanh": lambda f: f.square_().neg_().add_(1),
    "identity": lambda f: f.fill_(1),
}


class Backpropagation:
    """Loss of a network on a batch of paths, and its gradient.

    Args:
        network: weights, which require gradients; they get theirs at every call.
        steps: T, steps of a path.
        paths: number of paths in a batch.

    Attributes:
        states: r_0, r_1, … of the last call, shape (step + 1, path, unit): the same as from
            :func:`rnn_replay.model.dynamics.step`.
        inputs, noise: memory of u and η, of the shapes that a call takes. What is put there need not be copied, and
            takes no memory of its own: states are written over the noise that they have had.
    """

    def __init__(self, network: Network, steps: int, paths: int):
        self.network = network
        features, units = network.decoder.shape

        def buffer(time: int, size: int) -> torch.Tensor:
            return torch.empty(time, paths, size, dtype=network.recurrent.dtype, device=network.recurrent.device)

        self.states = buffer(steps + 1, units)
        self.fs = buffer(steps, units)  # X_t, then f_t, then φ'_t, then z_t
        self.adjoints = buffer(steps + 1, units)  # G_t, then p_t
        # Views by time, made once: making them at every call takes 4 % of a small network's training.
        self.rs, self.zs, self.ps = (each.unbind(0) for each in (self.states, self.fs, self.adjoints))
        self.errors = buffer(steps + 1, features)
        # The bias is the weight of an input that is always 1: adding it to a product takes longer than the product.
        self.driving = buffer(steps, features + 1).fill_(1)
        self.inputs, self.noise = self.driving[..., :-1], self.states[1:]
        self.hs: torch.Tensor | None = None  # only `rotational` needs the past of h in the backward pass
        for weight in network.weights().values():
            weight.grad = torch.zeros_like(weight)

    @torch.inference_mode()
    def __call__(
        self,
        dynamics: Dynamics,
        tracked: torch.Tensor,
        inputs: torch.Tensor,
        noise: torch.Tensor,
        penalty: float = 0.0,
    ) -> float:
        """Set the gradients of the weights, and return the loss.

        Args:
            dynamics: the update rule, with friction 1 and plain numbers; r̄ is a constant.
            tracked: s, shape (step + 1, path, feature).
            inputs: u, shape (step, path, feature).
            noise: η, standard normal, shape (step, path, unit); a constant.
            penalty: weight of the mean square activity in the loss.

        Raises:
            ValueError: the update rule is one that these gradients do not cover.
        """
        if reason := uncovered(self.network, dynamics):
            raise ValueError(f"{reason}, which the hand-written gradients do not cover")
        self.inputs.copy_(inputs)  # nothing, where they are there already
        self.forward(dynamics, tracked[0], noise)
        loss = self.loss(tracked, penalty)
        self.backward(dynamics)
        self.gradients(tracked[0])
        return loss

    def forward(self, p: Dynamics, start: torch.Tensor, noise: torch.Tensor) -> None:
        """Fill `states` and `fs` with the forward recursion of the module's docstring."""
        net, form, keep = self.network, p.adaptation_form, kept(p)
        strength, rate = p.adaptation_strength, 1 / p.adaptation_time
        phi, transposed = NONLINEARITIES[p.nonlinearity], net.recurrent.T

        torch.addmm(net.encoder_bias, start, net.encoder.T, out=self.states[0])
        affine = torch.cat([net.input.T, net.bias[None]])
        torch.mm(self.driving.flatten(0, 1), affine, out=self.fs.flatten(0, 1))
        if strength and form == "rotational" and self.hs is None:
            self.hs = torch.empty_like(self.fs)
        h = torch.zeros_like(self.states[0])
        for t, (r, f, eta) in enumerate(zip(self.rs, self.zs, noise.unbind(0), strict=False)):
            f.addmm_(r, transposed)
            if strength and form == "inside":
                f.sub_(h, alpha=strength)
            phi(f)
            added = f if p.leak_form == "subtracted" else f * p.leak
            following = torch.add(added, eta, alpha=p.noise, out=self.rs[t + 1]).add_(r, alpha=keep)
            if strength and form == "constant":
                following.sub_(p.mean_activity, alpha=strength)
            if not strength or form in UNDELAYED:
                continue
            if form == "rotational":
                self.hs[t] = h
                following.sub_(orthogonal(h, r), alpha=strength)
            elif form != "inside":
                following.sub_(h, alpha=strength)
            if form == "drive":
                source = torch.sub(added, r, alpha=p.leak)
            elif form == "centred":
                source = r - p.mean_activity
            else:
                source = r
            h.lerp_(source, rate)

    def loss(self, tracked: torch.Tensor, penalty: float) -> float:
        """L; fills `errors` with 2 e_t over the number of states, and `adjoints` with G_t."""
        errors, states = self.errors.flatten(0, 1), self.states.flatten(0, 1)
        torch.addmm(self.network.decoder_bias, states, self.network.decoder.T, out=errors)
        errors.sub_(tracked.flatten(0, 1))
        loss = torch.dot(errors.flatten(), errors.flatten()) / len(errors)
        errors.mul_(2 / len(errors))
        torch.mm(errors, self.network.decoder, out=self.adjoints.flatten(0, 1))
        if penalty:
            loss += penalty * torch.dot(states.flatten(), states.flatten()) / states.numel()
            self.adjoints.add_(self.states, alpha=2 * penalty / states.numel())
        return loss.item()

    def backward(self, dynamics: Dynamics) -> None:
        """Turn `adjoints` into p_t and `fs` into z_t with the backward recursion of the module's docstring."""
        form, keep, recurrent = dynamics.adaptation_form, kept(dynamics), self.network.recurrent
        strength, rate = dynamics.adaptation_strength, 1 / dynamics.adaptation_time

        SLOPE[dynamics.nonlinearity](self.fs)
        if dynamics.leak_form == "convex":
            self.fs.mul_(dynamics.leak)
        zs, ps, rs = self.zs, self.ps, self.rs
        l = torch.zeros_like(ps[0])  # noqa: E741, the ℓ of the docstring
        for t in reversed(range(len(zs))):
            z, p, after = zs[t], ps[t], ps[t + 1]
            if not strength or form in UNDELAYED:
                z.mul_(after)
            elif form == "drive":
                z.mul_(torch.sub(after, l, alpha=strength))
                p.add_(l, alpha=dynamics.leak * strength)
                l.lerp_(after, rate)
            else:
                z.mul_(after)
                p.sub_(l, alpha=strength)
                if form == "rotational":
                    turn, across = rotation(after, self.hs[t], rs[t])
                    p.add_(turn, alpha=strength)
                    l.lerp_(across, rate)
                else:
                    l.lerp_(z if form == "inside" else after, rate)
            p.add_(after, alpha=keep).addmm_(z, recurrent)

    def gradients(self, start: torch.Tensor) -> None:
        """Set the gradients of the weights from z_t, p_0 and the errors."""
        net = self.network
        zs, states, errors = self.fs.flatten(0, 1), self.states.flatten(0, 1), self.errors.flatten(0, 1)
        torch.mm(zs.T, states[: len(zs)], out=net.recurrent.grad)
        affine = self.driving.flatten(0, 1).T @ zs
        net.input.grad.copy_(affine[:-1].T)
        net.bias.grad.copy_(affine[-1])
        torch.mm(self.adjoints[0].T, start, out=net.encoder.grad)
        torch.sum(self.adjoints[0], 0, out=net.encoder_bias.grad)
        torch.mm(errors.T, states, out=net.decoder.grad)
        torch.sum(errors, 0, out=net.decoder_bias.grad)


def kept(p: Dynamics) -> float:
    """κ of the module's docstring: the share of the state that a step keeps."""
    return 1 - p.leak - (p.adaptation_strength if p.adaptation_form == "static" else 0)


def uncovered(network: Network, dynamics: Dynamics) -> str:
    """Why the gradients of this module are not those of a network and its update rule; empty where they are."""
    if network.leak_logit is not None:
        return "the leak is learned"
    for each in fields(Dynamics):
        value = getattr(dynamics, each.name)
        if each.name == "mean_activity":
            continue
        if isinstance(value, torch.Tensor):
            return f"{each.name} is a tensor"
        if each.name not in COVERED and value != each.default:
            return f"{each.name} is {value}"
    if dynamics.nonlinearity not in SLOPE:
        return f"nonlinearity is {dynamics.nonlinearity}"
    if dynamics.adaptation_form not in ADAPTATION_FORMS:
        return f"adaptation_form is {dynamics.adaptation_form}"
    return ""


def rotation(p: torch.Tensor, h: torch.Tensor, r: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """c p + d h − 2 c d r and p ⊥ r of the module's docstring; all arrays have shape (path, unit)."""
    power = (r * r).sum(-1, keepdim=True)
    power.masked_fill_(power == 0, 1)  # where r is zero so are c and d
    c = (h * r).sum(-1, keepdim=True) / power
    d = (p * r).sum(-1, keepdim=True) / power
    return c * p + d * h - 2 * c * d * r, p - d * r
