"""What the past of a replay tells about its future: non-Markovness of the state, and autocorrelation."""

import numpy as np

from rnn_replay.measures.base import Recording, metric
from rnn_replay.measures.prediction import HISTORY, HORIZONS, PRESENTS

WINDOW = 5.0  # the sum of autocorrelations stops at this many autocorrelation times (Sokal 1997)

BEYOND = {"": "r_t", "given_adaptation": "r_t and a_t", "given_state": "r_t, a_t and v_t"}


def register_memory(present: str, horizon: int) -> None:
    """Register the memory gain beyond one present at one horizon."""

    @metric(
        "1",
        f"share of the held-out squared error of r {horizon} steps ahead that the mean of the past {HISTORY} steps "
        f"takes away beyond {BEYOND[present]}",
        scope="setting",
        name="_".join(["memory_gain", *([present] if present else []), str(horizon)]),
        decoded=False,
        undefined="without recorded states, or with one starting state",
    )
    def memory_gain(recording: Recording) -> float:
        return np.nan if recording.states is None else recording.states.gains[present, horizon]


for _present in PRESENTS:
    for _horizon in HORIZONS:
        register_memory(_present, _horizon)


def autocorrelation(series: np.ndarray) -> np.ndarray:
    """Autocorrelation at lags 0 … time − 1 of replays (replay, time, space), shape (time,).

    One mean and one variance for all replays and times; the sum over space of the autocovariances, each divided
    by the number of pairs.
    """
    times = series.shape[1]
    centred = series - series.mean((0, 1))
    spectrum = np.abs(np.fft.rfft(centred, n=2 * times, axis=1)) ** 2
    covariance = np.fft.irfft(spectrum.sum((0, 2)), n=2 * times)[:times] / np.arange(times, 0, -1)
    return covariance / covariance[0] if covariance[0] > 0 else np.ones(times)


def integrated_autocorrelation_time(series: np.ndarray) -> float:
    """τ = 1 + 2 Σ ρ_k of replays (replay, time, space), in steps; 1 for white noise.

    The sum stops at the first lag W ≥ WINDOW τ(W) (Sokal, *Monte Carlo Methods in Statistical Mechanics*, 1997),
    or at half of the replay, which is then a lower bound.
    """
    rho = autocorrelation(series)
    tau = 2 * np.cumsum(rho[: len(rho) // 2 + 1]) - 1
    enough = np.arange(len(tau)) >= WINDOW * tau
    return float(tau[enough.argmax() if enough.any() else -1])


@metric("s", "integrated autocorrelation time of the decoded position, over all replays", scope="setting")
def autocorrelation_time(recording: Recording) -> float:
    return integrated_autocorrelation_time(recording.position.astype(float)) * recording.time_step
