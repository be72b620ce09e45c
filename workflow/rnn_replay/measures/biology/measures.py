"""All measures of this package on one set of paths, each with its unit and meaning."""

import numpy as np

from rnn_replay.environments import Map
from rnn_replay.measures.base import SMOOTHING, smooth
from rnn_replay.measures.biology.displacement import (
    JI_LAGS,
    KRAUSE_LAGS,
    LAGS,
    LONG_LAGS,
    STELLA_LAGS,
    STELLA_STARTS,
    displacement_exponent_rms,
    exponents,
    shuffled,
)
from rnn_replay.measures.biology.path_models import MODELS, fit, shares
from rnn_replay.measures.biology.predecessor import kl_divergence, output_variance, step_distance
from rnn_replay.measures.biology.recovery import known, recovered, replanted, unmixed
from rnn_replay.measures.biology.steps import STEP, hover_share, jump_kurtosis, mixed_share, phase_randomised
from rnn_replay.measures.speed import LAG, first_arrival, mean_defined, net_displacement

EXPONENTS = {
    "exponent_stella": f"exponent over lags of {STELLA_LAGS[0]} to {STELLA_LAGS[-1]} steps from a starting step, root "
    "mean square over paths, mean over starting steps (Stella et al.)",
    **{f"exponent_stella_from_{start}": f"the same from step {start} alone" for start in STELLA_STARTS},
    "exponent_ji": f"exponent of the mean absolute displacement along the track over lags of {JI_LAGS[0]} to "
    f"{JI_LAGS[-1]} steps (Ji et al.)",
    "exponent_krause": f"exponent of the root mean square displacement in the plane over lags of {KRAUSE_LAGS[0]} to "
    f"{KRAUSE_LAGS[-1]} steps (Krause & Drugowitsch)",
}
MEASURES = {
    "displacement_exponent_rms": (
        "1",
        f"exponent of the root mean square displacement over lags of {LAGS[0]} to {LAGS[-1]} steps; Brownian 0.5",
    ),
    "displacement_exponent_rms_long": ("1", f"the same over lags of {LONG_LAGS[0]} to {LONG_LAGS[-1]} steps"),
    **{f"share_{name}": ("1", f"share of paths that the model {name} describes best, by BIC") for name in MODELS},
    **{
        f"recovered_{name}": (
            "1",
            f"share of synthetic paths of the model {name}, fitted to these, in which it is found",
        )
        for name in MODELS
    },
    "share_momentum_unmixed": (
        "1",
        "share of momentum, had momentum and diffusion not been taken for one another as in synthetic paths",
    ),
    "momentum_over_diffusion": ("1", "share of paths that momentum describes better than diffusion, by BIC"),
    "persistence": ("1", "median over paths of the persistence phi of the velocity, in the model of momentum"),
    "noise_share": ("1", "median over paths of the share of increments that is decoding noise, in the same model"),
    "modelled": ("1", "share of paths that are long enough for a model"),
    "increments": ("1", "median over paths of the number of increments that count"),
    "hover_share": ("1", f"share of displacements over {STEP} steps below half of their path's mean"),
    "hover_share_null": ("1", "the same of paths with random Fourier phases"),
    "mixed_share": ("1", "share of paths that hover for a while and move"),
    "mixed_share_null": ("1", "the same of paths with random Fourier phases"),
    "jump_kurtosis": ("1", f"excess kurtosis of displacements over {STEP} steps"),
    "jump_kurtosis_null": ("1", "the same of paths with random Fourier phases"),
    "kl_divergence": ("1", "divergence of the density of positions from that awake, in nats (predecessor)"),
    "output_variance": ("m2", "variance of position within the second half of a path (predecessor)"),
    "step_distance": ("m", "mean distance between successive positions (predecessor)"),
    "step_progress": ("m", f"net displacement of the smoothed path over {LAG} steps, per step"),
    **{name: ("1", f"{meaning}; Brownian 0.5") for name, meaning in EXPONENTS.items()},
    **{f"{name}_shuffled": ("1", f"{name} of the same positions in random order") for name in EXPONENTS},
    **{f"{name}_diffusion": ("1", f"{name} of simulated diffusion, decoded alike") for name in EXPONENTS},
}


def moving_lengths(position: np.ndarray, map: Map) -> np.ndarray:
    """Increments of each path (path, time, 2) before it rests, shape (path,): all where behaviour never rests."""
    if not map.traits.rests_at_goals:
        return np.full(len(position), position.shape[1] - 1)
    return np.minimum(first_arrival(smooth(position), map) + SMOOTHING // 2, position.shape[1] - 1)


def describe(
    position: np.ndarray, awake: np.ndarray, map: Map, spacing: float, rng: np.random.Generator
) -> dict[str, float]:
    """Every measure of a set of paths, by name; NaN where it is not defined.

    Args:
        position: decoded paths, shape (path, time, 2), in metres.
        awake: decoded awake paths of the same network, shape (path, time, 2), in metres.
        map: of the environment; where behaviour rests at goals, only what is before the first arrival counts, but
            for the predecessor's measures, which know no arrival.
        spacing: of the bins that positions are decoded to, in metres; 0 for none.
        rng: draws surrogates and positions.
    """
    lengths = moving_lengths(position, map)
    fits = fit(position, lengths)
    modelled = known(fits)
    _, diffusion, momentum = modelled.bic.T
    surrogate = phase_randomised(position, lengths, rng)
    share, again = shares(fits), recovered(fits, lengths, position.shape[1] - 1, spacing, rng)
    median = lambda values: float(np.median(values)) if len(values) else np.nan  # noqa: E731
    found = {
        **{f"share_{name}": value for name, value in share.items()},
        **{f"recovered_{name}": value for name, value in again.items()},
        "share_momentum_unmixed": unmixed(*(part[name] for part in (share, again) for name in MODELS[:0:-1])),
        "momentum_over_diffusion": float((momentum < diffusion).mean()) if len(momentum) else np.nan,
        "persistence": median(modelled.persistence[:, -1]),
        "noise_share": median(modelled.noise_share[:, -1]),
        "modelled": float((fits.best >= 0).mean()),
        "increments": median(lengths),
        "kl_divergence": kl_divergence(position, awake, rng),
        "output_variance": output_variance(position),
        "step_distance": step_distance(position),
        "step_progress": mean_defined(net_displacement(smooth(position), map)) / LAG,
        "displacement_exponent_rms": displacement_exponent_rms(position, lengths, LAGS),
        "displacement_exponent_rms_long": displacement_exponent_rms(position, lengths, LONG_LAGS),
        **exponents(position, lengths, map),
    }
    for name, measure in {
        "hover_share": hover_share,
        "mixed_share": mixed_share,
        "jump_kurtosis": jump_kurtosis,
    }.items():
        found |= {name: measure(position, lengths), f"{name}_null": measure(surrogate, lengths)}
    floor = exponents(shuffled(position, lengths, rng), lengths, map)
    found |= {f"{name}_shuffled": value for name, value in floor.items()}
    walk = replanted(modelled, "diffusion", position.shape[1] - 1, spacing, rng)
    floor = exponents(walk, lengths[fits.best >= 0], map) | {"exponent_ji": np.nan}  # free diffusion knows no track
    return found | {f"{name}_diffusion": value for name, value in floor.items()}
