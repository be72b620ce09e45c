# What is made again, and when: docs/reruns.md.

from pipeline import snakemake_adapter

snakemake_adapter.install(RESULTS, announce)
