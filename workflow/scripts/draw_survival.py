"""Figure: reach and crossing times as survival curves."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import save
from rnn_replay.figures.survival import draw_survivals

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

chosen = choices(settings["claims"], settings["environments"])
inputs = (snakemake.input.environments, snakemake.input.momentum, snakemake.input.grafted)
parts = [dict(zip(chosen, map(artifacts.read, paths), strict=True)) for paths in inputs]
figure, table = draw_survivals(chosen, *parts, settings["decoder"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
