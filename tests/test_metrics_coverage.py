"""Intervals over seeds cover the known answer of synthetic replays in at least 90 of 100 repetitions."""

import numpy as np
import pytest
from rnn_replay.measures import METRICS
from rnn_replay.measures.base import SMOOTHING
from rnn_replay.measures.prediction import memory_gains
from rnn_replay.measures.speed import LAG
from scipy.stats import t as student
from synthetic_replays import (
    TIME_STEP,
    autocovariance,
    autoregressive,
    brownian,
    circle,
    environment,
    jumper,
    laps,
    momentum_coefficients,
    record,
)

REPETITIONS, SEEDS, REPLAYS, TIMES = 100, 8, 4, 81
TOTAL = REPETITIONS * SEEDS * REPLAYS
TRIANGLE, TMAZE, RAT = (environment(name).map() for name in ("triangle", "tmaze", "rat"))
MOMENTUM = momentum_coefficients(0.4, 0.1)


def difference_deviation(covariance: np.ndarray) -> float:
    """Standard deviation of the net displacement of a smoothed stationary path along one axis."""
    weights = np.zeros(LAG + SMOOTHING)
    weights[LAG:] += 1 / SMOOTHING
    weights[:SMOOTHING] -= 1 / SMOOTHING
    lag = np.abs(np.subtract.outer(np.arange(len(weights)), np.arange(len(weights))))
    return np.sqrt(weights @ covariance[lag] @ weights)


def speed_of(deviation: float) -> float:
    """Mean length of a displacement whose axes are normal, per time."""
    return np.sqrt(np.pi / 2) * deviation / (LAG * TIME_STEP)


def by_seed(name: str, position: np.ndarray, map, awake: np.ndarray | None = None) -> np.ndarray:
    """Mean over the replays of a seed, shape (repetition, seed)."""
    awake = position[:20] if awake is None else awake
    return METRICS[name].compute(record(position, map, awake)).reshape(REPETITIONS, SEEDS, REPLAYS).mean(-1)


def covered(values: np.ndarray, truth: float) -> int:
    """Repetitions whose 95 % t interval over seeds, of values (repetition, seed), holds the truth."""
    margin = student.ppf(0.975, SEEDS - 1) * values.std(-1, ddof=1) / np.sqrt(SEEDS)
    return int((np.abs(values.mean(-1) - truth) <= margin).sum())


def test_brownian_motion():
    position = brownian(TOTAL, TIMES, 0.02, np.random.default_rng(11))
    deviation = 0.02 * np.sqrt(LAG - (SMOOTHING - 1 / SMOOTHING) / 3)
    assert covered(by_seed("speed", position, RAT), speed_of(deviation)) >= 90


@pytest.mark.parametrize("coefficients", [(0.8,), MOMENTUM], ids=["ornstein_uhlenbeck", "momentum"])
def test_linear_gaussian_paths(coefficients):
    position = autoregressive(coefficients, (TOTAL, TIMES, 2), np.random.default_rng(12))
    truth = speed_of(difference_deviation(autocovariance(coefficients, 20)))
    assert covered(by_seed("speed", position, RAT), truth) >= 90


def test_memory_of_momentum():
    # With few data the held-out gain is biased down by about features over samples, so these are as long as a sweep's.
    rng = np.random.default_rng(13)
    replays = 64
    gains = np.empty((REPETITIONS, SEEDS))
    for repetition in range(REPETITIONS):
        state = autoregressive(MOMENTUM, (SEEDS * replays, 151, 2), rng).reshape(SEEDS, replays, 151, 2)
        gains[repetition] = [memory_gains(r, np.zeros_like(r), np.arange(replays))["", 1] for r in state]
    gamma = autocovariance(MOMENTUM, 32)
    # Joint covariance of r_{t+1}, r_t and the mean of r_{t−1} … r_{t−30}.
    weights = np.zeros((3, 32))
    weights[0, 0] = weights[1, 1] = 1
    weights[2, 2:] = 1 / 30
    joint = weights @ gamma[np.abs(np.subtract.outer(np.arange(32), np.arange(32)))] @ weights.T
    short = joint[0, 0] - joint[0, 1] ** 2 / joint[1, 1]
    full = joint[0, 0] - joint[0, 1:] @ np.linalg.solve(joint[1:, 1:], joint[1:, 0])
    assert covered(gains, 1 - full / short) >= 90


def test_constant_velocity():
    rng = np.random.default_rng(14)
    awake = laps(TRIANGLE, 4000, 61, 0.05, rng)
    position = laps(TRIANGLE, TOTAL, TIMES, 0.1, rng)
    assert covered(by_seed("track_compression", position, TRIANGLE, awake), 2) >= 90
    # Two regions, each a quarter of an edge.
    assert covered(by_seed("crossing_time", position, TRIANGLE), 2 * np.sqrt(3) / 4 / 0.1 * TIME_STEP) >= 90


def test_a_limit_cycle_with_jitter():
    rng = np.random.default_rng(15)
    position = circle(TOTAL, TIMES, 0.3, 40, rng) + 0.02 * rng.standard_normal((TOTAL, TIMES, 2))
    shrunk = np.sin(SMOOTHING * np.pi / 40) / (SMOOTHING * np.sin(np.pi / 40))
    chord = 2 * 0.3 * shrunk * np.sin(np.pi * LAG / 40)
    # Mean length of a displacement that is a chord plus normal jitter: Rice's distribution.
    from scipy.stats import rice

    jitter = difference_deviation(0.02**2 * (np.arange(20) == 0))
    truth = rice.mean(chord / jitter, scale=jitter) / (LAG * TIME_STEP)
    assert covered(by_seed("speed", position, RAT), truth) >= 90


def test_a_jumper_between_attractors():
    rate = 0.02
    when = np.random.default_rng(16).geometric(rate, (TOTAL, 1))
    position = jumper(TRIANGLE.goals[:2], when, TIMES)
    # The path arrives one step after the jump, when three steps in a row are there, if that is within the replay.
    last = TIMES - 3
    arrives = 1 - (1 - rate) ** last
    wait = np.arange(1, last + 1)
    pmf = rate * (1 - rate) ** (wait - 1)
    truth = ((wait + 1) @ pmf + (TIMES - 1) * (1 - arrives)) * TIME_STEP
    assert covered(by_seed("reach_time", position, TRIANGLE), truth) >= 90
    assert covered(by_seed("reached", position, TRIANGLE), arrives) >= 90
