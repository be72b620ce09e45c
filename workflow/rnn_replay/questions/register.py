"""All questions, in order, and what a run answers to them: as a table, in Markdown, and as a page."""

from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pandas as pd

from rnn_replay import questions
from rnn_replay.claims.page import html_page, html_table
from rnn_replay.claims.table import COUNT, NUMBER, TEXT, Columns
from rnn_replay.questions.answer import Answer, NotRun, Number, Question, Run

MODULES = [import_module(f"{questions.__name__}.{found.name}") for found in iter_modules(questions.__path__)]
QUESTIONS: list[Question] = sorted(
    (module.QUESTION for module in MODULES if hasattr(module, "QUESTION")), key=lambda question: int(question.id[1:])
)
COLUMNS = Columns(
    question=(TEXT, "question, as numbered in docs/questions.md"),
    asked=(TEXT, "the question"),
    answer=(TEXT, "yes, no, mixed, cannot say, answered, not run or demo"),
    sentence=(TEXT, "the answer in one sentence"),
    environment=(TEXT, "environment that a number holds for; all if for none alone"),
    quantity=(TEXT, "what the number is; empty if the answer has none"),
    claim=(TEXT, "claim of the claims table that it is about"),
    contrast=(TEXT, "contrast of the claims table that it is about"),
    metric=(TEXT, "metric that was compared"),
    condition=(TEXT, "condition of the network or of the replay"),
    setting=(TEXT, "setting of the replay, as JSON"),
    against=(TEXT, "the other environment, of a difference between two"),
    decoder=(TEXT, "decoder of positions"),
    unit=("1", "unit of estimate, low and high"),
    estimate=(NUMBER, "the number"),
    low=(NUMBER, "lower end of its interval"),
    high=(NUMBER, "upper end of its interval"),
    seeds=(COUNT, "number of seeds"),
    seeds_missing=(COUNT, "number of seeds without a value"),
    word=(TEXT, "what the number answers by itself; empty for what is only shown"),
    source=(TEXT, "table that it was read from"),
)
NO_NUMBER = Number("all", "", "1", np.nan, np.nan, np.nan, 0, "")


def answered(
    tables: dict[str, pd.DataFrame | None], run: Run, demonstration: bool, only: list[str] | None = None
) -> dict[str, Answer]:
    """An answer to every question, by its number and in order; `not run` with the reason where there is none.

    Args:
        tables: of the run, by name; None for those that it has not.
        run: what questions ask of the configuration.
        demonstration: whether no word may be given, since networks are too few and too small.
        only: numbers of the questions that are asked; all if left out.
    """
    found = {}
    for question in [question for question in QUESTIONS if only is None or question.id in only]:
        missing = [name for name in question.needs if tables.get(name) is None]
        try:
            if missing:
                raise NotRun(f"this run has no table '{missing[0].replace('_', ' ')}'")
            answer = question.answer(run, *(tables[name] for name in question.needs))
        except NotRun as reason:
            found[question.id] = Answer("not run", f"Not run: {reason}.")
            continue
        if demonstration:
            numbers = tuple(replace(number, word="") for number in answer.numbers)
            answer = Answer("demo", "A demonstration: networks are too few and too small to answer.", numbers)
        found[question.id] = answer
    return found


def answers_table(answers: dict[str, Answer]) -> pd.DataFrame:
    """One row for each number of each answer, with its word and sentence; an answer without numbers has one row."""
    asked = {question.id: question.asked for question in QUESTIONS}
    rows = []
    for id, answer in answers.items():
        head = {"question": id, "asked": asked[id], "answer": answer.word, "sentence": answer.sentence}
        rows += [head | vars(number) for number in answer.numbers or (NO_NUMBER,)]
    return COLUMNS.of(pd.DataFrame(rows))


def answers_markdown(table: pd.DataFrame) -> str:
    """The answers in Markdown, one line for each question: for the README and the report."""
    lines = ["| question | answer | in one sentence |", "|---|---|---|"]
    for row in table.drop_duplicates("question").itertuples():
        shown = f"**{row.answer}**" if row.answer == "no" else row.answer
        sentence = row.sentence.replace("|", "\\|")
        lines.append(f"| {row.question}: {row.asked} | {shown} | {sentence} |")
    return "\n".join(lines)


def answers_page(table: pd.DataFrame) -> str:
    """The answers as a web page that needs nothing else: the sentences, then all numbers."""
    first = table.drop_duplicates("question")[["question", "asked", "answer", "sentence"]]
    numbers = table[table["quantity"] != ""].drop(columns=["asked", "answer", "sentence"])
    parts = ["<h1>What the paper left open</h1>", html_table(first), "<h2>Numbers</h2>", html_table(numbers)]
    return html_page("Questions and answers", parts)
