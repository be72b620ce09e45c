"""Claims tested on tables whose answer is known."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from rnn_replay import artifacts
from rnn_replay.claims.contrasts import CLAIMS, DECODERS, Claim, exploration, speed
from rnn_replay.claims.evidence import Evidence
from rnn_replay.claims.glance import glance
from rnn_replay.claims.plan import Plan
from rnn_replay.claims.readings import ADAPTATION, MOMENTUM, Condition, Selection
from rnn_replay.claims.statistics import mean_interval
from rnn_replay.claims.table import COLUMNS, WORDS, claims_frame, seeds_table
from rnn_replay.claims.verdicts import findings
from rnn_replay.claims.words import error_rate, header, markdown
from rnn_replay.environments import Traits, load
from synthetic_tables import (
    ENVIRONMENTS,
    NO_CONTROLS,
    SEEDS,
    TRAITS,
    VALUES,
    claim,
    found_in,
    table_of,
    tabulated,
)

SMALL = {"steps": 60, "time_step": 0.1, "training_paths": 1, "test_paths": 2}


def test_every_claim_is_found_where_it_is_true(found):
    table = tabulated(found)
    assert list(table.columns) == [*COLUMNS, *WORDS]
    assert (table["verdict"] != "not testable").all()
    primary = table[table["primary"]]
    assert (primary["verdict"] == "supported").all(), primary[["claim", "contrast", "verdict", "reason"]].to_string()
    assert set(zip(primary["claim"], primary["environment"], strict=True)) == {
        (c, e) for c in ("L2", "L3", "A1", "A2", "A3", "A", "M1", "AM") for e in ENVIRONMENTS
    }
    assert (primary["seeds"] == len(SEEDS)).all() and (primary["verdict_adjusted"] == "supported").all()
    # Rows where the difference is noise, and rows without one.
    other = primary["contrast"].str.startswith("kept") | (primary["claim"] == "A")
    assert (primary.loc[~other, "agree"] == len(SEEDS)).all()
    assert primary.loc[primary["claim"] != "A", "reason"].str.contains("correction over 20 primary rows").all()


def test_primary_rows_are_those_that_were_named(found):
    table = tabulated(found)
    primary = table[table["primary"]]
    assert primary.loc[primary["claim"] == "A1", "metric"].tolist() == ["entropy_per_distance"] * 2
    assert set(primary.loc[primary["claim"] == "A2", "metric"]) == {"memory_gain_15"}
    adaptation = primary[primary["claim"].isin(["A1", "A2", "A3", "A", "AM"])]
    assert (adaptation["reading"] == "grafted outside").all()
    assert set(primary["decoder"]) == {"template", ""}
    keys = ["claim", "environment", "contrast", "metric"]
    assert not primary.duplicated(keys).any()
    assert not table.duplicated([*keys, "reading", "control", "decoder", "twin"]).any()
    assert table["compared"].str.endswith("our choice").all()


def test_estimates_by_hand(networks, metrics):
    table = table_of(networks, metrics, claim("M1", "none"), ["triangle"])
    row = table[table["primary"]].iloc[0]
    measured = metrics[(metrics["metric"] == "progress_speed") & (metrics["decoder"] == "template")]
    rows = measured.query("environment == 'triangle' and sweep == 'momentum'").pivot(
        index="seed", columns="friction", values="value"
    )
    difference = rows[0.6] - rows[1.0]
    assert row["estimate"] == pytest.approx(difference.mean())
    assert row["effect"] == pytest.approx(difference.mean() / rows[1.0].mean())
    interval = mean_interval(difference.to_numpy(), 0.95)
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high))
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
        ["progress_speed", "progress_compression", "compression", "track_compression", "reach_time"]
    )
    turned = metrics.assign(value=metrics["value"].mask(told, 2 - metrics["value"]))
    table = table_of(networks, turned, claim("M1", "none"), ["triangle"])
    rows = table[table["metric"].isin(["progress_speed", "reach_time"]) & (table["twin"] == "")]
    assert len(rows) == 6 and (rows["verdict"] == "inconclusive").all()
    assert rows["reason"].str.contains("nothing is claimed: by the").all()
    assert (rows["low"] * rows["high"] > 0).all()
    assert set(rows["withdrawn_by"]) == set(DECODERS) and set(rows["other_decoder"]) == {"supported", "contradicted"}
    words = error_rate(table, 0, 0.95)
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
    row = table[table["control"] != ""].iloc[0]
    assert row["control"] == "matched_leak{leak}_mask{mask_hidden}" and row["reading"] == "mask 20"
    assert '"matched_leak0.3_mask20"' in row["treatment"] and '"matched_leak0_mask20"' in row["baseline"]
    assert "matched_leak0.3_mask20 against matched_leak0_mask20" in row["compared"]
    assert row["verdict"] == "supported" and not row["primary"]


def test_kept_and_none_need_their_margins(networks, metrics):
    tight = VALUES | {"margin_kept": 0.001, "margin_none": 0.0001}
    kept = table_of(networks, metrics, claim("AM", "kept"), ["triangle"], tight).iloc[0]
    none = table_of(networks, metrics, claim("A2", "given a"), ["triangle"], tight).iloc[0]
    assert kept["verdict"] == none["verdict"] == "inconclusive"
    lost = metrics.assign(
        value=metrics["value"].where((metrics["friction"] == 1) | (metrics["metric"] != "entropy_per_distance"), 0.5)
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
    assert row["seeds_missing"] == 2 and rows.xs("diverged").iloc[0]["seeds_missing"] == 0
    assert np.isfinite(rows.xs("diverged").iloc[0]["estimate"])


def test_partial_divergence_is_told(networks, metrics):
    some = (metrics["metric"] == "diverged") & (metrics["sweep"] == "momentum") & (metrics["friction"] == 0.6)
    table = table_of(
        networks, metrics.assign(value=metrics["value"].mask(some, 0.25)), claim("M1", "none"), ["triangle"]
    )
    assert "25 % and 0 % of replays diverged and are left out" in table.iloc[0]["reason"]
    assert tuple(table.loc[0, ["diverged_treatment", "diverged_baseline"]]) == (0.25, 0)


@pytest.mark.parametrize(
    "drop, claims, reason",
    [
        ("sweep == 'forms'", claim("A1"), "sweep 'forms' is not run on 'leak0.3_mask20'"),
        ("sweep == 'grafted' and adaptation_strength == 0.05", claim("A3"), "sweep 'grafted' has 0 settings with"),
        ("metric.str.startswith('memory')", claim("A2"), "'memory_gain_15' is not measured by the decoder"),
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
    assert set(table["claim"]) == {c.id for c in CLAIMS} | {"A"}
    assert (table["verdict"] == "not testable").all()


def test_an_environment_without_an_entry_is_not_testable(networks, metrics):
    table = table_of(networks, metrics, CLAIMS, ["head_direction"])
    assert table["reason"].str.contains("claims.variant has no value for this environment").any()
    assert (table["verdict"] == "not testable").all()
    assert table["primary"].sum() == 10


def test_several_settings_are_not_mixed(networks, metrics):
    extra = metrics.query("sweep == 'momentum'").assign(setting=9, adaptation_time=50.0)
    table = table_of(networks, pd.concat([metrics, extra]), claim("M1", "none"), ["triangle"])
    assert "sweep 'momentum' has 2 settings" in table.iloc[0]["reason"]


def test_no_cell_is_empty_without_a_reason(networks, metrics):
    table = table_of(networks, metrics.query("sweep != 'forms' and metric != 'reach_time'"))
    assert (table["reason"].str.len() > 0).all()
    assert table[["seeds", "bound", "compared", "verdict"]].notna().all(axis=None)
    empty = table[["estimate", "low", "high"]].isna().any(axis=1)
    assert (empty == ((table["verdict"] == "not testable") | (table["claim"] == "A"))).all()
    assert table.loc[~empty & table["effect"].isna(), "reason"].str.contains("no effect size").all()


def test_adding_a_claim_takes_one_entry(networks, metrics):
    entry = Claim(
        *("X1", "momentum with adaptation against momentum", "Adaptation still explores.", ADAPTATION),
        *(Condition(True, True), Condition(momentum=True), ("transitions",), "greater"),
    )
    table = table_of(networks, metrics, (*CLAIMS, entry))
    rows = table[table["claim"] == "X1"]
    assert set(rows["environment"]) == set(ENVIRONMENTS)
    assert (rows["verdict"] == "supported").all() and len(rows) == 2 * (len(ADAPTATION) + len(DECODERS) - 1)
    assert "| X1 | triangle |" in markdown(table, [])


@pytest.mark.parametrize("wrong", [{"expects": "equal"}, {"expects": "kept"}, {"expects": "none", "ratio": True}])
def test_claims_that_make_no_sense_are_refused(wrong):
    entry = {"expects": "greater"} | wrong
    with pytest.raises(ValueError, match="allowed"):
        Claim("X1", "", "", MOMENTUM, Condition(), Condition(), ("speed",), **entry)


def test_the_header_counts_rows(networks, metrics, found):
    table = tabulated(found)
    words, rule = header(table, 0, VALUES, False)
    assert words.startswith(
        f"**Number of rows.** {len(table)} rows are tested, 20 of them primary; 0 are not testable."
    )
    assert "of 20 decided primary rows 20 stay decided after Holm's correction" in words
    assert "probability of 64 %" in words  # 1 − 0.95^20
    assert "We had no access to the paper's text" in rule and "0.1 of the exploration" in rule
    none = error_rate(tabulated(found_in(networks, metrics, ["rat"])), 0, 0.95)
    assert "0 rows are tested, 0 of them primary" in none


def test_artifact_round_trip(found, tmp_path):
    table = tabulated(found)
    artifacts.write(COLUMNS.dataset(table, comment="**supported**"), tmp_path / "claims.nc", {})
    dataset = artifacts.read(tmp_path / "claims.nc")
    pd.testing.assert_frame_equal(claims_frame(dataset), table[list(COLUMNS)])
    assert "**supported**" in dataset.attrs["comment"]
    table.to_csv(tmp_path / "claims.csv", index=False)
    pd.testing.assert_frame_equal(COLUMNS.read(tmp_path / "claims.csv"), table[list(COLUMNS)])


def test_what_the_claims_say_stands_before_any_row(found):
    text = markdown(tabulated(found), ["a header"])
    first, _, rows = text.partition("a header")
    assert "- **A3**, adaptation against none: Adaptation slows replay. Expected: less (progress_speed" in first
    assert "; more (reach_time)." in first and "|" not in first
    assert "| A3 | triangle | adaptation against none (grafted outside): leak0.3_mask20 form outside b_a 0.05" in rows
    assert all(entry.says.endswith(".") for entry in CLAIMS)


def test_words_are_made_of_columns_alone(found):
    """The words of a table that was read from its file are those of the table."""
    table = tabulated(found)
    row = table[(table["claim"] == "L3") & table["primary"]].iloc[0]
    assert row["compared"] == (
        "leakage against none (mask 20): leak0.3_mask20 against leak0_mask20; template decoder; ratio; our choice"
    )
    assert row["scale"] == "ratio" and row["bound"] == 1 and row["p_adjusted"] >= row["p"]
    assert f"resting replay: {row['null']:.3g} m" in row["reason"]


def test_rows_of_other_stages_are_appended(found):
    further = tabulated(found[:1]).assign(claim="M2", primary=True, p=np.nan)
    table = tabulated(found, [further[list(reversed(COLUMNS))]])
    assert table["claim"].iloc[-1] == "M2" and len(table) == len(found) + 1
    assert "Rows of other stages (1)" in error_rate(table[:-1], 1, 0.95)
    with pytest.raises(ValueError, match="a table has no column unit"):
        tabulated(found, [further.drop(columns="unit")])


def test_a_demonstration_gives_no_verdict_and_counts_none(found):
    table = tabulated(found, demonstration=True)
    assert (table["verdict"] == "demo").all() and (table["verdict_adjusted"] == "").all()
    text = markdown(table, header(table, 0, VALUES, True))
    assert "demonstration" in text and "decided" not in text and "Holm's correction over" not in text
    assert glance(table)["triangle"].str.startswith(("demo", "–")).all()


def test_a_value_that_the_other_decoder_lacks_leaves_the_verdict(networks, metrics):
    """One missing value of the read-out: its own row is not testable, that of the template keeps its verdict."""
    gone = (metrics["decoder"] == "readout") & (metrics["metric"] == "progress_speed") & (metrics["seed"] == 3)
    gone &= (metrics["sweep"] == "momentum") & (metrics["friction"] == 0.6)
    table = table_of(networks, metrics.assign(value=metrics["value"].mask(gone)), claim("M1", "none"), ["triangle"])
    rows = table[(table["metric"] == "progress_speed") & (table["reading"] == "fixed noise") & (table["twin"] == "")]
    rows = rows.set_index("decoder")
    assert rows.loc["template", ["verdict", "other_decoder"]].tolist() == ["supported", "not testable"]
    assert "the other decoder has no value to compare" in rows.loc["template", "reason"]
    assert rows.loc["readout", ["verdict", "other_decoder"]].tolist() == ["not testable", ""]
    assert rows.loc["readout", "seeds_missing"] == 1


def test_values_of_networks_have_their_unit(networks, metrics):
    evidence = Evidence(networks, metrics)
    for metric, unit in (("test_position_error", "m"), ("test_error", "1")):
        assert evidence.values("triangle", Selection("leak0.3_mask20"), metric, "")[1] == unit
    entry = Claim("X1", "", "X.", MOMENTUM, Condition(), 0.0, ("test_position_error",), "greater", networks=True)
    assert set(table_of(networks, metrics, (entry,), ["triangle"])["unit"]) == {"m"}


@pytest.mark.parametrize(
    ("shape", "leads", "speeds"),
    [("loop", "spread", 4), ("track", "occupancy_entropy", 4), ("box", "occupancy_entropy", 3)],
)
def test_what_an_environment_is_says_how_it_is_measured(networks, metrics, shape, leads, speeds):
    """By traits, whatever the name: here a newcomer of each shape."""
    assert exploration(Traits(shape))[:2] == ("entropy_per_distance", leads) and len(speed(Traits(shape))) == speeds
    tables = [table.replace({"environment": {"triangle": "newcomer"}}) for table in (networks, metrics)]
    values = {k: v | {"newcomer": v["triangle"]} if isinstance(v, dict) else v for k, v in VALUES.items()}
    known = {"newcomer": {"shape": shape, "place_cells": False}}
    table = tabulated(findings(*tables, known, values, NO_CONTROLS, claim("A1") + claim("A3")))
    assert table.loc[table["primary"], "metric"].tolist() == ["entropy_per_distance", "progress_speed"]
    assert (table["metric"] == "track_compression").any() == (shape != "box")


def test_the_paper_s_environments_are_what_they_were():
    for name, known in TRAITS.items():
        assert exploration(Traits(**known))[1] == ("spread" if known["shape"] == "loop" else "occupancy_entropy"), name
        assert known.items() <= asdict(load(name, SMALL).traits).items()


def test_width_against_the_number_of_seeds(found):
    table = seeds_table([(finding.cells, finding.differences) for finding in found], 0.95)
    groups = table.groupby(["claim", "environment", "contrast", "metric"])
    assert len(groups) == 18
    for _, rows in groups:
        assert rows["seeds"].tolist() == [2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32]
        assert rows["width"].is_monotonic_decreasing
        assert rows["foretold"].tolist() == [False] * 7 + [True] * 4
    assert list(seeds_table([], 0.95).columns) == list(table.columns)


@pytest.mark.parametrize(("run", "foretold"), [(2, []), (3, []), (4, [12, 16, 24, 32])])
def test_nothing_is_foretold_from_fewer_than_four_seeds(found, run, foretold):
    finding = next(finding for finding in found if finding.cells["primary"])
    table = seeds_table([(finding.cells, finding.differences[:run])], 0.95)
    assert table["seeds"].tolist() == [*range(2, run + 1), *foretold]


def test_a_plan_takes_values_by_environment():
    plan = Plan.of(VALUES, "tmaze")
    assert (plan.variant, plan.adaptation_strength, plan.friction) == ("leak0.3_mask10", 0.1, 0.6)
    assert Plan.of(VALUES, "rat").variant is None
