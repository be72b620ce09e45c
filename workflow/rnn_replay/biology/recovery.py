"""Model recovery: which model is found in synthetic paths whose model is known.

The matrix comes before any claim about replay: a share of replays best described by momentum means something only at
lengths, noise and persistence at which planted momentum, and planted diffusion, are found again.
"""

import numpy as np
import pandas as pd

from rnn_replay.biology.path_models import MODELS, covariance, fit
from rnn_replay.seeds import stream

# What is planted: persistence of the velocity, its time constant in steps −1 / ln φ (our choice).
PLANTED = {"stationary": (0.0,), "diffusion": (0.0,), "momentum": (0.4, 0.6, 0.8, 0.95)}
ENOUGH = 0.8  # share on the diagonal that counts as recovered


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
