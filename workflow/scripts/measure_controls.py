"""What metrics read of one environment's controls, for some seeds."""

from pipeline.job import job, read, settings, write

from rnn_replay.model.replay import Sampling, Setting
from rnn_replay.tables.controls import controls_dataset

setting, sampling = Setting(**settings["setting"]), Sampling(**settings["sampling"])
adapted = setting.but(**settings["adapted"]) if settings["adapted"] else None
dataset = controls_dataset(read(job.input.environments), read(job.input.networks), setting, adapted, sampling)
write(dataset, dict(job.wildcards.items()))
