"""Every metric of every condition that readings compare, of the networks of one environment and seed."""

from pipeline.job import job, read, settings, write

from rnn_replay.readings.design import Frame
from rnn_replay.readings.measure import measured

seed = int(job.wildcards.seed)
dataset = measured(Frame(**settings), read(job.input.environment), read(job.input.networks), seed)
write(dataset, dict(job.wildcards.items()))
