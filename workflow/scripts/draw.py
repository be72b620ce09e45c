"""A figure, drawn by the module of its name, and its numbers as a table."""

from pipeline.job import inputs, job, output, settings, write

from importlib import import_module

from rnn_replay.figures.style import save

module = import_module(f"rnn_replay.figures.{job.wildcards.figure.partition('-')[0]}")
figure, table = module.draw(inputs(), settings)
save(figure, output, table)
write()
