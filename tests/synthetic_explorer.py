"""A run on a line, small enough to be made in a test: what the explorer reads of it."""

import itertools

import numpy as np
import pandas as pd
import xarray as xr
from rnn_replay.claims.contrasts import FIDELITY, SPEED

DECODERS, SEEDS = ("template", "readout"), (1, 2, 3)
STRENGTHS, FRICTIONS = (0.0, 0.1), (1.0, 0.6)
# Settings of each sweep: friction, adaptation strength, noise.
SWEEPS = {
    "grafted": [(f, b, 1.0) for f in FRICTIONS for b in STRENGTHS],
    "momentum": [(1.0, 0.0, 1.0), (0.6, 0.0, 1.0), (0.3, 0.0, 1.0)],
    "louder": [(1.0, 0.0, 1.0), (1.0, 0.0, 2.0)],
    "leakage": [(1.0, 0.0, 1.0)],
}
MEASURES = {SPEED: 1.0, "occupancy_entropy": 0.5, FIDELITY: 0.1, "diverged": 0.0}
PATHS, STARTS, REPEATS, STEPS = 12, 5, 2, 40


def environment() -> xr.Dataset:
    """A line of one metre."""
    segment = np.array([[[0.0, 0.0], [1.0, 0.0]]])
    return xr.Dataset({"segment": (("segment", "end", "space"), segment), "time_step": 0.1, "is_track": 1})


def networks() -> pd.DataFrame:
    """The table of networks."""
    rows = [("line", f"leak{leak:g}_mask10", leak, 10, seed) for leak in (0.0, 0.3) for seed in SEEDS]
    return pd.DataFrame(rows, columns=["environment", "variant", "leak", "mask_hidden", "seed"])


def metrics() -> pd.DataFrame:
    """The table of metrics; each value is one of its own."""
    members = [("leak0.3_mask10", sweep) for sweep in SWEEPS] + [("leak0_mask10", "leakage")]
    rows = []
    for (variant, sweep), seed, decoder in itertools.product(members, SEEDS, DECODERS):
        for setting, (friction, strength, noise) in enumerate(SWEEPS[sweep]):
            for metric, base in MEASURES.items():
                value = base * (1 + setting / 7 + seed / 50 + len(decoder) / 100)
                row = ("line", variant, sweep, setting, friction, strength, noise, seed, decoder, metric, value)
                rows.append(row)
    names = "environment variant sweep setting friction adaptation_strength noise seed decoder metric value"
    return pd.DataFrame(rows, columns=names.split())


def replays(sweep: str, variant: str = "leak0.3_mask10") -> xr.Dataset:
    """Random walks on the line; one replay of the third setting diverges."""
    rng = np.random.default_rng(len(sweep))
    count = len(SWEEPS[sweep])
    walk = np.cumsum(rng.normal(0, 0.03, (2, count, STARTS * REPEATS, STEPS + 1, 2)), axis=-2)
    diverged = np.zeros((count, STARTS * REPEATS), dtype=np.int8)
    diverged[2:, 0] = 1
    space = ("decoder", "path", "awake_time", "space")
    return xr.Dataset(
        {
            "position": (("decoder", "setting", "replay", "time", "space"), walk),
            "awake_position": (space, np.cumsum(rng.normal(0, 0.03, (2, PATHS, 31, 2)), axis=-2)),
            "diverged": (("setting", "replay"), diverged),
            "start_path": ("replay", np.repeat(np.arange(STARTS), REPEATS)),
            "start_time": ("replay", np.repeat(np.arange(STARTS), REPEATS)),
        },
        coords={"decoder": list(DECODERS)},
        attrs={"environment": "line", "variant": variant, "sweep": sweep},
    )
