"""Figure of the theory stage: phases."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.style import save
from rnn_replay.figures.theory_phases import draw_phases

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
datasets = {name: artifacts.read(path) for name, path in snakemake.input.items()}
figure, table = draw_phases(**datasets)
save(figure, snakemake.output, table)
provenance.record(snakemake)
