"""The claims at a glance: one line for each claim of the paper, one cell for each environment."""

import numpy as np
import pandas as pd

from rnn_replay.claims.contrasts import DECODERS
from rnn_replay.claims.statistics import DECIDED
from rnn_replay.claims.table import THEORY

BEYOND = "– beyond its twin"
READINGS = "readings in which it holds"
WITHDRAWN = "withdrawn"  # a verdict, by the other decoder or by a control that reads as well


def glance(table: pd.DataFrame, mark: str = "", shares: pd.DataFrame | None = None) -> pd.DataFrame:
    """Verdicts of the paper's claims on networks and replays, as text.

    Args:
        table: the claims table.
        mark: is put around what survives the correction for many rows.
        shares: of readings by claim and environment, as the stage of readings writes them; None if it was not run.

    Returns:
        One row for each contrast with primary rows, under the column `claim`, and after it one for the verdicts against
        the strongest twins, if there are any; one column for each environment; and with shares the column READINGS.
        A cell holds one word and one number: the verdict, or `withdrawn`, and the effect in per cent of the baseline,
        or the estimate in the metric's unit where the baseline is near zero. A dash stands where there is no row.
    """
    rows = table[table["primary"] & (table["reading"] != THEORY)]
    environments, lines = list(dict.fromkeys(rows["environment"])), []
    columns = ["claim", *environments] + [READINGS] * (shares is not None)
    for (claim, _), of_claim in rows.groupby(["claim", "contrast"], sort=False):
        cells = {row.environment: cell(row, mark) for row in of_claim.itertuples()}
        first = of_claim.iloc[0]
        allowed = f" (to within {100 * (1 - float(first['bound'])):.0f} %)" if first["expects"] == "kept" else ""
        line = {"claim": f"{claim}: {first['says'].removesuffix('.')}{allowed}"}
        line |= {name: cells.get(name, "–") for name in environments}
        if shares is not None:
            line[READINGS] = held(shares, first, environments)
        lines.append(line)
        if (of_claim["strongest_twin"] != "").any():
            cells = {row.environment: beyond(row) for row in of_claim.itertuples()}
            lines.append({"claim": BEYOND} | {name: cells.get(name, "–") for name in environments})
    return pd.DataFrame(lines, columns=columns).fillna("")


def held(shares: pd.DataFrame, row: pd.Series, environments: list[str]) -> str:
    """The share of readings that support a row's claim in each environment, such as `60, 45, 80 %`.

    A dash stands where they do not ask it: readings compare two replays, and none with awake behaviour.
    """
    claim = f"{row['claim']}_kept" if row["expects"] == "kept" else row["claim"]
    shares = shares if '"metric"' not in row["baseline"] else shares[:0]
    known = shares[shares["claim"] == claim].set_index("environment")["supported_of_all"]
    found = [f"{100 * known[name]:.0f}" if name in known else "–" for name in environments]
    return f"{', '.join(found)} %" if len(known) else "–"


def cell(row, mark: str) -> str:
    """One cell in words, such as `supported, −19 %`."""
    if row.verdict == "not testable" or np.isnan(row.estimate):
        return row.verdict
    # More than ten baselines means a baseline near zero, of which a share says nothing.
    number = f"{100 * row.effect:+.0f} %" if abs(row.effect) <= 10 else f"{row.estimate:+.2g}"
    survives = row.verdict in DECIDED and row.verdict_adjusted == row.verdict
    word = WITHDRAWN if row.withdrawn_by else row.verdict
    return f"{mark * survives}{word}, {number}{mark * survives}".replace("-", "−")


def beyond(row) -> str:
    """The verdict against the strongest twin, which a control that reads as well takes away too; a dash without one."""
    return WITHDRAWN if row.withdrawn_by and row.withdrawn_by not in DECODERS else row.beyond or "–"


def glance_markdown(table: pd.DataFrame, shares: pd.DataFrame | None = None) -> str:
    """The glance as a Markdown table; what survives the correction for many rows stands in bold."""
    found = glance(table, mark="**", shares=shares)
    lines = [f"| {' | '.join(found.columns)} |", f"|{'---|' * len(found.columns)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in found.itertuples(index=False))])
