"""The linear system: simulation against closed form, phases and memory."""

from pipeline.job import settings, write

from rnn_replay.theory.datasets import linear

write(linear(settings["linear"], settings["seed"]))
