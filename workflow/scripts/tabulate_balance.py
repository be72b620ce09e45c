"""The front of speed, exploration and fidelity, and a rule that picks a setting, tried on unseen seeds."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.questions.balance import balance_tables

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]
metrics = pd.concat([pd.read_csv(path, dtype={"unit": str}) for path in snakemake.input], ignore_index=True)
front, rule = balance_tables(metrics, settings["claims"], settings["environments"], settings["sweeps"])
artifacts.write_text(snakemake.output.front, front.to_csv(index=False))
artifacts.write_text(snakemake.output.rule, rule.to_csv(index=False))
provenance.record(snakemake)
