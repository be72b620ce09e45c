"""Adaptation explores, remembers and slows at once: what the paper says of it, in one environment and reading.

An intersection–union test (Berger 1982): all three have to be supported, each at the level of one test, so the p value
is the largest of theirs.
"""

from typing import Any

import numpy as np

from rnn_replay.claims.table import COLUMNS

PARTS = ("A1", "A2", "A3")
CONTRAST = "adaptation against none"
SAYS = "Adaptation explores more, remembers more and is slower, all at once."


def conjunctions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each environment and reading in which the claims A1, A2 and A3 have a leading row.

    Args:
        rows: tested rows, by column, in the order of the claims; the first of a claim is that of its leading metric.
    """
    leading: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in rows:
        if row["claim"] in PARTS and row["contrast"] == CONTRAST and row["reading"]:
            leading.setdefault((row["environment"], row["reading"]), {}).setdefault(row["claim"], row)
    return [joined(*where, list(parts.values())) for where, parts in leading.items() if len(parts) == len(PARTS)]


def joined(environment: str, reading: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The row of a conjunction."""
    verdicts = {part["verdict"] for part in parts}
    order = ("not testable", "contradicted", "inconclusive", "supported")
    verdict = next(each for each in order if each in verdicts)
    as_claimed = all((part["estimate"] < 0) == (part["expects"] == "less") for part in parts)
    untested = verdict == "not testable"
    told = ", ".join(f"{part['claim']} {part['verdict']}" for part in parts)
    return COLUMNS.empty | {
        "claim": "A",
        "environment": environment,
        "says": SAYS,
        "contrast": CONTRAST,
        "metric": " and ".join(part["metric"] for part in parts),
        "primary": all(part["primary"] for part in parts),
        "expects": "all",
        "reading": reading,
        "bound": 0.0,
        **{
            name: np.nan if untested else max(part[name] for part in parts) if as_claimed else 1.0
            for name in ("p", "p_exact")
        },
        "seeds": min(part["seeds"] for part in parts),
        "verdict": verdict,
        "note": told,
    }
