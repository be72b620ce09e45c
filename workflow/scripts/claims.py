"""The claims table, and the width of its intervals against the number of seeds."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.claims.page import page
from rnn_replay.claims.table import (
    claims_dataset,
    claims_frame,
    claims_table,
    error_rate,
    findings,
    markdown,
    rule,
    seeds_table,
)

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]
values, demonstration = settings["claims"], settings["demonstration"]
# A unit may be `1`, which is no number here.
networks, metrics = (
    pd.read_csv(path, dtype={"unit": str}) for path in (snakemake.input.networks, snakemake.input.metrics)
)
found = findings(networks, metrics, settings["environments"], values)
further = [claims_frame(artifacts.read(path)) for path in snakemake.input.further]
table = claims_table(found, further, demonstration)
header = [error_rate(found, further, values["level"]), rule(values)]
artifacts.write_text(snakemake.output.csv, table.to_csv(index=False))
artifacts.write_text(snakemake.output.markdown, markdown(table, header, demonstration))
artifacts.write_text(snakemake.output.page, page(table, header, demonstration))
artifacts.write_text(snakemake.output.seeds, seeds_table(found, values["level"]).to_csv(index=False))
artifacts.write(claims_dataset(table, header), snakemake.output.netcdf, provenance.made(snakemake))
