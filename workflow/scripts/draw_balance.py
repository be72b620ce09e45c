"""Figure: speed, exploration and fidelity over adaptation strength and friction."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay.figures.balance import draw_balance
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

metrics = pd.read_csv(snakemake.input.metrics, dtype={"unit": str})
chosen = choices(settings["claims"], settings["environments"])
figure, table = draw_balance(metrics, chosen, settings["decoder"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
