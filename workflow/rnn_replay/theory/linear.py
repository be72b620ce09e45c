"""Linear drift −κ r: the update rule as a linear map on (r, v, a), and its closed forms.

    v_{t+1} = (1 − λ_v) v_t − κ r_t − a_t + σ η_t,   r_{t+1} = r_t + v_{t+1},
    a_{t+1} = (1 − 1/τ_a) a_t + (b_a/τ_a) r_t

One unit is meant throughout; units with an isotropic drift are independent copies. Derivations: docs/theory.md, §2.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_discrete_lyapunov

PHASES = ("overdamped", "oscillating", "unstable")


class Unstable(ValueError):
    """A linear system without a stationary state."""


def deviation_map(
    stiffness: np.ndarray | float, friction: np.ndarray | float, adaptation_strength: float, adaptation_time: float
) -> np.ndarray:
    """M of z_{t+1} = M z_t for z = (r, v, a) under the drift −κ r, shape (..., 3, 3).

    Args:
        stiffness: κ, real or complex; broadcasts against friction.
        friction: λ_v.
        adaptation_strength: b_a of the form `outside`.
        adaptation_time: τ_a, steps.
    """
    kappa, memory = np.broadcast_arrays(stiffness, 1 - np.asarray(friction))
    maps = np.zeros((*kappa.shape, 3, 3), dtype=np.result_type(kappa, float))
    maps[..., 0, 0], maps[..., 1, 0], maps[..., 2, 0] = 1 - kappa, -kappa, adaptation_strength / adaptation_time
    maps[..., 0, 1] = maps[..., 1, 1] = memory
    maps[..., 0, 2] = maps[..., 1, 2] = -1
    maps[..., 2, 2] = 1 - 1 / adaptation_time
    return maps


@dataclass(frozen=True)
class Linear:
    """A linear system.

    Attributes:
        stiffness: κ, drift towards zero per step.
        friction: λ_v in (0, 1].
        adaptation_strength: b_a ≥ 0.
        adaptation_time: τ_a ≥ 1, steps.
        noise: σ per step.
    """

    stiffness: float
    friction: float
    adaptation_strength: float
    adaptation_time: float
    noise: float

    def matrix(self) -> np.ndarray:
        """M of z_{t+1} = M z_t + n η_t for z = (r, v, a), shape (3, 3)."""
        return deviation_map(self.stiffness, self.friction, self.adaptation_strength, self.adaptation_time)

    def noise_vector(self) -> np.ndarray:
        """n of z_{t+1} = M z_t + n η_t, shape (3,)."""
        return self.noise * np.array([1.0, 1.0, 0.0])

    def spectral_radius(self) -> float:
        """Largest modulus of the modes that r takes part in."""
        return float(np.abs(self.modes()).max())

    def modes(self) -> np.ndarray:
        """Eigenvalues that r takes part in: without adaptation a is a mode of its own, with λ_v = 1 so is v."""
        keep = [0]
        if self.friction < 1:
            keep.append(1)
        if self.adaptation_strength:
            keep.append(2)
        return np.linalg.eigvals(self.matrix()[np.ix_(keep, keep)])

    def phase(self) -> str:
        """`unstable` beyond the boundary, `oscillating` with a complex or negative mode, else `overdamped`."""
        modes = self.modes()
        if np.abs(modes).max() >= 1:
            return "unstable"
        # Modes that meet on the real axis are told apart to 1e-7 only.
        return "oscillating" if (np.abs(modes.imag) > 1e-7).any() or (modes.real < 0).any() else "overdamped"

    def require_stable(self) -> None:
        """Refuse a system without a stationary state.

        Raises:
            Unstable: naming the parameters and the boundary.
        """
        if self.phase() == "unstable":
            raise Unstable(
                f"the linear system with κ = {self.stiffness:g}, λ_v = {self.friction:g}, "
                f"b_a = {self.adaptation_strength:g}, τ_a = {self.adaptation_time:g} is unstable (spectral radius "
                f"{self.spectral_radius():.4f}); allowed: b_a below "
                f"{critical_adaptation(self.stiffness, self.friction, self.adaptation_time):.4g} and "
                f"κ below {2 * (2 - self.friction):g}"
            )

    def covariance(self) -> np.ndarray:
        """Stationary covariance C of (r, v, a): C = M C Mᵀ + n nᵀ, shape (3, 3).

        Raises:
            Unstable: there is no stationary state.
        """
        self.require_stable()
        vector = self.noise_vector()
        return solve_discrete_lyapunov(self.matrix(), np.outer(vector, vector))

    def autocovariance(self, lags: int) -> np.ndarray:
        """Cov(r_{t+s}, r_t) for s = 0 … lags, shape (lags + 1,)."""
        column, matrix, values = self.covariance()[:, 0], self.matrix(), []
        for _ in range(lags + 1):
            values.append(column[0])
            column = matrix @ column
        return np.array(values)

    def autocorrelation_time(self) -> float:
        """Integrated autocorrelation time Σ_s ρ_s over all integer s, σ² / ((κ + b_a)² Var r), in steps."""
        return self.noise**2 / (self.stiffness + self.adaptation_strength) ** 2 / self.covariance()[0, 0]

    def window_variance(self, window: int) -> float:
        """Variance of the sum of r over a window of L steps, L C_0 + 2 Σ_{s<L} (L − s) C_s."""
        c = self.autocovariance(window - 1)
        return float(window * c[0] + 2 * ((window - np.arange(1, window)) * c[1:]).sum())

    def displacement(self, lag: int) -> float:
        """Root mean square of r_{t+lag} − r_t, the linear system's speed times the lag."""
        c = self.autocovariance(lag)
        return float(np.sqrt(2 * (c[0] - c[lag])))


def momentum_variance(stiffness: float, friction: float, noise: float) -> float:
    """Stationary Var r with momentum and without adaptation: r is AR(2).

    Var r = σ² (2 − λ_v) / (λ_v κ (2 (2 − λ_v) − κ)); at λ_v = 1 the AR(1) variance σ² / (κ (2 − κ)); for small
    κ and λ_v the continuous limit σ² / (2 λ_v κ).
    """
    f, k = friction, stiffness
    return noise**2 * (2 - f) / (f * k * (2 * (2 - f) - k))


def critical_adaptation(stiffness: float, friction: float, adaptation_time: float) -> float:
    """Adaptation strength b_a at which the linear system loses stability (Jury's criterion).

    With f = 1 − λ_v and q = 1 − 1/τ_a, the characteristic polynomial z³ + c₂z² + c₁z + c₀ has
    c₀ = −q f, c₂ = κ − 1 − f − q, c₁ = f − q (κ − 1 − f) + b_a/τ_a; a complex pair crosses the unit circle at
    c₁ − c₀ c₂ = 1 − c₀². Below it, κ + b_a > 0 and κ < 2 (1 + f) + (b_a/τ_a)/(1 + q) must hold too.
    """
    f, q = 1 - friction, 1 - 1 / adaptation_time
    c0, c2 = -q * f, stiffness - 1 - f - q
    return adaptation_time * (1 - c0**2 + c0 * c2 - f + q * (stiffness - 1 - f))
