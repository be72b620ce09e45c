"""All comparisons of the theory stage in one table, and its rows of the claims table."""

import sys
from pathlib import Path

from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.claims.table import claims_dataset
from rnn_replay.theory.comparison import merged
from rnn_replay.theory.rows import theory_rows

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
linear, gaussian = (artifacts.read(snakemake.input[name]) for name in ("linear", "gaussian"))
potentials = {Path(path).stem: artifacts.read(path) for path in snakemake.input.potentials}
rows = theory_rows(linear, gaussian, potentials)
header = ["Rows of the theory stage; the rule of each verdict stands with rnn_replay.theory.rows.theory_rows."]
comparisons = merged([linear, gaussian, *potentials.values()])
artifacts.write_text(snakemake.output.comparisons, comparisons.to_csv(index=False))
artifacts.write(claims_dataset(rows, header), snakemake.output.claims, provenance.made(snakemake))
