"""How far a path gets with time: the exponent of its root mean square displacement.

Four conventions are in use, in which Brownian motion has 0.5, 1, 1 or 2. Here it is the slope of the logarithm of the
root mean square displacement against that of the lag: Brownian motion has 0.5, straight motion 1, rest 0.

Laboratories differ in what is averaged, over which lags, and from where. Each convention is a function of its own; in
all of them Brownian motion has 0.5.
"""

import numpy as np

from rnn_replay.environments import Map
from rnn_replay.measures.base import dot
from rnn_replay.measures.speed import mean_defined, place_on_track, track_distance

LAGS = range(2, 11)  # steps over which the exponent is fitted (our choice): longer, and fast replays turn corners
LONG_LAGS = range(5, 21)  # another range, to show what depends on it
STELLA_LAGS = range(1, 11)  # Stella et al. 2019, Neuron 102: "over 10 lags"
STELLA_STARTS = range(5)  # steps that their five curves start from, as we read them
JI_LAGS = range(1, 20)  # Ji et al. 2025
KRAUSE_LAGS = range(1, 31)  # Krause & Drugowitsch 2022, Neuron 110, as in their code: 30 time windows


def slope(lags: range, displacement: np.ndarray) -> float:
    """Exponent of displacements (lag,) by least squares on logarithms; NaN where one is NaN or nothing moves."""
    if not (displacement > 0).all():
        return np.nan
    return float(np.polyfit(np.log(lags), np.log(displacement), 1)[0])


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
        moved = position[:, lag:] - position[:, :-lag]
        square = dot(moved, moved)
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
    return slope(lags, rms_displacement(position, lengths, lags))


def stella_exponents(position: np.ndarray, lengths: np.ndarray, starts: range, lags: range = STELLA_LAGS) -> np.ndarray:
    """Exponents by starting step, as in Stella et al.: root mean square over paths of the distance from that step.

    Args:
        position: shape (path, time, 2), in metres.
        lengths: increments of each path that count, shape (path,).
        starts: steps from which distances are taken.
        lags: steps, at least two.

    Returns:
        Shape (start,); NaN where no path is long enough or nothing moves.
    """
    found = []
    for start in starts:
        moved = position[:, start:] - position[:, start : start + 1]
        square = dot(moved, moved)
        enough = [start + lag <= lengths for lag in lags]
        mean = [square[rows, lag].mean() if rows.any() else np.nan for rows, lag in zip(enough, lags, strict=True)]
        found.append(slope(lags, np.sqrt(mean)))
    return np.array(found)


def ji_exponent(position: np.ndarray, lengths: np.ndarray, segments: np.ndarray, lags: range = JI_LAGS) -> float:
    """Exponent as in Ji et al.: mean absolute displacement along the track, of all windows of all paths.

    Args:
        position: shape (path, time, 2), in metres.
        lengths: increments of each path that count, shape (path,).
        segments: of the track, shape (segment, 2 ends, 2).
        lags: steps, at least two.

    Returns:
        The exponent; NaN where a lag has no window or nothing moves.
    """
    places, ends = place_on_track(position, segments), np.arange(position.shape[1])
    found = []
    for lag in lags:
        earlier, later = (tuple(part[:, window] for part in places) for window in (slice(-lag), slice(lag, None)))
        distance = track_distance(later, earlier, segments)[ends[lag:] <= lengths[:, None]]
        found.append(distance.mean() if distance.size else np.nan)
    return slope(lags, np.array(found))


def exponents(position: np.ndarray, lengths: np.ndarray, map: Map) -> dict[str, float]:
    """The exponent by each laboratory's convention, by name; that along a track is NaN in a box.

    Arguments as of :func:`displacement_exponent_rms`, and the map of the environment. `exponent_stella` is the mean
    over starting steps, of which each stands beside it.
    """
    by_start = stella_exponents(position, lengths, STELLA_STARTS)
    return {
        "exponent_stella": mean_defined(by_start),
        **{f"exponent_stella_from_{start}": float(found) for start, found in zip(STELLA_STARTS, by_start, strict=True)},
        "exponent_ji": ji_exponent(position, lengths, map.segments) if map.is_track else np.nan,
        "exponent_krause": krause_exponent(position, lengths),
    }


def shuffled(position: np.ndarray, lengths: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paths (path, time, 2) whose positions up to the increment `lengths` are in random order; later ones stay."""
    key = rng.random(position.shape[:2])
    key[np.arange(position.shape[1]) > lengths[:, None]] = np.inf
    return np.take_along_axis(position, key.argsort(1, kind="stable")[..., None], axis=1)


def krause_exponent(position: np.ndarray, lengths: np.ndarray, lags: range = KRAUSE_LAGS) -> float:
    """Exponent as in Krause & Drugowitsch: root mean square in the plane, of all windows of all paths.

    Arguments as of :func:`displacement_exponent_rms`. They cite Stella et al. for it, but pool starting steps, over
    three times as many lags.
    """
    return displacement_exponent_rms(position, lengths, lags)
