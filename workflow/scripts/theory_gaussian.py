"""Gaussian paths: score over time, its estimates, and the leak that networks learned."""

from pipeline.job import job, read, settings, write

import numpy as np
from rnn_replay.theory.datasets import gaussian

paths = [read(path)["training_tracked"].values for path in job.input]
seeds = len(paths) // len(settings["environments"])
tracked = {name: np.stack(paths[i * seeds : (i + 1) * seeds]) for i, name in enumerate(settings["environments"])}
write(gaussian(settings["gaussian"], tracked, settings["seed"]))
