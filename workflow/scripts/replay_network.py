"""Replay one network under all settings of one sweep."""

from pipeline.job import job, read, settings, write

from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.artifacts.networks import from_dataset
from rnn_replay.artifacts.replays import to_dataset
from rnn_replay.model.replay import Sampling, Setting, Subject, replay

names = job.wildcards
keys = {"seed": int(names.seed), "environment": names.environment, "name": names.variant}
swept = [Setting(**setting) for setting in settings["settings"]]
paths, network = read(job.input.environment), from_dataset(read(job.input.network))
subject = Subject.wake(*network, to_pool(paths, "test"), to_map(paths), **keys)
replays = replay(subject, swept, Sampling(**settings["sampling"]))
write(to_dataset(subject, replays, swept), {**keys, "sweep": names.sweep})
