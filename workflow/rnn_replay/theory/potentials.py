"""Potentials with more than one Gaussian well: double well, ring, and a T.

The update rule follows the drift −∇U(r). At λ_v = 1 it is the Euler–Maruyama (unadjusted Langevin) map, whose
continuous limit samples exp(−U/T) at the temperature T = σ²/2. All three potentials are our choice.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from scipy.integrate import quad


@dataclass(frozen=True)
class DoubleWell:
    """U(r) = h (r² − 1)²: wells at ±1, a barrier of height h at 0.

    Attributes:
        barrier: h.
    """

    barrier: float

    def energy(self, r: torch.Tensor) -> torch.Tensor:
        """U, same shape as r."""
        return self.barrier * (r.square() - 1).square()

    def drift(self, r: torch.Tensor) -> torch.Tensor:
        """−U′(r), same shape as r."""
        return -4 * self.barrier * r * (r.square() - 1)


@dataclass(frozen=True)
class Ring:
    """U(r) = h (|r|² − 1)² in the plane: a circle of radius 1 on which r diffuses freely.

    Attributes:
        barrier: h, the height of the centre.
    """

    barrier: float

    def energy(self, r: torch.Tensor) -> torch.Tensor:
        """U (...) of states (..., 2)."""
        return self.barrier * (r.square().sum(-1) - 1).square()

    def drift(self, r: torch.Tensor) -> torch.Tensor:
        """−∇U (..., 2) of states (..., 2)."""
        return -4 * self.barrier * r * (r.square().sum(-1, keepdim=True) - 1)


@dataclass(frozen=True)
class Tee:
    """U(r) = −T log p(r), with p a mixture of equal Gaussians along a T: its drift is T times the score of p.

    The stem runs from (0, −0.6) to (0, 0.6), the arms from there to (±1, 0.6), as in the T-maze.

    Attributes:
        temperature: T.
        width: standard deviation of each Gaussian.
        spacing: distance between their centres.
    """

    temperature: float
    width: float
    spacing: float

    @cached_property
    def centres(self) -> torch.Tensor:
        """Centres of the Gaussians, shape (centre, 2)."""
        arm, stem = round(1 / self.spacing), round(1.2 / self.spacing)
        across = [(x, 0.6) for x in np.linspace(-1, 1, 2 * arm + 1)]
        along = [(0.0, y) for y in np.linspace(-0.6, 0.6, stem + 1)[:-1]]
        return torch.tensor(across + along, dtype=torch.float64)

    def exponents(self, r: torch.Tensor) -> torch.Tensor:
        """−|r − c|²/2w² (..., centre), less the part that all centres share, −|r|²/2w²."""
        centres = self.centres
        return (r @ centres.T - centres.square().sum(-1) / 2) / self.width**2

    def energy(self, r: torch.Tensor) -> torch.Tensor:
        """U (...) of states (..., 2), up to a constant."""
        log_density = torch.logsumexp(self.exponents(r), -1) - r.square().sum(-1) / (2 * self.width**2)
        return -self.temperature * log_density

    def drift(self, r: torch.Tensor) -> torch.Tensor:
        """−∇U (..., 2) of states (..., 2): towards the mean of the centres as they are seen from r."""
        return (self.exponents(r).softmax(-1) @ self.centres - r) * (self.temperature / self.width**2)


def overdamped_passage(well: DoubleWell, temperature: float, start: float, goal: float) -> float:
    """Mean first-passage time of the overdamped continuous limit, in steps at mobility 1.

    ∫_start^goal dy exp(U(y)/T)/T ∫_−∞^y dz exp(−U(z)/T); C. W. Gardiner, Stochastic Methods, §5.5.
    """

    def weight(z: float, sign: float) -> float:
        return np.exp(sign * well.barrier * (z * z - 1) ** 2 / temperature)

    def inner(y: float) -> float:
        return quad(weight, -4, y, args=(-1,), points=[-1])[0]

    return quad(lambda y: weight(y, 1) * inner(y), start, goal)[0] / temperature


def kramers_rate(well: DoubleWell, temperature: float, friction: np.ndarray) -> np.ndarray:
    """Kramers' rate over the barrier for moderate to strong friction and T far below h, per step.

    (√(γ²/4 + ω_b²) − γ/2)/ω_b · ω_0/2π · exp(−h/T) with γ = λ_v, ω_0² = U″(±1) = 8h, ω_b² = −U″(0) = 4h;
    H. A. Kramers, Physica 7, 284 (1940).
    """
    bottom, top = np.sqrt(8 * well.barrier), np.sqrt(4 * well.barrier)
    crossing = (np.sqrt(friction**2 / 4 + top**2) - friction / 2) / top
    return crossing * bottom / (2 * np.pi) * np.exp(-well.barrier / temperature)
