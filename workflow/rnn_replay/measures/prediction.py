"""How much the past of a replay tells about its future beyond its present: whether r_t is Markov.

The future r_{t+h} is predicted by ridge regression from the present, and again from the present and the mean of
the HISTORY steps before it. The gain is the share of the squared error, on replays from starting states that were
held out, that the history takes away: 0 if the present says all. The present is r_t with its squares and products
(so that a bent flow is not taken for memory), or r_t with a_t, or r_t with a_t and v_t = r_t − r_{t−1}, which is
the whole state of the update rule.

One step ahead the noise hides the slow pull of adaptation, and single past states are noisy; hence the
horizons and the averaged history (our choice, as are all constants here).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

HORIZONS = (1, 5, 15)  # steps ahead
HISTORY = 30  # steps before t that are averaged
FOLDS = 4  # groups of starting states, each held out once
RIDGE = 1e-4  # penalty per sample on standardised features
PRESENTS = {"": ("r",), "given_adaptation": ("r", "a"), "given_state": ("r", "a", "v")}


@dataclass
class States:
    """Hidden states of replays under one setting, projected on principal components of awake states.

    Attributes:
        state: r_t, shape (replay, time, component).
        adaptation: a_t on the same components, same shape.
        start: a number that replays from the same starting state share, shape (replay,).
    """

    state: np.ndarray
    adaptation: np.ndarray
    start: np.ndarray

    @cached_property
    def gains(self) -> dict[tuple[str, int], float]:
        """Memory gain for each key of PRESENTS and each horizon."""
        return memory_gains(self.state, self.adaptation, self.start)


def memory_gains(state: np.ndarray, adaptation: np.ndarray, start: np.ndarray) -> dict[tuple[str, int], float]:
    """Share of the squared error of prediction that the averaged past takes away, by present and horizon.

    Args:
        state: r_t, shape (replay, time, component).
        adaptation: a_t, shape (replay, time, component).
        start: shape (replay,); folds are made of replays that share a start.

    Returns:
        NaN where all replays share one start, so that none can be held out.

    Raises:
        ValueError: replays are too short for the history and the longest horizon.
    """
    last = state.shape[1] - max(HORIZONS)
    if last <= HISTORY:
        raise ValueError(f"replays have {state.shape[1]} times; memory needs more than {HISTORY + max(HORIZONS)}")
    _, rank = np.unique(start, return_inverse=True)
    folds = min(FOLDS, rank.max() + 1)
    if folds < 2:
        return {(present, horizon): np.nan for present in PRESENTS for horizon in HORIZONS}

    features, columns = design(state.astype(float), adaptation.astype(float), slice(HISTORY, last))
    ahead = [standardise(state[:, HISTORY + h : last + h].astype(float), together=True) for h in HORIZONS]
    moments = [Moments.of(features[rank % folds == f], [y[rank % folds == f] for y in ahead]) for f in range(folds)]
    gains = {}
    for name, parts in PRESENTS.items():
        present = np.concatenate([columns["1"], *(columns[part] for part in parts)])
        error = held_out_error(moments, present)
        with_past = held_out_error(moments, np.concatenate([present, columns["past"]]))
        gains |= {(name, h): float(gain) for h, gain in zip(HORIZONS, 1 - with_past / error, strict=True)}
    return gains


def design(state: np.ndarray, adaptation: np.ndarray, now: slice) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Standardised features at times `now`, shape (replay, time, feature), and the columns of each part."""
    total = np.concatenate([np.zeros_like(state[:, :1]), np.cumsum(state, axis=1)], axis=1)
    earlier = slice(now.start - HISTORY, now.stop - HISTORY)
    first, second = np.triu_indices(state.shape[-1])
    r = standardise(state[:, now])
    parts = {
        "1": np.ones((*r.shape[:2], 1)),
        "r": np.concatenate([r, standardise(r[..., first] * r[..., second])], axis=-1),
        "a": standardise(adaptation[:, now]),
        "v": standardise(state[:, now] - state[:, now.start - 1 : now.stop - 1]),
        "past": standardise(total[:, now] - total[:, earlier]),
    }
    ends = np.cumsum([part.shape[-1] for part in parts.values()])
    columns = dict(zip(parts, np.split(np.arange(ends[-1]), ends[:-1]), strict=True))
    return np.concatenate(list(parts.values()), axis=-1), columns


def standardise(values: np.ndarray, together: bool = False) -> np.ndarray:
    """Values (replay, time, feature) less their mean, over their deviation, each feature alone or all together.

    A feature that does not vary becomes 0.
    """
    centred = values - values.mean((0, 1))
    spread = np.sqrt((centred**2).mean(None if together else (0, 1)))
    return centred / np.where(spread > 0, spread, 1)


class Moments(NamedTuple):
    """Sums over the samples of one fold that ridge regression needs.

    Attributes:
        xx: X'X, shape (feature, feature).
        xy: X'Y, shape (feature, horizon, component).
        yy: sum of squares of Y at each horizon, shape (horizon,).
        samples: their number.
    """

    xx: np.ndarray
    xy: np.ndarray
    yy: np.ndarray
    samples: int

    @classmethod
    def of(cls, features: np.ndarray, targets: list[np.ndarray]) -> "Moments":
        """Moments of features (replay, time, feature) and of targets (replay, time, component) at each horizon."""
        x = features.reshape(-1, features.shape[-1])
        ys = [y.reshape(len(x), -1) for y in targets]
        xy = np.stack([x.T @ y for y in ys], axis=1)
        return cls(x.T @ x, xy, np.array([(y**2).sum() for y in ys]), len(x))


def held_out_error(moments: list[Moments], columns: np.ndarray) -> np.ndarray:
    """Squared error on each fold of the ridge regression on the others, summed over folds, shape (horizon,).

    Args:
        moments: of every fold.
        columns: features in use, the constant (which is not penalised) first.
    """
    within = np.ix_(columns, columns)
    penalty = np.full(len(columns), RIDGE)
    penalty[0] = 0
    xx, xy = (sum(getattr(fold, name) for fold in moments) for name in ("xx", "xy"))
    samples = sum(fold.samples for fold in moments)
    error = np.zeros_like(moments[0].yy)
    for fold in moments:
        kernel = (xx - fold.xx)[within] + np.diag(penalty * (samples - fold.samples))
        right = (xy - fold.xy)[columns]
        weights = np.linalg.solve(kernel, right.reshape(len(columns), -1)).reshape(right.shape)
        explained = np.einsum("fhc,fhc->h", weights, 2 * fold.xy[columns])
        predicted = np.einsum("fhc,fg,ghc->h", weights, fold.xx[within], weights, optimize=True)
        # Where prediction is exact, cancellation leaves a rounding error of either sign.
        error += np.maximum(fold.yy - explained + predicted, 1e-12 * fold.samples)
    return error
