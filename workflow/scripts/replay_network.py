"""Replay the networks of a variant, all seeds one after the other, under all settings of one sweep."""

from pipeline.job import job, read, settings, write

from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.artifacts.networks import from_dataset
from rnn_replay.artifacts.replays import to_dataset
from rnn_replay.artifacts.seeds import stack
from rnn_replay.model.replay import Sampling, Setting, Subject, replay

names, seeds = job.wildcards, job.params.seeds
swept, sampling = [Setting(**setting) for setting in settings["settings"]], Sampling(**settings["sampling"])


def replayed():
    for seed, environment, network in zip(seeds, job.input.environments, job.input.networks, strict=True):
        paths = read(environment)
        keys = {"seed": seed, "environment": names.environment, "name": names.variant}
        subject = Subject.wake(*from_dataset(read(network)), to_pool(paths, "test"), to_map(paths), **keys)
        yield to_dataset(subject, replay(subject, swept, sampling), swept)


write(stack(replayed(), seeds), dict(names.items()))
