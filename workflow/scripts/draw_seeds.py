"""Figure: width of intervals against the number of seeds."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay.figures.seeds import draw_seed_widths
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

widths = pd.read_csv(snakemake.input.seeds, dtype={"unit": str})
figure, table = draw_seed_widths(widths, settings["environments"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
