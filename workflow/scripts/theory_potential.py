"""One potential: simulation against the transition kernel of the same map."""

from pipeline.job import job, settings, write

from rnn_replay.theory.datasets import potential

write(potential(job.wildcards.potential, settings["potentials"], settings["seed"]))
