"""R7: whether the theory survives where paths are not Gaussian."""

import pandas as pd

from rnn_replay.claims.table import THEORY
from rnn_replay.questions.answer import WORDS, Answer, NotRun, Number, Question, Run, overall


def beyond_gaussian(run: Run, claims: pd.DataFrame) -> Answer:
    """Whether simulated replay meets the kernel of its update rule on targets that are not Gaussian."""
    rows = claims[(claims["claim"] == "M2") & (claims["reading"] == THEORY) & (claims["environment"] != "linear")]
    if rows.empty:
        raise NotRun("the claims table has no row of a target that is not Gaussian")
    quantity = "largest deviation from the kernel, between the bounds of chance"
    numbers = []
    for row in rows.itertuples():
        about = {"claim": row.claim, "contrast": row.contrast, "metric": row.metric}
        about["word"] = WORDS.get(row.verdict, "")
        value = (row.estimate, -row.bound, row.bound, row.seeds)
        numbers.append(Number(row.environment, quantity, row.unit, *value, "tables/claims.csv", **about))
    said = overall(n.word for n in numbers)
    targets = ", ".join(number.environment.replace("_", " ") for number in numbers)
    worst = max(numbers, key=lambda n: n.estimate / n.high)
    first, agree = "Yes" if said == "yes" else "Not everywhere", sum(number.word == "yes" for number in numbers)
    sentence = (
        f"{first}: on {targets} simulated replay agrees with the update rule's own kernel in {agree} "
        f"of {len(numbers)} targets (largest deviation {worst.estimate:.1f} standard errors, chance allows "
        f"{worst.high:.1f}); there is no closed form there, only quadrature of that kernel."
    )
    return Answer(said, sentence, tuple(numbers))


QUESTION = Question("R7", "Does the theory survive where paths are not Gaussian?", ("claims",), beyond_gaussian)
