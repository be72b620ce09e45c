"""How fast replay moves: measures that decoding jitter does not inflate.

`speed` is net displacement of the smoothed path, as a crow flies. It is cautious: at twice the awake speed it says
less than twice, since the path turns within a window (see `calibration`). On a track, `track_speed` takes the
displacement along the track, which keeps proportion up to half a loop per window, but reads noise around the
middle of a loop as motion. So both are shown.
"""

from functools import lru_cache

import numpy as np
from scipy.sparse.csgraph import shortest_path

from rnn_replay.environments import Map
from rnn_replay.measures.base import SMOOTHING, AwakePaths, Recording, distances, dot, metric, norm, smooth

LAG = 10  # steps over which net displacement is taken (our choice)
CROSSED = 2  # regions that a crossing takes, so that it lasts several steps (our choice)
NO_WINDOW = "where every replay has arrived before there is a window"
NO_TRACK = f"in a box, or {NO_WINDOW}"
NO_REACH = "where no replay can still arrive"
ARRIVAL_SMOOTHING = 3  # steps; more would cut corners, so that fast replays would miss goals there (our choice)


def first_arrival(position: np.ndarray, map: Map) -> np.ndarray:
    """Step at which each path (..., time, 2) is first at any goal, where it starts included; time if never."""
    at_goal = (distances(position, map.goals) <= map.goal_radius).any(0)
    return np.where(at_goal.any(-1), at_goal.argmax(-1), position.shape[-2])


def first_reach(position: np.ndarray, map: Map, counted: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """When each path reaches a goal that it did not start at.

    A path starts at the goals within twice their radius.

    Args:
        position: decoded paths, shape (path, time, 2), not smoothed.
        map: with goals.
        counted: whether a position counts, so that a goal can be reached there, shape (path, time).

    Returns:
        Step of the first reach, −1 if never, shape (path,); and whether reach means something, shape (path,):
        not where behaviour rests at goals and the path starts at one, having arrived already.
    """
    position = smooth(position, ARRIVAL_SMOOTHING)
    distance = distances(position, map.goals)  # (goal, path, time)
    away = distance[..., :1] > 2 * map.goal_radius
    reached = ((distance <= map.goal_radius) & away).any(0)
    if counted is not None:
        reached &= counted[:, ARRIVAL_SMOOTHING // 2 : -(ARRIVAL_SMOOTHING // 2)]
    step = np.where(reached.any(-1), reached.argmax(-1) + ARRIVAL_SMOOTHING // 2, -1)
    eligible = away.all((0, -1)) if map.traits.rests_at_goals else np.ones(len(step), dtype=bool)
    return step, eligible


@lru_cache(maxsize=1)
def first_crossing(recording: Recording) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When each replay first enters a region other than its start's, and when the CROSSED-th new one after that.

    Unlike a reach, a crossing does not depend on where a replay starts, nor on how long it stays there.

    Returns:
        Steps to the end of the crossing from its beginning, cut at the end of the replay, shape (replay,); whether
        it ends, shape (replay,); and whether it means something, shape (replay,): not where it never begins, nor
        where a reach means nothing.
    """
    times = recording.regions.shape[1]
    seen = recording.regions[..., None] == np.arange(len(recording.map.regions))
    entry = np.sort(np.where(seen.any(1), seen.argmax(1), times), axis=1)
    begun, done = entry[:, 1], entry[:, 1 + CROSSED]
    _, eligible = first_reach(recording.position, recording.map)
    return np.minimum(done, times - 1) - begun, done < times, eligible & (begun < times)


def mean_before_arrival(displacement: np.ndarray, position: np.ndarray, map: Map) -> np.ndarray:
    """Mean of displacements (path, time − LAG) of smoothed paths (path, time, 2), shape (path,).

    Where awake behaviour rests at its goals, only windows that end before the first arrival count; a path
    without such a window has NaN.
    """
    if not map.traits.rests_at_goals:
        return displacement.mean(-1)
    moving = np.arange(LAG, position.shape[-2]) < first_arrival(position, map)[:, None]
    windows = moving.sum(-1)
    total = np.where(moving, displacement, 0).sum(-1)
    return np.where(windows > 0, total / np.maximum(windows, 1), np.nan)


def net_displacement(position: np.ndarray, map: Map, ending: np.ndarray | None = None) -> np.ndarray:
    """Mean net displacement over LAG steps of smoothed paths, in metres, shape (path,).

    Args:
        position: shape (path, time, 2).
        map: of the environment.
        ending: paths whose arrival ends the count, of the same shape; `position` if left out.
    """
    displacement = norm(position[:, LAG:] - position[:, :-LAG])
    return mean_before_arrival(displacement, position if ending is None else ending, map)


Places = tuple[np.ndarray, np.ndarray]  # on a track: segment, and metres along it, each of shape (...)


def place_on_track(position: np.ndarray, segments: np.ndarray) -> Places:
    """Nearest segment (...) to positions (..., 2), and how far along it in metres (...)."""
    edge = segments[:, 1] - segments[:, 0]
    length = norm(edge)
    along = np.einsum("...d,sd->...s", position, edge / length[:, None])
    along = np.clip(along - dot(segments[:, 0], edge) / length, 0, length)
    foot = segments[:, 0] + along[..., None] * (edge / length[:, None])
    nearest = norm(position[..., None, :] - foot).argmin(-1)
    return nearest, np.take_along_axis(along, nearest[..., None], axis=-1)[..., 0]


def track_distance(a: Places, b: Places, segments: np.ndarray) -> np.ndarray:
    """Shortest way along a track of segments (segment, 2 ends, 2) between places on it, in metres, shape (...).

    Segments join where their ends coincide.
    """
    length = norm(segments[:, 1] - segments[:, 0])
    _, joint = np.unique(segments.reshape(-1, 2).round(9), axis=0, return_inverse=True)
    joint = joint.reshape(-1, 2)  # of each end of each segment
    ways = np.zeros((joint.max() + 1,) * 2)
    ways[joint[:, 0], joint[:, 1]] = length
    ways = shortest_path(ways, directed=False)
    (first, s), (second, t) = a, b
    from_ends, to_ends = np.stack([s, length[first] - s]), np.stack([t, length[second] - t])
    between = ways[np.moveaxis(joint[first], -1, 0)[:, None], np.moveaxis(joint[second], -1, 0)[None]]
    through_ends = (from_ends[:, None] + between + to_ends[None]).min((0, 1))
    return np.where(first == second, np.minimum(np.abs(s - t), through_ends), through_ends)


def track_displacement(position: np.ndarray, map: Map, ending: np.ndarray | None = None) -> np.ndarray:
    """The same as net_displacement, along the track; NaN where there is none."""
    if not map.is_track:
        return np.full(len(position), np.nan)
    places = place_on_track(position, map.segments)
    later, earlier = (tuple(part[:, window] for part in places) for window in (slice(LAG, None), slice(-LAG)))
    displacement = track_distance(later, earlier, map.segments)
    return mean_before_arrival(displacement, position if ending is None else ending, map)


def mean_defined(values: np.ndarray) -> float:
    """Mean of the values that are not NaN; NaN if there are none."""
    return float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else np.nan


@lru_cache(maxsize=4)
def awake_displacement(awake: AwakePaths) -> tuple[float, float]:
    """Mean displacement awake, as the crow flies and along the track, in metres; several metrics divide by it."""
    position, map = awake.smoothed, awake.map
    return mean_defined(net_displacement(position, map)), mean_defined(track_displacement(position, map))


@lru_cache(maxsize=1)
def replay_track_displacement(recording: Recording) -> np.ndarray:
    """Mean displacement of each replay along the track, in metres."""
    return track_displacement(recording.smoothed, recording.map)


@metric("m/s", "net displacement of the smoothed path over 10 steps, per time", undefined=NO_WINDOW)
def speed(recording: Recording) -> np.ndarray:
    return net_displacement(recording.smoothed, recording.map) / (LAG * recording.time_step)


@metric(
    "1",
    "speed over the mean speed of the same network, decoded alike, awake",
    beside={"shuffled": "compression_shuffled"},
    undefined=NO_WINDOW,
)
def compression(recording: Recording) -> np.ndarray:
    return net_displacement(recording.smoothed, recording.map) / awake_displacement(recording.awake)[0]


@metric("m/s", "net displacement along the track over 10 steps, per time; undefined in a box", undefined=NO_TRACK)
def track_speed(recording: Recording) -> np.ndarray:
    return replay_track_displacement(recording) / (LAG * recording.time_step)


@metric(
    "1",
    "track_speed over the mean of the same network, decoded alike, awake; undefined in a box",
    beside={"shuffled": "track_compression_shuffled"},
    undefined=NO_TRACK,
)
def track_compression(recording: Recording) -> np.ndarray:
    return replay_track_displacement(recording) / awake_displacement(recording.awake)[1]


@metric("m", "length of the smoothed path, by its points 5 steps apart")
def path_length(recording: Recording) -> np.ndarray:
    points = recording.smoothed[:, ::SMOOTHING]
    return norm(np.diff(points, axis=1)).sum(-1)


@metric(
    "s",
    "time to the first goal other than the start; replays that never arrive count their whole length",
    undefined=NO_REACH,
)
def reach_time(recording: Recording) -> np.ndarray:
    step, eligible = first_reach(recording.position, recording.map)
    steps = np.where(step < 0, recording.position.shape[1] - 1, step)
    return np.where(eligible, steps * recording.time_step, np.nan)


@metric("1", "share of replays that reach a goal other than their start", undefined=NO_REACH)
def reached(recording: Recording) -> np.ndarray:
    step, eligible = first_reach(recording.position, recording.map)
    return np.where(eligible, step >= 0, np.nan)


@metric(
    "s",
    "time from entering a first new region to entering the second after it; cut at the end of the replay",
    undefined=NO_REACH,
)
def crossing_time(recording: Recording) -> np.ndarray:
    steps, _, eligible = first_crossing(recording)
    return np.where(eligible, steps * recording.time_step, np.nan)


@metric("1", "share of replays that enter two more regions, of those that enter a first new one", undefined=NO_REACH)
def crossed(recording: Recording) -> np.ndarray:
    _, ends, eligible = first_crossing(recording)
    return np.where(eligible, ends, np.nan)
