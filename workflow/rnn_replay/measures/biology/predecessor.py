"""The measures of the predecessor paper, on the same replays, so that both papers can stand in one table.

Krishna, Bredenberg, Levenstein, Richards & Lajoie (2024), Sufficient conditions for offline reactivation in recurrent
neural networks, ICLR; defined by their code, github.com/nandahkrishna/RNNReactivation. Written anew here: densities
are of at most POINTS positions, so the divergence is not comparable with the numbers in their paper, where all count.
The variance is of a replay's second half, since their replays are longer. Their code also adds uniform noise of mean ½
to the recurrence; the noise here has mean zero.
"""

import numpy as np
from scipy.stats import gaussian_kde

from rnn_replay.measures.base import norm

POINTS = 2000  # positions in a density, and draws of the Monte Carlo estimate (theirs: all, and 2500)
LIMIT = 1e7  # a ratio of densities is cut at this and its inverse, as theirs


def density(position: np.ndarray, rng: np.random.Generator) -> gaussian_kde | None:
    """Gaussian kernel density of positions (path, time, 2), by Scott's rule; None if they lie on a line or point."""
    points = position.reshape(-1, position.shape[-1]).astype(float)
    if len(points) > POINTS:
        points = points[rng.choice(len(points), POINTS, replace=False)]
    if np.linalg.matrix_rank(np.cov(points.T)) < points.shape[1]:
        return None
    return gaussian_kde(points.T)


def kl_divergence(replay: np.ndarray, awake: np.ndarray, rng: np.random.Generator) -> float:
    """Divergence KL(replay ‖ awake) of position densities, in nats; 0 where they agree, NaN where one has none.

    Its direction punishes replay where behaviour never is, and not behaviour that is never replayed.

    Args:
        replay, awake: positions, each of shape (path, time, 2), in metres.
        rng: draws positions.
    """
    quiescent, active = density(replay, rng), density(awake, rng)
    if quiescent is None or active is None:
        return np.nan
    points = quiescent.resample(POINTS, seed=rng)
    with np.errstate(divide="ignore", over="ignore"):  # a density may underflow, which the limit takes care of
        ratio = np.clip(quiescent(points) / active(points), 1 / LIMIT, LIMIT)
    return float(np.log(ratio).mean())


def output_variance(position: np.ndarray) -> float:
    """Variance of position within the second half of a path, summed over space, mean over paths, in m².

    Args:
        position: shape (path, time, 2), in metres.
    """
    return float(position[:, position.shape[1] // 2 :].astype(float).var(1, ddof=1).sum(-1).mean())


def step_distance(position: np.ndarray) -> float:
    """Mean distance between successive positions, in metres; mostly decoding jitter where steps are short.

    Args:
        position: shape (path, time, 2), in metres.
    """
    return float(norm(np.diff(position.astype(float), axis=1)).mean())
