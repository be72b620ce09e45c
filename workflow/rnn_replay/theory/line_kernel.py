"""The transition kernel of the update rule in one dimension, pushed forward by quadrature.

The noise reaches r and v alike, so (r_{t−1}, r_t, a_t) holds the whole state, v_t = r_t − r_{t−1}, and

    p(r_{t+1} | r_{t−1}, r_t, a_t) = N(r_{t+1}; r_t + (1 − λ_v)(r_t − r_{t−1}) + drift(r_t) − a_t, σ²),

while a_{t+1} follows from r_t and a_t. A measure over that state is kept on Gauss–Legendre nodes in r, which
resolve a Gaussian spectrally however the interval ends, and on Chebyshev nodes in a. See docs/theory.md, §3.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

WIDEST_SPACING = 0.8  # of nodes, in units of σ (our choice)
# Range of |a| that one Chebyshev node resolves, in units of σ: rates are then right to 3e-3 with 6 nodes, 3e-4 with 12.
RESOLVED = 1 / 12


def gauss_legendre(low: float, high: float, spacing: float) -> tuple[np.ndarray, np.ndarray]:
    """Gauss–Legendre nodes and weights on [low, high], nowhere wider than a spacing; each of shape (node,)."""
    length = high - low
    x, w = np.polynomial.legendre.leggauss(int(np.ceil(np.pi / 2 * length / spacing)))
    return low + (x + 1) * length / 2, w * length / 2


def chebyshev(count: int, extent: float) -> np.ndarray:
    """Chebyshev nodes of the first kind on [−extent, extent], shape (count,)."""
    return extent * np.cos(np.pi * (np.arange(count) + 0.5) / count)


def adaptation_nodes(count: int, strength: float, furthest: float, noise: float) -> np.ndarray:
    """Nodes in a on [−b_a max|r|, b_a max|r|], a range that it never leaves; one node without adaptation.

    Args:
        count: number of nodes.
        strength: b_a.
        furthest: max|r| on the grid.
        noise: σ per step.

    Raises:
        ValueError: the range is too wide, in units of σ, for that many nodes.
    """
    if not strength:
        return np.zeros(1)
    largest = count * RESOLVED * noise / furthest
    if strength > largest:
        raise ValueError(
            f"adaptation_strength is {strength:g}; allowed: at most {largest:.3g}, where {count} quadrature nodes "
            f"still resolve its range against the noise of {noise:g}"
        )
    return chebyshev(count, strength * furthest)


def interpolation(points: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """Lagrange weights (..., node) that take values at Chebyshev nodes to points (...); one node is constant."""
    count = len(nodes)
    if count == 1:
        return np.ones((*np.shape(points), 1))
    bary = (-1.0) ** np.arange(count) * np.sin(np.pi * (np.arange(count) + 0.5) / count)
    gap = np.asarray(points)[..., None] - nodes
    exact = gap == 0
    terms = bary / np.where(exact, 1, gap)
    weights = terms / terms.sum(-1, keepdims=True)
    return np.where(exact.any(-1, keepdims=True), exact.astype(float), weights)


@dataclass
class LineKernel:
    """The update rule on an interval; what leaves it is lost.

    Attributes:
        drift: −U′ as a function of r, any shape.
        friction: λ_v in (0, 1].
        adaptation_strength: b_a ≥ 0.
        adaptation_time: τ_a, steps.
        noise: σ per step.
        low, high: ends of the interval.
        start: r_0; v_0 and a_0 are zero.
        adaptation_nodes: nodes in a, where there is adaptation.

    Raises:
        ValueError: adaptation too strong for that many nodes.
    """

    drift: Callable[[np.ndarray], np.ndarray]
    friction: float
    adaptation_strength: float
    adaptation_time: float
    noise: float
    low: float
    high: float
    start: float
    adaptation_nodes: int = 12

    def __post_init__(self):
        self.r, self.weights = gauss_legendre(self.low, self.high, WIDEST_SPACING * self.noise)
        furthest = max(abs(self.low), abs(self.high))
        self.a = adaptation_nodes(self.adaptation_nodes, self.adaptation_strength, furthest, self.noise)
        # At λ_v = 1 the previous state does not matter, and one stands for all.
        self.previous = np.append(self.r, self.start) if self.friction < 1 else np.array([self.start])
        r = self.r[None, :, None]
        momentum = (1 - self.friction) * (r - self.previous[:, None, None])
        self.mean = r + momentum + self.drift(r) - self.a
        self.to_r = self.weights * self.density(self.r - self.mean[..., None])
        forget, gain = 1 / self.adaptation_time, self.adaptation_strength / self.adaptation_time
        self.to_a = interpolation((1 - forget) * self.a + gain * self.r[:, None], self.a)

    def density(self, gap: np.ndarray) -> np.ndarray:
        """Density of the noise σ η."""
        return np.exp(-0.5 * (gap / self.noise) ** 2) / (np.sqrt(2 * np.pi) * self.noise)

    def first(self) -> np.ndarray:
        """Measure of (r_0, r_1, a_1), shape (previous, r, a)."""
        start = np.asarray(self.start, dtype=float)
        measure = np.zeros((len(self.previous), len(self.r), len(self.a)))
        arrival = self.weights * self.density(self.r - start - self.drift(start))
        adaptation = self.adaptation_strength / self.adaptation_time * start
        measure[-1] = arrival[:, None] * interpolation(adaptation, self.a)
        return measure

    def push(self, measure: np.ndarray) -> np.ndarray:
        """The measure one step on, shape (previous, r, a)."""
        # (i, j, m) → (j, k, m): over the previous state, for each current state and adaptation.
        moved = np.matmul(measure.transpose(1, 2, 0)[:, :, None, :], self.to_r.transpose(1, 2, 0, 3))[:, :, 0]
        moved = np.einsum("jmk,jmn->jkn", moved, self.to_a, optimize=True)
        if self.friction == 1:
            return moved.sum(0, keepdims=True)
        return np.concatenate([moved, np.zeros((1, *moved.shape[1:]))])

    def survival(self, steps: int) -> np.ndarray:
        """Probability of never having left the interval by step t = 0 … steps, shape (steps + 1,)."""
        measure, alive = self.first(), [1.0]
        for t in range(steps):
            alive.append(measure.sum())
            if t + 1 < steps:
                measure = self.push(measure)
        return np.array(alive)

    def after(self, steps: int) -> np.ndarray:
        """Measure of (r_{t−1}, r_t, a_t) after t = `steps` steps from `start` alone, shape (previous, r, a).

        Under a drift that is odd in r, expectations of even functions are the same from −`start`. Those become
        stationary as soon as the process is so within a well; it need not have crossed the barrier.
        """
        measure = self.first()
        for _ in range(steps - 1):
            measure = self.push(measure)
        return measure

    def expectation(self, measure: np.ndarray, function: Callable[[np.ndarray], np.ndarray]) -> float:
        """Expectation of a smooth function of r under a measure."""
        return float((measure.sum((0, 2)) * function(self.r)).sum())

    def probability(self, measure: np.ndarray, low: float, high: float) -> float:
        """Probability that the next r lies between two bounds, exact at the bounds."""
        reach = ndtr((high - self.mean) / self.noise) - ndtr((low - self.mean) / self.noise)
        return float((measure * reach).sum())


def passage(survival: np.ndarray, horizon: int) -> tuple[float, float]:
    """First-passage time cut off at a horizon H, and the transition rate, from survival S_0 … S_H.

    E[min(T, H)] = Σ_{t<H} S_t, in steps, and k = ln(S_{H/2}/S_H)/(H/2), per step: the rate at which those that
    have not arrived by half of the horizon do so in its second half.
    """
    half = horizon // 2
    return float(survival[:horizon].sum()), float(np.log(survival[half] / survival[horizon]) / (horizon - half))
