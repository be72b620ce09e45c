"""Film: awake paths beside replays of one seed."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.figures.animation import Film, page, save_animation
from rnn_replay.figures.examples import examples_of
from rnn_replay.figures.panels import choices

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

chosen = choices(settings["claims"], settings["environments"])
inputs = (snakemake.input.environments, snakemake.input.replays)
environments, replays = (map(artifacts.read, paths) for paths in inputs)
examples = examples_of(chosen, environments, replays, settings["example_decoder"])
film = Film(examples)
save_animation(film, snakemake.output.gif)
artifacts.write_text(snakemake.output.csv, film.table.to_csv(index=False, float_format="%.6g"))
artifacts.write_text(snakemake.output.page, page(snakemake.output.gif))
provenance.record(snakemake)
