"""Parameters of a network: initialise, encode, decode, and the pre-activation that they give the dynamics."""

import math
from dataclasses import dataclass, fields, replace

import torch
from torch import nn
from torch.nn.functional import linear

from rnn_replay.model.dynamics import Dynamics
from rnn_replay.seeds import named_seed

MINIMAL_SCALE = 0.02  # of W at leak 0, where the default scale would leave nothing to start from (our choice)


@dataclass
class Network:
    """Weights of a recurrent network with affine encoder and decoder.

    Attributes:
        recurrent: W, shape (unit, unit); of a GRU those of z, ρ and h̃ one above the other, (3 unit, unit).
        input: U, shape (unit, feature); of a GRU likewise (3 unit, feature).
        bias: b, shape (unit,); of a GRU likewise (3 unit,).
        encoder: r_0 = E s_0 + e, shape (unit, feature).
        encoder_bias: e, shape (unit,).
        decoder: ŝ = D r + c, shape (feature, unit).
        decoder_bias: c, shape (feature,).
        leak_logit: of a learned leak, log(λ_r/(1 − λ_r)), so that λ_r stays between 0 and 1; a scalar, or (unit,).
    """

    recurrent: torch.Tensor
    input: torch.Tensor
    bias: torch.Tensor
    encoder: torch.Tensor
    encoder_bias: torch.Tensor
    decoder: torch.Tensor
    decoder_bias: torch.Tensor
    leak_logit: torch.Tensor | None = None

    def weights(self) -> dict[str, torch.Tensor]:
        """All weights by name, in the order of the fields; those that the network does not have are left out."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: weight for name, weight in found.items() if weight is not None}

    def to(self, device: torch.device) -> "Network":
        """The network on a device; itself where it is there already."""
        if self.recurrent.device.type == device.type:
            return self
        moved = {key: weight.detach().to(device) for key, weight in self.weights().items()}
        trains = self.recurrent.requires_grad
        return Network(**{key: weight.requires_grad_(trains) for key, weight in moved.items()})

    def encode(self, s: torch.Tensor) -> torch.Tensor:
        """Initial state r_0 (..., unit) of a tracked variable s_0 (..., feature)."""
        return s @ self.encoder.T + self.encoder_bias

    def decode(self, r: torch.Tensor) -> torch.Tensor:
        """Output ŝ (..., feature) of a state r (..., unit)."""
        return r @ self.decoder.T + self.decoder_bias

    def external(self, i: torch.Tensor) -> torch.Tensor:
        """What an input i (..., feature) and the bias add to the pre-activation, U i + b (..., unit)."""
        # A contiguous transpose halves the time of this product and of its gradient.
        return i @ self.input.T.contiguous() + self.bias

    def preactivation(self, y: torch.Tensor, external: torch.Tensor | None = None) -> torch.Tensor:
        """What :func:`rnn_replay.model.dynamics.step` asks for.

        Args:
            y: what the synapses transmit of a state, shape (..., unit); with an external input, (path, unit).
            external: of :meth:`external`; None where there is no input.

        Returns:
            x = W y + U i + b, same shape as y; of a GRU x_z and x_ρ, and x_r = W y and x_u = U i + b of h̃ apart,
            shape (..., 4 unit).
        """
        units = y.shape[-1]
        if len(self.recurrent) == units:
            if external is None:
                return linear(y, self.recurrent, self.bias)
            return torch.addmm(external, y, self.recurrent.T)
        recurrent = y @ self.recurrent.T
        given = (self.bias if external is None else external).expand_as(recurrent)
        gates = recurrent[..., : 2 * units] + given[..., : 2 * units]
        return torch.cat([gates, recurrent[..., 2 * units :], given[..., 2 * units :]], dim=-1)

    def governed(self, dynamics: Dynamics) -> Dynamics:
        """An update rule with the leak that the network has learned, where it has."""
        return dynamics if self.leak_logit is None else replace(dynamics, leak=torch.sigmoid(self.leak_logit))


def initial_scale(scale: str | float, leak: float) -> float:
    """Standard deviation of W times √n: a number, or `leak`, which keeps φ(W r) of the order of λ_r r."""
    return max(leak, MINIMAL_SCALE) if scale == "leak" else float(scale)


def initialise(
    units: int,
    features: int,
    scale: float,
    seed: int,
    environment: str,
    cell: str = "vanilla",
    leak_logit: torch.Tensor | None = None,
) -> Network:
    """A network before training; the standard normal draws are shared by all variants of a seed.

    Args:
        units: number of units n.
        features: dimension of the tracked variable.
        scale: standard deviation of W times √n.
        seed: configured seed.
        environment: name of the environment.
        cell: one of dynamics.CELLS; of a GRU h̃ begins as the network without gates would, and the gates at one half.
        leak_logit: of a learned leak.
    """
    generator = torch.Generator().manual_seed(named_seed(seed, "training", environment, "initial weights"))

    def normal(rows: int, columns: int, deviation: float) -> nn.Parameter:
        return nn.Parameter(torch.randn(rows, columns, generator=generator) * deviation)

    network = Network(
        recurrent=normal(units, units, scale / math.sqrt(units)),
        input=normal(units, features, 1 / math.sqrt(features)),
        bias=nn.Parameter(torch.zeros(units)),
        encoder=normal(units, features, 1 / math.sqrt(features)),
        encoder_bias=nn.Parameter(torch.zeros(units)),
        decoder=normal(features, units, 1 / math.sqrt(units)),
        decoder_bias=nn.Parameter(torch.zeros(features)),
        leak_logit=None if leak_logit is None else nn.Parameter(leak_logit),
    )
    if cell == "gru":
        gates = {
            "recurrent": normal(2 * units, units, 1 / math.sqrt(units)),
            "input": normal(2 * units, features, 1 / math.sqrt(features)),
            "bias": torch.zeros(2 * units),
        }
        for name, gate in gates.items():
            setattr(network, name, nn.Parameter(torch.cat([gate, getattr(network, name)]).detach()))
    return network
