"""One named random stream for each use, so that adding a seed or a variant changes no other number."""

import hashlib

import numpy as np


def named_seed(seed: int, *names: str) -> int:
    """A 63-bit seed that depends on a configured seed and on the names of a use, in order.

    Args:
        seed: the configured seed (≥ 0).
        names: what the stream is for, e.g. ("training", "triangle", "batches").
    """
    words = np.frombuffer(hashlib.sha256("/".join(names).encode()).digest(), dtype=">u4").astype(int)
    high, low = np.random.SeedSequence([seed, *words.tolist()]).generate_state(2, dtype=np.uint32).tolist()
    return (high << 32 | low) >> 1


def stream(seed: int, *names: str) -> np.random.Generator:
    """A NumPy generator of its own for a configured seed and the names of a use."""
    return np.random.default_rng(named_seed(seed, *names))
