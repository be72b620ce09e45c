"""One potential: simulation against the transition kernel of the same map."""

from pipeline.job import job, settings, write

import torch
from rnn_replay.theory.datasets import potential

# Far from its mass the kernel's probabilities underflow, and there some processors take four times as long.
torch.set_flush_denormal(True)
write(potential(job.wildcards.potential, settings["potentials"], settings["seed"]))
