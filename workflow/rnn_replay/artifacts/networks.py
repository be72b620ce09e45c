"""The artifact of a trained network: weights, learning curve, test errors, settings."""

import json

import numpy as np
import torch
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.model.network import Network
from rnn_replay.model.training import Trained, Variant

WEIGHTS = {
    "recurrent": ("unit unit_from", "recurrent weights W"),
    "input": ("unit feature", "input weights U"),
    "bias": ("unit", "bias b"),
    "encoder": ("unit feature", "weights of the initial state's encoder"),
    "encoder_bias": ("unit", "bias of the initial state's encoder"),
    "decoder": ("feature unit", "output weights D"),
    "decoder_bias": ("feature", "output bias c"),
    "leak_logit": ("unit", "log(lambda_r / (1 - lambda_r)) of the learned leak"),
}


def to_dataset(trained: Trained, errors: dict[str, float]) -> xr.Dataset:
    """Dataset of a network.

    Args:
        trained: the network and its learning curve.
        errors: `test_error`, `test_position_error` and the same with every input shown, `…_unmasked`; and
            `extrapolation_error`.
    """
    units = len(trained.mean_activity)
    data = {}
    for name, weight in trained.network.weights().items():
        dims, long_name = WEIGHTS[name]
        if weight.ndim and len(weight) == 3 * units:  # of a GRU, those of its two gates above those of the candidate
            dims = dims.replace("unit", "gate_unit", 1)
        data[name] = variable(dims if weight.ndim else "", weight.numpy(), "1", long_name)
    if trained.network.leak_logit is not None:
        leak = torch.sigmoid(trained.network.leak_logit).numpy()
        data["learned_leak"] = variable("unit" if leak.ndim else "", leak, "1", "learned leak lambda_r")
    data["mean_activity"] = variable("unit", trained.mean_activity.numpy(), "1", "mean awake state at the end")
    data["loss"] = variable("iteration", trained.loss, "1", "training loss, mean of |s - s_hat|^2 plus penalty")
    for suffix, how in (("", "under the training mask"), ("_unmasked", "with every input shown")):
        data[f"test_error{suffix}"] = variable(
            "", errors[f"test_error{suffix}"], "1", f"mean of |s - s_hat|^2 on held-out paths {how}"
        )
        data[f"test_position_error{suffix}"] = variable(
            "",
            errors[f"test_position_error{suffix}"],
            "m",
            f"mean distance of the decoded from the true position on held-out paths {how}",
        )
    data["extrapolation_error"] = variable(
        "",
        errors["extrapolation_error"],
        "m",
        "mean distance from the true position of extrapolation at the last velocity shown, under the training mask",
    )
    return xr.Dataset(data)


def from_dataset(dataset: xr.Dataset) -> tuple[Network, torch.Tensor, Variant]:
    """Network, mean activity and training settings of a network's dataset."""
    network = Network(**{name: torch.from_numpy(np.array(dataset[name].values)) for name in WEIGHTS if name in dataset})
    mean_activity = torch.from_numpy(np.array(dataset["mean_activity"].values))
    return network, mean_activity, Variant(**json.loads(dataset.attrs["recipe"])["settings"])
