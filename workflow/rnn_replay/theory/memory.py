"""The memory that adaptation and momentum give to r, in closed form.

Eliminating a and v leaves r with a memory of its own past (docs/theory.md, §4):

    a_t = (b_a/τ_a) Σ_{s≥1} (1 − 1/τ_a)^{s−1} r_{t−s}          v_t = Σ_{s≥0} (1 − λ_v)^s (g + σ η)_{t−1−s}
"""

import numpy as np
import torch

from rnn_replay.dynamics import State, rest
from rnn_replay.replay import simulate
from rnn_replay.seeds import named_seed
from rnn_replay.theory.comparison import noise
from rnn_replay.theory.linear import Linear
from rnn_replay.theory.linear_simulation import drift, dynamics


def adaptation_kernel(adaptation_strength: float, adaptation_time: float, lags: int) -> np.ndarray:
    """Weight of r_{t−s} in a_t for s = 1 … lags, shape (lags,); the weights of all s sum to b_a."""
    s = np.arange(lags)
    return adaptation_strength / adaptation_time * (1 - 1 / adaptation_time) ** s


def residual(covariance: np.ndarray, target: int, given: list[int]) -> float:
    """Variance of one Gaussian variable that is left once others are known."""
    inside = covariance[np.ix_(given, given)]
    across = covariance[target, given]
    return float(covariance[target, target] - across @ np.linalg.lstsq(inside, across, rcond=None)[0])


def history_gain(system: Linear, horizon: int, history: int) -> float:
    """1 − Var(r_{t+h} | r_t, r_{t−1}, …, r_{t−p}) / Var(r_{t+h} | r_t) in the stationary state.

    0 for a Markov r, such as at λ_v = 1 without adaptation.
    """
    c = system.autocovariance(horizon + history)
    times = np.array([horizon, *(-np.arange(history + 1))])
    covariance = c[np.abs(times[:, None] - times)]
    return 1 - residual(covariance, 0, list(range(1, history + 2))) / residual(covariance, 0, [1])


def history_gain_given_state(system: Linear, horizon: int, history: int) -> float:
    """The same gain beyond the whole state (r_t, v_t, a_t): zero, since that state is Markov."""
    matrix, covariance = system.matrix(), system.covariance()
    powers = [np.linalg.matrix_power(matrix, k) for k in range(horizon + history + 1)]
    size = 1 + 3 + history
    joint = np.empty((size, size))
    # Variables: r_{t+h}, then r_t, v_t, a_t, then r_{t−1} … r_{t−p}.
    places = [(horizon, 0), (0, 0), (0, 1), (0, 2)] + [(-k, 0) for k in range(1, history + 1)]
    for i, (ti, ui) in enumerate(places):
        for j, (tj, uj) in enumerate(places):
            late, early = ((ti, ui), (tj, uj)) if ti >= tj else ((tj, uj), (ti, ui))
            joint[i, j] = (powers[late[0] - early[0]] @ covariance)[late[1], early[1]]
    return 1 - residual(joint, 0, list(range(1, size))) / residual(joint, 0, [1, 2, 3])


def trajectories(system: Linear, replays: int, steps: int, burn_in: int, seed: int) -> dict[str, np.ndarray]:
    """Stationary r, v and a of simulated replays, each of shape (replay, steps)."""
    found = np.empty((3, replays, steps))

    def observe(t: int, state: State) -> None:
        if t > burn_in:
            for part, values in zip(found, state, strict=True):
                part[:, t - burn_in - 1] = values[0].numpy()

    name = f"λ_v {system.friction:g} b_a {system.adaptation_strength:g}"
    eta = noise(named_seed(seed, "theory", "memory", name), (1, replays))
    start = rest(torch.zeros(1, replays, dtype=torch.float64))
    simulate(drift([system]), dynamics([system]), start, burn_in + steps, eta, observe)
    return dict(zip("rva", found, strict=True))


def measured_gain(r: np.ndarray, horizon: int, history: int, state: list[np.ndarray] | None = None) -> np.ndarray:
    """Held-out gain of each half of the replays when the other half is fitted, shape (replay,).

    The gain of replay i is the part of the residual variance at r_t (and `state`, if given) that the past
    takes away, relative to the mean residual variance, so that its mean is the pooled gain.

    Args:
        r: shape (replay, step).
        horizon: h, steps ahead.
        history: p, past steps beyond the present.
        state: further variables of the present, each of shape (replay, step).
    """
    steps = r.shape[1]
    now = slice(history, steps - horizon)
    base = np.stack([x[:, now] for x in (r, *(state or []))], -1)
    past = np.stack([r[:, history - k : steps - horizon - k] for k in range(1, history + 1)], -1)
    target, both = r[:, history + horizon :], np.concatenate([base, past], -1)
    errors = np.empty((2, len(r)))
    halves = (np.arange(len(r)) % 2 == 0, np.arange(len(r)) % 2 == 1)
    for i, features in enumerate((base, both)):
        for fit, test in (halves, halves[::-1]):
            x = features[fit].reshape(-1, features.shape[-1])
            weights = np.linalg.lstsq(x, target[fit].reshape(-1), rcond=None)[0]
            errors[i, test] = np.square(target[test] - features[test] @ weights).mean(1)
    return (errors[0] - errors[1]) / errors[0].mean()
