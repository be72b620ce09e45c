"""The artifact of a sweep's replays: decoded positions, and the awake run that they are compared to."""

import numpy as np
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.model.decoding import DECODERS
from rnn_replay.model.replay import Replays, Setting, Subject
from rnn_replay.model.settings import SETTING


def to_dataset(subject: Subject, replays: Replays, settings: list[Setting]) -> xr.Dataset:
    """Dataset of one network's replays.

    Args:
        subject: the network.
        replays: under every setting.
        settings: of the sweep; `trained` is written as the network's own adaptation.
    """
    awake_position, awake_similarity = subject.awake_position()
    settings = [setting.resolved(subject.variant) for setting in settings]
    data = {
        "decoder": variable("decoder", list(DECODERS), "1", "how position is decoded"),
        "position": variable("decoder setting replay time space", replays.position, "m", "decoded position in replay"),
        "similarity": variable(
            "setting replay time",
            replays.similarity,
            "1",
            "cosine of the state with the nearest awake template",
        ),
        "diverged": variable(
            "setting replay",
            replays.diverged.astype(np.int8),
            "1",
            "1: the state left the range of awake states",
        ),
        "activity": variable("setting replay", replays.activity, "1", "mean of the state over units and time"),
        "start_path": variable("replay", replays.start_path, "1", "held-out path a replay starts from"),
        "start_time": variable("replay", replays.start_time, "1", "step of that path"),
        "awake_position": variable(
            "decoder path awake_time space", awake_position, "m", "decoded position on the held-out paths"
        ),
        "awake_similarity": variable(
            "path awake_time", awake_similarity, "1", "cosine of the awake state with the nearest template"
        ),
    }
    if replays.state is not None:
        dims = "setting replay time component"
        data |= {
            "state": variable(dims, replays.state, "1", "state r on the principal components of the awake states"),
            "adaptation": variable(dims, replays.adaptation, "1", "adaptation a on the same components"),
            "component_share": variable(
                "", subject.components()[1], "1", "share of the awake states' second moment in the components"
            ),
        }
    for name, (units, long_name) in SETTING.items():
        values = [getattr(setting, name) for setting in settings]
        data[name] = variable("setting", values, units, long_name)
    return xr.Dataset(data)
