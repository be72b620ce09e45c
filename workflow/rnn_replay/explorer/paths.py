"""Positions for the page: few, short and rounded, as differences that pack well."""

import numpy as np
import xarray as xr

from rnn_replay.measures.base import smooth

SHOWN = 8  # replays of a setting, each from a starting state of its own, and as many awake paths
EVERY = 2  # of the recorded steps one is kept
SCALE = 100  # positions are rounded to centimetres


def first_of_starts(replays: xr.Dataset) -> np.ndarray:
    """Numbers of the replays that are shown: the first from each of a few starting states, evenly picked."""
    starts = np.stack([replays["start_path"].values, replays["start_time"].values], axis=1)
    _, first = np.unique(starts, axis=0, return_index=True)
    first = np.sort(first)
    return first[np.unique(np.linspace(0, len(first), min(SHOWN, len(first)), endpoint=False).astype(int))]


def awake(replays: xr.Dataset, decoder: str, numbers: np.ndarray) -> list[list[int]]:
    """Awake paths, decoded alike, from the starting states of some replays on; cut to the shortest."""
    position = smooth(replays["awake_position"].sel(decoder=decoder).values)
    paths, times = (replays[key].values[numbers] for key in ("start_path", "start_time"))
    length = position.shape[1] - min(times.max(), position.shape[1] - 1)
    return [packed(position[path, time : time + length]) for path, time in zip(paths, times, strict=True)]


def replayed(replays: xr.Dataset, decoder: str, setting: int, numbers: np.ndarray) -> list[list[int] | None]:
    """Replays of one setting; None for those that diverged."""
    position = replays["position"].sel(decoder=decoder).values[setting, numbers]
    lost = replays["diverged"].values[setting, numbers].astype(bool)
    return [None if gone else packed(smooth(path)) for path, gone in zip(position, lost, strict=True)]


def packed(path: np.ndarray) -> list[int]:
    """A path (time, 2) in metres as whole centimetres x, y, Δx, Δy, …"""
    places = np.rint(path[::EVERY] * SCALE).astype(int)
    return np.diff(places, axis=0, prepend=0).ravel().tolist()
