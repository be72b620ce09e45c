"""What is measured on replays: fidelity, speed, exploration and memory, and controls of them.

A metric is a function of this package under the decorator :func:`~rnn_replay.measures.base.metric`, which gives
it a unit and a meaning. To add one, write it into the module it belongs to (or a new one, imported here).
"""

from rnn_replay.measures import controls, exploration, fidelity, memory, speed
from rnn_replay.measures.base import METRICS, Recording, metric
from rnn_replay.measures.prediction import States

__all__ = ["METRICS", "Recording", "States", "controls", "exploration", "fidelity", "memory", "metric", "speed"]
