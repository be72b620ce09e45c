"""The claims at a glance: one line for each claim of the paper, one cell for each environment."""

import numpy as np
import pandas as pd

from rnn_replay.claims.statistics import DECIDED
from rnn_replay.claims.table import THEORY


def glance(table: pd.DataFrame, mark: str = "") -> pd.DataFrame:
    """Verdicts of the paper's claims on networks and replays, as text.

    Args:
        table: the claims table.
        mark: is put around what survives the correction for many rows.

    Returns:
        One row for each contrast with primary rows, under the column `claim`, and after it one for the verdicts against
        the strongest twins, if there are any; and one column for each environment. A cell holds one word and one
        number: the verdict, and the effect in per cent of the baseline, or the estimate in the metric's unit where the
        baseline is near zero. A dash stands where there is no row.
    """
    rows = table[table["primary"] & (table["reading"] != THEORY)]
    environments, lines = list(dict.fromkeys(rows["environment"])), []
    for (claim, _), of_claim in rows.groupby(["claim", "contrast"], sort=False):
        cells = {row.environment: cell(row, mark) for row in of_claim.itertuples()}
        first = of_claim.iloc[0]
        allowed = f" (to within {100 * (1 - float(first['bound'])):.0f} %)" if first["expects"] == "kept" else ""
        line = {"claim": f"{claim}: {first['says'].removesuffix('.')}{allowed}"}
        lines.append(line | {name: cells.get(name, "–") for name in environments})
        if (of_claim["strongest_twin"] != "").any():
            cells = {row.environment: beyond(row) for row in of_claim.itertuples()}
            lines.append(
                {"claim": "– beyond its strongest twin"} | {name: cells.get(name, "–") for name in environments}
            )
    return pd.DataFrame(lines, columns=["claim", *environments])


def cell(row, mark: str) -> str:
    """One cell in words, such as `supported, −19 %`."""
    if row.verdict == "not testable" or np.isnan(row.estimate):
        return row.verdict
    # More than ten baselines means a baseline near zero, of which a share says nothing.
    number = f"{100 * row.effect:+.0f} %" if abs(row.effect) <= 10 else f"{row.estimate:+.2g}"
    survives = row.verdict in DECIDED and row.verdict_adjusted == row.verdict
    return f"{mark * survives}{row.verdict}, {number}{mark * survives}".replace("-", "−")


def beyond(row) -> str:
    """The verdict of a primary row against its strongest twin, such as `inconclusive (larger step)`."""
    return f"{row.beyond} ({row.strongest_twin})" if row.strongest_twin else "–"


def glance_markdown(table: pd.DataFrame) -> str:
    """The glance as a Markdown table; what survives the correction for many rows stands in bold."""
    found = glance(table, mark="**")
    lines = [f"| {' | '.join(found.columns)} |", f"|{'---|' * len(found.columns)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in found.itertuples(index=False))])
