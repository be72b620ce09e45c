"""Figure: momentum, from examples to compression and arrival."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.examples import examples_of
from rnn_replay.figures.momentum import draw_momentum
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

metrics = pd.read_csv(snakemake.input.metrics, dtype={"unit": str})
chosen = choices(settings["claims"], settings["environments"])
inputs = (snakemake.input.environments, snakemake.input.replays, snakemake.input.momentum)
environments, replays, arrivals = (map(artifacts.read, paths) for paths in inputs)
examples = examples_of(chosen, environments, replays, settings["example_decoder"])
arrivals = dict(zip(chosen, arrivals, strict=True))
figure, table = draw_momentum(metrics, chosen, examples, arrivals, settings["decoder"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
