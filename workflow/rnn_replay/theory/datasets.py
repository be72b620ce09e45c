"""The artifacts of the theory stage: each function runs one part of it and returns what is compared and drawn."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.seeds import stream
from rnn_replay.theory import gaussian_paths, learned_leak, linear_simulation, memory, passage
from rnn_replay.theory.comparison import to_dataset
from rnn_replay.theory.line_kernel import LineKernel
from rnn_replay.theory.line_kernel import passage as read_passage
from rnn_replay.theory.linear import PHASES, Linear, Unstable, critical_adaptation, momentum_variance
from rnn_replay.theory.passage import Point
from rnn_replay.theory.potentials import kramers_rate, overdamped_passage

SCALINGS = ("fixed", "fluctuation_dissipation")


def linear(settings: dict, seed: int) -> xr.Dataset:
    """Comparisons, phase map and stability boundary of the linear system, and its memory gains.

    Points of the grid that have no stationary state are flagged in the log and in `grid_phase`, and not compared.

    Args:
        settings: the configuration's `theory.linear`.
        seed: master seed.

    Raises:
        Unstable: a point of `memory` has no stationary state.
    """
    fixed = {"stiffness": settings["stiffness"], "adaptation_time": settings["adaptation_time"]}
    systems = linear_simulation.grid(
        fixed["stiffness"],
        settings["frictions"],
        settings["adaptation_strengths"],
        fixed["adaptation_time"],
        settings["noise"],
    )
    sampling = settings["sampling"]
    for system in systems:
        try:
            system.require_stable()
        except Unstable as problem:
            print(f"not compared: {problem}")
    memories = [Linear(**fixed, **point, noise=settings["noise"]) for point in settings["memory"]["points"]]
    for system in memories:
        system.require_stable()
    compared = linear_simulation.compare(systems, **sampling, seed=seed)
    gains, beyond = memory.compare(memories, **settings["memory"]["sampling"], seed=seed)
    frictions = np.linspace(0.05, 1, settings["phases"]["frictions"])
    # Overdamped only where adaptation is weak, so the map is finest there.
    strengths = settings["phases"]["highest"] * np.linspace(0, 1, settings["phases"]["adaptation_strengths"]) ** 2
    phase_map = [
        [Linear(**fixed, friction=f, adaptation_strength=b, noise=1.0).phase() for b in strengths] for f in frictions
    ]
    measured = linear_simulation.boundary(
        fixed["stiffness"],
        settings["frictions"],
        fixed["adaptation_time"],
        settings["phases"]["steps"],
        settings["phases"]["halvings"],
        settings["phases"]["highest"],
    )
    growth = linear_simulation.growth_rate(systems, settings["phases"]["steps"])
    predicted = [critical_adaptation(fixed["stiffness"], f, fixed["adaptation_time"]) for f in settings["frictions"]]
    curve = np.linspace(0.05, 1, 96)
    heat = momentum_variance(fixed["stiffness"], curve, settings["noise"])
    times = [Linear(**fixed, friction=f, adaptation_strength=0.0, noise=1.0).autocorrelation_time() for f in curve]
    compression = [
        Linear(**fixed, friction=f, adaptation_strength=0.0, noise=1.0).displacement(10)
        / Linear(**fixed, friction=1.0, adaptation_strength=0.0, noise=1.0).displacement(10)
        for f in curve
    ]
    dataset = xr.Dataset(
        {
            "map_friction": variable("map_friction", frictions, "1", "friction λ_v of the phase map"),
            "map_strength": variable("map_strength", strengths, "1", "adaptation strength b_a of the phase map"),
            "phase": variable(
                "map_friction map_strength",
                np.array([[PHASES.index(p) for p in line] for line in phase_map], dtype=np.int8),
                "1",
                "phase: " + ", ".join(f"{i} {name}" for i, name in enumerate(PHASES)),
            ),
            "grid_friction": variable("grid", [x.friction for x in systems], "1", "friction λ_v of the grid"),
            "grid_strength": variable("grid", [x.adaptation_strength for x in systems], "1", "b_a of the grid"),
            "grid_phase": variable(
                "grid", np.array([PHASES.index(x.phase()) for x in systems], dtype=np.int8), "1", "phase, as in `phase`"
            ),
            "grid_growth": variable("grid", growth, "1/step", "measured growth of a noise-free perturbation"),
            "grid_growth_predicted": variable(
                "grid", [np.log(x.spectral_radius()) for x in systems], "1/step", "logarithm of the spectral radius"
            ),
            "boundary_friction": variable("boundary", settings["frictions"], "1", "friction λ_v at the boundary"),
            "boundary_measured": variable(
                "boundary", measured, "1", "b_a at which simulated perturbations grow; ∞ above the search"
            ),
            "boundary_predicted": variable("boundary", predicted, "1", "b_a at the boundary, closed form"),
            "curve_friction": variable("curve", curve, "1", "friction λ_v of the curves"),
            "curve_variance": variable("curve", heat, "1", "stationary variance of r at fixed noise"),
            "curve_time": variable("curve", times, "step", "integrated autocorrelation time of r"),
            "curve_displacement": variable(
                "curve", compression, "1", "displacement over 10 steps, over that at λ_v = 1"
            ),
            "beyond_state": variable("", beyond, "1", "largest memory gain measured beyond the whole state"),
        }
    )
    return dataset.merge(to_dataset(pd.concat([compared, gains], ignore_index=True)))


def potential(name: str, settings: dict, seed: int) -> xr.Dataset:
    """Comparisons of one potential and, for the double well, its rate against friction and its density.

    Args:
        name: `double_well`, `ring` or `tee`.
        settings: the configuration's `theory.potentials`.
        seed: master seed.
    """
    task = passage.tasks(settings["barrier"], settings["noise"])[name]
    own = settings[name]
    common = (settings["adaptation_time"], settings["noise"], "fluctuation_dissipation")
    points = [Point(f, 0.0, *common) for f in own["frictions"]]
    points += [Point(1.0, b, *common) for b in own["adaptation_strengths"]]
    references = []
    for point in points:
        references.append(passage.reference(task, point, own["steps"]))
        print(f"{name}: λ_v = {point.friction:g}, b_a = {point.adaptation_strength:g}: {references[-1]}")
    dataset = to_dataset(passage.compare(task, points, references, own["replays"], own["steps"], seed))
    if name != "double_well":
        return dataset
    temperature = settings["noise"] ** 2 / 2
    frictions = np.geomspace(0.08, 1, settings["curve_frictions"])
    rates = np.array([[rate(task, settings, f, scaling, own["steps"]) for f in frictions] for scaling in SCALINGS])
    edges = np.linspace(-1.8, 1.8, 61)
    density = [occupancy(passage.line_kernel(task, Point(f, 0.0, *common), False), edges) for f in (1.0, 0.3)]
    middle = (edges[1:] + edges[:-1]) / 2
    boltzmann = np.exp(-settings["barrier"] * (middle**2 - 1) ** 2 / temperature)
    limit = overdamped_passage(task.potential, temperature, task.start[0], task.goal)
    return dataset.merge(
        {
            "scaling": variable("scaling", np.array(SCALINGS, dtype=object), "1", "noise scaling"),
            "curve_friction": variable("curve", frictions, "1", "friction λ_v"),
            "curve_rate": variable("scaling curve", rates, "1/step", "transition rate by quadrature"),
            "kramers_rate": variable(
                "curve",
                kramers_rate(task.potential, temperature, frictions),
                "1/step",
                "Kramers' rate, continuous limit",
            ),
            "overdamped_passage": variable(
                "", limit, "step", "first-passage time, continuous overdamped limit, λ_v = 1"
            ),
            "position": variable("position", middle, "1", "r"),
            "density_friction": variable("shown", [1.0, 0.3], "1", "friction λ_v of the densities"),
            "density": variable("shown position", density, "1", "stationary density of the discrete map"),
            "boltzmann": variable(
                "position", boltzmann / boltzmann.sum() / (middle[1] - middle[0]), "1", "Boltzmann density"
            ),
        }
    )


def rate(task: passage.Task, settings: dict, friction: float, scaling: str, steps: int) -> float:
    """Transition rate of the double well by quadrature."""
    point = Point(friction, 0.0, settings["adaptation_time"], settings["noise"], scaling)
    return read_passage(passage.line_kernel(task, point, True).survival(steps), steps)[1]


def occupancy(kernel: LineKernel, edges: np.ndarray) -> np.ndarray:
    """Stationary density between edges, made symmetric about 0, shape (bin,)."""
    measure = kernel.after(400)
    share = np.array([kernel.probability(measure, a, b) for a, b in pairwise(edges)])
    share = (share + share[::-1]) / 2
    return share / np.diff(edges)


def gaussian(settings: dict, tracked: dict[str, Iterable[np.ndarray]], seed: int) -> xr.Dataset:
    """Score over time, error of its estimates, and the leak that follows, in closed form and learned.

    Args:
        settings: the configuration's `theory.gaussian`.
        tracked: training paths (path, time, feature) of each seed by environment; no two need be in memory at once.
        seed: master seed.
    """
    noise, steps = settings["noise"], settings["steps"]
    paths = gaussian_paths.processes(settings["reversion"], settings["step_variance"], settings["start_mean"])
    compared = gaussian_paths.compare(paths, noise, settings["replays"], steps, settings["times"], seed)
    t, leaks = np.arange(steps + 1), np.linspace(0, 1, 101)
    data = {
        "time": variable("time", t, "step", "time"),
        "process": variable("process", np.array([p.name for p in paths], dtype=object), "1", "Gaussian process"),
        "score_leak": variable(
            "process time",
            [gaussian_paths.score_leak(p.variance(t), noise) for p in paths],
            "1/step",
            "leak σ²/(S_t + σ²) on the manifold; 1 off it",
        ),
        "leak": variable("leak", leaks, "1/step", "constant leak λ"),
        "tracking_error": variable(
            "process leak",
            [[gaussian_paths.tracking_error(x, p, noise, steps)[1:].mean() for x in leaks] for p in paths],
            "1",
            "mean squared error per dimension of noisy path integration with that leak",
        ),
        "dimension": variable("dimension", settings["dimensions"], "1", "number of units n"),
        "samples": variable("samples", settings["samples"], "1", "paths N of which the score is estimated"),
    }
    grid = [(n, m) for n in settings["dimensions"] for m in settings["samples"]]
    # The measured error has a standard error only where inverse Wishart moments of order 4 exist.
    allowed = [m > n + 8 for n, m in grid]
    exact = [
        gaussian_paths.relative_score_error(n, m) if ok else np.nan for (n, m), ok in zip(grid, allowed, strict=True)
    ]
    measured = np.full((len(grid), 2), np.nan)
    for i, ((n, m), ok) in enumerate(zip(grid, allowed, strict=True)):
        if ok:
            sample = gaussian_paths.measured_score_error(n, m, settings["repeats"], seed)
            measured[i] = sample.mean(), sample.std(ddof=1) / np.sqrt(len(sample))
    shape = (len(settings["dimensions"]), len(settings["samples"]))
    data["error_exact"] = variable("dimension samples", np.reshape(exact, shape), "1", "relative error of the score")
    for i, what in enumerate(("measured", "standard_error")):
        data[f"error_{what}"] = variable(
            "dimension samples", measured[:, i].reshape(shape), "1", f"relative error, {what}"
        )
    first = {}
    for name, pools in tracked.items():
        # Two directions carry most of the variance of a path in the plane.
        found = []
        for pool in pools:
            first.setdefault(name, pool)
            found.append(gaussian_paths.score_leak(gaussian_paths.empirical(pool)[1][:, :2], noise).mean(1))
        data[f"leak_{name}"] = variable(f"seed time_{name}", found, "1/step", f"score leak of the paths of {name}")
    return xr.Dataset(data).merge(to_dataset(compared)).merge(learned(settings, paths, first, seed))


def learned(settings: dict, paths: list[gaussian_paths.Paths], tracked: dict[str, np.ndarray], seed: int) -> xr.Dataset:
    """The leak of a linear and a ReLU network on Gaussian paths and on paths (path, time, feature) of environments."""
    pools = {}
    for path in paths:
        rng = stream(seed, "theory", path.name, "training paths")
        s = path.start_mean + np.sqrt(path.start_variance) * rng.standard_normal((1000, 1, 2))
        steps = rng.standard_normal((settings["steps"], 1000, 1, 2)) * np.sqrt(path.step_variance)
        states = [s]
        for step in steps:
            states.append((1 - path.reversion) * states[-1] + step)
        pools[path.name] = np.concatenate(states, axis=1)
    pools |= tracked
    rows = []
    for name, pool in pools.items():
        for kind, variant in learned_leak.variants(settings["network"] | {"noise": settings["noise"]}).items():
            half = len(pool) // 2
            rows.append((name, kind, learned_leak.learned(pool[:half], pool[half:], variant, seed, name)))
            print(f"{name}, {kind}: on {rows[-1][2].on:.3f}, off {rows[-1][2].off:.3f}")

    def column(key: str, meaning: str) -> tuple:
        return variable("trained", [getattr(leak, key) for _, _, leak in rows], "1/step", meaning)

    return xr.Dataset(
        {
            "trained_on": variable("trained", np.array([r[0] for r in rows], dtype=object), "1", "paths"),
            "trained_kind": variable("trained", np.array([r[1] for r in rows], dtype=object), "1", "network"),
            "learned_on": column("on", "leak learned on the manifold"),
            "learned_off": column("off", "leak learned off the manifold"),
            "predicted_on": column("predicted_on", "mean over time of σ² Σ_t⁻¹ on the manifold"),
            "spectrum": variable(
                "trained unit", [r[2].spectrum for r in rows], "1/step", "real parts of the eigenvalues of I − J"
            ),
        }
    )
