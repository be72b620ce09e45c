"""Which model of a path is found in synthetic paths whose model is known."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.measures.biology.recovery import recovery

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
table = recovery(**snakemake.params.recipe["settings"])
artifacts.write_text(snakemake.output.csv, table.to_csv(index=False))
provenance.record(snakemake)
