"""Noise of the simulations that must meet the closed forms."""

import torch


def noise(seed: int, shape: tuple[int, ...]):
    """Independent standard normal noise in double precision for every step, from one named seed."""
    generator = torch.Generator().manual_seed(seed)
    return lambda t: torch.randn(shape, generator=generator, dtype=torch.float64)
