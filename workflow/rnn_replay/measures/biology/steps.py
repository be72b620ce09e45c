"""Hover and jump: whether a path rests and leaps more than a Gaussian path of the same spectrum.

Pfeiffer & Foster (2015), Science 349, saw replay dwell at a place and then jump. Two statistics of displacements over
STEP steps tell that: the share of short ones, and the heaviness of the tails. Neither has an absolute scale on a track,
so each stands beside its null: the same path with its Fourier phases drawn at random, alike for both coordinates
(Prichard & Theiler 1994, Phys. Rev. Lett. 73), which keeps variances, persistence, jitter and direction, and
makes the steps Gaussian.
"""

import numpy as np

from rnn_replay.measures.base import norm

STEP = 5  # steps of one displacement, above decoding jitter (our choice)
SPELL = 3  # displacements in a row that are a spell of hovering (our choice)
SHORT = 0.5  # of a path's own mean displacement: shorter ones hover (our choice)


def phase_randomised(position: np.ndarray, lengths: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Surrogates of paths: increments with their spectrum and cross-spectrum, but random phases.

    Args:
        position: shape (path, time, 2).
        lengths: increments of each path that are randomised, shape (path,); later ones stay as they are.
        rng: draws phases.

    Returns:
        Surrogates that start where the paths do and end their randomised part where the paths do, of the same shape.
    """
    increments = np.diff(position.astype(float), axis=1)
    for length in np.unique(lengths):
        (rows,) = np.nonzero(lengths == length)
        spectrum = np.fft.rfft(increments[rows, :length], axis=1)
        turns = np.exp(2j * np.pi * rng.random((len(rows), spectrum.shape[1], 1)))
        turns[:, 0] = 1
        if length % 2 == 0:
            turns[:, -1] = 1  # a real value there
        increments[rows, :length] = np.fft.irfft(spectrum * turns, n=length, axis=1)
    return np.concatenate([position[:, :1], position[:, :1] + np.cumsum(increments, axis=1)], axis=1)


def displacements(position: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """Displacements over STEP steps of each path, side by side, each of shape (window, 2), over the path's own mean.

    Paths without motion, and those too short for two displacements, are left out.
    """
    found = []
    for path, length in zip(position.astype(float), lengths, strict=True):
        moved = np.diff(path[: length + 1 : STEP], axis=0)
        mean = norm(moved).mean() if len(moved) > 1 else 0
        if mean > 0:
            found.append(moved / mean)
    return found


def hover_share(position: np.ndarray, lengths: np.ndarray) -> float:
    """Share of displacements over STEP steps that are shorter than SHORT of their path's mean; NaN if there are none.

    0.18 for Gaussian diffusion in the plane and 0.31 on a line.

    Args:
        position: shape (path, time, 2), in metres.
        lengths: increments of each path that count, shape (path,).
    """
    found = displacements(position, lengths)
    if not found:
        return np.nan
    return float((norm(np.concatenate(found)) < SHORT).mean())


def mixed_share(position: np.ndarray, lengths: np.ndarray) -> float:
    """Share of moving paths that hover for a while and move: SPELL displacements in a row are short, and not all are.

    Arguments as of :func:`hover_share`; NaN if no path moves.
    """
    found = displacements(position, lengths)
    if not found:
        return np.nan
    short = [norm(moved) < SHORT for moved in found]
    return float(np.mean([np.convolve(path, np.ones(SPELL)).max() >= SPELL for path in short]))


def jump_kurtosis(position: np.ndarray, lengths: np.ndarray) -> float:
    """Excess kurtosis of the components of displacements over STEP steps; NaN if there are none.

    0 for Gaussian steps, above for rest and leaps, below where every step has the same length.
    """
    found = displacements(position, lengths)
    if not found:
        return np.nan
    moved = np.concatenate(found)
    moved = moved - moved.mean(0)
    variance = (moved**2).mean(0)
    kept = variance > 0
    return float(((moved[:, kept] ** 4).mean(0) / variance[kept] ** 2).mean() - 3)
