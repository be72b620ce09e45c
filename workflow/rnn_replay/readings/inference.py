"""What follows from all readings of a claim at once: verdicts, a joint test by flips of sign, and the deciding axes.

The seed is the unit. Under the null hypothesis a seed's two sides could have been exchanged, in all readings at once,
since they share its paths, weights and noise: so the signs of a seed's differences are flipped in all readings
together, which keeps whatever readings have in common (Nichols & Holmes 2002; Simonsohn, Simmons & Nelson 2020 for
specification curves).
"""

from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from rnn_replay.claims.statistics import reaches
from rnn_replay.seeds import stream

EXACT = 12  # seeds up to which all flips are taken
DRAWN = 4095  # flips drawn beyond that, beside none at all
BAND = 0.95  # of the null hypothesis's curves
VERDICTS = ("supported", "contradicted", "undecided")


def differences(treatment: np.ndarray, baseline: np.ndarray, sign: np.ndarray, share: float) -> np.ndarray:
    """Differences of seeds in units of the mean size of both sides, positive where they support the claim.

    Args:
        treatment, baseline: values, shape (seed, reading), NaN where a seed has none.
        sign: of the claim's expectation, shape (reading,).
        share: of the baseline that the treatment is held against: 1, or less where a loss may be.

    Returns:
        Shape (seed, reading), between −2 and 2 on average over seeds; 0 where both sides are 0.
    """
    size = (np.abs(treatment) + np.abs(baseline)) / 2
    known = np.isfinite(size)
    mean = np.where(known, size, 0).sum(0) / np.maximum(known.sum(0), 1)
    found = sign * (treatment - share * baseline) / np.where(mean > 0, mean, 1)
    return np.where(known, found, np.nan)


class Flips:
    """Mean and interval of readings under flips of sign of seeds.

    Args:
        differences: shape (seed, reading), NaN where a seed has none.
        level: of intervals, as 0.95.
    """

    def __init__(self, differences: np.ndarray, level: float):
        known = np.isfinite(differences)
        self.values, self.count = np.where(known, differences, 0), known.sum(0)
        self.square, self.cube = (self.values**2).sum(0), self.values**3  # flips leave the square as it is
        # A reading that fewer than half of the seeds can tell is undecided.
        self.told = (self.count >= 2) & (2 * self.count > len(differences))
        self.critical = stats.t.ppf((1 + level) / 2, np.maximum(self.count - 1, 1))

    def mean(self, signs: np.ndarray) -> np.ndarray:
        """Mean over seeds under signs (flip, seed), shape (flip, reading)."""
        return signs @ self.values / np.maximum(self.count, 1)

    def ends(self, signs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the claims' interval under signs (flip, seed), each of shape (flip, reading)."""
        mean, n = self.mean(signs), np.maximum(self.count, 2)
        variance = np.maximum(self.square / n - mean**2, 0)
        third = signs @ self.cube / n - 3 * mean * self.square / n + 2 * mean**3
        largest = np.sqrt(n)  # of n values; beyond it is rounding, where all are alike
        skewness = (third / np.where(variance > 0, variance, 1) ** 1.5).clip(-largest, largest)
        below, above = reaches(self.critical / np.sqrt(n), skewness, n)
        sd = np.sqrt(variance * n / (n - 1))
        return mean - sd * below, mean + sd * above

    def supported(self, signs: np.ndarray) -> np.ndarray:
        """Whether a reading's interval lies above 0 under signs (flip, seed), shape (flip, reading)."""
        return self.told & (self.ends(signs)[0] > 0)


def signs(seeds: int) -> np.ndarray:
    """Signs of seeds, shape (flip, seed), none flipped first: all, or for many seeds DRAWN at random."""
    if seeds <= EXACT:
        return np.array(list(product((1.0, -1.0), repeat=seeds)))
    drawn = stream(0, "readings", "flips").choice((1.0, -1.0), (DRAWN, seeds))
    return np.concatenate([np.ones((1, seeds)), drawn])


def judged(differences: np.ndarray, level: float) -> pd.DataFrame:
    """Effect, interval and verdict of each reading.

    Args:
        differences: shape (seed, reading).
        level: of the interval.
    """
    flips = Flips(differences, level)
    unflipped = np.ones((1, len(differences)))
    mean, (low,), (high,) = flips.mean(unflipped)[0], *flips.ends(unflipped)
    verdict = np.select([flips.told & (low > 0), flips.told & (high < 0)], VERDICTS[:2], VERDICTS[2])
    ends = {"low": np.where(flips.told, low, np.nan), "high": np.where(flips.told, high, np.nan)}
    return pd.DataFrame({"effect": mean, **ends, "seeds": flips.count, "verdict": verdict})


def joint(differences: np.ndarray, level: float) -> tuple[float, np.ndarray]:
    """Whether more readings support a claim than chance would.

    Args:
        differences: shape (seed, reading), of readings that can support.
        level: of the intervals.

    Returns:
        p, the share of flips under which at least as many readings are supported; and the band of the sorted effects
        under flips, shape (2, reading).
    """
    flips, patterns = Flips(differences, level), signs(len(differences))
    if not differences.shape[1]:
        return 1.0, np.empty((2, 0))
    counts, curves = [], []
    for some in np.array_split(patterns, max(1, len(patterns) * differences.shape[1] // 2_000_000)):
        counts.append(flips.supported(some).sum(1))
        curves.append(np.sort(flips.mean(some), axis=1))
    counts = np.concatenate(counts)
    tail = (1 - BAND) / 2
    return float((counts >= counts[0]).mean()), np.quantile(np.concatenate(curves), [tail, 1 - tail], axis=0)


def axis_shares(rows: pd.DataFrame, axes: list[str]) -> pd.DataFrame:
    """Share of the variance of effects that each axis explains by itself, and where the sign turns along it.

    The share is taken within designs that vary the axis, since these are balanced, and averaged by their readings.
    The sign turns between neighbouring options of numbers; else between the options next to 0.

    Args:
        rows: readings of a claim: design, effect and axes.
        axes: names of columns.

    Returns:
        One row for each axis that varies: axis, share, readings, options and `effects` by option, `turns_from` (the
        option whose mean effect is below 0) and `turns_to`; the largest share first.
    """
    found = []
    for axis in axes:
        shares, weights, means = [], [], []
        for _, design in rows.groupby("design", sort=False):
            options = design.groupby(axis)["effect"]
            total = ((design["effect"] - design["effect"].mean()) ** 2).sum()
            if options.ngroups > 1:
                between = (options.size() * (options.mean() - design["effect"].mean()) ** 2).sum()
                shares.append(between / total if total else 0.0)
                weights.append(len(design))
                means.append(design)
        if shares:
            effects = pd.concat(means).groupby(axis, sort=False)["effect"].mean()
            turn = turning(effects)
            row = {"axis": axis, "share": float(np.average(shares, weights=weights)), "readings": sum(weights)}
            told = "; ".join(f"{option}: {effect:+.3f}" for option, effect in effects.items())
            found.append(row | {"turns_from": turn[0], "turns_to": turn[1], "effects": told})
    columns = ["axis", "share", "readings", "turns_from", "turns_to", "effects"]
    return pd.DataFrame(found, columns=columns).sort_values("share", ascending=False, kind="stable", ignore_index=True)


def turning(effects: pd.Series) -> tuple[str, str]:
    """The options between which mean effects by option change sign, that below 0 first; empty where they do not."""
    try:
        ordered = effects.sort_index(key=lambda names: names.astype(float))
    except ValueError:
        ordered = effects.sort_values()
    for (one, before), (other, after) in zip(ordered.items(), list(ordered.items())[1:], strict=False):
        if before * after < 0:
            return (one, other) if before < 0 else (other, one)
    return "", ""
