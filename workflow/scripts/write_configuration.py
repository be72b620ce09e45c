"""The configuration of a run as it was used, overlays included: to read in the report, and to run again."""

from pipeline.job import settings, write

import json
from html import escape

import yaml

# Through JSON, since YAML would write what stands in two places as a reference.
text = yaml.safe_dump(json.loads(json.dumps(settings)), sort_keys=False, allow_unicode=True, width=110)
head = '<meta charset="utf-8"><title>Configuration</title><style>body {font: 13px/1.4 monospace; margin: 2em}</style>'
page = f'<!doctype html>\n<html lang="en"><head>{head}</head><body><pre>{escape(text)}</pre></body></html>\n'
write(yaml=text, page=page)
