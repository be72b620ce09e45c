"""Gaussian paths: their score changes in time, is hard to estimate, and leaves a leak as its constant part.

Paths s_{t+1} = (1 − θ) s_t + √q ξ_t in d dimensions are embedded in n units by a decoder with orthonormal rows,
r_t = D⁺ s_t + σ ε_t, so r_t ~ N(D⁺ m_t, D⁺ S_t D⁺ᵀ + σ² I). Derivations: docs/theory.md, §1.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from rnn_replay.model.dynamics import Dynamics, State, rest
from rnn_replay.model.replay import simulate
from rnn_replay.seeds import named_seed, stream
from rnn_replay.theory.comparison import mean_and_error, row, table
from rnn_replay.theory.noise import noise


@dataclass(frozen=True)
class Paths:
    """Gaussian paths, alike and independent in every dimension.

    Attributes:
        name: of the process.
        reversion: θ in [0, 1); 0 is Brownian motion.
        step_variance: q, variance of a step.
        start_mean: m_0.
        start_variance: S_0.
    """

    name: str
    reversion: float
    step_variance: float
    start_mean: float
    start_variance: float

    def mean(self, t: np.ndarray) -> np.ndarray:
        """m_t = (1 − θ)^t m_0, same shape as t."""
        return (1 - self.reversion) ** np.asarray(t) * self.start_mean

    def variance(self, t: np.ndarray) -> np.ndarray:
        """S_t = (1 − θ)^2t S_0 + q (1 − (1 − θ)^2t)/(1 − (1 − θ)²), or S_0 + q t, same shape as t."""
        t = np.asarray(t, dtype=float)
        if self.reversion == 0:
            return self.start_variance + self.step_variance * t
        decay = (1 - self.reversion) ** 2
        return decay**t * self.start_variance + self.step_variance * (1 - decay**t) / (1 - decay)


def processes(reversion: float, step_variance: float, start_mean: float) -> list[Paths]:
    """Brownian and Ornstein–Uhlenbeck from a point, and Ornstein–Uhlenbeck from stationarity."""
    stationary = step_variance / (1 - (1 - reversion) ** 2)
    return [
        Paths("brownian", 0.0, step_variance, start_mean, 0.0),
        Paths("ornstein_uhlenbeck_from_point", reversion, step_variance, start_mean, 0.0),
        Paths("ornstein_uhlenbeck_stationary", reversion, step_variance, 0.0, stationary),
    ]


def score_leak(variance: np.ndarray, noise: float) -> np.ndarray:
    """σ² Σ_t⁻¹ along a direction in which the path has variance S_t: σ²/(S_t + σ²); 1 where S_t = 0, off the manifold.

    The drift σ² ∇log p_t(r) = −σ² Σ_t⁻¹ (r − μ_t) pulls r back at this rate.
    """
    return noise**2 / (np.asarray(variance) + noise**2)


def tracking_error(leak: float, path: Paths, noise: float, steps: int) -> np.ndarray:
    """E (r_t − s_t)² per dimension for r_{t+1} = r_t − λ r_t + (s_{t+1} − s_t) + σ η_t, r_0 = s_0; shape (steps + 1,).

    With e = r − s: e_{t+1} = (1 − λ) e_t − λ s_t + σ η_t, a linear map on (e, s) whose moments are iterated.
    """
    keep = 1 - path.reversion
    step = np.array([[1 - leak, -leak], [0, keep]])
    noises = np.diag([noise**2, path.step_variance])
    second = np.diag([0.0, path.start_variance + path.start_mean**2])
    errors = [0.0]
    for _ in range(steps):
        second = step @ second @ step.T + noises
        errors.append(second[0, 0])
    return np.array(errors)


def relative_score_error(dimension: int, samples: int) -> float:
    """E‖ŝ − s‖²/E‖s‖² of the plug-in score −Σ̂⁻¹(r − μ̂) from N samples in n dimensions, r new: exact for any Σ.

    With ν = N − 1, E W⁻¹ = c₁ I and E W⁻² = c₂ I for the whitened W = Σ^{-½} Σ̂ Σ^{-½}, c₁ = ν/(ν − n − 1) and
    c₂ = ν²(ν − 1)/((ν − n)(ν − n − 1)(ν − n − 3)): the error is c₂ (1 + 1/N) − 2 c₁ + 1 ≈ (n + 2)/N
    (moments of the inverse Wishart distribution: D. von Rosen, Scand. J. Stat. 15, 97, 1988).

    Raises:
        ValueError: too few samples for the variance to exist.
    """
    nu, n = samples - 1, dimension
    if nu <= n + 3:
        raise ValueError(f"samples is {samples} in {n} dimensions; allowed: above {n + 4}")
    first = nu / (nu - n - 1)
    second = nu**2 * (nu - 1) / ((nu - n) * (nu - n - 1) * (nu - n - 3))
    return second * (1 + 1 / samples) - 2 * first + 1


def measured_score_error(dimension: int, samples: int, repeats: int, seed: int) -> np.ndarray:
    """Relative error of the plug-in score of N(0, I) in repeated estimations, shape (repeat,).

    It averages over r in closed form: E‖(Σ̂⁻¹ − I) r − Σ̂⁻¹ μ̂‖² = ‖Σ̂⁻¹ − I‖² + ‖Σ̂⁻¹ μ̂‖².
    """
    rng = stream(seed, "theory", "score error", str(dimension), str(samples))
    errors = np.empty(repeats)
    for i in range(repeats):
        drawn = rng.standard_normal((samples, dimension))
        inverse = np.linalg.inv(np.cov(drawn, rowvar=False).reshape(dimension, dimension))
        shift = inverse @ drawn.mean(0)
        errors[i] = (np.square(inverse - np.eye(dimension)).sum() + shift @ shift) / dimension
    return errors


def simulate_paths(path: Paths, noise_level: float, replays: int, steps: int, seed: int) -> np.ndarray:
    """r_t along the manifold and off it, shape (steps + 1, 2, replay): paths made by the project's update rule.

    An Ornstein–Uhlenbeck path is the rule with λ_r = θ, σ = √q and no input; the embedding noise is added after.
    """
    start = path.start_mean + np.sqrt(path.start_variance) * torch.from_numpy(
        stream(seed, "theory", path.name, "start").standard_normal(replays)
    )
    found = np.empty((steps + 1, 2, replays))
    embedding = stream(seed, "theory", path.name, "embedding")

    def observe(t: int, state: State) -> None:
        found[t] = noise_level * embedding.standard_normal((2, replays))
        found[t, 0] += state.r.numpy()

    rule = Dynamics(leak=path.reversion, noise=float(np.sqrt(path.step_variance)), nonlinearity="identity")
    eta = noise(named_seed(seed, "theory", path.name, "steps"), (replays,))
    simulate(torch.zeros_like, rule, rest(start), steps, eta, observe)
    return found


def compare(
    paths: list[Paths], noise_level: float, replays: int, steps: int, times: list[int], seed: int
) -> pd.DataFrame:
    """Mean, variance and score leak of simulated paths against closed form, at some times."""
    rows = []
    for path in paths:
        found = simulate_paths(path, noise_level, replays, steps, seed)
        for t in times:
            along, off = found[t]
            mean, variance = float(path.mean(t)), float(path.variance(t)) + noise_level**2

            def add(quantity: str, sample: np.ndarray, expected: float, path: Paths = path, t: int = t):
                where = (path.name, f"{quantity} at step {t}", 1.0, 0.0)
                rows.append(row(*where, *map(float, mean_and_error(sample)), expected))

            add("mean", along, mean)
            add("variance", (along - mean) ** 2, variance)
            add("variance off the manifold", off**2, noise_level**2)
    return table(rows)


def empirical(tracked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (time, feature) and eigenvalues (time, feature), largest first, of the covariance of paths.

    Args:
        tracked: paths (path, time, feature).
    """
    centred = tracked - tracked.mean(0)
    covariance = np.einsum("pti,ptj->tij", centred, centred) / (len(tracked) - 1)
    return tracked.mean(0), np.linalg.eigvalsh(covariance)[:, ::-1]
