"""Figure: what leakage gives without masking."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay.figures.style import save
from rnn_replay.figures.unmasked import draw_unmasked

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)

figure, table = draw_unmasked(pd.read_csv(snakemake.input.along), pd.read_csv(snakemake.input.masks))
save(figure, snakemake.output, table)
provenance.record(snakemake)
