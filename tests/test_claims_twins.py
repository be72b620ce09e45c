"""Claims beyond their twins, beside negative controls, and all of adaptation's effects as one."""

import numpy as np
import pandas as pd
from rnn_replay.claims.glance import glance
from rnn_replay.claims.readings import ADAPTATION
from rnn_replay.claims.verdicts import findings
from synthetic_tables import (
    ENVIRONMENTS,
    NO_CONTROLS,
    TRAITS,
    VALUES,
    claim,
    found_in,
    table_of,
    tabulated,
)


def test_every_primary_row_but_those_against_awake_speed_is_held_against_its_twins(found):
    table = tabulated(found)
    primary = table[table["primary"] & (table["claim"] != "A") & (table["contrast"] != "momentum against awake speed")]
    # In a world where twins do nothing, all but what is kept is the mechanism's own.
    expected = np.where(primary["contrast"].str.startswith("kept"), "inconclusive", "supported")
    assert (primary["beyond"] == expected).all()
    for row in primary.itertuples():
        mine = (table["claim"] == row.claim) & (table["environment"] == row.environment) & (table["twin"] != "")
        twins = table[mine & (table["metric"] == row.metric) & table["contrast"].str.startswith(row.contrast[:5])]
        assert len(twins) >= 2 and row.strongest_twin in set(twins["twin"])
        favour = (twins["estimate"] - (twins["scale"] == "ratio")) * np.where(twins["expects"] == "less", -1, 1)
        assert twins.loc[favour.idxmin(), "twin"] == row.strongest_twin


def test_a_twin_that_does_the_same_leaves_nothing_of_momentum(networks, metrics):
    same = (metrics["sweep"] == "larger_step") & (metrics["metric"] == "progress_speed")
    table = table_of(
        networks, metrics.assign(value=metrics["value"].mask(same, metrics["value"] / 0.6)), claim("M1", "none")
    )
    primary = table[table["primary"]]
    assert (primary["verdict"] == "supported").all() and (primary["beyond"] == "inconclusive").all()
    assert primary["strongest_twin"].str.startswith("larger step").all()
    assert glance(table)["triangle"].iloc[1] == "inconclusive"


def test_a_twin_that_was_not_run_is_not_testable_and_counts_last(networks, metrics):
    table = table_of(networks, metrics[metrics["sweep"] != "larger_step"], claim("M1", "none"), ["triangle"])
    assert table.loc[table["primary"], ["strongest_twin", "beyond"]].iloc[0].tolist() == ["more noise", "supported"]
    rows = table[table["twin"] == "larger step"]
    assert rows["verdict"].tolist() == ["not testable"] and "'larger_step' is not run" in rows["note"].item()


def test_controls_that_read_as_well_are_named(networks, metrics):
    where, readout = ["triangle", "template", "progress_speed"], ["triangle", "readout", "progress_speed"]
    controls = pd.DataFrame(
        [[*where, "shuffled", True], [*where, "uniform", False], [*readout, "uniform", False]],
        columns=NO_CONTROLS.columns,
    )
    environments = {name: TRAITS[name] for name in ENVIRONMENTS}
    table = tabulated(findings(networks, metrics, environments, VALUES, controls, claim("M1", "none")))
    primary = table[table["primary"]].set_index("environment")
    assert primary.loc["triangle", "controls"] == "shuffled" and primary.loc["tmaze", "controls"] == ""
    other = table[(table["environment"] == "triangle") & (table["metric"] == "progress_speed") & (table["twin"] == "")]
    assert set(other.loc[other["decoder"] == "readout", "controls"]) == {"none"}


def test_a_metric_that_a_control_passes_decides_nothing_there(networks, metrics):
    """Neither against baseline nor against twins; rows of other metrics, decoders and environments keep theirs."""
    controls = pd.DataFrame(
        [["triangle", "template", metric, "untrained", True] for metric in ("progress_speed", "reach_hazard")],
        columns=NO_CONTROLS.columns,
    )
    environments = {name: TRAITS[name] for name in ENVIRONMENTS}
    table = tabulated(findings(networks, metrics, environments, VALUES, controls, claim("M1", "none")))
    plain = table_of(networks, metrics, claim("M1", "none"))
    of_metric = (table["environment"] == "triangle") & (table["metric"] == "progress_speed")
    decides = of_metric & (table["decoder"] == "template") & (table["primary"] | (table["twin"] != ""))
    gated = table[decides]
    assert len(gated) == 4 and set(gated["withdrawn_by"]) == {"untrained"} and (gated["p"] == 1).all()
    assert set(gated["verdict"]) == {"inconclusive"} and set(gated["beyond"]) == {"", "inconclusive"}
    assert gated["reason"].str.contains("controls read as well as replay by this metric (untrained)", regex=False).all()
    assert (table.loc[~decides, "verdict"] == plain.loc[~decides, "verdict"]).all()
    assert (table["estimate"] == plain["estimate"]).all()
    assert table.loc[table["metric"] == "reach_hazard", "withdrawn_by"].eq("").all()
    words = glance(table)["triangle"]
    assert words.iloc[0].startswith("withdrawn, +") and words.iloc[1] == "withdrawn"
    assert glance(table)["tmaze"].iloc[0].startswith("supported, +")
    demo = tabulated(findings(networks, metrics, environments, VALUES, controls, claim("M1", "none")), (), True)
    assert glance(demo)["triangle"].iloc[0].startswith("demo, +")


def test_all_three_effects_of_adaptation_are_one_claim(networks, metrics):
    table = tabulated(found_in(networks, metrics, claims=claim("A1") + claim("A2") + claim("A3")))
    rows = table[(table["claim"] == "A") & (table["environment"] == "triangle")]
    assert set(rows["reading"]) == set(ADAPTATION) and rows["primary"].sum() == 1
    first = rows[rows["primary"]].iloc[0]
    parts = table[table["primary"] & (table["environment"] == "triangle") & (table["claim"] != "A")]
    assert first["verdict"] == "supported" and first["p"] == parts["p"].max() and len(parts) == 3
    assert first["reason"] == "A1 supported, A2 supported, A3 supported"
    # One of the three fails: so does the claim.
    fast = (metrics["metric"] == "progress_speed") & (metrics["adaptation_strength"] > 0)
    table = tabulated(
        found_in(
            networks,
            metrics.assign(value=metrics["value"].mask(fast, 2 * metrics["value"])),
            claims=claim("A1") + claim("A2") + claim("A3"),
        )
    )
    row = table[(table["claim"] == "A") & table["primary"]].iloc[0]
    assert row["verdict"] == "contradicted" and row["p"] == 1
