"""Claims tested on tables whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from rnn_replay import artifacts
from rnn_replay.claims.contrasts import ADAPTATION, CLAIMS, DECODERS, MOMENTUM, Claim, Condition, Plan
from rnn_replay.claims.table import (
    COLUMNS,
    claims_dataset,
    claims_frame,
    claims_table,
    error_rate,
    findings,
    markdown,
    rule,
    seeds_table,
)
from synthetic_tables import ENVIRONMENTS, SEEDS, VALUES, claim, metrics_table, networks_table, table_of


@pytest.fixture(scope="module")
def metrics() -> pd.DataFrame:
    return metrics_table()


@pytest.fixture(scope="module")
def networks() -> pd.DataFrame:
    return networks_table()


@pytest.fixture(scope="module")
def found(networks, metrics):
    return findings(networks, metrics, ENVIRONMENTS, VALUES)


def test_every_claim_is_found_where_it_is_true(found):
    table = claims_table(found, [], False)
    assert list(table.columns) == list(COLUMNS)
    assert (table["verdict"] != "not testable").all()
    primary = table[table["primary"]]
    assert (primary["verdict"] == "supported").all(), primary[["claim", "contrast", "verdict", "reason"]].to_string()
    assert set(zip(primary["claim"], primary["environment"], strict=True)) == {
        (c, e) for c in ("L2", "L3", "A1", "A2", "A3", "M1", "AM") for e in ENVIRONMENTS
    }
    assert (primary["seeds"] == len(SEEDS)).all()
    kept = primary["contrast"].str.startswith("kept")  # where the difference is noise
    assert (primary.loc[~kept, "agree"] == len(SEEDS)).all()
    assert primary["reason"].str.contains("also after Holm's correction over 16 primary rows").all()


def test_primary_rows_are_those_that_were_named(found):
    table = claims_table(found, [], False)
    primary = table[table["primary"]]
    assert primary.loc[primary["claim"] == "A1", "metric"].tolist() == ["spread", "occupancy_entropy"]
    assert set(primary.loc[primary["claim"] == "A2", "metric"]) == {"memory_gain_15"}
    adaptation = primary[primary["claim"].isin(["A1", "A2", "A3", "AM"])]
    assert adaptation["contrast"].str.contains("grafted outside").all()
    assert not primary["contrast"].str.contains("readout").any()
    assert not table.duplicated(["claim", "environment", "contrast", "metric"]).any()
    assert table["contrast"].str.endswith("our choice").all()


def test_estimates_by_hand(networks, metrics):
    table = table_of(networks, metrics, claim("M1", "none"), ["triangle"])
    row = table[table["primary"]].iloc[0]
    rows = metrics.query(
        "environment == 'triangle' and sweep == 'momentum' and metric == 'compression' and decoder == 'template'"
    ).pivot(index="seed", columns="friction", values="value")
    difference = rows[0.6] - rows[1.0]
    assert row["estimate"] == pytest.approx(difference.mean())
    assert row["effect"] == pytest.approx(difference.mean() / rows[1.0].mean())
    half = 2.364624 * difference.std() / np.sqrt(8)
    assert row["high"] - row["low"] == pytest.approx(2 * half, rel=1e-5)
    table = table_of(networks, metrics, claim("L2", "none"), ["triangle"])
    assert table.iloc[0]["estimate"] == pytest.approx(0.25, rel=0.02)
    assert table.iloc[0]["effect"] == pytest.approx(table.iloc[0]["estimate"] - 1)
    assert table.iloc[0]["unit"] == "1"


def test_the_opposite_is_contradicted(networks, metrics):
    turned = metrics.assign(friction=metrics["friction"].map({1.0: 0.6, 0.6: 1.0}))
    primary = table_of(networks, turned, claim("M1", "none"), ["triangle"]).iloc[0]
    assert primary["verdict"] == "contradicted"


def test_decoders_that_disagree_claim_nothing(networks, metrics):
    """The verdict is withdrawn from both rows, where both are decided, and from readings that have one row."""
    told = (metrics["decoder"] == "readout") & metrics["metric"].isin(
        ["compression", "track_compression", "reach_time"]
    )
    turned = metrics.assign(value=metrics["value"].mask(told, 2 - metrics["value"]))
    table = table_of(networks, turned, claim("M1", "none"), ["triangle"])
    rows = table[table["metric"].isin(["compression", "reach_time"])]
    assert len(rows) == 6 and (rows["verdict"] == "inconclusive").all()
    assert rows["reason"].str.contains("nothing is claimed: by the").all()
    assert (rows["low"] * rows["high"] > 0).all()
    words = error_rate(findings(networks, turned, ["triangle"], VALUES, claim("M1", "none")), [], 0.95)
    assert "of 0 decided primary rows 0 stay decided" in words

    vague = metrics["value"].where(metrics["decoder"] == "template", 1.0)
    table = table_of(networks, metrics.assign(value=vague), claim("M1", "none"), ["triangle"])
    assert table.loc[table["primary"], "verdict"].item() == "supported"


def test_controls_of_leakage_are_rows(networks, metrics):
    main = [f"leak{leak}_mask20" for leak in ("0", "0.3", "1")]
    copies = [
        pd.concat([table, table[table["variant"].isin(main)].assign(variant=lambda t: "matched_" + t["variant"])])
        for table in (networks, metrics)
    ]
    values = VALUES | {"leakage": [*VALUES["leakage"], "matched_leak{leak}_mask{mask_hidden}"]}
    table = table_of(*copies, claim("L3", "none"), ["triangle"], values)
    row = table[table["contrast"].str.contains("control matched")].iloc[0]
    assert "matched_leak0.3_mask20 against matched_leak0_mask20" in row["contrast"]
    assert row["verdict"] == "supported" and not row["primary"]


def test_kept_and_none_need_their_margins(networks, metrics):
    tight = VALUES | {"margin_kept": 0.001, "margin_none": 0.0001}
    kept = table_of(networks, metrics, claim("AM", "kept"), ["triangle"], tight).iloc[0]
    none = table_of(networks, metrics, claim("A2", "given a"), ["triangle"], tight).iloc[0]
    assert kept["verdict"] == none["verdict"] == "inconclusive"
    lost = metrics.assign(
        value=metrics["value"].where((metrics["friction"] == 1) | (metrics["metric"] != "spread"), 0.5)
    )
    assert table_of(networks, lost, claim("AM", "kept"), ["triangle"]).iloc[0]["verdict"] == "contradicted"


def test_a_seed_whose_replays_all_diverged_is_not_dropped(networks, metrics):
    """The row is not testable and says which seeds, and the share of diverged replays is a row of its own."""
    gone = (metrics["variant"] == "leak0_mask20") & metrics["seed"].isin([2, 5])
    values = metrics["value"].where(~gone, np.where(metrics["metric"] == "diverged", 1.0, np.nan))
    table = table_of(networks, metrics.assign(value=values), claim("L3", "none"), ["triangle"])
    rows = table.set_index(["metric", "contrast"])
    row = rows.xs("wasserstein").iloc[0]
    assert row["verdict"] == "not testable"
    assert row["reason"].endswith("'leak0_mask20' has no wasserstein for seeds 2, 5: all their replays diverged")
    assert np.isfinite(rows.xs("diverged").iloc[0]["estimate"])


def test_partial_divergence_is_told(networks, metrics):
    some = (metrics["metric"] == "diverged") & (metrics["sweep"] == "momentum") & (metrics["friction"] == 0.6)
    table = table_of(
        networks, metrics.assign(value=metrics["value"].mask(some, 0.25)), claim("M1", "none"), ["triangle"]
    )
    assert "25 % and 0 % of replays diverged and are left out" in table.iloc[0]["reason"]


@pytest.mark.parametrize(
    "drop, claims, reason",
    [
        ("sweep == 'forms'", claim("A1"), "sweep 'forms' is not run on 'leak0.3_mask20'"),
        ("sweep == 'grafted' and adaptation_strength == 0.05", claim("A3"), "sweep 'grafted' has 0 settings with"),
        ("metric.str.startswith('memory')", claim("A2"), "the table of metrics has no 'memory_gain"),
        ("metric == 'reach_time'", claim("M1"), "'reach_time' is not measured by the decoder 'template'"),
        ("sweep == 'momentum' and friction == 0.6 and seed == 3", claim("M1"), "different seeds"),
        ("seed > 1", claim("M1"), "at least 2 seeds"),
    ],
)
def test_what_is_missing_is_named(networks, metrics, drop, claims, reason):
    kept = metrics.query("environment == 'triangle'").query(f"not ({drop})")
    table = table_of(networks, kept, claims, ["triangle"])
    failed = table[table["verdict"] == "not testable"]
    assert failed["reason"].str.contains(reason, regex=False).any(), failed["reason"].unique()
    assert failed["reason"].str.startswith("not testable: ").all()


def test_missing_networks_are_named(networks, metrics):
    without = networks[networks["variant"] != "leak0_mask20"]
    table = table_of(without, metrics, claim("L2", "none"), ["triangle"])
    assert table.iloc[0]["reason"] == "not testable: variant 'leak0_mask20' is not trained"
    table = table_of(networks[networks["leak"] != 0.3], metrics, CLAIMS, ["triangle"])
    assert set(table["claim"]) == {c.id for c in CLAIMS}
    assert (table["verdict"] == "not testable").all()


def test_an_environment_without_an_entry_is_not_testable(networks, metrics):
    table = table_of(networks, metrics, CLAIMS, ["head_direction"])
    assert table["reason"].str.contains("claims.variant has no value for this environment").any()
    assert (table["verdict"] == "not testable").all()
    assert table["primary"].sum() == 8


def test_several_settings_are_not_mixed(networks, metrics):
    extra = metrics.query("sweep == 'momentum'").assign(setting=9, adaptation_time=50.0)
    table = table_of(networks, pd.concat([metrics, extra]), claim("M1", "none"), ["triangle"])
    assert "sweep 'momentum' has 2 settings" in table.iloc[0]["reason"]


def test_no_cell_is_empty_without_a_reason(networks, metrics):
    table = table_of(networks, metrics.query("sweep != 'forms' and metric != 'reach_time'"))
    assert (table["reason"].str.len() > 0).all()
    assert table.drop(columns=["estimate", "low", "high", "effect"]).notna().all(axis=None)
    empty = table[["estimate", "low", "high"]].isna().any(axis=1)
    assert (empty == (table["verdict"] == "not testable")).all()
    assert table.loc[~empty & table["effect"].isna(), "reason"].str.contains("no effect size").all()


def test_adding_a_claim_takes_one_entry(networks, metrics):
    entry = Claim(
        *("X1", "momentum with adaptation against momentum", ADAPTATION),
        *(Condition(True, True), Condition(momentum=True), ("transitions",), "greater"),
    )
    table = table_of(networks, metrics, (*CLAIMS, entry))
    rows = table[table["claim"] == "X1"]
    assert set(rows["environment"]) == set(ENVIRONMENTS)
    assert (rows["verdict"] == "supported").all() and len(rows) == 2 * (len(ADAPTATION) + len(DECODERS) - 1)
    assert "| X1 | triangle |" in markdown(table, [], False)


@pytest.mark.parametrize("wrong", [{"expects": "equal"}, {"expects": "kept"}, {"expects": "none", "ratio": True}])
def test_claims_that_make_no_sense_are_refused(wrong):
    entry = {"expects": "greater"} | wrong
    with pytest.raises(ValueError, match="allowed"):
        Claim("X1", "", MOMENTUM, Condition(), Condition(), ("speed",), **entry)


def test_the_header_counts_rows(networks, metrics, found):
    words = error_rate(found, [], 0.95)
    tested = len(claims_table(found, [], False))
    assert words.startswith(f"**Number of rows.** {tested} rows are tested, 16 of them primary; 0 are not testable.")
    assert "of 16 decided primary rows 16 stay decided after Holm's correction" in words
    assert "probability of 56 %" in words  # 1 − 0.95^16
    none = error_rate(findings(networks, metrics, ["rat"], VALUES), [], 0.95)
    assert "0 rows are tested, 0 of them primary" in none


def test_artifact_round_trip(found, tmp_path):
    table = claims_table(found, [], False)
    header = [error_rate(found, [], 0.95), rule(VALUES)]
    artifacts.write(claims_dataset(table, header), tmp_path / "claims.nc", {})
    dataset = artifacts.read(tmp_path / "claims.nc")
    pd.testing.assert_frame_equal(claims_frame(dataset), table, check_dtype=False)
    assert "**supported**" in dataset.attrs["comment"]
    text = markdown(table, header, False)
    assert all(paragraph in text for paragraph in header)
    columns = len(COLUMNS) + 1
    assert {line.replace("\\|", "").count("|") for line in text.splitlines() if line.startswith("|")} == {columns}


def test_rows_of_other_stages_are_appended(found):
    further = claims_table(found[:1], [], False).assign(claim="M2", primary=True)
    table = claims_table(found, [further[list(reversed(COLUMNS))]], False)
    assert table["claim"].iloc[-1] == "M2" and len(table) == len(found) + 1
    assert "Rows of other stages (1)" in error_rate(found, [further], 0.95)
    with pytest.raises(ValueError, match="further claims have the columns"):
        claims_table(found, [further.drop(columns="unit")], False)


def test_a_demonstration_gives_no_verdict(found):
    table = claims_table(found, [], True)
    assert (table["verdict"] == "demo").all()
    assert "demonstration" in markdown(table, [], True)


def test_width_against_the_number_of_seeds(found):
    table = seeds_table(found, 0.95)
    groups = table.groupby(["claim", "environment", "contrast", "metric"])
    assert len(groups) == 16
    for _, rows in groups:
        assert rows["seeds"].tolist() == [2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32]
        assert rows["width"].is_monotonic_decreasing
        assert rows["foretold"].tolist() == [False] * 7 + [True] * 4
    assert list(seeds_table([], 0.95).columns) == list(table.columns)


def test_a_plan_takes_values_by_environment():
    plan = Plan.of(VALUES, "tmaze")
    assert (plan.variant, plan.adaptation_strength, plan.friction) == ("leak0.3_mask10", 0.1, 0.6)
    assert Plan.of(VALUES, "rat").variant is None
