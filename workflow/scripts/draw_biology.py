"""Figure: model recovery, and replay beside what was published of animals."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay.figures.biology import draw_biology
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

rows = pd.read_csv(snakemake.input.seeds, dtype={"unit": str})
figure, table = draw_biology(pd.read_csv(snakemake.input.recovery), rows, settings["decoder"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
