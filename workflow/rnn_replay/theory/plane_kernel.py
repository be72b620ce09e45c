"""The transition kernel of the update rule in the plane, pushed forward by quadrature.

As in line_kernel, (r_{t−1}, r_t, a_t) holds the whole state. The noise is independent along x and y, so the kernel
of each source is a product of one along x and one along y. Two grids are used:

- `Overdamped` (λ_v = 1, with or without adaptation): Gauss–Legendre nodes in r, Chebyshev nodes in a.
- `Underdamped` (λ_v < 1, no adaptation): a square grid of positions, on which a velocity is a whole number of
  spacings. The trapezoidal rule resolves a Gaussian spectrally; where the plane is cut, at a goal, it is
  corrected at the end. See docs/theory.md, §3.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import bernoulli

from rnn_replay.theory.line_kernel import adaptation_nodes as nodes_in_a
from rnn_replay.theory.line_kernel import gauss_legendre, interpolation

REACH = 5.5  # largest velocity on the grid, in standard deviations of a free particle (our choice)


def edge_correction(order: int = 4) -> np.ndarray:
    """What to add to the first midpoint weights at an end of the interval, in spacings, shape (order,).

    Σ_i (1 + δ_i) f(i + ½) integrates f from 0 where f is a polynomial below the order near 0 and vanishes
    smoothly far away: Σ_i δ_i (i + ½)^k = −ζ(−k, ½) = B_{k+1}(½)/(k + 1) (Euler–Maclaurin).
    """
    k = np.arange(order)
    at_half = -(1 - 2.0**-k) * bernoulli(order)[1:]  # B_n(½) = −(1 − 2^{1−n}) B_n at n = k + 1
    return np.linalg.solve((k + 0.5)[None, :] ** k[:, None], at_half / (k + 1))


@dataclass(frozen=True)
class Axis:
    """Nodes along one axis.

    Attributes:
        nodes: shape (node,).
        weights: quadrature weights, shape (node,).
    """

    nodes: np.ndarray
    weights: np.ndarray

    @classmethod
    def legendre(cls, low: float, high: float, spacing: float) -> "Axis":
        """Gauss–Legendre nodes on [low, high], nowhere wider than a spacing."""
        return cls(*gauss_legendre(low, high, spacing))

    @classmethod
    def between(cls, low: float, spacing: float, count: int, cut: tuple[bool, bool] = (False, False)) -> "Axis":
        """Midpoints low + (i + ½) spacing; `cut` tells at which ends the measure does not fade but is cut off."""
        weights = np.full(count, spacing)
        correction = spacing * edge_correction()
        if cut[0]:
            weights[: len(correction)] += correction
        if cut[1]:
            weights[-len(correction) :] += correction[::-1]
        return cls(low + (np.arange(count) + 0.5) * spacing, weights)


def gaussian(gap: np.ndarray, noise: float) -> np.ndarray:
    """Density of the noise σ η along one axis."""
    return np.exp(-0.5 * (gap / noise) ** 2) / (np.sqrt(2 * np.pi) * noise)


class PlaneKernel:
    """What both grids share; what leaves the rectangle is lost.

    Attributes:
        drift: −∇U (..., 2) of states (..., 2).
        noise: σ per step.
        x, y: nodes and weights along each axis.
        start: r_0; v_0 and a_0 are zero.
        points: all nodes, shape (point, 2), y running fastest.
        pull: drift at the points, shape (point, 2).
    """

    def __init__(
        self,
        drift: Callable[[torch.Tensor], torch.Tensor],
        noise: float,
        x: Axis,
        y: Axis,
        start: tuple[float, float],
    ):
        self.drift, self.noise, self.x, self.y, self.start = drift, noise, x, y, np.asarray(start)
        self.points = np.stack(np.meshgrid(x.nodes, y.nodes, indexing="ij"), -1).reshape(-1, 2)
        self.weights = np.outer(x.weights, y.weights).reshape(-1)
        self.pull = drift(torch.from_numpy(self.points)).numpy()

    def arrival(self) -> np.ndarray:
        """Weight of each point after the first step, shape (point,)."""
        gap = self.points - self.start - self.drift(torch.from_numpy(self.start)).numpy()
        return self.weights * gaussian(gap, self.noise).prod(-1)

    def first(self) -> torch.Tensor:
        """Measure after one step; its first dimension is the point."""
        raise NotImplementedError

    def push(self, measure: torch.Tensor) -> torch.Tensor:
        """The measure one step on."""
        raise NotImplementedError

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
        weight = measure.reshape(len(self.points), -1).sum(1, dtype=torch.float64)
        return weight.reshape(len(self.x.nodes), len(self.y.nodes)).numpy()


class Overdamped(PlaneKernel):
    """The update rule at λ_v = 1. Measures have shape (point, a_x, a_y).

    Args:
        adaptation_strength: b_a ≥ 0.
        adaptation_time: τ_a, steps.
        adaptation_nodes: nodes in each component of a, where there is adaptation.

    Raises:
        ValueError: adaptation too strong for that many nodes.
    """

    def __init__(self, drift, noise, x, y, start, adaptation_strength, adaptation_time, adaptation_nodes=6):
        super().__init__(drift, noise, x, y, start)
        self.a = nodes_in_a(adaptation_nodes, adaptation_strength, np.abs(self.points).max(), noise)
        self.forget, self.gain = 1 / adaptation_time, adaptation_strength / adaptation_time
        # Single precision halves the time; its error, 1e-7 a step, is far below the sampling error.
        self.to_x, self.to_y = (
            torch.from_numpy(self.one_axis(axis, nodes)).float() for axis, nodes in enumerate((x, y))
        )

    def one_axis(self, axis: int, target: Axis) -> np.ndarray:
        """Kernel along one axis from each (point, a) to (node, a), shape (point, a, node · a)."""
        mean = (self.points + self.pull)[:, axis, None] - self.a
        density = target.weights * gaussian(target.nodes - mean[..., None], self.noise)
        decayed = (1 - self.forget) * self.a + self.gain * self.points[:, axis, None]
        kernel = density[..., None] * interpolation(decayed, self.a)[:, :, None, :]
        return kernel.reshape(len(self.points), len(self.a), -1)

    def first(self) -> torch.Tensor:
        a_x, a_y = (interpolation(self.gain * s, self.a) for s in self.start)
        return torch.from_numpy(np.einsum("j,m,n->jmn", self.arrival(), a_x, a_y)).float()

    def push(self, measure: torch.Tensor) -> torch.Tensor:
        count = len(self.a)
        moved = torch.bmm(measure, self.to_y).reshape(len(self.points) * count, -1)
        moved = self.to_x.reshape(len(self.points) * count, -1).T @ moved
        moved = moved.reshape(len(self.x.nodes), count, len(self.y.nodes), count)
        return moved.permute(0, 2, 1, 3).reshape(len(self.points), count, count)


class Underdamped(PlaneKernel):
    """The update rule at λ_v < 1 without adaptation. Measures have shape (point, v_x, v_y).

    Both axes must have one common spacing, and `start` must be a node.

    Args:
        friction: λ_v in (0, 1).

    Raises:
        ValueError: the start is not a node.
    """

    def __init__(self, drift, noise, x, y, start, friction):
        super().__init__(drift, noise, x, y, start)
        self.spacing = x.nodes[1] - x.nodes[0]
        reach = int(np.ceil(REACH * noise / np.sqrt(1 - (1 - friction) ** 2) / self.spacing))
        self.offsets = np.arange(-reach, reach + 1)
        velocity = self.offsets * self.spacing
        self.along = [
            torch.from_numpy(
                gaussian(velocity - ((1 - friction) * velocity[:, None] + pull[:, None, None]), noise)
            ).float()
            for pull in self.pull.T
        ]
        # For each target and each velocity that leads there, the source; the last, empty, row if outside.
        shape = np.array([len(x.nodes), len(y.nodes)])
        index = np.stack(np.divmod(np.arange(shape.prod()), shape[1]), -1)
        source = index[:, None, None] - np.stack(np.meshgrid(self.offsets, self.offsets, indexing="ij"), -1)
        inside = ((source >= 0) & (source < shape)).all(-1)
        self.source = torch.from_numpy(np.where(inside, source[..., 0] * shape[1] + source[..., 1], shape.prod()))

    def first(self) -> torch.Tensor:
        offset = np.rint((self.points - self.start) / self.spacing).astype(int)
        if not np.allclose(self.start + offset * self.spacing, self.points):
            raise ValueError(f"start is {self.start}; allowed: a node of the grid")
        size = len(self.offsets)
        place = offset - self.offsets[0]
        which = np.flatnonzero(((place >= 0) & (place < size)).all(-1))
        measure = np.zeros((len(self.points), size, size))
        measure[which, place[which, 0], place[which, 1]] = self.arrival()[which]
        return torch.from_numpy(measure).float()

    def push(self, measure: torch.Tensor) -> torch.Tensor:
        moved = self.along[0].transpose(1, 2) @ measure @ self.along[1]
        moved = torch.cat([moved, torch.zeros_like(moved[:1])])
        x, y = torch.arange(len(self.offsets))[:, None], torch.arange(len(self.offsets))
        return moved[self.source, x, y] * torch.from_numpy(self.weights).float()[:, None, None]
