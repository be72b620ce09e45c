"""R4: whether leakage helps without masking, and why environments differ in it."""

import pandas as pd

from rnn_replay.claims.table import filled
from rnn_replay.questions.answer import (
    Answer,
    NotRun,
    Number,
    Question,
    Run,
    absolute,
    changes,
    having,
    overall,
    word,
)

SOURCE = "tables/extended/unmasked.csv"


def without_masking(run: Run, unmasked: pd.DataFrame) -> Answer:
    """What leakage gives without mask, and whether the gain grows along the path."""
    numbers = []
    for row in unmasked.assign(against=filled(unmasked["against"])).itertuples():
        asks = row.quantity == "gain" and row.mask_hidden == 0 and not row.against
        about = {"against": row.against, "word": word(row, "less") if asks else ""}
        about["setting"] = "" if pd.isna(row.mask_hidden) else f'{{"mask_hidden": {row.mask_hidden:.0f}}}'
        numbers.append(Number.of(row.environment, row.quantity, row.unit, row, SOURCE, **about))
    gains = [number for number in numbers if number.word]
    if not gains:
        raise NotRun("no environment has networks with and without leak that were trained without mask")
    helped = {"yes": "Yes", "no": "No"}.get(overall(n.word for n in gains), "Not everywhere")
    growth = having(numbers, quantity="growth along path", against="")
    grows, others = ([n.environment for n in growth if (n.high < 0) == grown] for grown in (True, False))
    sentence = f"{helped}: held-out error against no leak is {changes(gains)}"
    if grows:
        sentence += (
            f"; in {' and '.join(grows)} the gain grows along the path, as the noise does that an integrator without "
            f"leak adds up, {along(numbers, grows)}"
        )
    if others:
        sentence += (
            f"; in {' and '.join(others)} it does not grow, so path length is not the reason there and we cannot say"
        )
    return Answer(overall(n.word for n in gains), sentence + ".", tuple(numbers))


def along(numbers: list[Number], names: list[str]) -> str:
    """Whether two of these environments differ in what leakage gives from the start, or only late in a path."""
    parts = []
    for early in having(numbers, quantity="early along path"):
        a, b = early.environment, early.against
        late = having(numbers, quantity="late along path", environment=a, against=b)
        if not (b and late and {a, b} <= set(names)):
            continue
        values = [absolute(n) for n in (early, late[0])]
        if early.low <= 0 <= early.high and not late[0].low <= 0 <= late[0].high:
            parts.append(f"and {a} and {b} differ only late in it (log ratio {values[1]}; early {values[0]})")
        else:
            parts.append(f"which alone does not tell {a} and {b} apart (log ratio early {values[0]}, late {values[1]})")
    return ", ".join(parts) or "and no two environments can be compared"


QUESTION = Question(
    "R4", "Does leakage help without masking, and why do environments differ?", ("unmasked",), without_masking
)
