"""Which of three models describes a decoded path best: stationary, diffusion or momentum, by BIC.

A decoded position is a latent position plus decoding noise, independent from step to step. The latent position stays
(stationary), makes independent steps (diffusion) or steps that persist as v_t = φ v_{t−1} + noise (momentum). The
increments of the decoded path are then Gaussian with the covariance s² [(1 − w) φ^|j−k| + w M], where w is the share
of their variance that is decoding noise and M is 1 on the diagonal and −1/2 beside it: w = 1 is stationary, φ = 0 is
diffusion. So the likelihood is exact, free of the unknown starting point, and all three models are one family.
Without the noise term, jitter would be taken for (negative) momentum: AR(2) beats AR(1) on any noisy diffusion.

The models are those of Krause & Drugowitsch (2022), Neuron 110, who compare them on spikes and not on decoded
positions.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.linalg import cholesky, solve_triangular, toeplitz
from scipy.linalg.blas import dtrmm

MODELS = ("stationary", "diffusion", "momentum")
PARAMETERS = {"stationary": 1, "diffusion": 2, "momentum": 3}  # s²; and w; and φ
NOISE_SHARES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)  # of the grid (our choice)
PERSISTENCES = (0.2, 0.4, 0.55, 0.7, 0.8, 0.87, 0.92, 0.96, 0.985)  # likewise
SHORTEST = 20  # increments; shorter paths are given no model (our choice, see recovery)


def covariance(increments: int, noise_share: float, persistence: float) -> np.ndarray:
    """Covariance of increments over their variance, shape (increments, increments).

    Args:
        increments: number of increments of a path.
        noise_share: w, share of their variance that is decoding noise.
        persistence: φ, 0 for diffusion.
    """
    signal = persistence ** np.arange(increments) if persistence else np.eye(1, increments)[0]
    noise = np.zeros(increments)
    noise[:2] = (1.0, -0.5)[:increments]
    return toeplitz((1 - noise_share) * signal + noise_share * noise)


@lru_cache(maxsize=4)
def whiteners(increments: int) -> tuple[list[tuple[str, float, float]], np.ndarray, np.ndarray]:
    """Every point of the grid of models: its name, w and φ; the matrix that whitens; the log determinants.

    The matrix is the inverse of a Cholesky factor, whose first rows whiten a shorter path.

    Returns:
        Points; matrices of shape (point, increments, increments); sums of the logarithms of the factor's diagonal
        up to each increment, shape (point, increments).
    """
    points = [("stationary", 1.0, 0.0)]
    points += [("diffusion", w, 0.0) for w in NOISE_SHARES]
    points += [("momentum", w, p) for p in PERSISTENCES for w in NOISE_SHARES]
    factors = [cholesky(covariance(increments, w, p), lower=True) for _, w, p in points]
    inverses = [solve_triangular(factor, np.eye(increments), lower=True) for factor in factors]
    logarithms = [np.log(np.diag(factor)).cumsum() for factor in factors]
    return points, np.stack(inverses), np.stack(logarithms)


@dataclass(frozen=True)
class Fits:
    """What each model says of each path; NaN, and no best model, for paths shorter than SHORTEST.

    Attributes:
        bic: Bayesian information criterion, less is better, shape (path, model).
        best: index in MODELS, −1 where there is none, shape (path,).
        noise_share, persistence: w and φ of each model, shape (path, model).
        scale: standard deviation s of the increments in each model, in metres, shape (path, model).
    """

    bic: np.ndarray
    best: np.ndarray
    noise_share: np.ndarray
    persistence: np.ndarray
    scale: np.ndarray


def fit(position: np.ndarray, lengths: np.ndarray | None = None) -> Fits:
    """Fit the three models to paths, by exact likelihood over a grid of w and φ.

    A path that never moves is stationary.

    Args:
        position: decoded paths, shape (path, time, 2), in metres.
        lengths: increments of each path that count, shape (path,); all if left out.

    Raises:
        ValueError: positions are not finite.
    """
    if not np.isfinite(position).all():
        raise ValueError(f"positions of {(~np.isfinite(position)).sum()} entries are not finite; allowed: finite")
    paths, times, space = position.shape
    increments = np.diff(position.astype(float), axis=1)
    lengths = np.full(paths, times - 1) if lengths is None else np.asarray(lengths)
    counted = np.arange(times - 1) < lengths[:, None]
    known = lengths >= SHORTEST
    rows, values = np.flatnonzero(known), lengths[known]
    points, inverses, logarithms = whiteners(times - 1)
    flat = increments[known].transpose(2, 0, 1).reshape(-1, times - 1)  # paths in one coordinate, then in the next
    samples, weights = space * values, counted[known].T.astype(float)
    likelihood, variance = np.empty((len(points), len(rows))), np.empty((len(points), len(rows)))
    for i, (inverse, logarithm) in enumerate(zip(inverses, logarithms, strict=True)):
        white = dtrmm(1.0, inverse.T, flat, side=1).T  # inverse @ flat.T, of which half is zeros
        square = ((white**2).reshape(times - 1, space, len(rows)).sum(1) * weights).sum(0) / samples
        variance[i] = np.maximum(square, np.finfo(float).tiny)
        likelihood[i] = -samples / 2 * (np.log(2 * np.pi * variance[i]) + 1) - space * logarithm[values - 1]
    bic, noise_share, persistence, scale = np.full((4, paths, len(MODELS)), np.nan)
    for m, model in enumerate(MODELS):
        of_model = [i for i, point in enumerate(points) if point[0] == model]
        top = np.array(of_model)[likelihood[of_model].argmax(0)] if len(rows) else np.array([], dtype=int)
        bic[rows, m] = PARAMETERS[model] * np.log(samples) - 2 * likelihood[top, np.arange(len(rows))]
        scale[rows, m] = np.sqrt(variance[top, np.arange(len(rows))])
        noise_share[rows, m] = [points[i][1] for i in top]
        persistence[rows, m] = [points[i][2] for i in top]
    best = np.full(paths, -1)
    best[rows] = bic[rows].argmin(-1)
    still = (np.where(counted[..., None], increments, 0) == 0).all((1, 2)) & known
    best[still] = MODELS.index("stationary")
    return Fits(bic, best, noise_share, persistence, scale)


def shares(fits: Fits) -> dict[str, float]:
    """Share of the paths with a best model that each model describes best; NaN if there are none."""
    kept = fits.best[fits.best >= 0]
    return {name: float((kept == m).mean()) if len(kept) else np.nan for m, name in enumerate(MODELS)}
