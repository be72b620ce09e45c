"""Figure: example replays of one seed."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.examples import draw_examples, examples_of
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

chosen = choices(settings["claims"], settings["environments"])
inputs = (snakemake.input.environments, snakemake.input.replays)
environments, replays = (map(artifacts.read, paths) for paths in inputs)
examples = examples_of(chosen, environments, replays, settings["example_decoder"])
figure, table = draw_examples(examples)
save(figure, snakemake.output, table)
provenance.record(snakemake)
