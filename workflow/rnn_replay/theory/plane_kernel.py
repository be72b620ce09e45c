"""The transition kernel of the update rule in the plane, pushed forward by quadrature.

As in line_kernel, (r_{t−1}, r_t, a_t) holds the whole state. Positions lie on a square grid, so that a velocity is
a whole number of spacings; the noise is independent along x and y, so the kernel of each source is a product
of one along x and one along y. The trapezoidal rule resolves a Gaussian spectrally; where the
plane is cut, at a goal, the rule is corrected at the end (docs/theory.md, §3).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import bernoulli

from rnn_replay.theory.line_kernel import chebyshev, interpolation

REACH = 5.5  # largest velocity on the grid, in standard deviations of a free particle (our choice)


def edge_correction(order: int = 6) -> np.ndarray:
    """What to add to the first midpoint weights at an end of the interval, in spacings, shape (order,).

    Σ_i (1 + δ_i) f(i + ½) integrates f from 0 where f is a polynomial below the order near 0 and vanishes
    smoothly far away: Σ_i δ_i (i + ½)^k = −ζ(−k, ½) = B_{k+1}(½)/(k + 1) (Euler–Maclaurin).
    """
    k = np.arange(order)
    at_half = -(1 - 2.0**-k) * bernoulli(order)[1:]  # B_n(½) = −(1 − 2^{1−n}) B_n at n = k + 1
    return np.linalg.solve((k + 0.5)[None, :] ** k[:, None], at_half / (k + 1))


@dataclass(frozen=True)
class Axis:
    """Nodes along one axis, at the midpoints of cells.

    Attributes:
        nodes: shape (node,).
        weights: quadrature weights, shape (node,).
    """

    nodes: np.ndarray
    weights: np.ndarray

    @classmethod
    def between(cls, low: float, spacing: float, count: int, cut: tuple[bool, bool] = (False, False)) -> "Axis":
        """Nodes low + (i + ½) spacing; `cut` tells at which ends the measure does not fade but is cut off."""
        weights = np.full(count, spacing)
        correction = spacing * edge_correction()
        if cut[0]:
            weights[: len(correction)] += correction
        if cut[1]:
            weights[-len(correction) :] += correction[::-1]
        return cls(low + (np.arange(count) + 0.5) * spacing, weights)


@dataclass
class PlaneKernel:
    """The update rule on a rectangle; what leaves it is lost.

    Attributes:
        drift: −∇U (..., 2) of states (..., 2).
        friction: λ_v in (0, 1].
        adaptation_strength: b_a ≥ 0.
        adaptation_time: τ_a, steps.
        noise: σ per step.
        x, y: axes with one common spacing.
        start: r_0, a node of the grid; v_0 and a_0 are zero.
        adaptation_nodes: nodes in each component of a, where there is adaptation.
    """

    drift: Callable[[torch.Tensor], torch.Tensor]
    friction: float
    adaptation_strength: float
    adaptation_time: float
    noise: float
    x: Axis
    y: Axis
    start: tuple[float, float]
    adaptation_nodes: int = 6

    def __post_init__(self):
        self.spacing = self.x.nodes[1] - self.x.nodes[0]
        width, height = len(self.x.nodes), len(self.y.nodes)
        self.points = np.stack(np.meshgrid(self.x.nodes, self.y.nodes, indexing="ij"), -1).reshape(-1, 2)
        self.weights = np.outer(self.x.weights, self.y.weights).reshape(-1)
        deviation = self.noise / np.sqrt(1 - (1 - self.friction) ** 2)
        reach = int(np.ceil(REACH * deviation / self.spacing))
        self.offsets = np.arange(-reach, reach + 1)
        self.velocity = self.offsets * self.spacing if self.friction < 1 else np.zeros(1)
        extent = self.adaptation_strength * np.abs(self.points).max()
        self.a = chebyshev(self.adaptation_nodes, extent) if self.adaptation_strength else np.zeros(1)
        drift = self.drift(torch.from_numpy(self.points)).numpy()
        # Single precision halves the time; its error, 1e-7 a step, is far below the sampling error.
        self.along = [torch.from_numpy(self.one_axis(drift[:, axis], self.points[:, axis])).float() for axis in (0, 1)]
        # For each target and each velocity that leads there, the source; the last, empty, row if outside.
        index = np.stack(np.divmod(np.arange(width * height), height), -1)
        step = np.stack(np.meshgrid(self.offsets, self.offsets, indexing="ij"), -1)
        source = index[:, None, None] - step
        inside = ((source >= 0) & (source < [width, height])).all(-1)
        source = np.where(inside, source[..., 0] * height + source[..., 1], width * height)
        self.source = torch.from_numpy(source)

    def one_axis(self, drift: np.ndarray, position: np.ndarray) -> np.ndarray:
        """Kernel from (velocity, a) to (offset, a) along one axis, for each point.

        Shape (point, velocity · a, offset · a).
        """
        mean = (1 - self.friction) * self.velocity[:, None] + drift[:, None, None] - self.a
        density = self.density(self.offsets * self.spacing - mean[..., None])  # (point, velocity, a, offset)
        forget, gain = 1 / self.adaptation_time, self.adaptation_strength / self.adaptation_time
        to_a = interpolation((1 - forget) * self.a + gain * position[:, None], self.a)  # (point, a, a)
        kernel = density[..., None] * to_a[:, None, :, None, :]
        return kernel.reshape(len(position), len(self.velocity) * len(self.a), -1)

    def density(self, gap: np.ndarray) -> np.ndarray:
        """Density of the noise σ η along one axis."""
        return np.exp(-0.5 * (gap / self.noise) ** 2) / (np.sqrt(2 * np.pi) * self.noise)

    def first(self) -> torch.Tensor:
        """Measure of (r_1, v_1, a_1), shape (point, x velocity, y velocity, a_x, a_y)."""
        start = np.asarray(self.start)
        drift = self.drift(torch.from_numpy(start)).numpy()
        arrival = self.weights * self.density(self.points - start - drift).prod(-1)
        gain = self.adaptation_strength / self.adaptation_time
        adaptation = [interpolation(gain * s, self.a) for s in start]
        size = len(self.velocity)
        measure = np.zeros((len(self.points), size, size, len(self.a), len(self.a)))
        offset = np.rint((self.points - start) / self.spacing).astype(int)
        if not np.allclose(start + offset * self.spacing, self.points):
            raise ValueError(f"start is {self.start}; allowed: a node of the grid")
        if size == 1:
            place = np.zeros_like(offset)
            reached = np.ones(len(offset), dtype=bool)
        else:
            place = offset - self.offsets[0]
            reached = ((place >= 0) & (place < size)).all(-1)
        which = np.flatnonzero(reached)
        measure[which, place[which, 0], place[which, 1]] = (
            arrival[which, None, None] * adaptation[0][:, None] * adaptation[1]
        )
        return torch.from_numpy(measure).float()

    def push(self, measure: torch.Tensor) -> torch.Tensor:
        """The measure one step on."""
        points, size, _, nodes, _ = measure.shape
        offsets = len(self.offsets)
        matrix = measure.permute(0, 1, 3, 2, 4).reshape(points, size * nodes, size * nodes)
        moved = self.along[0].transpose(1, 2) @ matrix @ self.along[1]
        moved = moved.reshape(points, offsets, nodes, offsets, nodes).permute(0, 1, 3, 2, 4)
        moved = torch.cat([moved, torch.zeros(1, *moved.shape[1:], dtype=moved.dtype)])
        x, y = torch.arange(offsets)[:, None], torch.arange(offsets)
        arrived = moved[self.source, x, y]
        if self.friction == 1:
            arrived = arrived.sum((1, 2), keepdim=True)
        return arrived * torch.from_numpy(self.weights).float()[:, None, None, None, None]

    def survival(self, steps: int) -> np.ndarray:
        """Probability of never having left the rectangle by step t = 0 … steps, shape (steps + 1,)."""
        measure, alive = self.first(), [1.0]
        for t in range(steps):
            alive.append(float(measure.sum(dtype=torch.float64)))
            if t + 1 < steps:
                measure = self.push(measure)
        return np.array(alive)

    def after(self, steps: int) -> np.ndarray:
        """Probability weight of each point after a number of steps, shape (x, y)."""
        measure = self.first()
        for _ in range(steps - 1):
            measure = self.push(measure)
        return measure.sum((1, 2, 3, 4), dtype=torch.float64).reshape(len(self.x.nodes), len(self.y.nodes)).numpy()
