"""Figure: the front of speed, exploration and fidelity."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay.figures.front import draw_fronts
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)

figure, table = draw_fronts(pd.read_csv(snakemake.input.front))
save(figure, snakemake.output, table)
provenance.record(snakemake)
