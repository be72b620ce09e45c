"""All readings judged, their shares by claim and environment, and what decides."""

from pipeline.job import job, read, settings, write

from rnn_replay.readings.design import Frame
from rnn_replay.readings.table import readings_tables
from rnn_replay.readings.words import markdown

frames = [Frame(**values) for values in settings["frames"]]
datasets = read(job.input)
count = len(datasets) // len(frames)
seeds = [datasets[first : first + count] for first in range(0, len(datasets), count)]
tables = readings_tables(frames, seeds, settings["limits"], settings["claims"])
page = markdown(tables, settings["primary"], settings["demonstration"])
write(markdown=page, **{name: table.round(5) for name, table in tables.items()})
