"""Where a network is trained or replayed: on the CPU, or on a CUDA device."""

import torch


class DeviceError(RuntimeError):
    """A device that is not to be had, said in one sentence."""


def resolve(device: str) -> torch.device:
    """The device that a configured name means here; `auto` is `cuda` where there is one.

    Raises:
        DeviceError: `cuda` is configured, and there is none.
    """
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise DeviceError("device is 'cuda', and PyTorch finds no CUDA device here; allowed: cpu, auto")
    return torch.device(device)
