"""Figure: distance of replay from awake behaviour, with and without leakage."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay.figures.fidelity import draw_fidelity
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

metrics = pd.read_csv(snakemake.input.metrics, dtype={"unit": str})
networks = pd.read_csv(snakemake.input.networks)
figure, table = draw_fidelity(metrics, networks, settings["environments"], settings["decoder"], settings["leakage"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
