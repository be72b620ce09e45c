"""Each question that the paper left open, answered in one sentence with its number and interval."""

import sys

import pandas as pd
from pipeline import provenance
from rnn_replay import artifacts
from rnn_replay.questions.answer import answers_markdown, answers_table
from rnn_replay.questions.answers import answered, answers_dataset, answers_page
from rnn_replay.questions.tables import Tables

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)
settings = snakemake.params.recipe["settings"]


def read(name):
    """A table, by the name of its input; None where this run makes none."""
    path = snakemake.input.get(name)
    return pd.read_csv(path, dtype={"unit": str}) if path else None


tables = Tables(**{name: read(name) for name in Tables.__dataclass_fields__})
table = answers_table(answered(tables, settings["claims"], settings["environments"], settings["demonstration"]))
artifacts.write_text(snakemake.output.csv, table.to_csv(index=False))
artifacts.write_text(snakemake.output.markdown, answers_markdown(table) + "\n")
artifacts.write_text(snakemake.output.page, answers_page(table))
artifacts.write(answers_dataset(table), snakemake.output.netcdf, provenance.made(snakemake))
