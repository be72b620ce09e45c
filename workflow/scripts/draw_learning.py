"""Figure: learning with and without leakage under each mask."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.learning import draw_learning
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

networks = pd.read_csv(snakemake.input.csv)
curves = artifacts.read(snakemake.input.netcdf)
units = {}
for name, path in zip(settings["environments"], snakemake.input.environments, strict=True):
    units[name] = "m²" if artifacts.read(path)["reads_position"] else "1"
figure, table = draw_learning(networks, curves, units, settings["leakage"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
