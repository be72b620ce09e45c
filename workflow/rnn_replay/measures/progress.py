"""Velocity of progress: how fast replay gets on, by what displacements a little apart in time agree on.

The mean product of displacements D over two windows of w steps, w steps apart, ⟨D(t) · D(t + 2w)⟩ / w², is v² for
directed motion. It is 0 where errors are independent, as in jitter about a point, in random order or in Brownian
motion, and below 0 for motion that is pulled back, which counts as 0. So neither bins nor jitter inflate it. On a track
it counts where displacements agree more than on maps whose places are mixed up (:mod:`rnn_replay.measures.wrong_maps`).
In a box displacements on such maps do not agree at all.

The window is the shortest in which paths get as far as awake behaviour does in AWAKE_WINDOW steps. So turns and walls
cost the same at every speed, until a window is one step: in a box, where paths turn, the ratio to awake speed is true
up to AWAKE_WINDOW, and low beyond. Displacement is that of the phase in a loop, along a track, or in the plane of a
box.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.spatial import KDTree

from rnn_replay.environments import Map
from rnn_replay.environments.base import along
from rnn_replay.measures.base import AwakePaths, Recording, dot, metric, norm
from rnn_replay.measures.exploration import normalised_entropy, occupancy
from rnn_replay.measures.speed import NO_REACH, NO_WINDOW, first_arrival, first_reach, place_on_track, track_distance
from rnn_replay.measures.wrong_maps import WrongMaps

AWAKE_WINDOW = 3  # steps (our choice)
WINDOWS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)  # steps; a quarter of awake speed takes 12 (our choice)
SIGNIFICANT = 4.0  # standard errors, over paths, by which the mean product exceeds 0 at least (our choice)
RESEMBLING = 1 / 3  # of the time that replay resembles awake states at least; below, it is none (our choice)
FEWEST = 8  # paths over which they are taken at least (our choice)
STRETCH = 24  # awake steps of the way over which exploration is taken (our choice)
NO_PROGRESS = f"{NO_WINDOW}, or where replay resembles awake states in less than a third of the time"
POINTS = 100  # of each segment of a track, between which distances are looked up


def phase(position: np.ndarray, map: Map) -> tuple[np.ndarray, float] | None:
    """Metres round a closed track, as seen from its middle, of positions (..., 2); and its length.

    None if the track is no loop, or one of which not every part is seen from there, as in a figure of eight.
    """
    if map.traits.shape != "loop":
        return None
    corners = map.segments[:, 0]
    loop = np.concatenate([corners, corners[:1]])
    length = norm(np.diff(loop, axis=0)).sum()
    metres = np.linspace(0, length, len(corners) * POINTS + 1)
    seen, away = along(loop, metres) - corners.mean(0), position - corners.mean(0)
    angle = np.unwrap(np.arctan2(seen[:, 1], seen[:, 0]))
    way_round = np.sign(angle[-1] - angle[0])
    angle = way_round * angle
    if not (np.diff(angle) > 0).all() or not np.isclose(angle[-1] - angle[0], 2 * np.pi):
        return None
    turned = way_round * np.arctan2(away[..., 1], away[..., 0]) - angle[0]
    return np.interp(turned % (2 * np.pi), angle - angle[0], metres), length


@lru_cache(maxsize=4)
def squared_ways(segments: bytes) -> tuple[KDTree, np.ndarray]:
    """Points of a track, and the squares of their distances along it, shape (point, point)."""
    parts = np.frombuffer(segments).reshape(-1, 2, 2)
    share = (np.arange(POINTS) + 0.5)[:, None] / POINTS
    points = (parts[:, None, 0] * (1 - share) + parts[:, None, 1] * share).reshape(-1, 2)
    segment, metres = place_on_track(points, parts)
    a, b = np.indices((len(points),) * 2)
    return KDTree(points), track_distance((segment[a], metres[a]), (segment[b], metres[b]), parts) ** 2


def geometry(position: np.ndarray, map: Map) -> tuple[np.ndarray, Callable]:
    """Places of positions (..., 2), and the product of displacements a → b and c → d of such places.

    On a track that branches or crosses itself, and so has no direction of its own, the product is that of squared
    distances, by polarisation; on a line they are the same.
    """
    if map.traits.shape == "box":
        return position.astype(float), lambda a, b, c, d: dot(b - a, d - c)
    round_loop = phase(position, map)
    if round_loop:
        places, length = round_loop

        def moved(a, b):
            return (b - a + length / 2) % length - length / 2

        return places, lambda a, b, c, d: moved(a, b) * moved(c, d)
    tree, square = squared_ways(np.ascontiguousarray(map.segments, dtype=float).tobytes())
    return tree.query(position)[1], lambda a, b, c, d: (square[a, d] + square[b, c] - square[a, c] - square[b, d]) / 2


def last_steps(position: np.ndarray, map: Map) -> np.ndarray:
    """Last step of each path (path, time, 2) that counts, shape (path,): before arrival where behaviour rests."""
    times = position.shape[1]
    return (first_arrival(position, map) if map.traits.rests_at_goals else np.full(len(position), times)) - 1


@dataclass(frozen=True)
class Agreement:
    """What displacements over two windows of w steps, w steps apart, agree on.

    Attributes:
        steps: w.
        corners: times at which the first displacement starts and ends, and the second, for all windows.
        valid: whether a window counts, shape (path, window).
        agreed: products of the two displacements, 0 where a window does not count, same shape.
        squared: squares of the first displacement, same shape.
    """

    steps: int
    corners: list[slice]
    valid: np.ndarray
    agreed: np.ndarray
    squared: np.ndarray

    @classmethod
    def of(cls, places: np.ndarray, product: Callable, used: np.ndarray, w: int) -> "Agreement | None":
        """Of paths, whose positions may count or not, shape (path, time); None where no window counts."""
        corners = [slice(i * w, max(used.shape[1] - (3 - i) * w, 0)) for i in range(4)]
        valid = np.logical_and.reduce([used[:, corner] for corner in corners])
        if not valid.any():
            return None
        a, b, c, d = (places[:, corner] for corner in corners)
        return cls(w, corners, valid, np.where(valid, product(a, b, c, d), 0), product(a, b, a, b))

    @cached_property
    def windows(self) -> np.ndarray:
        """Number of windows that count, shape (path,)."""
        return self.valid.sum(-1)

    @cached_property
    def mean(self) -> float:
        """Mean product, in square metres."""
        return self.agreed.sum() / self.windows.sum()

    @property
    def velocity(self) -> float:
        """What they agree on, in metres per step."""
        return float(np.sqrt(max(self.mean, 0)) / self.steps)

    @property
    def is_sure(self) -> bool:
        """Whether the mean product exceeds 0 by more than its error over paths, of which there are enough."""
        error = np.sqrt(((self.agreed.sum(-1) - self.mean * self.windows) ** 2).sum()) / self.windows.sum()
        return bool(self.mean > SIGNIFICANT * error and (self.windows > 0).sum() >= FEWEST)

    def reached(self, least: float) -> float:
        """How far those paths get that get as far as `least`, in metres."""
        moving = self.valid & (self.squared >= least**2)
        return float(np.sqrt(max(self.agreed[moving].mean(), 0))) if moving.any() else 0.0


def progress(position: np.ndarray, map: Map, reach: float | None, counted: np.ndarray | None = None) -> float:
    """Velocity of progress of paths (path, time, 2), in metres per step.

    Args:
        position: decoded paths.
        map: of the environment.
        reach: how far paths get in a window, in metres; None for AWAKE_WINDOW steps.
        counted: whether a position counts, shape (path, time); a window with one that does not is left out.

    Returns:
        The velocity at the shortest window in which paths that move get as far, or else at that in which they get
        furthest; 0 where displacements agree in none, NaN where no window counts.
    """
    places, product = geometry(position, map)
    used = np.arange(position.shape[1]) <= last_steps(position, map)[:, None]
    used = used if counted is None else used & counted
    if reach is None:
        agreement = Agreement.of(places, product, used, AWAKE_WINDOW)
        return agreement.velocity if agreement else np.nan
    wrong, found, furthest, earlier = None, np.nan, 0.0, (0.0, 0.0)
    for w in WINDOWS:
        agreement = Agreement.of(places, product, used, w)
        if not agreement:
            break
        found = 0.0 if np.isnan(found) else found
        got, is_sure = agreement.reached(reach / 2), agreement.is_sure
        if is_sure and map.is_track:
            wrong = wrong or WrongMaps.of(position, map)
            is_sure = wrong.agree_less(agreement.corners, agreement.valid)
        if is_sure and got >= reach:
            share = (reach - earlier[0]) / (got - earlier[0]) if earlier[0] < reach and w > 1 else 1.0
            return earlier[1] + share * (agreement.velocity - earlier[1])
        if is_sure and got > furthest:
            found, furthest = agreement.velocity, got
        earlier = got, agreement.velocity
    return found


@lru_cache(maxsize=4)
def awake_velocity(awake: AwakePaths) -> tuple[float, float]:
    """Velocity of progress of decoded awake paths, and of behaviour, in metres per step."""
    behaviour = progress(awake.behaviour, awake.map, None)
    return progress(awake.position, awake.map, AWAKE_WINDOW * behaviour, awake.counted), behaviour


@lru_cache(maxsize=2)
def velocity(recording: Recording) -> tuple[float, float, float]:
    """Velocity of progress of the replays, of the same network awake, and of behaviour, in metres per step."""
    awake, behaviour = awake_velocity(recording.awake)
    if recording.counted.mean() < RESEMBLING:
        return np.nan, awake, behaviour
    return progress(recording.position, recording.map, AWAKE_WINDOW * behaviour, recording.counted), awake, behaviour


@metric(
    "m/s",
    "velocity of progress: what displacements a little apart in time agree on",
    "setting",
    beside={"awake": "progress_speed_awake"},
    undefined=NO_PROGRESS,
)
def progress_speed(recording: Recording) -> float:
    return velocity(recording)[0] / recording.time_step


@metric("m/s", "progress_speed of the same network, decoded alike, awake", "setting", undefined=NO_WINDOW)
def progress_speed_awake(recording: Recording) -> float:
    return velocity(recording)[1] / recording.time_step


@metric(
    "1",
    "progress_speed over that of the same network, decoded alike, awake",
    "setting",
    undefined=f"{NO_PROGRESS}, or where awake positions do not progress",
)
def progress_compression(recording: Recording) -> float:
    replay, awake, _ = velocity(recording)
    return replay / awake if awake else np.nan


@metric(
    "1/s",
    "arrivals at a goal other than the start, per time that replays were on their way, up to the arrival or the end",
    "setting",
    undefined=NO_REACH,
)
def reach_hazard(recording: Recording) -> float:
    step, eligible = first_reach(recording.position, recording.map, recording.counted)
    steps = np.where(step < 0, recording.position.shape[1] - 1, step)[eligible].sum()
    return float((step[eligible] >= 0).sum() / (steps * recording.time_step)) if steps else np.nan


@metric(
    "1",
    f"entropy of the time in regions while replay gets as far as behaviour in {STRETCH} steps, over that of uniform "
    "occupancy",
    "setting",
    undefined="where replay does not get that far",
)
def entropy_per_distance(recording: Recording) -> float:
    replay, _, behaviour = velocity(recording)
    last, times = last_steps(recording.smoothed, recording.map), recording.regions.shape[1]
    steps = int(np.rint(STRETCH * behaviour / replay)) if replay > 0 else times + 1  # NaN is not above 0
    fits = np.arange(times - steps + 1) + steps - 1 <= last[:, None] if 2 <= steps <= times else np.zeros((1, 1), bool)
    if not fits.any():
        return np.nan
    stretches = np.lib.stride_tricks.sliding_window_view(recording.regions, steps, axis=1)[fits]
    return float(normalised_entropy(occupancy(stretches, len(recording.map.regions))).mean())
