"""What the measures of speed say of states whose change of speed is known."""

import sys

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.tables.calibration import calibration_table, to_dataset

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
table = calibration_table([artifacts.read(path) for path in snakemake.input])
artifacts.write_text(snakemake.output.csv, table.to_csv(index=False))
artifacts.write(to_dataset(table), snakemake.output.netcdf, provenance.made(snakemake))
