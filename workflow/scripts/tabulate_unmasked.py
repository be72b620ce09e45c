"""What leakage gives without masking, along a path and over masks."""

import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.questions.unmasked import along_paths, over_masks, unmasked_table

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]
networks = pd.read_csv(snakemake.input.networks)
environments, awake = defaultdict(dict), defaultdict(dict)
for path in map(Path, snakemake.input.environments):
    environments[path.parent.name][int(path.stem)] = artifacts.read(path)
for path, leak in zip(map(Path, snakemake.input.replays), settings["leaks"], strict=True):
    environment, _, seed = path.parts[-4:-1]
    awake[environment][leak, int(seed)] = artifacts.read(path)

masks = over_masks(networks, environments, settings["claims"])
along = along_paths(awake, environments)
artifacts.write_text(
    snakemake.output.table, unmasked_table(masks, along, settings["claims"]["level"]).to_csv(index=False)
)
artifacts.write_text(snakemake.output.masks, masks.to_csv(index=False))
artifacts.write_text(snakemake.output.along, along.to_csv(index=False))
provenance.record(snakemake)
