"""The claims at a glance: one line for each claim of the paper, one cell for each environment."""

import pandas as pd

# What the primary rows say in a sentence, by claim and by the words that their contrast begins with.
SENTENCES = {
    ("L2", "leakage against none"): "Leakage lowers the held-out error",
    ("L3", "leakage against none"): "and brings replay closer to awake behaviour",
    ("A1", "adaptation against none"): "Adaptation raises exploration",
    ("A2", "adaptation against none"): "and makes replay depend on more than its state",
    ("A3", "adaptation against none"): "and slows replay",
    ("M1", "momentum against none"): "Momentum compresses replay in time",
    ("AM", "faster: both against adaptation"): "With both, replay is faster than with adaptation alone",
    ("AM", "kept: both against adaptation"): "and keeps its exploration",
}


def glance(table: pd.DataFrame) -> pd.DataFrame:
    """Verdicts of the paper's claims, as text.

    Args:
        table: the claims table.

    Returns:
        One row for each sentence, under the column `claim`, and one column for each environment that has a primary
        row of one of them. A cell holds the verdict, the effect in per cent of the baseline, and whether the
        verdict falls with Holm's correction; a dash where there is no row.
    """
    rows = table[table["primary"].astype(bool)]
    keys = list(zip(rows["claim"], rows["contrast"].str.split(" (", regex=False).str[0], strict=True))
    rows = rows.assign(key=keys)[[key in SENTENCES for key in keys]]
    cells = {(row.key, row.environment): cell(row.verdict, row.effect, row.reason) for row in rows.itertuples()}
    environments = list(dict.fromkeys(rows["environment"]))
    lines = [
        {"claim": f"{key[0]}: {sentence}"} | {name: cells.get((key, name), "–") for name in environments}
        for key, sentence in SENTENCES.items()
        if any((key, name) in cells for name in environments)
    ]
    return pd.DataFrame(lines, columns=["claim", *environments])


def cell(verdict: str, effect: float, reason: str) -> str:
    """One cell in words, such as `supported, −19 %`."""
    words = [verdict]
    # More than ten baselines means a baseline near zero, of which a share says nothing.
    if verdict != "not testable" and abs(effect) <= 10:
        words.append(f"{100 * effect:+.0f} %".replace("-", "−"))
    if "not after Holm" in reason:
        words.append("not after Holm")
    return ", ".join(words)


def glance_markdown(table: pd.DataFrame) -> str:
    """The glance as a Markdown table; what is not supported stands in bold."""
    found = glance(table)
    lines = [f"| {' | '.join(found.columns)} |", f"|{'---|' * len(found.columns)}"]
    for claim, *cells in found.itertuples(index=False):
        lines.append(f"| {' | '.join([claim, *map(emphasised, cells)])} |")
    return "\n".join(lines)


def emphasised(cell: str) -> str:
    """A cell in Markdown, bold if it contradicts."""
    verdict, *rest = cell.split(", ")
    return ", ".join([f"**{verdict}**" if verdict == "contradicted" else verdict, *rest])
