"""Replays in a double well, a ring and a T: first passage, transition rate and density, against the kernel."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from rnn_replay.model.dynamics import Dynamics, State, noise_scale, rest
from rnn_replay.model.replay import simulate
from rnn_replay.seeds import named_seed
from rnn_replay.theory.comparison import mean_and_error, row, table
from rnn_replay.theory.line_kernel import LineKernel, passage
from rnn_replay.theory.noise import noise
from rnn_replay.theory.plane_kernel import Axis, Overdamped, PlaneKernel, Underdamped
from rnn_replay.theory.potentials import DoubleWell, Ring, Tee

FADE = 9.0  # the grid ends where U is this many temperatures above its minimum, on each side (our choice)
# Spacings of the plane's nodes in units of σ: Gauss–Legendre, square with a goal's edge, square without (our choice).
LEGENDRE_SPACING, CUT_SPACING, FADING_SPACING = 1.1, 0.5, 0.9


@dataclass(frozen=True)
class Task:
    """A potential with a start at rest and a goal to reach.

    Attributes:
        name: of the system.
        potential: gives `energy` and `drift`.
        start: r_0, shape (dimension,).
        goal: the first coordinate from which on the goal is reached, below it if negative.
        two_sided: whether the goal is reached at either sign of the first coordinate.
    """

    name: str
    potential: DoubleWell | Ring | Tee
    start: tuple[float, ...]
    goal: float
    two_sided: bool = False

    def reached(self, r: torch.Tensor) -> torch.Tensor:
        """Whether states (..., dimension) are at the goal."""
        x = r[..., 0]
        if self.two_sided:
            return x.abs() >= self.goal
        return x >= self.goal if self.goal > 0 else x <= self.goal


def tasks(barrier: float, noise: float) -> dict[str, Task]:
    """From one well to the other, half round the ring, and from the stem's foot to either arm's end."""
    return {
        "double_well": Task("double_well", DoubleWell(barrier), (-1.0,), 1.0),
        "ring": Task("ring", Ring(barrier), (1.0, 0.0), -0.7),
        "tee": Task("tee", Tee(noise**2 / 2, 0.25, 0.25), (0.0, -0.6), 0.8, True),
    }


@dataclass(frozen=True)
class Point:
    """Parameters at which a potential is sampled.

    Attributes:
        friction: λ_v.
        adaptation_strength: b_a.
        adaptation_time: τ_a, steps.
        noise: σ at λ_v = 1, per step.
        noise_scaling: `fixed`, or `fluctuation_dissipation`, under which σ is √λ_v times that.
    """

    friction: float
    adaptation_strength: float
    adaptation_time: float
    noise: float
    noise_scaling: str

    @property
    def scaled_noise(self) -> float:
        """σ per step."""
        return self.noise * noise_scale(self.friction, self.noise_scaling)


@dataclass
class Sampled:
    """Replays of a task at several points.

    Attributes:
        arrival: first step at the goal, steps + 1 if never, shape (setting, replay).
        last: state at the last step, whether or not the goal was reached, shape (setting, replay, dimension).
    """

    arrival: np.ndarray
    last: np.ndarray


def sample(task: Task, points: list[Point], replays: int, steps: int, seed: int) -> Sampled:
    """Run the replay loop in a potential from `start` at rest, on independent noise for each setting."""
    shape = (len(points), replays, len(task.start))

    def column(values: list[float]) -> torch.Tensor:
        return torch.tensor(values, dtype=torch.float64).reshape(-1, 1, 1)

    rule = Dynamics(
        friction=column([p.friction for p in points]),
        adaptation_strength=column([p.adaptation_strength for p in points]),
        adaptation_time=column([p.adaptation_time for p in points]),
        noise=column([p.scaled_noise for p in points]),
        nonlinearity="identity",
    )
    arrival = torch.full(shape[:2], steps + 1)

    def observe(t: int, state: State) -> None:
        arrival.masked_fill_(task.reached(state.r) & (arrival > t), t)

    start = torch.tensor(task.start, dtype=torch.float64).expand(shape)
    eta = noise(named_seed(seed, "theory", task.name, "noise"), shape)
    last = simulate(task.potential.drift, rule, rest(start), steps, eta, observe)
    return Sampled(arrival.numpy(), last.r.numpy())


def line_kernel(task: Task, point: Point, cut: bool) -> LineKernel:
    """Kernel of the double well, up to the goal or over the whole line."""

    def drift(r: np.ndarray) -> np.ndarray:
        return task.potential.drift(torch.from_numpy(np.asarray(r, dtype=float))).numpy()

    temperature = max(point.scaled_noise**2 / (2 * point.friction), point.noise**2 / 2)
    high = np.sqrt(1 + np.sqrt((task.potential.barrier + FADE * 2 * temperature) / task.potential.barrier))
    return LineKernel(
        drift,
        point.friction,
        point.adaptation_strength,
        point.adaptation_time,
        point.scaled_noise,
        -high,
        task.goal if cut else high,
        task.start[0],
    )


def extent(task: Task, point: Point, line: torch.Tensor) -> tuple[float, float]:
    """Where along a line of states (point, 2) the potential leaves FADE temperatures, as parameters in [-4, 4]."""
    temperature = max(point.scaled_noise**2 / (2 * point.friction), point.noise**2 / 2)
    energy = task.potential.energy(line)
    inside = torch.linspace(-4, 4, len(line))[(energy - energy.min()) < FADE * temperature]
    return float(inside[0]), float(inside[-1])


def plane_kernel(task: Task, point: Point, cut: bool) -> PlaneKernel:
    """Kernel of the ring or the T, up to the goal or over the whole plane.

    Raises:
        ValueError: momentum and adaptation together, for which there is no quadrature in the plane.
    """
    t = torch.linspace(-4, 4, 801, dtype=torch.float64)
    height = 0.6 if isinstance(task.potential, Tee) else 0.0
    margin = 2 * point.noise
    low_x, high_x = extent(task, point, torch.stack([t, torch.full_like(t, height)], -1))
    low_y, high_y = extent(task, point, torch.stack([torch.zeros_like(t), t], -1))
    low_x, high_x, low_y, high_y = low_x - margin, high_x + margin, low_y - margin, high_y + margin
    if cut:
        low_x, high_x = (-task.goal, task.goal) if task.two_sided else (task.goal, high_x)
    if point.friction == 1:
        spacing = LEGENDRE_SPACING * point.noise
        x, y = Axis.legendre(low_x, high_x, spacing), Axis.legendre(low_y, high_y, spacing)
        adaptation = (point.adaptation_strength, point.adaptation_time)
        return Overdamped(task.potential.drift, point.noise, x, y, task.start, *adaptation)
    if point.adaptation_strength:
        raise ValueError(
            f"{task.name} at λ_v = {point.friction:g} has b_a = {point.adaptation_strength:g}; "
            "allowed in the plane: 0 where λ_v is below 1"
        )
    spacing = (CUT_SPACING if cut else FADING_SPACING) * point.scaled_noise
    start_x, start_y = task.start
    if cut:
        # The start is a node, and the goal's edge lies half a spacing beyond the last one.
        cells = int(np.ceil(abs(task.goal - start_x) / spacing - 0.5))
        spacing = abs(task.goal - start_x) / (cells + 0.5)
        x = Axis.between(low_x, spacing, int(np.ceil((high_x - low_x) / spacing - 1e-9)), (True, task.two_sided))
    else:
        x = axis(start_x, low_x, high_x, spacing)
    y = axis(start_y, low_y, high_y, spacing)
    return Underdamped(task.potential.drift, point.scaled_noise, x, y, task.start, point.friction)


def axis(node: float, low: float, high: float, spacing: float) -> Axis:
    """An axis that covers [low, high] and has a given node."""
    below, above = int(np.ceil((node - low) / spacing)), int(np.ceil((high - node) / spacing))
    return Axis.between(node - (below + 0.5) * spacing, spacing, below + above + 1)


FUNCTIONS: dict[str, dict[str, Callable[..., np.ndarray]]] = {
    "double_well": {"mean of r²": lambda r: r**2},
    "ring": {"mean of |r|²": lambda x, y: x**2 + y**2},
    "tee": {"mean of x²": lambda x, y: x**2, "mean of y": lambda x, y: y},
}


def functions(task: Task) -> dict[str, Callable[..., np.ndarray]]:
    """Functions of the coordinates whose means are compared: FUNCTIONS, and the energy.

    Of these the energy changes most where the drift or the noise is wrong (equipartition).
    """

    def energy(*coordinates: np.ndarray) -> np.ndarray:
        r = np.stack(np.broadcast_arrays(*coordinates), -1)
        return task.potential.energy(torch.from_numpy(r)).numpy().reshape(r.shape[:-1])

    return FUNCTIONS[task.name] | {"mean energy": energy}


@dataclass
class Reference:
    """What the transition kernel expects at one point.

    Attributes:
        time: E[min(T, H)] of the first passage, steps.
        rate: transition rate, per step.
        moments: by name, at the last step.
    """

    time: float
    rate: float
    moments: dict[str, float]


def reference(task: Task, point: Point, steps: int) -> Reference:
    """First passage and moments by quadrature of the discrete map's own kernel."""
    compared = functions(task)
    if task.name == "double_well":
        time, rate = passage(line_kernel(task, point, True).survival(steps), steps)
        kernel = line_kernel(task, point, False)
        measure = kernel.after(steps)
        return Reference(time, rate, {k: kernel.expectation(measure, f) for k, f in compared.items()})
    time, rate = passage(plane_kernel(task, point, True).survival(steps), steps)
    kernel = plane_kernel(task, point, False)
    weight, x, y = kernel.after(steps), kernel.x.nodes[:, None], kernel.y.nodes
    return Reference(time, rate, {k: float((weight * f(x, y)).sum()) for k, f in compared.items()})


def compare(
    task: Task, points: list[Point], references: list[Reference], replays: int, steps: int, seed: int
) -> pd.DataFrame:
    """Simulated first passage, transition rate and moments against references of the same points."""
    got, rows = sample(task, points, replays, steps, seed), []
    for i, (point, expected) in enumerate(zip(points, references, strict=True)):

        def add(quantity: str, simulated: float, error: float, value: float, point: Point = point):
            where = (task.name, quantity, point.friction, point.adaptation_strength)
            rows.append(row(*where, simulated, error, value))

        add("first-passage time", *mean_and_error(np.minimum(got.arrival[i], steps).astype(float)), expected.time)
        add("transition rate", *rate_and_error(got.arrival[i], steps), expected.rate)
        coordinates = np.moveaxis(got.last[i], -1, 0)
        for name, function in functions(task).items():
            add(name, *mean_and_error(function(*coordinates)), expected.moments[name])
    return table(rows)


def rate_and_error(arrival: np.ndarray, steps: int) -> tuple[float, float]:
    """ln(n_{H/2}/n_H)/(H/2) from the numbers that have not arrived, with its standard error (delta method).

    Given n_{H/2}, n_H is binomial, so Var ln(n_{H/2}/n_H) ≈ 1/n_H − 1/n_{H/2}.

    Raises:
        ValueError: every replay has arrived by the horizon, so that there is no rate to read.
    """
    half = steps // 2
    early, late = (arrival > half).sum(), (arrival > steps).sum()
    if late == 0:
        raise ValueError(f"all {len(arrival)} replays arrive within {steps} steps; allowed: a shorter horizon")
    return float(np.log(early / late) / (steps - half)), float(np.sqrt(1 / late - 1 / early) / (steps - half))
