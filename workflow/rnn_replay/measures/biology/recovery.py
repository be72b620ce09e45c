"""Model recovery: which model is found in synthetic paths whose model is known.

The matrix comes before any claim about replay: a share of replays best described by momentum means something only at
lengths, noise and persistence at which planted momentum, and planted diffusion, are found again.
"""

import numpy as np
import pandas as pd

from rnn_replay.measures.biology.path_models import MODELS, Fits, covariance, fit
from rnn_replay.seeds import stream

# What is planted: persistence of the velocity, its time constant in steps −1 / ln φ (our choice).
PLANTED = {"stationary": (0.0,), "diffusion": (0.0,), "momentum": (0.4, 0.6, 0.8, 0.95)}
ENOUGH = 0.8  # share on the diagonal that counts as recovered
LEAST_TOLD = 0.5  # by which what is found has to depend on what is planted, for it to be undone (our choice)


def synthetic(
    model: str,
    paths: int,
    increments: int,
    noise_share: float,
    persistence: float,
    lattice: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Decoded positions of a known model with steps of unit root mean square per axis, shape (path, time, 2).

    Args:
        model: one of MODELS; `stationary` is decoding noise alone.
        paths, increments: how many, and how long.
        noise_share: share of the variance of the decoded increments that is decoding noise.
        persistence: φ of `momentum`.
        lattice: spacing of the bins that positions are rounded to, in root mean square steps; 0 for none.
        rng: draws.
    """
    w = 1.0 if model == "stationary" else noise_share
    factor = np.linalg.cholesky(covariance(increments, w, persistence if model == "momentum" else 0.0))
    steps = np.einsum("ij,pjs->pis", factor, rng.standard_normal((paths, increments, 2)))
    start = rng.uniform(0, max(lattice, 1), (paths, 1, 2))
    position = np.concatenate([start, start + np.cumsum(steps, axis=1)], axis=1)
    return np.round(position / lattice) * lattice if lattice else position


def recovery(lengths: list[int], noise_shares: list[float], lattices: list[float], paths: int, seed: int):
    """Shares of synthetic paths that each model is found in, by what was planted.

    Args:
        lengths: increments of a path.
        noise_shares: of the planted diffusion and momentum.
        lattices: spacing of bins, in root mean square steps per axis.
        paths: of each kind.
        seed: keys the draws.

    Returns:
        Table with the columns increments, noise_share, lattice, planted, persistence, found, share, paths.
    """
    rows = []
    for increments in lengths:
        for noise_share in noise_shares:
            for lattice in lattices:
                for planted, persistences in PLANTED.items():
                    for persistence in persistences:
                        key = (increments, noise_share, lattice, planted, persistence)
                        rng = stream(seed, "recovery", *map(str, key))
                        position = synthetic(planted, paths, increments, noise_share, persistence, lattice, rng)
                        found = fit(position).best
                        rows += [(*key, name, float((found == m).mean()), paths) for m, name in enumerate(MODELS)]
    keys = ["increments", "noise_share", "lattice", "planted", "persistence", "found", "share", "paths"]
    return pd.DataFrame(rows, columns=keys)


def unmixed(momentum: float, diffusion: float, momentum_found: float, diffusion_found: float) -> float:
    """Share of momentum before momentum and diffusion were taken for one another.

    Args:
        momentum, diffusion: shares that were found.
        momentum_found, diffusion_found: shares of planted paths that are found again; the rest reads as the other.

    Returns:
        Between 0 and the sum of both shares; NaN where what is found hardly depends on what is planted.
    """
    both, told = momentum + diffusion, momentum_found + diffusion_found - 1
    return float(np.clip((momentum - (1 - diffusion_found) * both) / told, 0, both)) if told >= LEAST_TOLD else np.nan


def known(fits: Fits) -> Fits:
    """Fits of those paths that have a best model."""
    return Fits(*(part[fits.best >= 0] for part in vars(fits).values()))


def replanted(fits: Fits, model: str, increments: int, spacing: float, rng: np.random.Generator) -> np.ndarray:
    """Synthetic paths, one for each fitted path, of a model with the parameters that it has in that path.

    Args:
        fits: of paths, each with a best model.
        model: that is planted, one of MODELS.
        increments: length of all paths.
        spacing: of the bins that positions are rounded to, in metres; 0 for none.
        rng: draws.

    Returns:
        Positions, shape (path, increments + 1, 2), in metres.
    """
    m = MODELS.index(model)
    draws = rng.standard_normal((len(fits.best), increments, 2))
    steps = np.empty_like(draws)
    parameters = np.stack([fits.noise_share[:, m], fits.persistence[:, m]], axis=1)
    for noise_share, persistence in np.unique(parameters, axis=0):
        rows = (parameters == (noise_share, persistence)).all(1)
        factor = np.linalg.cholesky(covariance(increments, noise_share, persistence))
        steps[rows] = np.einsum("ij,pjs->pis", factor, draws[rows])
    steps *= fits.scale[:, m, None, None]
    start = rng.uniform(0, spacing or 1, (len(steps), 1, 2))
    position = np.concatenate([start, start + np.cumsum(steps, axis=1)], axis=1)
    return np.round(position / spacing) * spacing if spacing else position


def recovered(fits: Fits, lengths: np.ndarray, increments: int, spacing: float, rng: np.random.Generator):
    """Share of paths in which each model is found again, at the lengths and parameters of real paths, by model.

    Of the model of momentum this is what its share can reach at most, were all paths momentum as it fits them; one less
    that of diffusion is the share of momentum that would be found if all were diffusion.

    Args:
        fits: of the real paths.
        lengths: increments of each that count, shape (path,).
        increments: of the longest.
        spacing: as in :func:`replanted`.
        rng: draws.
    """
    kept = fits.best >= 0
    if not kept.any():
        return dict.fromkeys(MODELS, np.nan)
    some = known(fits)
    found = {}
    for m, model in enumerate(MODELS):
        again = fit(replanted(some, model, increments, spacing, rng), lengths[kept]).best
        found[model] = float((again == m).mean())
    return found
