"""Figure: the environments of one seed."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.environments import draw_environments
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
names = snakemake.params.recipe["settings"]["environments"]

read = {name: artifacts.read(path) for name, path in zip(names, snakemake.input, strict=True)}
figure, table = draw_environments(read)
save(figure, snakemake.output, table)
provenance.record(snakemake)
