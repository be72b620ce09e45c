"""What a trained network does on held-out paths, driven and masked as in training."""

from dataclasses import dataclass

import numpy as np
import torch

from rnn_replay.environments import Pool
from rnn_replay.model.decoding import Readout
from rnn_replay.model.network import Network
from rnn_replay.model.training import Trained, Variant, unroll, visible
from rnn_replay.seeds import named_seed, stream


@dataclass
class Awake:
    """A run along held-out paths.

    Attributes:
        r, v, a: states, each of shape (time, path, unit).
        output: ŝ, shape (time, path, feature).
    """

    r: torch.Tensor
    v: torch.Tensor
    a: torch.Tensor
    output: torch.Tensor


def mask_stream(seed: int, environment: str) -> np.random.Generator:
    """The random stream of the masks of held-out paths, which all variants of a seed share."""
    return stream(seed, "awake", environment, "masks")


@torch.inference_mode()
def awake(
    network: Network,
    mean_activity: torch.Tensor,
    variant: Variant,
    tracked: np.ndarray,
    seed: int,
    environment: str,
    name: str,
) -> Awake:
    """Run a network along paths.

    Args:
        network, mean_activity, variant: as trained.
        tracked: s, shape (path, time, feature).
        seed: configured seed. Masks are shared by the variants of a seed.
        environment, name: of the environment and of the variant, which keys the noise.
    """
    s = torch.from_numpy(np.ascontiguousarray(tracked.transpose(1, 0, 2), dtype=np.float32))
    steps, paths = s.shape[0] - 1, s.shape[1]
    shown = visible(paths, steps, variant, mask_stream(seed, environment))
    generator = torch.Generator().manual_seed(named_seed(seed, "awake", environment, "noise", name))
    noise = torch.randn(steps, paths, variant.units, generator=generator)
    inputs = s.diff(dim=0) * (variant.input_gain * shown)
    states = unroll(network, variant.dynamics(mean_activity), s, inputs, noise)
    r, v, a = (torch.stack([getattr(state, part) for state in states]) for part in "rva")
    return Awake(r, v, a, network.decode(r))


def extrapolated(position: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """The true position while displacements are shown, and on from there at the last one's velocity while none is.

    A hard baseline: it has no noise, and a network is never told where it is, only how it moves.

    Args:
        position: true positions, shape (path, time, 2), in metres.
        shown: 1 where a displacement is shown, shape (step, path).

    Returns:
        Shape (path, time, 2), in metres. Before anything is shown it rests at the start.
    """
    steps, now = np.diff(position, axis=1), np.arange(position.shape[1] - 1)
    last = np.maximum.accumulate(np.where(shown.T, now, -1), axis=1)[..., None]  # -1: nothing yet
    known = np.take_along_axis(position, last + 1, axis=1)
    velocity = np.where(last < 0, 0, np.take_along_axis(steps, np.maximum(last, 0), axis=1))
    return np.concatenate([position[:, :1], known + (now[:, None] - last) * velocity], axis=1)


def errors(
    trained: Trained,
    variant: Variant,
    pool: Pool,
    readout: Readout,
    seed: int,
    environment: str,
    name: str,
) -> dict[str, float]:
    """Errors on held-out paths, under the training mask and with every input shown.

    Args:
        trained: network and mean activity.
        variant: training settings.
        pool: held-out paths.
        readout: decoder of position.
        seed, environment, name: as in :func:`awake`.

    Returns:
        `test_error`, the mean of ‖s − ŝ‖², and `test_position_error`, the mean distance in metres; each also
        with the suffix `_unmasked`. And `extrapolation_error`, the mean distance of extrapolation under the same mask.
    """
    shown = visible(len(pool.position), pool.position.shape[1] - 1, variant, mask_stream(seed, environment))
    distance = np.linalg.norm(extrapolated(pool.position, shown[..., 0].numpy()) - pool.position, axis=-1)
    found = {"extrapolation_error": float(distance.mean())}
    for suffix, conditions in (("", variant), ("_unmasked", variant.but(mask_hidden=0))):
        run = awake(trained.network, trained.mean_activity, conditions, pool.tracked, seed, environment, name)
        output = run.output.transpose(0, 1)
        distance = (readout(output) - torch.from_numpy(pool.position)).norm(dim=-1)
        found[f"test_error{suffix}"] = float((output - torch.from_numpy(pool.tracked)).square().sum(-1).mean())
        found[f"test_position_error{suffix}"] = float(distance.mean())
    return found
