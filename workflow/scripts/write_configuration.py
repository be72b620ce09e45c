"""The configuration of a run as it was used, overlays included: to read in the report, and to run again."""

import json
import sys
from html import escape

import yaml
from pipeline import provenance
from rnn_replay import artifacts

sys.stdout = sys.stderr = open(snakemake.log[0], "w", buffering=1)

# Through JSON, since YAML would write what stands in two places as a reference.
settings = json.loads(json.dumps(snakemake.params.recipe["settings"]))
text = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=110)
artifacts.write_text(snakemake.output.yaml, text)
head = '<meta charset="utf-8"><title>Configuration</title><style>body {font: 13px/1.4 monospace; margin: 2em}</style>'
page = f'<!doctype html>\n<html lang="en"><head>{head}</head><body><pre>{escape(text)}</pre></body></html>\n'
artifacts.write_text(snakemake.output.page, page)
provenance.record(snakemake)
