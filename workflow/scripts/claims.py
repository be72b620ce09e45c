"""The claims table, and the width of its intervals against the number of seeds."""

from pipeline.job import job, read, settings, write

from rnn_replay.claims.page import page
from rnn_replay.claims.plan import Plan
from rnn_replay.claims.table import COLUMNS, WORDS, Columns, claims_frame, claims_table, seeds_table
from rnn_replay.claims.verdicts import findings
from rnn_replay.claims.words import against_extrapolation, header, markdown, worded

values, demonstration = settings["claims"], settings["demonstration"]
networks, environments = read(job.input.networks), settings["environments"]
found = findings(networks, read(job.input.metrics), environments, values, read(job.input.controls))
further = [claims_frame(dataset) for dataset in read(job.input.further)]
table = worded(claims_table([finding.cells for finding in found], further, values["level"], demonstration))
words = header(table[: len(found)], sum(map(len, further)), values, demonstration)
words.append(against_extrapolation(networks, {name: Plan.of(values, name).variant for name in environments}))
words += settings["sources"]
write(
    Columns(COLUMNS | WORDS).dataset(table, comment="\n\n".join(words)),
    csv=table,
    markdown=markdown(table, words),
    page=page(table, words),
    seeds=seeds_table([(finding.cells, finding.differences) for finding in found], values["level"]),
)
