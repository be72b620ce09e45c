"""One table of all networks: errors on held-out paths and learning curves."""

from pipeline.job import job, read, write

from rnn_replay.tables.networks import networks_dataset, networks_table

networks = read(job.input)
table = networks_table(networks)
write(networks_dataset(table, networks), csv=table)
