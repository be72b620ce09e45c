"""Figure: example replays of one seed."""

import sys

from rnn_replay import artifacts
from rnn_replay.figures.examples import Example, draw_examples
from rnn_replay.figures.panels import choices
from rnn_replay.figures.style import save

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

examples = {}
chosen = choices(settings["claims"], settings["environments"])
for (name, choice), *paths in zip(chosen.items(), snakemake.input.environments, snakemake.input.replays, strict=True):
    environment, replays = map(artifacts.read, paths)
    examples[name] = Example(environment, replays, choice.settings, settings["example_decoder"])
figure, table = draw_examples(examples)
save(figure, snakemake.output, table)
artifacts.record(snakemake)
