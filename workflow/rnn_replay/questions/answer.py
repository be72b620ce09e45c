"""What an answer is: a word, one sentence, and the numbers that it rests on, each with its interval."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rnn_replay.claims.statistics import Interval, conclusion

ASKED = {
    "R1": "How many seeds does it take?",
    "R2": "Do the conclusions hold for gated networks (GRU) and for tanh?",
    "R3": "What happens at friction below 0.5?",
    "R4": "Does leakage help without masking, and why do environments differ?",
    "R5": "Is leakage only a time constant?",
    "R6": "How are adaptation and momentum to be balanced?",
    "R7": "Does the theory survive where paths are not Gaussian?",
    "R8": "Does replay look like that of animals?",
    "R9": "Is momentum short-term facilitation in disguise?",
}
WORDS = ("yes", "no", "cannot say")
COLUMNS = ["question", "asked", "answer", "sentence", "environment", "quantity", "unit", "estimate", "low", "high"]
COLUMNS += ["seeds", "word", "source"]


class NotRun(Exception):
    """A question that this run cannot answer, with the reason."""


@dataclass(frozen=True)
class Number:
    """A number with its interval.

    Attributes:
        environment: it holds for; `all` if for none alone.
        quantity: in words.
        unit: of the three numbers.
        estimate, low, high: with its interval over seeds, unless `quantity` says otherwise; NaN where there is none.
        seeds: how many it rests on.
        word: what it answers by itself, one of WORDS; empty for what is only shown.
        source: table that it was read from.
    """

    environment: str
    quantity: str
    unit: str
    estimate: float
    low: float
    high: float
    seeds: int
    word: str
    source: str

    @classmethod
    def of(
        cls, environment: str, quantity: str, unit: str, interval: Interval, seeds: int, source: str, word: str = ""
    ) -> "Number":
        """A number from its interval."""
        return cls(environment, quantity, unit, interval.estimate, interval.low, interval.high, seeds, word, source)


@dataclass(frozen=True)
class Answer:
    """The answer to a question.

    Attributes:
        question: one of ASKED.
        word: `yes`, `no`, `cannot say`, `mixed` or `not run`.
        sentence: with the leading numbers.
        numbers: all that it rests on.
    """

    question: str
    word: str
    sentence: str
    numbers: tuple[Number, ...] = ()


def word(interval: Interval, expects: str, bound: float = 0.0) -> str:
    """What an interval answers: `yes` where it lies on the expected side of a bound, `no` on the other side."""
    names = {"supported": "yes", "contradicted": "no", "inconclusive": "cannot say"}
    return names[conclusion(interval, expects, (bound,))]


def overall(words: Iterable[str]) -> str:
    """One word for several: theirs where they agree, else `mixed`.

    Raises:
        NotRun: there are none.
    """
    found = {each for each in words if each}
    if not found:
        raise NotRun("no number is in the tables of this run")
    return found.pop() if len(found) == 1 else "mixed"


def percent(log_ratio: float) -> str:
    """A log ratio as a change in per cent."""
    return f"{100 * np.expm1(log_ratio):+.0f}".replace("-", "−")


def relative(interval: Interval | Number) -> str:
    """A log ratio with its interval in per cent, such as `−43 % [−52, −31]`."""
    return f"{percent(interval.estimate)} % [{percent(interval.low)}, {percent(interval.high)}]"


def absolute(interval: Interval | Number) -> str:
    """An estimate with its interval, such as `0.63 [0.60, 0.66]`."""
    return f"{interval.estimate:.2f} [{interval.low:.2f}, {interval.high:.2f}]".replace("-", "−")


def change(number: Number) -> str:
    """A number that is a log ratio in words, such as `T-maze −43 % [−52, −31]`."""
    return f"{number.environment} {relative(number)}"


def plain(number: Number) -> str:
    """A number in words, such as `rat 0.63 [0.60, 0.66]`."""
    return f"{number.environment} {absolute(number)}"


def listed(parts: Iterable[str]) -> str:
    """Words in a row, parted by commas."""
    return ", ".join(parts)


def demonstrated(answer: Answer) -> Answer:
    """The same answer of a demonstration, whose networks are too few and too small to answer anything."""
    if answer.word == "not run":
        return answer
    numbers = tuple(replace(number, word="") for number in answer.numbers)
    return replace(answer, word="demo", numbers=numbers)


def answers_table(answers: Iterable[Answer]) -> pd.DataFrame:
    """One row for each number of each answer, with its word and sentence; an answer without numbers has one row."""
    rows = []
    for answer in answers:
        head = {"question": answer.question, "asked": ASKED[answer.question]}
        head |= {"answer": answer.word, "sentence": answer.sentence}
        for number in answer.numbers or (Number("all", "–", "1", np.nan, np.nan, np.nan, 0, "", "–"),):
            rows.append(head | vars(number))
    return pd.DataFrame(rows, columns=COLUMNS)


def answers_markdown(table: pd.DataFrame) -> str:
    """The answers in Markdown, one line for each question: for the README and the report."""
    lines = ["| question | answer | in one sentence |", "|---|---|---|"]
    for row in table.drop_duplicates("question").itertuples():
        shown = f"**{row.answer}**" if row.answer == "no" else row.answer
        sentence = row.sentence.replace("|", "\\|")
        lines.append(f"| {row.question}: {row.asked} | {shown} | {sentence} |")
    return "\n".join(lines)
