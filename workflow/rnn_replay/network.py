"""Parameters of a network: initialise, encode, decode, and the drive that they give the dynamics."""

import math
from dataclasses import dataclass, fields

import torch
from torch import nn

from rnn_replay.seeds import named_seed

MINIMAL_SCALE = 0.02  # of W at leak 0, where the default scale would leave nothing to start from (our choice)


@dataclass
class Network:
    """Weights of a recurrent network with affine encoder and decoder.

    Attributes:
        recurrent: W, shape (unit, unit).
        input: U, shape (unit, feature).
        bias: b, shape (unit,).
        encoder: r_0 = E s_0 + e, shape (unit, feature).
        encoder_bias: e, shape (unit,).
        decoder: ŝ = D r + c, shape (feature, unit).
        decoder_bias: c, shape (feature,).
    """

    recurrent: torch.Tensor
    input: torch.Tensor
    bias: torch.Tensor
    encoder: torch.Tensor
    encoder_bias: torch.Tensor
    decoder: torch.Tensor
    decoder_bias: torch.Tensor

    def weights(self) -> dict[str, torch.Tensor]:
        """All weights by name, in the order of the fields."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

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

    def drive(self, u: torch.Tensor) -> torch.Tensor:
        """What an input u (..., feature) and the bias add to the pre-activation, U u + b (..., unit)."""
        # A contiguous transpose halves the time of this product and of its gradient.
        return u @ self.input.T.contiguous() + self.bias


def initial_scale(scale: str | float, leak: float) -> float:
    """Standard deviation of W times √n: a number, or `leak`, which keeps φ(W r) of the order of λ_r r."""
    return max(leak, MINIMAL_SCALE) if scale == "leak" else float(scale)


def initialise(units: int, features: int, scale: float, seed: int, environment: str) -> Network:
    """A network before training; the standard normal draws are shared by all variants of a seed.

    Args:
        units: number of units n.
        features: dimension of the tracked variable.
        scale: standard deviation of W times √n.
        seed: configured seed.
        environment: name of the environment.
    """
    generator = torch.Generator().manual_seed(named_seed(seed, "training", environment, "initial weights"))

    def normal(rows: int, columns: int, deviation: float) -> nn.Parameter:
        return nn.Parameter(torch.randn(rows, columns, generator=generator) * deviation)

    return Network(
        recurrent=normal(units, units, scale / math.sqrt(units)),
        input=normal(units, features, 1 / math.sqrt(features)),
        bias=nn.Parameter(torch.zeros(units)),
        encoder=normal(units, features, 1 / math.sqrt(features)),
        encoder_bias=nn.Parameter(torch.zeros(units)),
        decoder=normal(features, units, 1 / math.sqrt(units)),
        decoder_bias=nn.Parameter(torch.zeros(features)),
    )
