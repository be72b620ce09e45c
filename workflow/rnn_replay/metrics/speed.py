"""How fast replay moves: measures that decoding jitter does not inflate."""

import numpy as np

from rnn_replay.environments import Map
from rnn_replay.metrics.base import SMOOTHING, Recording, metric

LAG = 10  # steps over which net displacement is taken (our choice)


def first_reach(position: np.ndarray, map: Map) -> np.ndarray:
    """Step at which each path (..., time, 2) first reaches a goal that it did not start at; −1 if never."""
    distance = np.linalg.norm(position[..., None, :] - map.goals, axis=-1)  # (..., time, goal)
    away = distance[..., :1, :] > 2 * map.goal_radius
    reached = ((distance <= map.goal_radius) & away).any(-1)
    return np.where(reached.any(-1), reached.argmax(-1), -1)


def net_displacement(position: np.ndarray, map: Map) -> np.ndarray:
    """Mean net displacement over LAG steps of smoothed paths (..., time, 2), in metres, shape (...).

    Where awake behaviour rests at its goals, only windows that end before the first arrival count; a path
    without such a window has NaN.
    """
    displacement = np.linalg.norm(position[..., LAG:, :] - position[..., :-LAG, :], axis=-1)
    if not map.rests_at_goals:
        return displacement.mean(-1)
    arrival = first_reach(position, map)
    arrival = np.where(arrival < 0, position.shape[-2], arrival)
    moving = np.arange(LAG, position.shape[-2]) < arrival[..., None]
    windows = moving.sum(-1)
    total = np.where(moving, displacement, 0).sum(-1)
    return np.where(windows > 0, total / np.maximum(windows, 1), np.nan)


@metric("m/s", "net displacement of the smoothed path over 10 steps, per time")
def speed(recording: Recording) -> np.ndarray:
    return net_displacement(recording.smoothed, recording.map) / (LAG * recording.time_step)


@metric("1", "speed over the mean speed of the same network, decoded alike, awake")
def compression(recording: Recording) -> np.ndarray:
    awake = np.nanmean(net_displacement(recording.smoothed_awake, recording.map))
    return net_displacement(recording.smoothed, recording.map) / awake


@metric("m/s", "arc length of the smoothed path, per time")
def path_length(recording: Recording) -> np.ndarray:
    steps = np.linalg.norm(np.diff(recording.smoothed, axis=-2), axis=-1)
    return steps.sum(-1) / (steps.shape[-1] * recording.time_step)


@metric("s", "time to the first goal other than the start; replays that never arrive count their whole length")
def reach_time(recording: Recording) -> np.ndarray:
    arrival = first_reach(recording.smoothed, recording.map)
    steps = np.where(arrival < 0, recording.smoothed.shape[-2] - 1, arrival)
    return (steps + SMOOTHING // 2) * recording.time_step


@metric("1", "share of replays that reach a goal other than their start")
def reached(recording: Recording) -> np.ndarray:
    return (first_reach(recording.smoothed, recording.map) >= 0).astype(float)
