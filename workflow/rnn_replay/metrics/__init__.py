"""What is measured on replays: fidelity, speed and exploration.

A metric is a function of this package under the decorator :func:`~rnn_replay.metrics.base.metric`, which gives
it a unit and a meaning. To add one, write it into the module it belongs to (or a new one, imported here).
"""

from rnn_replay.metrics import exploration, fidelity, speed
from rnn_replay.metrics.base import METRICS, Recording, metric

__all__ = ["METRICS", "Recording", "exploration", "fidelity", "metric", "speed"]
