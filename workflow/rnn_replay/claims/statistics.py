"""Intervals over seeds that hold their level at few seeds, and what may be concluded from them.

A seed is the unit: its own paths, weights and noise. Its replays are averaged first, and two settings are compared
by the differences within seeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from scipy import stats

from rnn_replay.seeds import stream

DECIDED = ("supported", "contradicted")
FLIPPED = 16  # seeds up to which every pattern of signs is tried; beyond, 2^16 are drawn (our choice)
SUBSETS = 200  # subsets of seeds that an interval's width is averaged over, at most (our choice)


@dataclass(frozen=True)
class Interval:
    """An estimate of a mean with its interval, in the unit of the values."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate(Interval):
    """The same over seeds, with the number of seeds that it rests on and of those that have no value."""

    seeds: int
    seeds_missing: int


def checked(values: np.ndarray) -> np.ndarray:
    """Values of seeds, shape (seed,), as floats.

    Raises:
        ValueError: fewer than two values, or one that is not finite.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"values have shape {values.shape}; allowed: one value for each of at least 2 seeds")
    if not np.isfinite(values).all():
        raise ValueError(f"values of {(~np.isfinite(values)).sum()} seeds are not finite; allowed: finite values")
    return values


def standard_error(values: np.ndarray) -> np.ndarray:
    """Standard error of the mean of values (..., seed), shape (...)."""
    return values.std(-1, ddof=1) / np.sqrt(values.shape[-1])


def skewness_of(values: np.ndarray) -> float:
    """Third standardised moment of values (seed,) that are not all alike."""
    return float(((values - values.mean()) ** 3).mean() / values.std() ** 3)


def unskewed(distance: float, skewness: float, count: int) -> float:
    """Hall's transformation of distances of a mean from a bound, in standard deviations, whose skewness it removes.

    Without skewness it changes nothing. It rises up to where it lies flat, three standard deviations over the skewness
    away; what is farther is as far as can be.

    Source: Hall (1992), On the removal of skewness by transformation, J. Royal Statistical Society B 54.
    """
    if skewness * distance <= -3:
        return float(np.copysign(np.inf, distance))
    return distance + skewness * distance**2 / 3 + skewness**2 * distance**3 / 27 + skewness / (6 * count)


def skewed(transformed: np.ndarray, skewness: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The distances of which :func:`unskewed` makes these, of arrays that broadcast."""
    flat = np.abs(skewness) < 1e-9
    safe = np.where(flat, 1.0, skewness)
    root = np.cbrt(np.maximum(1 + safe * (transformed - safe / (6 * count)), 0))
    return np.where(flat, transformed, 3 * (root - 1) / safe)


def reaches(half: np.ndarray, skewness: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far :func:`mean_interval` reaches below and above a mean, in standard deviations, from half of Student's."""
    return np.maximum(half, skewed(half, skewness, count)), np.maximum(half, -skewed(-half, skewness, count))


def mean_interval(values: np.ndarray, level: float) -> Interval:
    """Interval of a mean: on each side the wider of Student's and of the same after Hall's transformation.

    Student's holds its level where differences are symmetric, heavy tails included. Where they are skewed it decides
    too often, and the transformed one alone does where they are not (docs/concepts.md has the rates of both).

    Args:
        values: one (difference) per seed, shape (seed,).
        level: share of repetitions that the interval is to hold the mean in, as 0.95.

    Raises:
        ValueError: fewer than two values, or one that is not finite.
    """
    values = checked(values)
    mean, sd, count = values.mean(), values.std(ddof=1), len(values)
    if sd == 0:
        return Interval(mean, mean, mean)
    half = stats.t.ppf((1 + level) / 2, count - 1) / np.sqrt(count)
    below, above = reaches(half, skewness_of(values), count)
    return Interval(mean, mean - sd * below, mean + sd * above)


def over_seeds(values: Sequence[float], level: float) -> Estimate:
    """Mean of the seeds that have a value, with :func:`mean_interval`, and the number of those that have none.

    Args:
        values: one (difference) per seed, shape (seed,), NaN where a seed has none.
        level: as in :func:`mean_interval`.

    Returns:
        The ends are NaN for fewer than two values, and the mean too for none.
    """
    values = np.asarray(values, dtype=float)
    known = values[np.isfinite(values)]
    counts = (len(known), len(values) - len(known))
    if len(known) > 1:
        interval = mean_interval(known, level)
        return Estimate(float(interval.estimate), float(interval.low), float(interval.high), *counts)
    return Estimate(float(known[0]) if len(known) else np.nan, np.nan, np.nan, *counts)


def p_value(values: np.ndarray, bounds: tuple[float, ...]) -> float:
    """Two-sided p value of a mean against the nearest of some bounds.

    It is 1 − level of the widest :func:`mean_interval` that leaves all bounds out.

    Args:
        values: one per seed, shape (seed,).
        bounds: values of the mean that a conclusion has to exclude.
    """
    values = checked(values)
    distance, sd, count = min((values.mean() - bound for bound in bounds), key=abs), values.std(ddof=1), len(values)
    if sd == 0:
        return float(distance == 0)
    away = np.sign(distance) * np.array([distance / sd, unskewed(distance / sd, skewness_of(values), count)])
    return float(min(2 * stats.t.sf(away * np.sqrt(count), count - 1).max(), 1.0))


@lru_cache(maxsize=2)
def patterns(count: int) -> np.ndarray:
    """Patterns of signs of a number of seeds, shape (pattern, seed): all of them, or the first and drawn ones."""
    if count <= FLIPPED:
        return 1.0 - 2.0 * (np.arange(2**count)[:, None] >> np.arange(count) & 1)
    drawn = stream(0, "statistics", "signs", str(count)).choice([-1.0, 1.0], (2**FLIPPED, count))
    drawn[0] = 1
    return drawn


def sign_flip_p(values: np.ndarray, bounds: tuple[float, ...]) -> float:
    """Two-sided p value of the sign-flip test of a mean against the nearest of some bounds.

    Under the null hypothesis a seed's deviation from the bound is as likely with the other sign, whatever its
    distribution: the p value is the share of patterns of signs whose mean is as far from 0. Its least value is
    2 / 2^seeds, so Holm's correction over 24 rows needs ten seeds.

    Args:
        values: one per seed, shape (seed,).
        bounds: values of the mean that a conclusion has to exclude.
    """
    values = checked(values)
    deviation = values - min(bounds, key=lambda bound: abs(values.mean() - bound))
    far = np.abs(patterns(len(values)) @ deviation)
    return float((far >= far[0] * (1 - 1e-9)).mean())


def holm(p: np.ndarray) -> np.ndarray:
    """p values (test,) adjusted so that their family's error rate holds under any dependence.

    Source: Holm (1979), A simple sequentially rejective multiple test procedure, Scand. J. Statistics 6.
    """
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    result = np.empty(len(p))
    result[order] = np.minimum(adjusted, 1)
    return result


def any_false(tests: int, level: float) -> float:
    """Chance that at least one of some independent tests is decided though no effect exists (Šidák)."""
    return 1 - level**tests


def conclusion(interval: Interval, expects: str, bounds: tuple[float, ...]) -> str:
    """What an interval says about a claim: `supported`, `contradicted` or `inconclusive`.

    Args:
        interval: of the contrast.
        expects: `greater` or `less` than the bound, `kept` (greater too), or `none` or `within` the two bounds.
        bounds: one value, or for `none` and `within` the lower and the upper one.

    Raises:
        ValueError: `expects` is none of these.
    """
    if expects in ("none", "within"):
        low, high = bounds
        inside = low < interval.low and interval.high < high
        outside = interval.high < low or high < interval.low
        return "supported" if inside else "contradicted" if outside else "inconclusive"
    if expects not in ("greater", "less", "kept"):
        raise ValueError(f"expects is '{expects}'; allowed: greater, less, kept, none, within")
    above, below = interval.low > bounds[0], interval.high < bounds[0]
    if not (above or below):
        return "inconclusive"
    return "supported" if below == (expects == "less") else "contradicted"


def subsets(values: np.ndarray, count: int) -> np.ndarray:
    """Subsets of `count` of the values (seed,), shape (subset, count): all of them, or SUBSETS drawn at random."""
    if comb(len(values), count) <= SUBSETS:
        return values[np.array(list(combinations(range(len(values)), count)))]
    rng = stream(0, "statistics", "subsets", str(count))
    return rng.permuted(np.tile(values, (SUBSETS, 1)), axis=-1)[:, :count]


def width_by_seeds(values: np.ndarray, level: float, counts: list[int]) -> np.ndarray:
    """Width of Student's interval against the number of seeds (question R1), shape (count,).

    Up to the number of values it is the mean over subsets of the seeds; beyond, what the standard deviation of all
    seeds lets one expect of more.

    Args:
        values: one (difference) per seed, shape (seed,).
        level: of the interval.
        counts: numbers of seeds, at least 2.
    """
    values = checked(values)
    widths = []
    for count in counts:
        known = count <= len(values)
        error = standard_error(subsets(values, count)).mean() if known else values.std(ddof=1) / np.sqrt(count)
        widths.append(2 * stats.t.ppf((1 + level) / 2, count - 1) * error)
    return np.array(widths)
