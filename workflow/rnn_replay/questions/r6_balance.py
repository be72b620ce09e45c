"""R6: how adaptation and momentum are to be balanced; the front and the rule are in `balance`."""

import json

import pandas as pd

from rnn_replay.claims.table import filled
from rnn_replay.measures import METRICS
from rnn_replay.questions.answer import Answer, NotRun, Number, Question, Run, absolute, having, overall, word
from rnn_replay.questions.balance import NEARER


def balance(run: Run, rule: pd.DataFrame) -> Answer:
    """Whether the rule's setting beats the baseline on seeds that it was not picked on."""
    if rule.empty:
        raise NotRun("no environment was replayed over adaptation and friction")
    numbers = []
    for row in rule.assign(objective=filled(rule["objective"])).itertuples():
        asks = row.folds == "each" and row.quantity == NEARER
        unit = METRICS[row.objective].unit if row.objective else "1"
        about = {"metric": row.objective, "condition": f"seeds by {row.folds}", "setting": row.picks}
        about |= {"decoder": row.decoder, "word": word(row, "greater") if asks else ""}
        numbers.append(Number.of(row.environment, row.quantity, unit, row, "tables/extended/balance_rule.csv", **about))
    said = overall(n.word for n in numbers)
    asked = [number for number in numbers if number.word]
    parts = [in_words(having(asked, environment=name)) for name in dict.fromkeys(n.environment for n in asked)]
    sentence = (
        f"{'Taking' if said == 'yes' else 'Not everywhere: taking'} the setting on the front nearest to the best of "
        f"speed, exploration and fidelity beats the baseline on seeds that it was not picked on ({'; '.join(parts)}); "
        "where the two decoders pick different settings, the balance is one of the decoder too."
    )
    return Answer(said, sentence, tuple(numbers))


def in_words(numbers: list[Number]) -> str:
    """What is picked most often in one environment by each decoder, and how much nearer it is by the first that can."""
    picks = []
    for number in numbers:
        most = next(iter(json.loads(number.setting)), None)
        named = f"b_a {most['adaptation_strength']:g} λ_v {most['friction']:g}" if most else "nothing"
        picks.append(f"{named} by {number.decoder}")
    nearer = [f", nearer by {absolute(number)}" for number in numbers if number.seeds]
    return f"{numbers[0].environment} {' or '.join(picks)}{nearer[0] if nearer else ''}"


QUESTION = Question("R6", "How are adaptation and momentum to be balanced?", ("balance",), balance)
