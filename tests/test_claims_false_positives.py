"""False positives of the claims table: two sets of replays from one setting."""

import numpy as np
import pandas as pd
from rnn_replay.claims.contrasts import DECODERS
from rnn_replay.environments import load
from rnn_replay.measures.base import smooth
from rnn_replay.measures.speed import net_displacement
from rnn_replay.seeds import stream
from synthetic_tables import SEEDS, claim, table_of


def relaxing_paths(rate: float, rng: np.random.Generator) -> np.ndarray:
    """16 replays of 60 steps that relax at a rate per step and diffuse, shape (replay, time, 2)."""
    noise = rng.normal(size=(60, 16, 2))
    position = np.zeros((60, 16, 2))
    for step in range(1, 60):
        position[step] = (1 - rate) * position[step - 1] + 0.1 * noise[step]
    return position.swapaxes(0, 1)


def test_false_positives():
    """Two sets of replays from one setting: at most 16 of 200 are decided, at 8 seeds that differ in their networks."""
    settings = {"steps": 60, "time_step": 0.1, "training_paths": 1, "test_paths": 2}
    settings |= {"circumradius": 1.0, "speed": 1.0, "speed_sd": 0.2, "jitter": 0.02}
    map = load("triangle", settings).map()
    entry = claim("M1", "momentum against none")[:1]
    networks = pd.DataFrame({"environment": ["triangle"], "variant": ["leak0.3_mask20"], "seed": [1]})
    rows = pd.DataFrame([(f, s) for f in (1.0, 0.6) for s in SEEDS], columns=["friction", "seed"])
    rows = rows.assign(environment="triangle", variant="leak0.3_mask20", sweep="momentum", decoder="template", unit="1")
    rows = rows.assign(setting=(rows["friction"] == 0.6).astype(int))
    diverged = rows.assign(metric="diverged", value=0.0)
    decided = 0
    for repetition in range(200):
        speeds = []
        for row in rows.itertuples():
            rate = stream(row.seed, "test", "network", str(repetition)).uniform(0.05, 0.4)
            paths = relaxing_paths(rate, stream(row.seed, "test", "replay", str(repetition), str(row.setting)))
            speeds.append(net_displacement(smooth(paths), map).mean())
        measured = pd.concat([rows.assign(metric="progress_speed", value=speeds), diverged])
        measured = pd.concat([measured.assign(decoder=decoder) for decoder in DECODERS])
        table = table_of(networks, measured, entry, ["triangle"])
        verdict = table.loc[table["primary"], "verdict"].item()
        assert verdict != "not testable"
        decided += verdict in ("supported", "contradicted")
    assert 1 <= decided <= 16
