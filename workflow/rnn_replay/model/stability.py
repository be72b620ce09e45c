"""How far replay can be pushed: the update rule linearised at awake states, against friction.

At a state r the drift −λ_r r + φ(W r + b) changes by A = −λ_r I + diag(φ'(W r + b)) W. All other blocks of the map of
deviations in (r, v, a) are multiples of the identity, so it falls apart into one 3×3 map for each eigenvalue α of A:
that of :func:`rnn_replay.theory.linear.deviation_map` with −α for its stiffness κ.

Two readings, both our choice and looked at on seeds 101 and 102 first. `local`: deviations grow where the map at single
awake states is unstable, which is when its mean growth over awake states passes 1. `averaged`: replay visits many
states, and units that are silent at one are active at another, so it diverges when the map averaged over awake states
is unstable.
"""

import numpy as np
import pandas as pd
import torch
import xarray as xr

from rnn_replay.model.dynamics import NONLINEARITIES, Dynamics
from rnn_replay.model.network import Network
from rnn_replay.theory.linear import deviation_map

STATES = 200  # awake states at which the map is linearised
UNITS = {
    "growth_local": ("1", "geometric mean over awake states of the largest |eigenvalue| of the linearised map"),
    "growth_averaged": ("1", "largest |eigenvalue| of the linearised map averaged over awake states"),
    "diverged": ("1", "share of replays that left the range of awake states"),
    "off_manifold": ("1", "mean similarity to the templates, awake minus replay, of replays that did not diverge"),
    "boundary_local": ("1", "friction below which growth_local is above 1"),
    "boundary_averaged": ("1", "friction below which growth_averaged is above 1"),
    "boundary_observed": ("1", "friction below which more than half of the replays diverge"),
}


def drift_jacobians(network: Network, dynamics: Dynamics, r: torch.Tensor) -> torch.Tensor:
    """A at states r (state, unit), without input, shape (state, unit, unit).

    Raises:
        ValueError: the network has gates.
    """
    if dynamics.cell != "vanilla":
        raise ValueError(f"cell is '{dynamics.cell}'; allowed where the map is linearised: vanilla")
    leak = torch.as_tensor(network.governed(dynamics).leak, dtype=r.dtype).expand(r.shape[-1])
    x = network.preactivation(r).detach().requires_grad_()
    (slope,) = torch.autograd.grad(NONLINEARITIES[dynamics.nonlinearity](x.clone()).sum(), x)
    gain = leak[:, None] if dynamics.leak_form == "convex" else 1
    return gain * slope[..., None] * network.recurrent - torch.diag(leak)


def growth(
    alpha: np.ndarray, friction: np.ndarray, adaptation_strength: float = 0.0, adaptation_time: float = 1.0
) -> np.ndarray:
    """Largest modulus of the eigenvalues of the map of deviations: by what they grow or shrink in a step.

    Args:
        alpha: eigenvalues of A, shape (..., unit).
        friction: λ_v, shape (friction,).
        adaptation_strength: b_a of the form `outside`.
        adaptation_time: τ_a, steps.

    Returns:
        Shape (friction, ...).
    """
    # Without adaptation a is a mode of its own, which would hide those that r takes part in.
    size = 3 if adaptation_strength else 2
    friction = np.asarray(friction).reshape(-1, *[1] * alpha.ndim)
    maps = deviation_map(-alpha, friction, adaptation_strength, adaptation_time)
    return np.abs(np.linalg.eigvals(maps[..., :size, :size])).max((-2, -1))


def predicted(
    network: Network, dynamics: Dynamics, awake: torch.Tensor, friction: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """`growth_local` and `growth_averaged` by friction, without adaptation.

    Args:
        network: weights.
        dynamics: of its training.
        awake: states, shape (..., unit).
        friction: λ_v, shape (friction,).
        rng: draws the awake states at which the map is linearised.
    """
    r = awake.reshape(-1, awake.shape[-1])
    a = drift_jacobians(network, dynamics, r[torch.from_numpy(rng.integers(len(r), size=STATES))]).double().numpy()
    local = growth(np.linalg.eigvals(a), friction)
    return {
        "growth_local": np.exp(np.log(local).mean(-1)),
        "growth_averaged": growth(np.linalg.eigvals(a.mean(0)), friction),
    }


def boundary(friction: np.ndarray, value: np.ndarray, limit: float) -> float:
    """The friction below which a value is above a limit, by linear interpolation; 0 if it is nowhere.

    Where it is above the limit at the highest friction that was tried, that one is given, as a lower bound.

    Where it passes the limit more than once, the highest friction counts.
    """
    order = np.argsort(-np.asarray(friction))
    friction, value = np.asarray(friction)[order], np.asarray(value)[order]
    above = np.flatnonzero(value > limit)
    if not above.size:
        return 0.0
    i = above[0]
    if i == 0:
        return float(friction[0])
    return float(friction[i] + (friction[i - 1] - friction[i]) * (value[i] - limit) / (value[i] - value[i - 1]))


def boundaries(table: pd.DataFrame) -> pd.DataFrame:
    """Predicted and observed boundaries of each network: environment, variant, seed and three frictions.

    Args:
        table: columns environment, variant, seed, friction, growth_local, growth_averaged and diverged.
    """
    rows = []
    for keys, group in table.groupby(["environment", "variant", "seed"], sort=False):
        found = {
            f"boundary_{name}": boundary(group["friction"].values, group[column].values, limit)
            for name, column, limit in (
                ("local", "growth_local", 1.0),
                ("averaged", "growth_averaged", 1.0),
                ("observed", "diverged", 0.5),
            )
        }
        rows.append(dict(zip(("environment", "variant", "seed"), keys, strict=True)) | found)
    return pd.DataFrame(rows)


def stability_dataset(table: pd.DataFrame, edges: pd.DataFrame) -> xr.Dataset:
    """Both tables with the dimensions environment, variant, seed and friction."""
    axes = ["environment", "variant", "seed"]
    dataset = xr.merge([table.set_index([*axes, "friction"]).to_xarray(), edges.set_index(axes).to_xarray()])
    for name in dataset.data_vars:
        dataset[name].attrs.update(units=UNITS[name][0], long_name=UNITS[name][1])
    for axis in (*axes, "friction"):
        dataset[axis].attrs.update(units="1", long_name=axis)
    return dataset
