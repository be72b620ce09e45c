"""Memory of linear processes against the best linear prediction, and autocorrelation times in closed form."""

import numpy as np
import pytest
from rnn_replay.measures import METRICS, States
from rnn_replay.measures.memory import integrated_autocorrelation_time
from rnn_replay.measures.prediction import HISTORY, HORIZONS, memory_gains
from scipy.linalg import solve_discrete_lyapunov
from synthetic_replays import autoregressive, environment, momentum_coefficients, record

COMPONENTS = 3


def linear_system(friction: float, stiffness: float, strength: float, time: float) -> np.ndarray:
    """The update rule with a linear drift −k r as a map on (r, v, a)."""
    keep, slow = 1 - friction, 1 - 1 / time
    return np.array(
        [[1 - stiffness, keep, -1.0], [-stiffness, keep, -1.0], [strength / time, 0.0, slow]],
    )


def simulate(matrix: np.ndarray, replays: int, times: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Stationary r and a of independent components, each of shape (replay, time, COMPONENTS)."""
    noise = np.array([1.0, 1.0, 0.0])
    covariance = solve_discrete_lyapunov(matrix, np.outer(noise, noise))
    state = rng.multivariate_normal(np.zeros(3), covariance, (replays, COMPONENTS))
    states = np.empty((times, *state.shape))
    for t in range(times):
        states[t] = state
        state = state @ matrix.T + noise * rng.standard_normal((*state.shape[:-1], 1))
    return states[..., 0].transpose(1, 0, 2), states[..., 2].transpose(1, 0, 2)


def best_gain(matrix: np.ndarray, horizon: int) -> float:
    """Share of the error of the best linear prediction of r_{t+h} from r_t that the averaged past takes away."""
    noise = np.array([1.0, 1.0, 0.0])
    covariance = solve_discrete_lyapunov(matrix, np.outer(noise, noise))
    r = [(np.linalg.matrix_power(matrix, k) @ covariance)[0, 0] for k in range(HISTORY + horizon + 1)]
    # Rows: r_{t+h}, r_t, and the mean of r_{t−1} … r_{t−HISTORY}.
    weights = np.zeros((3, HISTORY + horizon + 1))
    weights[0, 0] = weights[1, horizon] = 1
    weights[2, horizon + 1 :] = 1 / HISTORY
    lag = np.abs(np.subtract.outer(np.arange(len(r)), np.arange(len(r))))
    joint = weights @ np.array(r)[lag] @ weights.T

    def error(known: list[int]) -> float:
        cross = joint[0, known]
        return joint[0, 0] - cross @ np.linalg.solve(joint[np.ix_(known, known)], cross)

    return 1 - error([1, 2]) / error([1])


def measured(matrix: np.ndarray, replays: int = 400, seed: int = 1) -> dict:
    r, a = simulate(matrix, replays, 151, np.random.default_rng(seed))
    return memory_gains(r, a, np.arange(replays) // 4)


def test_an_overdamped_process_has_no_memory():
    gains = measured(linear_system(1.0, 0.1, 0.0, 100.0))
    np.testing.assert_allclose(list(gains.values()), 0, atol=0.01)


@pytest.mark.parametrize("friction", [0.6, 0.3])
def test_momentum_is_memory_until_the_velocity_is_given(friction):
    matrix = linear_system(friction, 0.1, 0.0, 100.0)
    gains = measured(matrix)
    for horizon in HORIZONS:
        assert gains["", horizon] == pytest.approx(best_gain(matrix, horizon), abs=0.015)
        assert gains["given_state", horizon] == pytest.approx(0, abs=0.01)
    assert best_gain(matrix, 1) > 0.005


@pytest.mark.parametrize(("strength", "time"), [(0.2, 20.0), (0.4, 100.0)])
def test_adaptation_is_memory_until_it_is_given(strength, time):
    matrix = linear_system(1.0, 0.1, strength, time)
    gains = measured(matrix)
    for horizon in HORIZONS:
        assert gains["", horizon] == pytest.approx(best_gain(matrix, horizon), abs=0.02)
        assert gains["given_adaptation", horizon] == pytest.approx(0, abs=0.01)
    # One step ahead it hardly shows.
    assert gains["", 15] > 0.04 > 2 * gains["", 1]


def test_adaptation_with_momentum_needs_the_whole_state():
    gains = measured(linear_system(0.3, 0.1, 0.2, 20.0))
    assert gains["given_adaptation", 1] > 0.007
    for horizon in HORIZONS:
        assert gains["given_state", horizon] == pytest.approx(0, abs=0.01)


def test_a_bent_flow_is_not_memory():
    # A limit cycle whose speed depends on its phase: linear prediction would profit from the past.
    rng = np.random.default_rng(2)
    phase = np.empty((400, 151))
    phase[:, 0] = rng.uniform(0, 2 * np.pi, 400)
    for t in range(150):
        phase[:, t + 1] = phase[:, t] + 0.1 + 0.05 * np.cos(phase[:, t]) + 0.05 * rng.standard_normal(400)
    state = np.stack([np.cos(phase), np.sin(phase)], axis=-1)
    gains = memory_gains(state, np.zeros_like(state), np.arange(400) // 4)
    np.testing.assert_allclose(list(gains.values()), 0, atol=0.02)


def test_gains_do_not_depend_on_units_or_origin():
    r, a = simulate(linear_system(1.0, 0.1, 0.2, 20.0), 40, 80, np.random.default_rng(3))
    plain = memory_gains(r, a, np.arange(40))
    moved = memory_gains(3 * r + 5, 7 * a - 2, np.arange(40))
    np.testing.assert_allclose(list(plain.values()), list(moved.values()), atol=0.01)


def test_replays_of_one_start_cannot_be_held_out_and_short_ones_are_refused():
    r = np.random.default_rng(4).standard_normal((8, 60, 2))
    assert np.isnan(list(memory_gains(r, r, np.zeros(8)).values())).all()
    with pytest.raises(ValueError, match="40 times; memory needs more than 45"):
        memory_gains(r[:, :40], r[:, :40], np.arange(8))


def test_memory_metrics_are_undefined_without_states_and_the_same_numbers_with():
    map = environment("rat").map()
    r, a = simulate(linear_system(1.0, 0.1, 0.2, 20.0), 40, 80, np.random.default_rng(5))
    position, start = np.zeros((40, 80, 2)), np.arange(40)
    metric = METRICS["memory_gain_given_adaptation_5"]
    assert np.isnan(metric.compute(record(position, map)))
    recording = record(position, map, states=States(r, a, start))
    assert metric.compute(recording) == memory_gains(r, a, start)["given_adaptation", 5]


@pytest.mark.parametrize("coefficient", [0.0, 0.5, 0.8])
def test_autocorrelation_time_of_an_ornstein_uhlenbeck_process(coefficient):
    series = autoregressive((coefficient,), (600, 201, 2), np.random.default_rng(6))
    expected = (1 + coefficient) / (1 - coefficient)
    assert integrated_autocorrelation_time(series) == pytest.approx(expected, rel=0.06)


def test_autocorrelation_time_with_momentum():
    first, second = momentum_coefficients(0.5, 0.3)
    series = autoregressive((first, second), (600, 201, 2), np.random.default_rng(7))
    # Power at frequency zero over the variance of an AR(2) process with unit innovations.
    variance = (1 - second) / ((1 + second) * ((1 - second) ** 2 - first**2))
    expected = 1 / (1 - first - second) ** 2 / variance
    assert integrated_autocorrelation_time(series) == pytest.approx(expected, rel=0.1)


def test_a_frozen_path_never_forgets():
    frozen = np.repeat(np.random.default_rng(8).standard_normal((50, 1, 2)), 101, axis=1)
    assert integrated_autocorrelation_time(frozen) == pytest.approx(2 * 51 - 1, rel=0.05)
