"""R1: how many seeds it takes."""

import numpy as np
import pandas as pd

from rnn_replay.claims.statistics import DECIDED
from rnn_replay.questions.answer import Answer, NotRun, Number, Question, Run

FEW = 3  # seeds, as many as reviewers are often shown
SOURCE = "tables/seeds.csv"


def seeds_needed(claims: pd.DataFrame, seeds: pd.DataFrame) -> pd.DataFrame:
    """Least number of seeds at which each decided primary row would be decided as it is, by half its mean width.

    Args:
        claims: the claims table.
        seeds: width of each primary row's interval against the number of seeds.

    Returns:
        The decided primary rows with a width, with the column `needed`.
    """
    keys = ["claim", "environment", "contrast", "metric"]
    rows = claims[claims["primary"] & claims["verdict"].isin(DECIDED)]
    widths = dict(iter(seeds.groupby(keys)))
    needed = []
    for row in rows.itertuples():
        table = widths.get(tuple(getattr(row, key) for key in keys))
        if table is None:
            needed.append(np.nan)
            continue
        ends = np.array([row.estimate, row.bound])
        distance = abs(np.subtract(*(np.log(ends) if row.scale == "ratio" else ends)))
        enough = table.loc[table["width"] / 2 < distance, "seeds"]
        needed.append(enough.min() if len(enough) else np.nan)
    return rows.assign(needed=needed).dropna(subset="needed")


def how_many_seeds(run: Run, claims: pd.DataFrame, seeds: pd.DataFrame) -> Answer:
    """Seeds that each decided primary row needs."""
    rows = seeds_needed(claims, seeds)
    if rows.empty:
        raise NotRun("no primary row of the claims table is decided")
    keys = ["claim", "environment", "contrast"]
    tested = claims["primary"] & claims.set_index(keys).index.isin(seeds.set_index(keys).index)
    tested = int((tested & (claims["verdict"] != "not testable")).sum())
    count = int(rows["seeds"].max())
    low, middle, high = rows["needed"].quantile([0.25, 0.5, 0.75])
    few, holm = rows["needed"] <= FEW, int(rows["verdict_adjusted"].isin(DECIDED).sum())
    numbers = [
        Number("all", "seeds needed, median and quartiles over rows", "seeds", middle, low, high, count, SOURCE),
        Number("all", f"share of rows decided with {FEW} seeds", "1", few.mean(), np.nan, np.nan, count, SOURCE),
    ]
    for row in rows.itertuples():
        about = {"claim": row.claim, "contrast": row.contrast, "metric": row.metric}
        value = (row.needed, np.nan, np.nan, count)
        numbers.append(Number(row.environment, "seeds needed", "seeds", *value, SOURCE, **about))
    sentence = (
        f"With {count} seeds {len(rows)} of {tested} primary rows are decided ({holm} after Holm's "
        f"correction); half of those need {middle:.0f} seeds or fewer (quartiles {low:.0f} to {high:.0f}), one needs "
        f"{rows['needed'].max():.0f}, and {FEW} seeds would decide {int(few.sum())}."
    )
    return Answer("answered", sentence, tuple(numbers))


QUESTION = Question("R1", "How many seeds does it take?", ("claims", "seeds"), how_many_seeds)
