"""How far a path gets with time: the exponent of its root mean square displacement.

Four conventions are in use, in which Brownian motion has 0.5, 1, 1 or 2. Here it is the slope of the logarithm of the
root mean square displacement against that of the lag: Brownian motion has 0.5, straight motion 1, rest 0.
"""

import numpy as np

LAGS = range(2, 11)  # steps over which the exponent is fitted (our choice): longer, and fast replays turn corners
LONG_LAGS = range(5, 21)  # another range, to show what depends on it


def rms_displacement(position: np.ndarray, lengths: np.ndarray, lags: range = LAGS) -> np.ndarray:
    """Root mean square displacement over each lag, shape (lag,), of all windows of all paths; NaN if there are none.

    Args:
        position: shape (path, time, 2), in metres.
        lengths: increments of each path that count, shape (path,).
        lags: steps.
    """
    ends = np.arange(position.shape[1])
    found = []
    for lag in lags:
        square = ((position[:, lag:] - position[:, :-lag]) ** 2).sum(-1)
        counted = ends[lag:] <= lengths[:, None]
        found.append(np.sqrt(square[counted].mean()) if counted.any() else np.nan)
    return np.array(found)


def displacement_exponent_rms(position: np.ndarray, lengths: np.ndarray, lags: range = LAGS) -> float:
    """Exponent α of the root mean square displacement, which grows as lag^α: 0.5 for Brownian motion.

    By least squares on logarithms, every lag alike. Decoding noise flattens short lags and the map's size long ones,
    so a value means something beside that of awake paths decoded alike and fitted over the same lags.

    Args:
        position: shape (path, time, 2), in metres.
        lengths: increments of each path that count, shape (path,).
        lags: steps, at least two.

    Returns:
        The exponent; NaN where a lag has no window or nothing moves.
    """
    rms = rms_displacement(position, lengths, lags)
    if not (rms > 0).all():
        return np.nan
    return float(np.polyfit(np.log(lags), np.log(rms), 1)[0])
