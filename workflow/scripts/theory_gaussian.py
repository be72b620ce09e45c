"""Gaussian paths: score over time, its estimates, and the leak that networks learned."""

from pipeline.job import job, read, settings, write

from rnn_replay.theory.datasets import gaussian

names, paths = settings["environments"], list(job.input)
seeds = len(paths) // max(len(names), 1)
tracked = {
    name: (read(path)["training_tracked"].values for path in paths[i * seeds : (i + 1) * seeds])
    for i, name in enumerate(names)
}
write(gaussian(settings["gaussian"], tracked, settings["seed"]))
