"""One table of all metrics, tidy and as netCDF."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.tables.metrics import metrics_dataset, metrics_table

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
table = metrics_table([artifacts.read(path) for path in snakemake.input])
artifacts.write_text(snakemake.output.csv, table.to_csv(index=False))
artifacts.write(metrics_dataset(table), snakemake.output.netcdf, provenance.made(snakemake))
