"""Figure: adaptation, from examples to exploration, memory and speed."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.adaptation import draw_adaptation
from rnn_replay.figures.examples import examples_of
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

metrics = pd.read_csv(snakemake.input.metrics, dtype={"unit": str})
chosen = choices(settings["claims"], settings["environments"])
inputs = (snakemake.input.environments, snakemake.input.replays)
environments, replays = (map(artifacts.read, paths) for paths in inputs)
examples = examples_of(chosen, environments, replays, settings["example_decoder"])
figure, table = draw_adaptation(metrics, chosen, examples, settings["decoder"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
