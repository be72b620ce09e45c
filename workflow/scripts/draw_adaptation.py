"""Figure: adaptation, from examples to exploration, memory and speed."""

import sys

import pandas as pd
from rnn_replay import artifacts
from rnn_replay.figures.adaptation import draw_adaptation
from rnn_replay.figures.examples import Example
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

metrics = pd.read_csv(snakemake.input.metrics, dtype={"unit": str})
examples = {}
chosen = choices(settings["claims"], settings["environments"])
for (name, choice), *paths in zip(chosen.items(), snakemake.input.environments, snakemake.input.replays, strict=True):
    environment, replays = map(artifacts.read, paths)
    examples[name] = Example(environment, replays, choice.settings, settings["example_decoder"])
figure, table = draw_adaptation(metrics, chosen, examples, settings["decoder"])
save(figure, snakemake.output, table)
artifacts.record(snakemake)
