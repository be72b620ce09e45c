"""The claims table as a web page that needs nothing else: for the report, and to open by itself."""

from html import escape

import numpy as np
import pandas as pd

from rnn_replay.claims.glance import glance
from rnn_replay.claims.words import said, sections

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#6E6E6E"  # those of the figures, without importing Matplotlib
STYLE = f"""
body {{ font: 14px/1.5 system-ui, sans-serif; color: #222; background: white; margin: 1.5em; }}
h1 {{ font-size: 1.4em; }} h2 {{ font-size: 1.1em; margin-top: 2em; }}
p {{ max-width: 60em; }}
table {{ border-collapse: collapse; font-size: 13px; }}
th, td {{ text-align: left; vertical-align: top; padding: .35em .7em; border-bottom: 1px solid #ddd; }}
th {{ background: #f4f4f4; position: sticky; top: 0; }}
td.number {{ text-align: right; white-space: nowrap; }}
b {{ font-weight: 600; white-space: nowrap; }}
b.supported {{ color: {BLUE}; }} b.contradicted {{ color: {VERMILLION}; }}
b.inconclusive, b.not-testable, b.demo {{ color: {GREY}; }}
"""


def page(table: pd.DataFrame, header: list[str]) -> str:
    """The claims as HTML: what they say, at a glance, the header, then the rows.

    Args:
        table: the worded claims table.
        header: paragraphs, parted by blank lines, in the Markdown that `emphasis` knows.
    """
    items = [f"<li>{emphasis(line.removeprefix('- '))}</li>" for line in said(table).splitlines()]
    parts = ["<h1>Claims</h1>", "<h2>What the claims say</h2>", f"<ul>{''.join(items)}</ul>"]
    parts += ["<h2>At a glance</h2>", html_table(glance(table))]
    parts += [f"<p>{emphasis(paragraph)}</p>" for text in header for paragraph in text.split("\n\n")]
    for title, rows, columns in sections(table):
        parts += [f"<h2>{title}</h2>", html_table(rows[columns])]
    return html_page("Claims", parts)


def html_page(title: str, parts: list[str]) -> str:
    """A page of these parts."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return "\n".join([f'<!doctype html>\n<html lang="en"><head>{head}</head><body>', *parts, "</body></html>\n"])


def html_table(frame: pd.DataFrame) -> str:
    """A table in HTML, with verdicts in colour and numbers with three digits."""
    rows = [f"<tr>{''.join(map(html_cell, values))}</tr>" for values in frame.itertuples(index=False)]
    names = "".join(f"<th>{escape(str(name))}</th>" for name in frame.columns)
    return "\n".join([f"<table><thead><tr>{names}</tr></thead><tbody>", *rows, "</tbody></table>"])


def html_cell(value: object) -> str:
    """One cell."""
    if isinstance(value, float | np.floating):
        return f'<td class="number">{"–" if np.isnan(value) else f"{value:.3g}"}</td>'
    if isinstance(value, int | np.integer):
        return f'<td class="number">{value}</td>'
    verdict, comma, rest = str(value).partition(", ")
    if verdict in ("supported", "contradicted", "inconclusive", "not testable", "demo"):
        return f'<td><b class="{verdict.replace(" ", "-")}">{verdict}</b>{comma}{escape(rest)}</td>'
    return f"<td>{escape(str(value))}</td>"


def emphasis(paragraph: str) -> str:
    """A paragraph in HTML, with `**words**`, `*words*` and words in backquotes marked."""
    paragraph = escape(paragraph)
    for mark, tag in (("**", "strong"), ("*", "em"), ("`", "code")):
        pieces = paragraph.split(mark)
        paragraph = "".join(f"<{tag}>{piece}</{tag}>" if i % 2 else piece for i, piece in enumerate(pieces))
    return paragraph
