"""One table of all networks: errors on held-out paths and learning curves."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.tables.networks import networks_dataset, networks_table

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
networks = [artifacts.read(path) for path in snakemake.input]
table = networks_table(networks)
artifacts.write_text(snakemake.output.csv, table.to_csv(index=False))
artifacts.write(networks_dataset(table, networks), snakemake.output.netcdf, provenance.made(snakemake))
