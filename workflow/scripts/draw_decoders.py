"""Figure: the sweeps under two decoders."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay.figures.decoders import draw_decoders
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

metrics = pd.read_csv(snakemake.input.metrics, dtype={"unit": str})
figure, table = draw_decoders(metrics, choices(settings["claims"], settings["environments"]))
save(figure, snakemake.output, table)
provenance.record(snakemake)
