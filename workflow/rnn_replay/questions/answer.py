"""What an answer is: a word, one sentence, and the numbers that it rests on, each with its interval."""

import json
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from rnn_replay.claims.contrasts import exploration
from rnn_replay.claims.evidence import Ambiguous, Evidence
from rnn_replay.claims.plan import NotTestable, Plan
from rnn_replay.claims.readings import Selection
from rnn_replay.claims.statistics import Estimate, Interval, conclusion, over_seeds
from rnn_replay.environments import Traits

WORDS = {"supported": "yes", "contradicted": "no", "inconclusive": "cannot say"}  # of a verdict
DECODER = "template"


class NotRun(Exception):
    """A question that this run cannot answer, with the reason."""


@dataclass(frozen=True)
class Run:
    """What questions ask of the configuration.

    Attributes:
        claims: section `claims`.
        environments: for each environment, by name and in order: its `shape`, whether it has `place_cells`, and the
            `kind` and the `time_step` (s) of its entry.
        tables: folder of the tables that are not the paper's, below that of results.
    """

    claims: dict[str, Any]
    environments: dict[str, dict[str, Any]]
    tables: str = "tables/extended"

    @property
    def level(self) -> float:
        """Level of the intervals."""
        return self.claims["level"]

    def plans(self) -> dict[str, Plan]:
        """The plan of each environment, in order."""
        return {name: Plan.of(self.claims, name) for name in self.environments}

    def exploration(self, environment: str) -> str:
        """The leading metric of exploration in an environment."""
        known = self.environments[environment]
        return exploration(Traits(known["shape"], known["place_cells"]))[0]


@dataclass(frozen=True)
class Number:
    """A number with its interval; what does not apply is empty.

    Attributes:
        environment: it holds for; `all` if for none alone.
        quantity: what kind of number it is.
        unit: of the three numbers.
        estimate, low, high: with its interval over seeds, unless `quantity` says otherwise; NaN where there is none.
        seeds: how many it rests on.
        source: table that it was read from.
        word: what it answers by itself: yes, no or cannot say; empty for what is only shown.
        claim, contrast: those of the claims table that it is about.
        metric: that was compared.
        condition: of the network or of the replay.
        setting: of the replay, as JSON.
        against: the other environment, of a difference between two.
        decoder: of positions.
        seeds_missing: seeds without a value.
    """

    environment: str
    quantity: str
    unit: str
    estimate: float
    low: float
    high: float
    seeds: int
    source: str
    _: KW_ONLY
    word: str = ""
    claim: str = ""
    contrast: str = ""
    metric: str = ""
    condition: str = ""
    setting: str = ""
    against: str = ""
    decoder: str = ""
    seeds_missing: int = 0

    @classmethod
    def of(cls, environment: str, quantity: str, unit: str, found: Any, source: str, **data: Any) -> "Number":
        """A number from its estimate over seeds, or from a row of a table that has one."""
        numbers = (float(found.estimate), float(found.low), float(found.high), int(found.seeds))
        data = {"seeds_missing": int(found.seeds_missing)} | data
        return cls(environment, quantity, unit, *numbers, source, **data)


@dataclass(frozen=True)
class Answer:
    """The answer to a question.

    Attributes:
        word: `yes`, `no`, `cannot say`, `mixed`, `answered`, `not run` or `demo`.
        sentence: with the leading numbers.
        numbers: all that it rests on.
    """

    word: str
    sentence: str
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question that the paper left open.

    Attributes:
        id: R and a number.
        asked: the question.
        needs: names of the tables that it is answered from, as inputs of the rule `answers`.
        answer: of the run and those tables, in that order; raises NotRun.
    """

    id: str
    asked: str
    needs: tuple[str, ...]
    answer: Callable[..., Answer]


def compare(
    evidence: Evidence,
    environment: str,
    sides: tuple[Selection, Selection],
    metric: str,
    level: float,
    ratio: bool = True,
) -> Estimate | None:
    """Mean log ratio, the first side over the second, or mean difference, over seeds that have both.

    A seed whose ratio is not of two positive values has none.

    Returns:
        None where it was not run, or fewer than two seeds have a value.

    Raises:
        ValueError: a side names several settings.
    """
    try:
        first, second = (evidence.values(environment, side, metric, DECODER)[0] for side in sides)
    except Ambiguous as problem:
        raise ValueError(str(problem)) from None
    except NotTestable:
        return None
    values = np.log(first.where(first > 0) / second.where(second > 0)) if ratio else first - second
    found = over_seeds(values, level)
    return found if found.seeds > 1 else None


def word(interval: Interval, expects: str, bound: float = 0.0) -> str:
    """What an interval answers: `yes` where it lies on the expected side of a bound, `no` on the other side."""
    return WORDS[conclusion(interval, expects, (bound,))]


def overall(words: Iterable[str]) -> str:
    """One word for several: theirs where they agree, else `mixed`.

    Raises:
        NotRun: there are none.
    """
    found = {each for each in words if each}
    if not found:
        raise NotRun("no number is in the tables of this run")
    return found.pop() if len(found) == 1 else "mixed"


def having(numbers: Iterable[Number], **data: Any) -> list[Number]:
    """Numbers whose data have the given values."""
    return [n for n in numbers if all(getattr(n, key) == value for key, value in data.items())]


def as_setting(**values: float) -> str:
    """Values of a setting as a number carries them."""
    return json.dumps(values)


def percent(log_ratio: float) -> str:
    """A log ratio as a change in per cent."""
    return f"{100 * np.expm1(log_ratio):+.0f}".replace("-", "−")


def relative(interval: Interval | Number) -> str:
    """A log ratio with its interval in per cent, such as `−43 % [−52, −31]`."""
    return f"{percent(interval.estimate)} % [{percent(interval.low)}, {percent(interval.high)}]"


def absolute(interval: Interval | Number) -> str:
    """An estimate with its interval, such as `0.63 [0.60, 0.66]`."""
    return f"{interval.estimate:.2f} [{interval.low:.2f}, {interval.high:.2f}]".replace("-", "−")


def changes(numbers: Iterable[Number]) -> str:
    """Numbers that are log ratios in words, such as `tmaze −43 % [−52, −31]`, parted by commas; a dash for none."""
    return ", ".join(f"{n.environment} {relative(n)}" for n in numbers) or "–"


def plain(numbers: Iterable[Number]) -> str:
    """Numbers in words, such as `rat 0.63 [0.60, 0.66]`, parted by commas; a dash for none."""
    return ", ".join(f"{n.environment} {absolute(n)}" for n in numbers) or "–"
