"""Replays whose answers are known, and recordings made of them."""

import numpy as np
from rnn_replay import environments
from rnn_replay.environments import Map
from rnn_replay.measures import AwakePaths, Recording

TIME_STEP = 0.1
COMMON = {"steps": 60, "time_step": TIME_STEP, "training_paths": 10, "test_paths": 40}


def environment(name: str):
    """A small environment with its default geometry."""
    return environments.load(name, COMMON)


def record(position: np.ndarray, map: Map, awake: np.ndarray | None = None, **changes) -> Recording:
    """A recording of paths (replay, time, 2), each from a starting state of its own, compared to awake paths."""
    awake = position if awake is None else awake
    likeness = changes.pop("awake_similarity", np.ones(awake.shape[:2]))
    fields = {"similarity": np.ones(position.shape[:2]), "start": np.arange(len(position)), "seed": 7}
    return Recording(position, AwakePaths(awake, awake, likeness, map, TIME_STEP), **(fields | changes))


def brownian(replays: int, times: int, sd: float, rng: np.random.Generator) -> np.ndarray:
    """Brownian paths with steps of a standard deviation, shape (replay, time, 2)."""
    return np.cumsum(sd * rng.standard_normal((replays, times, 2)), axis=1)


def autoregressive(
    coefficients: tuple[float, ...], shape: tuple[int, int, int], rng: np.random.Generator
) -> np.ndarray:
    """Stationary AR(p) series with unit innovations, shape (replay, time, space)."""
    from scipy.signal import lfilter

    replays, times, space = shape
    burn = 300
    innovations = rng.standard_normal((replays, burn + times, space))
    return lfilter([1.0], [1.0, *(-c for c in coefficients)], innovations, axis=1)[:, burn:]


def autocovariance(coefficients: tuple[float, ...], lags: int) -> np.ndarray:
    """Autocovariance of an AR(p) process with unit innovations at lags 0 … lags − 1, from its impulse response."""
    from scipy.signal import lfilter

    impulse = np.zeros(3000)
    impulse[0] = 1
    response = lfilter([1.0], [1.0, *(-c for c in coefficients)], impulse)
    return np.array([response[: len(response) - k] @ response[k:] for k in range(lags)])


def momentum_coefficients(friction: float, stiffness: float) -> tuple[float, float]:
    """AR(2) coefficients of r under the update rule with a linear drift −k r: r' = (2 − λ − k) r − (1 − λ) r₋₁."""
    return 2 - friction - stiffness, -(1 - friction)


def circle(replays: int, times: int, radius: float, period: float, rng: np.random.Generator) -> np.ndarray:
    """A limit cycle around (0.5, 0.5) from random phases, shape (replay, time, 2)."""
    angle = 2 * np.pi * (np.arange(times) / period + rng.random((replays, 1)))
    return 0.5 + radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def laps(map: Map, replays: int, times: int, speed: float, rng: np.random.Generator) -> np.ndarray:
    """Walks round a closed track at a constant speed per step, from random places, shape (replay, time, 2)."""
    from rnn_replay.environments.base import along

    loop = np.concatenate([map.segments[:, 0], map.segments[:1, 0]])
    perimeter = np.linalg.norm(np.diff(loop, axis=0), axis=1).sum()
    start = rng.uniform(0, perimeter, (replays, 1))
    return along(loop, (start + speed * np.arange(times)) % perimeter)


def jumper(places: np.ndarray, when: np.ndarray, times: int) -> np.ndarray:
    """Paths that jump from place 0 to place 1 and back at given times (replay, jump), shape (replay, time, 2)."""
    count = (np.arange(times) >= when[..., None]).sum(1)
    return places[count % 2]
