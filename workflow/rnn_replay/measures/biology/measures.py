"""All measures of this package on one set of paths, each with its unit and meaning."""

import numpy as np

from rnn_replay.environments import Map
from rnn_replay.measures.base import SMOOTHING, smooth
from rnn_replay.measures.biology.displacement import LAGS, LONG_LAGS, displacement_exponent_rms
from rnn_replay.measures.biology.path_models import MODELS, fit, shares
from rnn_replay.measures.biology.predecessor import kl_divergence, output_variance, step_distance
from rnn_replay.measures.biology.recovery import recovered
from rnn_replay.measures.biology.steps import STEP, hover_share, jump_kurtosis, phase_randomised
from rnn_replay.measures.speed import first_arrival

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
    "momentum_over_diffusion": ("1", "share of paths that momentum describes better than diffusion, by BIC"),
    "persistence": ("1", "median over paths of the persistence phi of the velocity, in the model of momentum"),
    "noise_share": ("1", "median over paths of the share of increments that is decoding noise, in the same model"),
    "modelled": ("1", "share of paths that are long enough for a model"),
    "increments": ("1", "median over paths of the number of increments that count"),
    "hover_share": ("1", f"share of displacements over {STEP} steps below half of their path's mean"),
    "hover_share_null": ("1", "the same of paths with random Fourier phases"),
    "jump_kurtosis": ("1", f"excess kurtosis of displacements over {STEP} steps"),
    "jump_kurtosis_null": ("1", "the same of paths with random Fourier phases"),
    "kl_divergence": ("1", "divergence of the density of positions from that awake, in nats (predecessor)"),
    "output_variance": ("m2", "variance of position within the second half of a path (predecessor)"),
    "step_distance": ("m", "mean distance between successive positions (predecessor)"),
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
    known = fits.best >= 0
    _, diffusion, momentum = fits.bic[known].T
    surrogate = phase_randomised(position, lengths, rng)
    again = recovered(fits, lengths, position.shape[1] - 1, spacing, rng)
    median = lambda values: float(np.median(values)) if len(values) else np.nan  # noqa: E731
    return {
        "displacement_exponent_rms": displacement_exponent_rms(position, lengths, LAGS),
        "displacement_exponent_rms_long": displacement_exponent_rms(position, lengths, LONG_LAGS),
        **{f"share_{name}": share for name, share in shares(fits).items()},
        **{f"recovered_{name}": share for name, share in again.items()},
        "momentum_over_diffusion": float((momentum < diffusion).mean()) if known.any() else np.nan,
        "persistence": median(fits.persistence[known, -1]),
        "noise_share": median(fits.noise_share[known, -1]),
        "modelled": float(known.mean()),
        "increments": median(lengths),
        "hover_share": hover_share(position, lengths),
        "hover_share_null": hover_share(surrogate, lengths),
        "jump_kurtosis": jump_kurtosis(position, lengths),
        "jump_kurtosis_null": jump_kurtosis(surrogate, lengths),
        "kl_divergence": kl_divergence(position, awake, rng),
        "output_variance": output_variance(position),
        "step_distance": step_distance(position),
    }
