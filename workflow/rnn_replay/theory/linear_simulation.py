"""The linear system run by the project's own replay loop, against its closed forms."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from rnn_replay.model.dynamics import Dynamics, State, rest
from rnn_replay.model.replay import simulate
from rnn_replay.seeds import named_seed
from rnn_replay.theory.comparison import mean_and_error, ratio_and_error, row, table
from rnn_replay.theory.linear import Linear
from rnn_replay.theory.noise import noise

LAGS = (1, 5, 20)  # of the autocorrelation, steps (our choice)
FREQUENCY = 0.3  # at which the power spectrum is compared, radians per step (our choice)
THINNING = 4  # steps between samples of the second moments (our choice)
MOMENTS = {
    "variance of r": (0, 0),
    "variance of v": (1, 1),
    "variance of a": (2, 2),
    "covariance of r and v": (0, 1),
    "covariance of r and a": (0, 2),
    "covariance of v and a": (1, 2),
}


def grid(
    stiffness: float,
    frictions: list[float],
    strengths: list[float],
    adaptation_time: float,
    noise: float,
) -> list[Linear]:
    """Every combination of friction and adaptation strength, unstable ones included."""
    return [Linear(stiffness, f, b, adaptation_time, noise) for f in frictions for b in strengths]


def dynamics(systems: list[Linear], deterministic: bool = False) -> Dynamics:
    """The update rule for a batch of systems, with parameters of shape (setting, 1).

    The drift −κ r is given as the pre-activation, so `leak` is 0.
    """

    def column(values: list[float]) -> torch.Tensor:
        return torch.tensor(values, dtype=torch.float64).unsqueeze(-1)

    return Dynamics(
        friction=column([s.friction for s in systems]),
        adaptation_strength=column([s.adaptation_strength for s in systems]),
        adaptation_time=column([s.adaptation_time for s in systems]),
        noise=0.0 if deterministic else column([s.noise for s in systems]),
        nonlinearity="identity",
    )


def drift(systems: list[Linear]):
    """Pre-activation −κ r of a batch of states (setting, replay)."""
    stiffness = torch.tensor([s.stiffness for s in systems], dtype=torch.float64).unsqueeze(-1)
    return lambda r: -stiffness * r


@dataclass
class Measured:
    """Time averages of each replay; arrays end in (setting, replay).

    Attributes:
        moments: of the pairs in MOMENTS, shape (6, setting, replay).
        lagged: r_{t+s} r_t for s in LAGS, shape (lag, setting, replay).
        window: squared sum of r over a window, over its length.
        periodogram: squared modulus of Σ r e^{−iωt} over a window, over its length.
    """

    moments: np.ndarray
    lagged: np.ndarray
    window: np.ndarray
    periodogram: np.ndarray


def measure(systems: list[Linear], replays: int, steps: int, burn_in: int, window: int, seed: int) -> Measured:
    """Run all systems from rest and average over time after a burn-in.

    Args:
        systems: stable systems.
        replays: independent replays of each.
        steps: steps after the burn-in, a multiple of `window`.
        burn_in: steps that are thrown away.
        window: length of the windows of the power spectrum, steps.
        seed: master seed.
    """
    if steps % window:
        raise ValueError(f"steps is {steps}; allowed: a multiple of the window ({window})")
    shape = (len(systems), replays)
    moments = torch.zeros(len(MOMENTS), *shape, dtype=torch.float64)
    lagged = torch.zeros(len(LAGS), *shape, dtype=torch.float64)
    power = torch.zeros(2, *shape, dtype=torch.float64)
    total, cosine, sine = (torch.zeros(shape, dtype=torch.float64) for _ in range(3))
    past: dict[int, torch.Tensor] = {}
    counts = {"moments": 0, **dict.fromkeys(LAGS, 0)}

    def observe(t: int, state: State) -> None:
        t -= burn_in + 1
        if t < 0:
            return
        total.add_(state.r)
        cosine.add_(state.r, alpha=np.cos(FREQUENCY * t))
        sine.add_(state.r, alpha=np.sin(FREQUENCY * t))
        if (t + 1) % window == 0:
            power[0].addcmul_(total, total)
            power[1].addcmul_(cosine, cosine).addcmul_(sine, sine)
            for part in (total, cosine, sine):
                part.zero_()
        for i, lag in enumerate(LAGS):
            if t - lag in past:
                lagged[i].addcmul_(past[t - lag], state.r)
                counts[lag] += 1
        if t % THINNING == 0:
            past[t] = state.r.clone()
            past.pop(t - THINNING * (max(LAGS) // THINNING + 1), None)
            for i, (x, y) in enumerate(MOMENTS.values()):
                moments[i].addcmul_(state[x], state[y])
            counts["moments"] += 1

    simulate(
        drift(systems),
        dynamics(systems),
        rest(torch.zeros(shape, dtype=torch.float64)),
        burn_in + steps,
        noise(named_seed(seed, "theory", "linear", "noise"), shape),
        observe,
    )
    return Measured(
        (moments / counts["moments"]).numpy(),
        np.stack([(lagged[i] / counts[lag]).numpy() for i, lag in enumerate(LAGS)]),
        (power[0] / steps).numpy(),
        (power[1] / steps).numpy(),
    )


def expected_periodogram(system: Linear, window: int) -> float:
    """Expected squared modulus of Σ r e^{−iωt} over a window, over its length, from the autocovariance."""
    c, lag = system.autocovariance(window - 1), np.arange(window)
    weights = np.where(lag > 0, 2, 1) * (1 - lag / window)
    return float((weights * c * np.cos(FREQUENCY * lag)).sum())


def compare(systems: list[Linear], replays: int, steps: int, burn_in: int, window: int, seed: int) -> pd.DataFrame:
    """Second moments, autocorrelations, windowed autocorrelation time and spectrum against closed form.

    Systems without a stationary state are left out; :func:`boundary` and the phase map show those.
    """
    stable = [system for system in systems if system.phase() != "unstable"]
    got = measure(stable, replays, steps, burn_in, window, seed)
    rows = []
    for i, system in enumerate(stable):
        covariance, autocovariance = system.covariance(), system.autocovariance(max(LAGS))

        def add(quantity: str, simulated: tuple[np.ndarray, np.ndarray], expected: float, system: Linear = system):
            where = ("linear", quantity, system.friction, system.adaptation_strength)
            rows.append(row(*where, *map(float, simulated), expected))

        for name, (x, y), sample in zip(MOMENTS, MOMENTS.values(), got.moments[:, i], strict=True):
            if system.adaptation_strength or 2 not in (x, y):
                add(name, mean_and_error(sample), covariance[x, y])
        for lag, sample in zip(LAGS, got.lagged[:, i], strict=True):
            expected = autocovariance[lag] / autocovariance[0]
            add(f"autocorrelation at lag {lag}", ratio_and_error(sample, got.moments[0, i]), expected)
        expected = system.window_variance(window) / window / covariance[0, 0]
        time = ratio_and_error(got.window[i], got.moments[0, i])
        add(f"autocorrelation time in windows of {window}", time, expected)
        power = mean_and_error(got.periodogram[i])
        add(f"power at {FREQUENCY} rad in windows of {window}", power, expected_periodogram(system, window))
    return table(rows)


def growth_rate(systems: list[Linear], steps: int) -> np.ndarray:
    """Measured growth per step, ln|μ|, of noise-free runs of the update rule, shape (setting,).

    The largest |r| of the last quarter of the run is compared with that of the third quarter, so that
    oscillations cancel; the state is rescaled half way. A run that overflows has the growth ∞, and one that
    underflows −∞.
    """
    quarter = steps // 4
    peaks = torch.zeros(2, len(systems), 1, dtype=torch.float64)
    start = rest(torch.ones(len(systems), 1, dtype=torch.float64))
    middle = simulate(drift(systems), dynamics(systems, True), start, 2 * quarter, silence, ignore)
    scale = torch.stack([middle.r, middle.v, middle.a]).abs().amax(0)
    vanished = scale.squeeze(-1) == 0
    middle = middle.each(lambda part: part / scale)

    def observe(t: int, state: State) -> None:
        if t:
            half = peaks[(t - 1) // quarter]
            torch.maximum(half, state.r.abs(), out=half)

    simulate(drift(systems), dynamics(systems, True), middle, 2 * quarter, silence, observe)
    growth = ((peaks[1] / peaks[0]).log() / quarter).squeeze(-1)
    vanished |= peaks[1].squeeze(-1) == 0
    # What has left the range of numbers has grown, or else vanished.
    return torch.where(vanished, -torch.inf, growth.nan_to_num(nan=torch.inf, posinf=torch.inf)).numpy()


def boundary(
    stiffness: float, frictions: list[float], adaptation_time: float, steps: int, halvings: int, highest: float
) -> np.ndarray:
    """Adaptation strength at which simulated perturbations stop decaying, by bisection, shape (friction,).

    It is ∞ where they still decay at the upper end of the search.

    Args:
        stiffness: κ.
        frictions: λ_v of each bisection.
        adaptation_time: τ_a, steps.
        steps: length of each run.
        halvings: number of bisections.
        highest: upper end of the search.
    """

    def unstable(strengths: np.ndarray) -> np.ndarray:
        systems = [Linear(stiffness, f, b, adaptation_time, 0.0) for f, b in zip(frictions, strengths, strict=True)]
        return growth_rate(systems, steps) >= 0

    low, high = np.zeros(len(frictions)), np.full(len(frictions), float(highest))
    found = unstable(high)
    for _ in range(halvings):
        middle = (low + high) / 2
        grows = unstable(middle)
        low, high = np.where(grows, low, middle), np.where(grows, middle, high)
    return np.where(found, (low + high) / 2, np.inf)


def silence(t: int) -> torch.Tensor:
    """No noise."""
    return torch.zeros((), dtype=torch.float64)


def ignore(t: int, state: State) -> None:
    """Observe nothing."""
