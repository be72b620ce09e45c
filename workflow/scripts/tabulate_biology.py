"""Replay beside what was published of animals, and beside the predecessor paper's measures."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.artifacts.biology import biology_table
from rnn_replay.questions.biology import biology_comparison, biology_markdown, predecessor_comparison
from rnn_replay.questions.conditions import by_condition

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]
metrics = pd.read_csv(snakemake.input.metrics, dtype={"unit": str})
recovery = pd.read_csv(snakemake.input.recovery)
biology = biology_table([artifacts.read(path) for path in snakemake.input.biology])
chosen = (settings["claims"], settings["environments"])
held = biology_comparison(biology, metrics, *chosen)
theirs = predecessor_comparison(biology, metrics, *chosen)
seeds = [by_condition(table, *chosen) for table in (biology, metrics[metrics["metric"] == "compression"])]
artifacts.write_text(snakemake.output.csv, held.to_csv(index=False))
artifacts.write_text(snakemake.output.seeds, pd.concat(seeds, ignore_index=True).to_csv(index=False))
artifacts.write_text(snakemake.output.predecessor, theirs.to_csv(index=False))
artifacts.write_text(snakemake.output.markdown, biology_markdown(held, theirs, recovery))
provenance.record(snakemake)
