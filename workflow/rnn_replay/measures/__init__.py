"""What is measured on replays: fidelity, speed, exploration and memory, and controls of them.

A metric is a function of a module of this package under the decorator :func:`~rnn_replay.measures.base.metric`, which
gives it a unit and a meaning. Every module here is found by itself.
"""

from importlib import import_module
from pkgutil import iter_modules

from rnn_replay.measures.base import METRICS, AwakePaths, Metric, Recording, metric
from rnn_replay.measures.prediction import States

__all__ = ["METRICS", "AwakePaths", "Metric", "Recording", "States", "metric"]

for _module in iter_modules(__path__):
    if not _module.ispkg:
        import_module(f"{__name__}.{_module.name}")
