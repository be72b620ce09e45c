"""The explorer: grids of settings, and the first seed's replays of each."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.explorer.page import contents, page

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]

environments = dict(zip(settings["environments"], map(artifacts.read, snakemake.input.environments), strict=True))
replays = map(artifacts.read, snakemake.input.replays)
tables = (pd.read_csv(snakemake.input[name]) for name in ("metrics", "networks"))
shown = contents(environments, replays, *tables, settings["leakage"])
artifacts.write_text(snakemake.output.page, page(shown))
provenance.record(snakemake)
