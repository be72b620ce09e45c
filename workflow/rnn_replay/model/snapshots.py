"""All that a training run holds between two iterations, as arrays: weights, optimiser, random streams, losses."""

import json
from collections.abc import Sequence

import numpy as np
import torch

from rnn_replay.model.adam import Adam
from rnn_replay.model.network import Network


def snapshot(
    network: Network,
    optimiser: Adam,
    streams: Sequence[np.random.Generator],
    generator: torch.Generator,
    losses: np.ndarray,
    mean_activity: torch.Tensor,
) -> dict[str, np.ndarray]:
    """A training run after an iteration, as arrays by name.

    Args:
        network: weights.
        optimiser: with its moments.
        streams: NumPy's generators, in an order that :func:`restore` is given again.
        generator: PyTorch's generator.
        losses: so far, shape (iteration,).
        mean_activity: running mean, shape (unit,).
    """
    tensors = {"mean_activity": mean_activity, "noise": generator.get_state()}
    for name, weight in network.weights().items():
        tensors[f"weight.{name}"] = weight
        tensors |= {f"{key}.{name}": value for key, value in optimiser.state[weight].items()}
    arrays = {name: tensor.detach().cpu().numpy() for name, tensor in tensors.items()} | {"losses": losses}
    for i, stream in enumerate(streams):
        arrays[f"stream{i}"] = json.dumps(stream.bit_generator.state)
    return {name: np.array(values) for name, values in arrays.items()}


def restore(
    arrays: dict[str, np.ndarray],
    network: Network,
    optimiser: Adam,
    streams: Sequence[np.random.Generator],
    generator: torch.Generator,
    losses: np.ndarray,
) -> tuple[int, torch.Tensor]:
    """Put a run that has just begun where a snapshot was taken.

    Args:
        arrays: from :func:`snapshot`.
        network, optimiser, streams, generator: of the new run, changed in place.
        losses: of all iterations, filled in as far as the snapshot goes.

    Returns:
        Number of iterations done, and the running mean of activity, on the network's device.
    """
    done = len(arrays["losses"])
    losses[:done] = arrays["losses"]
    with torch.no_grad():
        for name, weight in network.weights().items():
            weight.copy_(torch.from_numpy(np.array(arrays[f"weight.{name}"])))
            for key, value in optimiser.state[weight].items():
                value.copy_(torch.from_numpy(np.array(arrays[f"{key}.{name}"])))
    for i, stream in enumerate(streams):
        stream.bit_generator.state = json.loads(str(arrays[f"stream{i}"]))
    generator.set_state(torch.from_numpy(np.array(arrays["noise"])))
    return done, torch.from_numpy(np.array(arrays["mean_activity"])).to(network.recurrent.device)
