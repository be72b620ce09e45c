"""What is made by an environment, checked where it is made: awake paths of the right shape, on the map."""

import numpy as np

from rnn_replay.environments.base import BaseEnvironment, Map, Pool
from rnn_replay.seeds import stream

LEAST_REGIONS = 4  # a crossing leads from a first region into a third new one


class BrokenContract(ValueError):
    """An environment that returns what nothing after it can read, said in one sentence."""


def make(environment: BaseEnvironment, name: str, seed: int) -> tuple[Pool, Pool, Map]:
    """Training pool, held-out pool and map of an environment.

    Args:
        environment: with its settings.
        name: under which it is configured.
        seed: of the network's seed that the pools belong to.

    Raises:
        BrokenContract: naming the environment's class and method, what it returned, and what is allowed.
    """
    map = environment.map()
    check_map(environment, map)
    pools = []
    for pool, draw, count in (
        ("training", environment.paths, environment.training_paths),
        ("test", environment.held_out_paths, environment.test_paths),
    ):
        paths = draw(count, stream(seed, "environment", name, pool))
        check_paths(environment, paths, map, count)
        pools.append(paths)
    return *pools, map


def refuse(environment: BaseEnvironment, method: str, what: str, allowed: str) -> None:
    """Raise the sentence."""
    raise BrokenContract(f"{type(environment).__module__}.Environment.{method} returned {what}; allowed: {allowed}")


def check_array(environment: BaseEnvironment, method: str, name: str, value: object, dimensions: list[str]) -> None:
    """Refuse what is not an array of finite numbers, of at least one item in each dimension.

    Args:
        environment, method: that returned it.
        name: of the attribute.
        value: what it is.
        dimensions: name of each, or its length where that is fixed.
    """
    allowed = f"finite numbers of shape ({', '.join(dimensions)})"
    if not isinstance(value, np.ndarray):
        refuse(environment, method, f"'{name}' as {type(value).__name__}", f"an array of {allowed}")
    lengths = [int(d) if d.isdigit() else n for n, d in zip(value.shape, dimensions, strict=False)]
    if value.ndim != len(dimensions) or list(value.shape) != lengths or not value.size:
        refuse(environment, method, f"'{name}' of shape {value.shape}", allowed)
    if value.dtype.kind not in "fiu" or not np.isfinite(value).all():
        refuse(environment, method, f"'{name}' with a value that is not a finite number", allowed)


def check_paths(environment: BaseEnvironment, pool: Pool, map: Map, count: int) -> None:
    """Refuse paths of another shape, that are not finite, or that are further off the map than it is large."""
    if not isinstance(pool, Pool):
        refuse(environment, "paths", type(pool).__name__, "a Pool")
    times = [str(count), str(environment.steps + 1)]
    check_array(environment, "paths", "position", pool.position, [*times, "2"])
    check_array(environment, "paths", "tracked", pool.tracked, [*times, str(map.bins_tracked.shape[1])])
    low, high = map.segments.min((0, 1)), map.segments.max((0, 1))
    outside = np.maximum(low - pool.position, pool.position - high).max()
    if outside > map.size:
        refuse(environment, "paths", f"a position {outside:.3g} m off its map", f"at most its size, {map.size:.3g} m")


def check_map(environment: BaseEnvironment, map: Map) -> None:
    """Refuse a map with arrays of another shape, without goals, or with fewer regions than a crossing needs."""
    if not isinstance(map, Map):
        refuse(environment, "map", type(map).__name__, "a Map")
    shapes = {
        "segments": ["segment", "2", "2"],
        "bins": ["bin", "2"],
        "regions": ["region", "2"],
        "goals": ["goal", "2"],
    }
    for name, dimensions in shapes.items():
        check_array(environment, "map", name, getattr(map, name), dimensions)
    check_array(environment, "map", "bins_tracked", map.bins_tracked, [str(len(map.bins)), "feature"])
    if len(map.regions) < LEAST_REGIONS:
        refuse(environment, "map", f"{len(map.regions)} regions", f"at least {LEAST_REGIONS}")
    for name in ("goal_radius", "size"):
        if not (np.isfinite(getattr(map, name)) and getattr(map, name) > 0):
            refuse(environment, "map", f"'{name}' {getattr(map, name)}", "a number above 0")
    if map.traits != environment.traits:
        refuse(environment, "map", "other traits than those of its class", "traits=self.traits")
