"""The claims table, and the width of its intervals against the number of seeds."""

from pipeline.job import job, read, settings, write

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

values, demonstration = settings["claims"], settings["demonstration"]
found = findings(read(job.input.networks), read(job.input.metrics), settings["environments"], values)
further = [claims_frame(dataset) for dataset in read(job.input.further)]
table = claims_table(found, further, demonstration)
header = [error_rate(found, further, values["level"]), rule(values)]
write(
    claims_dataset(table, header),
    csv=table,
    markdown=markdown(table, header, demonstration),
    page=page(table, header, demonstration),
    seeds=seeds_table(found, values["level"]),
)
