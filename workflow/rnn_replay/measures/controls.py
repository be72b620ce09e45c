"""Measures of replays that lack what a claim is about: those shuffled in time, and resting ones.

A replay shuffled in time is at the same places as often, in random order. So positions are as far from awake
behaviour as before, which is why there is no `wasserstein_shuffled`; pieces of trajectories and speed are not.
`wasserstein_null` and `trajectory_wasserstein_null` are of resting replays too.
"""

from functools import lru_cache

import numpy as np

from rnn_replay.measures.base import SMOOTHING, Recording, metric, smooth, visited_regions
from rnn_replay.measures.exploration import normalised_entropy, occupancy
from rnn_replay.measures.fidelity import WINDOW, distance_to_behaviour
from rnn_replay.measures.speed import (
    NO_TRACK,
    NO_WINDOW,
    awake_displacement,
    first_arrival,
    net_displacement,
    track_displacement,
)


def shuffled(position: np.ndarray, until: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paths (path, time, 2) whose positions before a step, which may differ by path (path,), are in random order."""
    times = np.arange(position.shape[1])
    key = np.where(times < until[:, None], rng.random(position.shape[:2]), 1 + times)
    return np.take_along_axis(position, key.argsort(axis=1)[..., None], axis=1)


@lru_cache(maxsize=1)
def shuffled_before_arrival(recording: Recording) -> np.ndarray:
    """Smoothed paths, shuffled as long as speed is measured: up to arrival where awake behaviour rests at goals."""
    times = recording.position.shape[1]
    until = np.full(len(recording.position), times)
    if recording.map.traits.rests_at_goals:
        until = np.minimum(first_arrival(recording.smoothed, recording.map) + SMOOTHING - 1, times)
    return smooth(shuffled(recording.position, until, recording.stream("shuffled")))


@metric("1", "compression of the same replays, their positions in random order", undefined=NO_WINDOW)
def compression_shuffled(recording: Recording) -> np.ndarray:
    path = shuffled_before_arrival(recording)
    return net_displacement(path, recording.map, recording.smoothed) / awake_displacement(recording.awake)[0]


@metric(
    "1",
    "track_compression of the same replays, their positions in random order; undefined in a box",
    undefined=NO_TRACK,
)
def track_compression_shuffled(recording: Recording) -> np.ndarray:
    path = shuffled_before_arrival(recording)
    return track_displacement(path, recording.map, recording.smoothed) / awake_displacement(recording.awake)[1]


@metric("m", "the same distance of pieces if positions in replays were in random order", scope="setting")
def trajectory_wasserstein_shuffled(recording: Recording) -> float:
    position = recording.position[:, : recording.behaviour.shape[1]]
    until = np.full(len(position), position.shape[1])
    return distance_to_behaviour(shuffled(position, until, recording.stream("shuffled")), recording, WINDOW)


@metric("1", "entropy of the regions in which replays start, over that of uniform occupancy", scope="starts")
def occupancy_entropy_pooled_null(recording: Recording) -> float:
    regions = visited_regions(recording.position[:, :1], recording.map.regions)
    return float(normalised_entropy(occupancy(regions.reshape(1, -1), len(recording.map.regions)))[0])
