"""R8: whether replay looks like that of animals; the comparison is in `biology`."""

import json

import pandas as pd

from rnn_replay.measures.biology.recovery import ENOUGH
from rnn_replay.questions.answer import Answer, NotRun, Number, Question, Run, absolute, having, overall

DECODER = "readout"  # the one by which true and awake paths are described alike
CONDITIONS = ("baseline", "momentum", "both")
COMPARED = ("sleep", "awake", "ripples", "hippocampus")  # what of an animal's life is held against replay
SHOWN = ("baseline", "momentum")  # in the sentence


def like_animals(run: Run, biology: pd.DataFrame) -> Answer:
    """Replay beside published values; those that are unfair to compare are shown and count for nothing."""
    rows = biology[(biology["decoder"] == DECODER) & biology["condition"].isin(CONDITIONS)]
    rows = rows[rows["where"].isin(COMPARED)]
    counted = rows[rows["fair"] != "unfair"]
    if counted.empty:
        raise NotRun("no replay of an open field or a W-track stands beside a published value")
    # Unfair ones only where others are fair, so that no environment is shown for them alone.
    rows = rows[rows["environment"].isin(counted["environment"])]
    numbers, parts = [], []
    for (_, label, where, value, source), group in rows.groupby(
        ["metric", "label", "where", "published", "source"], sort=False
    ):
        mine = []
        for row in group.itertuples():
            about = {"metric": row.metric, "condition": row.condition, "decoder": row.decoder}
            about["setting"] = json.dumps({"published": value, "where": where, "fair": row.fair, "source": source})
            if row.fair != "unfair":
                about["word"] = "yes" if row.low <= row.published_high and row.published_low <= row.high else "no"
            quantity = "replay beside a published value"
            mine.append(Number.of(row.environment, quantity, row.unit, row, f"{run.tables}/biology.csv", **about))
        fair = [number for number in mine if number.word]
        shown = [f"{n.environment} {c} {absolute(n)}" for c in SHOWN for n in having(fair, condition=c)]
        if shown:
            parts.append(f"{label} in {where} {value} ({source.split()[0].rstrip(',')}): {', '.join(shown)}")
        numbers += mine
    said = overall(n.word for n in numbers)
    met = ", ".join(
        f"{sum(n.word == 'yes' for n in of)} of {len(of)} {condition}"
        for condition in CONDITIONS
        if (of := [n for n in having(numbers, condition=condition) if n.word])
    )
    first = {"yes": "Yes", "no": "No"}.get(said, "In part")
    least = counted.loc[counted["metric"].str.startswith("share_momentum"), "recovered"].min()
    if least < ENOUGH:
        parts.append(f"planted momentum like theirs is found in only {100 * least:.0f} % at worst")
    return Answer(
        said,
        f"{first}: replay's intervals meet what is published in {met}, of comparisons that are fair or partly fair. "
        f"{'; '.join(parts)}.",
        tuple(numbers),
    )


QUESTION = Question("R8", "Does replay look like that of animals?", ("biology",), like_animals)
