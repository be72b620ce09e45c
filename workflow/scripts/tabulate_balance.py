"""The front of speed, exploration and fidelity, and a rule that picks a setting, tried on unseen seeds."""

from pipeline.job import job, read, settings, write

from rnn_replay.questions.balance import balance_tables

front, rule = balance_tables(read(job.input.metrics), settings["claims"], settings["environments"], settings["sweeps"])
write(front=front, rule=rule)
