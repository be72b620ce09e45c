"""All answers of a run, from its tables; as a dataset and as a page."""

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from rnn_replay.artifacts.netcdf import variable
from rnn_replay.claims.page import STYLE, html_table
from rnn_replay.questions import from_extended, from_paper
from rnn_replay.questions.answer import ASKED, COLUMNS, Answer, NotRun, demonstrated
from rnn_replay.questions.facilitation import facilitation
from rnn_replay.questions.tables import Tables


def answered(tables: Tables, claims: dict[str, Any], environments: list[str], demonstration: bool) -> list[Answer]:
    """An answer to every question, in order; `not run` with the reason where the run cannot give one.

    Args:
        tables: of the run.
        claims: section of the configuration.
        environments: names, in order.
        demonstration: whether no word may be given.
    """
    ways: dict[str, Callable[[], Answer]] = {
        "R1": lambda: from_paper.how_many_seeds(*tables.need("claims", "seeds"), claims["margin_kept"]),
        "R2": lambda: from_extended.architectures(tables, claims, environments),
        "R3": lambda: from_extended.low_friction(tables, claims, environments),
        "R4": lambda: from_paper.without_masking(*tables.need("unmasked")),
        "R5": lambda: from_extended.time_constant(tables, claims, environments),
        "R6": lambda: from_paper.balance(*tables.need("balance")),
        "R7": lambda: from_paper.beyond_gaussian(*tables.need("claims")),
        "R8": lambda: from_paper.like_animals(*tables.need("biology")),
        "R9": lambda: facilitation(tables, claims, environments),
    }
    found = []
    for question in ASKED:
        try:
            found.append(ways[question]())
        except NotRun as reason:
            found.append(Answer(question, "not run", f"Not run: {reason}."))
    return [demonstrated(answer) for answer in found] if demonstration else found


def answers_dataset(table: pd.DataFrame) -> xr.Dataset:
    """The table of answers with the dimension row."""
    meanings = {
        "question": "question, as numbered in docs/questions.md",
        "asked": "the question",
        "answer": "yes, no, mixed, cannot say, answered, not run or demo",
        "sentence": "the answer in one sentence",
        "environment": "environment that a number holds for",
        "quantity": "what the number is",
        "unit": "unit of estimate, low and high",
        "estimate": "the number",
        "low": "lower end of its interval",
        "high": "upper end of its interval",
        "seeds": "number of seeds",
        "word": "what the number answers by itself; empty for what is only shown",
        "source": "table that it was read from",
    }
    kinds = {"estimate": float, "low": float, "high": float, "seeds": np.int32}
    data = {}
    for name in COLUMNS:
        data[name] = variable("row", table[name].to_numpy().astype(kinds.get(name, object)), "1", meanings[name])
    return xr.Dataset(data)


def answers_page(table: pd.DataFrame) -> str:
    """The answers as a web page that needs nothing else: the sentences, then all numbers."""
    first = table.drop_duplicates("question")[["question", "asked", "answer", "sentence"]]
    numbers = table[table["quantity"] != "–"].drop(columns=["asked", "answer", "sentence"])
    head = f'<meta charset="utf-8"><title>{escape("Questions and answers")}</title><style>{STYLE}</style>'
    parts = ["<h1>What the paper left open</h1>", html_table(first), "<h2>Numbers</h2>", html_table(numbers)]
    return "\n".join([f'<!doctype html>\n<html lang="en"><head>{head}</head><body>', *parts, "</body></html>\n"])
