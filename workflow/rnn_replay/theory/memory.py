"""The memory that adaptation and momentum give to r, in closed form and by the pipeline's own measure.

Eliminating a and v leaves r with a memory of its own past (docs/theory.md, §4):

    a_t = (b_a/τ_a) Σ_{s≥1} (1 − 1/τ_a)^{s−1} r_{t−s}          v_t = Σ_{s≥0} (1 − λ_v)^s (g + σ η)_{t−1−s}
"""

import numpy as np
import pandas as pd
import torch

from rnn_replay.measures.prediction import HISTORY, PRESENTS, memory_gains
from rnn_replay.model.dynamics import State, rest
from rnn_replay.model.replay import simulate
from rnn_replay.seeds import named_seed
from rnn_replay.theory.comparison import mean_and_error, row, table
from rnn_replay.theory.linear import Linear
from rnn_replay.theory.linear_simulation import drift, dynamics
from rnn_replay.theory.noise import noise

SMALLEST = 0.005  # gain that is compared in standard errors (our choice)


def residual(covariance: np.ndarray, target: int, given: list[int]) -> float:
    """Variance of one Gaussian variable that is left once others are known."""
    inside = covariance[np.ix_(given, given)]
    across = covariance[target, given]
    return float(covariance[target, target] - across @ np.linalg.lstsq(inside, across, rcond=None)[0])


def memory_gain(system: Linear, horizon: int, present: str, history: int = HISTORY) -> float:
    """Share of the error of r_{t+h} that the mean of r_{t−1} … r_{t−p} takes away beyond the present, stationary.

    Args:
        system: stable system.
        horizon: h, steps.
        present: a key of PRESENTS: r_t alone, with a_t, or with a_t and v_t (the whole state: gain 0).
        history: p, steps.
    """
    matrix, covariance = system.matrix(), system.covariance()
    powers = [covariance]  # Cov(z_{t+k}, z_t)
    for _ in range(horizon + history):
        powers.append(matrix @ powers[-1])
    past = np.arange(1, history + 1)
    # Variables: r_{t+h}, then r_t, v_t, a_t, then the mean of the past.
    joint = np.zeros((5, 5))
    joint[0, 0] = joint[1, 1] = covariance[0, 0]
    joint[1:4, 1:4] = covariance
    joint[0, 1:4] = powers[horizon][0]
    joint[0, 4] = np.mean([powers[horizon + k][0, 0] for k in past])
    joint[1:4, 4] = np.mean([powers[k][:, 0] for k in past], axis=0)
    joint[4, 4] = np.mean([powers[abs(j - k)][0, 0] for j in past for k in past])
    joint = np.triu(joint) + np.triu(joint, 1).T
    given = [1 + "rva".index(part) for part in PRESENTS[present]]
    return 1 - residual(joint, 0, [*given, 4]) / residual(joint, 0, given)


def measured_gains(
    system: Linear, batches: int, replays: int, steps: int, burn_in: int, seed: int
) -> dict[tuple[str, int], np.ndarray]:
    """Gains that the metrics stage measures on stationary replays, by present and horizon, shape (batch,).

    Batches are independent, so that their spread gives the interval.
    """
    shape = (batches, replays, 1)
    r, a = (np.empty((batches, replays, steps, 1)) for _ in range(2))

    def observe(t: int, state: State) -> None:
        if t > burn_in:
            r[:, :, t - burn_in - 1] = state.r.numpy()
            a[:, :, t - burn_in - 1] = state.a.numpy()

    # All batches are one setting.
    one, pull = dynamics([system]), drift([system])
    eta = noise(named_seed(seed, "theory", "memory", f"{system.friction:g} {system.adaptation_strength:g}"), shape)
    simulate(pull, one, rest(torch.zeros(shape, dtype=torch.float64)), burn_in + steps, eta, observe)
    found = [memory_gains(r[i], a[i], np.arange(replays)) for i in range(batches)]
    return {key: np.array([gains[key] for gains in found]) for key in found[0]}


def compare(
    systems: list[Linear], batches: int, replays: int, steps: int, burn_in: int, seed: int
) -> tuple[pd.DataFrame, float]:
    """Measured memory gains against closed form, and the largest size of those beyond the whole state.

    A held-out gain lies below its expectation by about (added features × autocorrelation time)/samples, since its
    weights are estimated. So only gains above SMALLEST are compared in standard errors, and those beyond the
    whole state, which are zero, are held against a margin (theory_rows).
    """
    rows, beyond_state = [], 0.0
    for system in systems:
        for (present, horizon), gains in measured_gains(system, batches, replays, steps, burn_in, seed).items():
            expected = memory_gain(system, horizon, present)
            if len(PRESENTS[present]) == 3:
                beyond_state = max(beyond_state, abs(float(gains.mean())))
            if present == "" and expected > SMALLEST:
                quantity = f"memory gain beyond r_t at horizon {horizon}"
                where = ("memory", quantity, system.friction, system.adaptation_strength)
                rows.append(row(*where, *map(float, mean_and_error(gains)), expected))
    return table(rows), beyond_state
