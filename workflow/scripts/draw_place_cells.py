"""Figure: adaptation, momentum and both in place cells."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.examples import Example
from rnn_replay.figures.panels import choices
from rnn_replay.figures.place_cells import draw_place_cells
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

metrics = pd.read_csv(snakemake.input.metrics, dtype={"unit": str})
environment, replays, arrivals = map(
    artifacts.read, (*snakemake.input.environments, *snakemake.input.replays, *snakemake.input.momentum)
)
((name, choice),) = choices(settings["claims"], settings["environments"]).items()
example = Example(environment, replays, choice.settings, settings["example_decoder"])
figure, table = draw_place_cells(metrics, name, choice, example, arrivals, settings["decoder"])
save(figure, snakemake.output, table)
provenance.record(snakemake)
