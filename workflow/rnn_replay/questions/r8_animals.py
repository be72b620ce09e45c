"""R8: whether replay looks like that of animals; the comparison is in `biology`."""

import json

import pandas as pd

from rnn_replay.measures.biology.published import PUBLISHED
from rnn_replay.measures.biology.recovery import ENOUGH
from rnn_replay.questions.answer import Answer, NotRun, Number, Question, Run, absolute, having, overall

DECODER = "readout"  # the one by which true and awake paths are described alike
CONDITIONS = ("baseline", "momentum", "both")
COMPARED = ("hippocampus", "awake", "ripples")  # what of an animal's life is held against replay


def like_animals(run: Run, biology: pd.DataFrame) -> Answer:
    """Replay of place cells in boxes beside published values: the recordings are from open fields."""
    rows = biology[(biology["decoder"] == DECODER) & biology["condition"].isin(CONDITIONS)]
    boxes = [name for name, known in run.environments.items() if known["shape"] == "box" and known["place_cells"]]
    rows = rows[rows["environment"].isin(boxes)]
    if rows.empty:
        raise NotRun("no network of place cells was replayed under the conditions of the claims")
    keys, numbers, parts = ["environment", "condition"], [], []
    for published in PUBLISHED:
        if published.where not in COMPARED or published.metric == "share_diffusion":
            continue
        mine = []
        for row in rows[rows["metric"] == published.metric].drop_duplicates(keys).itertuples():
            about = {"metric": row.metric, "condition": row.condition, "decoder": row.decoder}
            about["setting"] = json.dumps({"published": published.value, "where": published.where})
            about["word"] = "yes" if row.low <= published.high and published.low <= row.high else "no"
            quantity = "replay beside a published value"
            mine.append(Number.of(row.environment, quantity, row.unit, row, "tables/extended/biology.csv", **about))
        shown = [f"{c} {absolute(n)}" for c in CONDITIONS if c != "both" for n in having(mine, condition=c)]
        parts.append(f"{published.label} {', '.join(shown)} ({published.where} {published.value})")
        numbers += mine
    said = overall(n.word for n in numbers)
    first = {"yes": "Yes", "no": "No"}.get(said, "In part")
    least = rows.loc[rows["metric"] == "share_momentum", "recovered"].min()
    if least < ENOUGH:
        parts.append(
            f"planted momentum like theirs is found in only {100 * least:.0f} % at worst, so its share is a lower bound"
        )
    return Answer(said, f"{first}, in the network of place cells: {'; '.join(parts)}.", tuple(numbers))


QUESTION = Question("R8", "Does replay look like that of animals?", ("biology",), like_animals)
