"""Figure: the measures of speed where the answer is known."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay.figures.calibration import draw_calibration
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

figure, table = draw_calibration(pd.read_csv(snakemake.input.table), settings["environments"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
