"""The reference run: kept as text, compared with another run, and shown in the README."""

import shutil

import pandas as pd
import pytest
from checkout import ROOT
from pipeline import reference
from rnn_replay.claims.glance import READINGS, glance, glance_markdown
from rnn_replay.claims.page import page
from rnn_replay.claims.table import COLUMNS, THEORY
from rnn_replay.claims.words import worded
from rnn_replay.questions.answer import Answer
from rnn_replay.questions.register import COLUMNS as ANSWERS
from rnn_replay.questions.register import answers_table

ROWS = [
    ("A3", "tmaze", "adaptation against none", "Adaptation slows replay.", "compression", 1, 0.2, "contradicted"),
    ("M1", "tmaze", "momentum against none", "Momentum speeds replay up.", "compression", 1, 0.6, "supported"),
    ("M1", "rat", "momentum against none", "Momentum speeds replay up.", "compression", 1, 0.5, "supported"),
    ("M1", "rat", "momentum against none", "Momentum speeds replay up.", "reach_time", 0, 0.5, "inconclusive"),
    ("L1", "gaussian", "a score <estimated>", "A score.", "score_error", 1, float("nan"), "not testable"),
]

SHARES = pd.DataFrame([("A3", "tmaze", 0.25)], columns=["claim", "environment", "supported_of_all"])


@pytest.fixture
def table() -> pd.DataFrame:
    """A small claims table, in words too; the third row falls with Holm's correction."""
    names = ["claim", "environment", "contrast", "says", "metric", "primary", "estimate", "verdict"]
    rows = [COLUMNS.empty | dict(zip(names, row, strict=True)) for row in ROWS]
    frame = pd.DataFrame(rows).assign(reading=["grafted", "fixed", "fixed", "fixed", THEORY], expects="greater")
    frame = frame.assign(low=frame["estimate"] - 0.1, high=frame["estimate"] + 0.1, effect=frame["estimate"], bound=0.0)
    adjusted = ["contradicted", "supported", "inconclusive", "", ""]
    return worded(COLUMNS.of(frame.assign(seeds=8, agree=8, verdict_adjusted=adjusted)))


def test_a_glance_has_one_line_a_claim_and_one_column_an_environment(table):
    found = glance(table)
    assert list(found.columns) == ["claim", "tmaze", "rat"]
    assert list(found["tmaze"]) == ["contradicted, +20 %", "supported, +60 %"]
    assert list(found["rat"]) == ["–", "supported, +50 %"]
    assert "| A3: Adaptation slows replay | **contradicted, +20 %** | – |" in glance_markdown(table)
    assert "| **supported, +60 %** | supported, +50 % |" in glance_markdown(table)
    assert list(glance(table, shares=SHARES)[READINGS]) == ["25, – %", "–"]


def test_the_page_shows_every_row_and_escapes(table):
    html = page(table, ["**Verdict.** A claim of *more* is <so>."])
    assert html.count("<tr>") == 3 + (1 + 4) + (1 + 3) + 1 + (1 + 1)
    assert "<strong>Verdict.</strong> A claim of <em>more</em> is &lt;so&gt;." in html
    assert "a score &lt;estimated&gt;" in html and "nan" not in html
    assert html.index("Adaptation slows replay. Expected: more (compression).") < html.index("<tr>")
    assert '<b class="not-testable">not testable</b>' in html


def test_comparison_tells_each_claim(table):
    same = reference.compare(table, table)
    assert list(same["agreement"]) == ["yes", "yes", "yes", "not run"]
    other = table.assign(verdict=["supported", "inconclusive", "demo", "demo", "demo"], effect=-table["effect"])
    assert list(reference.compare(other, table)["agreement"])[:3] == ["no", "undecided", "other direction"]
    assert list(reference.compare(table[:1], table)["agreement"]) == ["yes", "not run", "not run", "not run"]


def test_a_demonstration_is_no_reference_and_is_compared_by_direction(finished, tmp_path, capsys):
    readme = tmp_path / "README.md"
    readme.write_text("<!-- claims -->\nold\n<!-- /claims -->\n")
    with pytest.raises(ValueError, match="is a demonstration"):
        reference.keep(finished / "results", tmp_path / "reference", readme)
    results = tmp_path / "results"
    shutil.copytree(finished / "results", results)
    claims = COLUMNS.read(results / "tables/claims.csv")
    claims.assign(verdict="supported").to_csv(results / "tables/claims.csv", index=False)
    reference.keep(results, tmp_path / "reference", readme)
    assert "torch" in (tmp_path / "reference/provenance.yaml").read_text()
    assert "| A1: Adaptation raises exploration | supported" in readme.read_text() and "old" not in readme.read_text()
    assert reference.main(["compare", str(finished / "results"), str(tmp_path / "reference")]) == 0
    printed = capsys.readouterr().out
    assert "same direction" in printed and "Momentum speeds replay up" in printed


def test_tables_of_further_stages_are_kept(finished, tmp_path):
    results, readme = tmp_path / "results", tmp_path / "README.md"
    shutil.copytree(finished / "results", results)
    claims = COLUMNS.read(results / "tables/claims.csv")
    claims.assign(verdict="supported").to_csv(results / "tables/claims.csv", index=False)
    readme.write_text("<!-- claims -->\n\n<!-- /claims -->\n")
    reference.keep(results, tmp_path / "reference", readme)
    assert not (tmp_path / "reference/answers.csv").exists()
    assert READINGS not in readme.read_text()
    answers, shares = (results / name for name in reference.FURTHER)
    answers.parent.mkdir()
    answers_table({"R4": Answer("no", "No: for no | reason.")}).to_csv(answers, index=False)
    SHARES.to_csv(shares, index=False)
    reference.keep(results, tmp_path / "reference", readme)
    assert list(ANSWERS.read(tmp_path / "reference/answers.csv")["answer"]) == ["no"]
    assert READINGS in readme.read_text() and (tmp_path / "reference/readings_shares.csv").exists()


def test_the_readme_shows_the_reference_run():
    path = ROOT / "reference/claims.csv"
    if not path.exists():
        pytest.skip("no reference run is committed yet: make reference")
    shown = reference.BLOCK.search((ROOT / "README.md").read_text())
    shares = path.with_name("readings_shares.csv")
    readings = pd.read_csv(shares) if shares.exists() else None
    assert shown and shown[0] == glance_markdown(COLUMNS.read(path), readings), "make reference refreshes the README"
