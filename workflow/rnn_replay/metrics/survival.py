"""Arrival as survival: the share of replays that have not arrived, with those cut short as censored.

Kaplan & Meier (1958). Durations are whole steps, so a few array operations do what a library would.
"""

import numpy as np


def kaplan_meier(duration: np.ndarray, observed: np.ndarray, horizon: int) -> np.ndarray:
    """Share that has not arrived after 0 … horizon steps, shape (horizon + 1,).

    Args:
        duration: steps to arrival or to the end of observation, shape (replay,), integers.
        observed: True where the replay arrived, False where it was cut short (censored), shape (replay,).
        horizon: last step of the curve.

    Raises:
        ValueError: no durations, a negative one, or shapes that differ.
    """
    duration, observed = np.asarray(duration), np.asarray(observed, dtype=bool)
    if duration.shape != observed.shape or duration.ndim != 1 or len(duration) == 0:
        raise ValueError(f"duration has shape {duration.shape} and observed {observed.shape}; both must be (replay,)")
    if duration.min() < 0:
        raise ValueError(f"duration is {duration.min()}; it must not be negative")
    length = max(horizon, duration.max()) + 1
    arrived = np.bincount(duration[observed], minlength=length)
    left = np.bincount(duration, minlength=length)
    at_risk = len(duration) - np.concatenate([[0], np.cumsum(left)[:-1]])
    hazard = arrived / np.maximum(at_risk, 1)
    # Nothing is known once all are censored: the curve stays where it was.
    return np.cumprod(1 - hazard)[: horizon + 1]


def restricted_mean(survival: np.ndarray) -> float:
    """Mean of min(duration, horizon) in steps: the area under a survival curve (horizon + 1,)."""
    return float(survival[:-1].sum())
