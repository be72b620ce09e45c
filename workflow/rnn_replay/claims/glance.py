"""The claims at a glance: one line for each claim of the paper, one cell for each environment."""

import pandas as pd

from rnn_replay.claims.statistics import DECIDED
from rnn_replay.claims.table import THEORY


def glance(table: pd.DataFrame) -> pd.DataFrame:
    """Verdicts of the paper's claims on networks and replays, as text.

    Args:
        table: the claims table.

    Returns:
        One row for each contrast with primary rows, under the column `claim`, and one column for each environment. A
        cell holds the verdict, the effect in per cent of the baseline, and whether the verdict falls with Holm's
        correction; a dash where there is no row.
    """
    rows = table[table["primary"] & (table["reading"] != THEORY)]
    environments, lines = list(dict.fromkeys(rows["environment"])), []
    for (claim, _), of_claim in rows.groupby(["claim", "contrast"], sort=False):
        cells = {row.environment: cell(row) for row in of_claim.itertuples()}
        line = {"claim": f"{claim}: {of_claim['says'].iloc[0].removesuffix('.')}"}
        lines.append(line | {name: cells.get(name, "–") for name in environments})
    return pd.DataFrame(lines, columns=["claim", *environments])


def cell(row) -> str:
    """One cell in words, such as `supported, −19 %`."""
    words = [row.verdict]
    # More than ten baselines means a baseline near zero, of which a share says nothing.
    if row.verdict != "not testable" and abs(row.effect) <= 10:
        words.append(f"{100 * row.effect:+.0f} %".replace("-", "−"))
    if row.verdict in DECIDED and row.verdict_adjusted not in ("", row.verdict):
        words.append("not after Holm")
    return ", ".join(words)


def glance_markdown(table: pd.DataFrame) -> str:
    """The glance as a Markdown table; what is contradicted stands in bold."""
    found = glance(table)
    lines = [f"| {' | '.join(found.columns)} |", f"|{'---|' * len(found.columns)}"]
    for row in found.itertuples(index=False):
        words = [word.replace("contradicted", "**contradicted**", 1) for word in row[1:]]
        lines.append(f"| {' | '.join([row[0], *words])} |")
    return "\n".join(lines)
