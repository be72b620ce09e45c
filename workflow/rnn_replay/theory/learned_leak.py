"""The leak that trained networks learned, against the score that it stands for.

The leak of a state r is I − J(r), with J = (1 − λ_r) I + diag(φ′(W r + b)) W the Jacobian of one quiescent step.
W need not be normal, so the two are told apart by its modes: the d slowest ones, as many as the path has dimensions
(principal components that carry VARIANCE_SHARE of its variance), hold the path, and the others lie off the manifold.
The prediction is σ² Σ_t⁻¹, with Σ_t the covariance of awake states
on their first d principal components, and 1 off them.
"""

from dataclasses import dataclass

import numpy as np
import torch

from rnn_replay.model.awake import awake
from rnn_replay.model.stability import drift_jacobians
from rnn_replay.model.training import Variant, train

VARIANCE_SHARE = 0.95  # of a path, carried by its d main components (our choice)


@dataclass
class Leak:
    """Leak of one network, on the manifold and off it.

    Attributes:
        on, off: mean real part of the d smallest and of the other eigenvalues of I − J, over awake states.
        predicted_on: mean over time and directions of σ² over the eigenvalues of Σ_t; off the manifold it is 1.
        spectrum: real parts of the eigenvalues of I − J, sorted, mean over awake states, shape (unit,).
    """

    on: float
    off: float
    predicted_on: float
    spectrum: np.ndarray


def path_dimension(tracked: np.ndarray) -> int:
    """Number d of principal components that carry VARIANCE_SHARE of the variance of paths (path, time, feature)."""
    variance = np.linalg.eigvalsh(np.cov(tracked.reshape(-1, tracked.shape[-1]), rowvar=False))[::-1]
    return int(np.searchsorted(np.cumsum(variance) / variance.sum(), VARIANCE_SHARE)) + 1


def learned(tracked: np.ndarray, held_out: np.ndarray, variant: Variant, seed: int, environment: str) -> Leak:
    """Train a network on paths (path, time, feature) and read its leak at awake states on held-out paths.

    Raises:
        ValueError: as many path dimensions as units, so that no mode lies off the manifold.
    """
    count = path_dimension(tracked)
    if count >= variant.units:
        raise ValueError(
            f"theory.gaussian.network.units is {variant.units}; the paths of {environment} have {count} dimensions, "
            f"so allowed: above {count}"
        )
    name = f"theory {variant.nonlinearity}"
    trained = train(tracked, variant, seed, environment, name)
    run = awake(trained.network, trained.mean_activity, variant, held_out, seed, environment, name)
    states = run.r[1:].clone()
    centred = states - states.mean(1, keepdim=True)
    basis = torch.linalg.svd(centred.reshape(-1, states.shape[-1]), full_matrices=False).Vh[:count].T
    inside = centred @ basis
    covariance = inside.transpose(1, 2) @ inside / (states.shape[1] - 1)
    predicted = variant.noise**2 / torch.linalg.eigvalsh(covariance).clamp_min(variant.noise**2)
    some = states[:: max(1, len(states) // 10), :20].reshape(-1, states.shape[-1])
    leak = -drift_jacobians(trained.network, variant.dynamics(trained.mean_activity), some)
    spectrum = torch.linalg.eigvals(leak).real.sort(-1).values.mean(0).numpy()
    return Leak(float(spectrum[:count].mean()), float(spectrum[count:].mean()), float(predicted.mean()), spectrum)


def variants(settings: dict) -> dict[str, Variant]:
    """A linear and a ReLU network with the same settings."""
    linear = Variant(
        **settings,
        nonlinearity="identity",
        adaptation_strength=0.0,
        adaptation_time=1.0,
        adaptation_form="outside",
        mask_hidden=0,
        mask_shown=1,
        mask_lead=1,
        input_gain=1.0,
        initial_scale="leak",
        warm_up=0,
        gradient_clip=1.0,
        activity_penalty=0.0,
    )
    return {"linear": linear, "relu": linear.but(nonlinearity="relu")}
