"""Replay beside what was published of animals, and beside the predecessor paper's measures."""

from pipeline.job import job, read, settings, write

import pandas as pd
from rnn_replay.artifacts.biology import biology_table
from rnn_replay.questions.biology import biology_comparison, biology_markdown, predecessor_comparison, scales
from rnn_replay.questions.conditions import by_condition

metrics, biology = read(job.input.metrics), biology_table(read(job.input.biology))
claims, known = settings["claims"], settings["environments"]
held = biology_comparison(biology, metrics, claims, known)
speed = scales(biology, claims, known, "readout")
chosen = (claims, list(known))
theirs = predecessor_comparison(biology, metrics, *chosen)
seeds = [by_condition(table, *chosen) for table in (biology, metrics[metrics["metric"] == "compression"])]
words = biology_markdown(held, theirs, read(job.input.recovery), speed)
write(csv=held, scales=speed, seeds=pd.concat(seeds, ignore_index=True), predecessor=theirs, markdown=words)
