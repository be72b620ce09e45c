"""Claims tested on tables whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from rnn_replay import artifacts
from rnn_replay.claims import ADAPTATION, CLAIMS, DECODERS, MOMENTUM, Claim, Condition, Plan
from rnn_replay.claims_table import (
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
from rnn_replay.environments import load
from rnn_replay.metrics.base import smooth
from rnn_replay.metrics.speed import net_displacement
from rnn_replay.seeds import stream

SEEDS = range(1, 9)
VALUES = {
    "level": 0.95,
    "variant": {"triangle": "leak0.3_mask20", "tmaze": "leak0.3_mask10"},
    "leakage": ["leak{leak}_mask{mask_hidden}"],
    "trained": {"triangle": "adapted0.1", "tmaze": "adapted0.1"},
    "adaptation_strength": {"triangle": 0.05, "tmaze": 0.1},
    "friction": 0.6,
    "noise": 2.0,
    "matched_noise": 1.29,
    "margin_kept": 0.1,
    "margin_none": 0.02,
}
MAIN_MASK = {"triangle": 20, "tmaze": 10}
UNITS = {"spread": "m", "wasserstein": "m", "reach_time": "s", "transitions": "1/s"}
MEASURED = (
    *("occupancy_entropy", "spread", "regions_visited", "transitions", "compression", "track_compression"),
    *("reach_time", "wasserstein", "wasserstein_null", "wasserstein_floor", "trajectory_wasserstein"),
    *("trajectory_wasserstein_null", "trajectory_wasserstein_floor", "off_manifold", "off_track", "diverged"),
    *(f"memory_gain{kind}_{steps}" for kind in ("", "_given_adaptation", "_given_state") for steps in (1, 15)),
)


def value(metric: str, adapted: bool, friction: float, leak: float, rng: np.random.Generator) -> float:
    """A metric for a world in which every claim of the paper is true, with noise that is small beside it."""
    if metric == "diverged":
        return 0.0
    if metric.startswith("memory_gain"):
        return (0.2 if adapted and "given" not in metric else 0.0) + rng.normal(0, 0.002)
    base = 1 + rng.normal(0, 0.02)
    if metric in ("compression", "track_compression"):
        return base * (0.8 if adapted else 1.0) / friction
    if metric == "reach_time":
        return base * (1.3 if adapted else 1.0) * friction
    if metric in ("off_manifold", "off_track"):
        return base * (1 if leak == 0.3 else 2)
    if "wasserstein" in metric:
        return base * (3 if "null" in metric else 0.1 if "floor" in metric else 1 if leak == 0.3 else 2)
    return base * (1.5 if adapted else 1.0)


def sweep(environment: str, variant: str, name: str, settings: list[dict], leak: float = 0.3) -> pd.DataFrame:
    """Rows of the table of metrics for one sweep of one variant."""
    rows = []
    plain = {"friction": 1.0, "adaptation_strength": 0.0, "adaptation_time": 100.0, "adaptation_form": "outside"}
    plain |= {"noise": 1.0, "noise_scaling": "fixed"}
    for number, setting in enumerate(settings):
        setting = plain | setting
        adapted = setting["adaptation_strength"] > 0
        for seed in SEEDS:
            rng = stream(seed, "test", environment, variant, name, str(number))
            where = {"environment": environment, "variant": variant, "sweep": name, "setting": number, "seed": seed}
            for metric in MEASURED:
                for decoder in DECODERS:
                    number_ = value(metric, adapted, setting["friction"], leak, rng)
                    what = {"decoder": decoder, "metric": metric, "unit": UNITS.get(metric, "1"), "value": number_}
                    rows.append(where | setting | what)
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def metrics() -> pd.DataFrame:
    """Table of metrics of the default sweeps."""
    frames = []
    frictions = [{"friction": f} for f in (1.0, 0.6)]
    for environment, variant in VALUES["variant"].items():
        strength, mask = VALUES["adaptation_strength"][environment], MAIN_MASK[environment]
        on = [{"adaptation_strength": strength} | f for f in frictions]
        trained = [{"adaptation_strength": 0.1} | f for f in frictions]
        frames += [sweep(environment, f"leak{k:g}_mask{mask}", "leakage", [{}], k) for k in (0.0, 0.3, 1.0)]
        frames += [sweep(environment, f"leak{k:g}_mask0", "leakage", [{}], k) for k in (0.0, 0.3, 1.0)]
        frames.append(sweep(environment, variant, "momentum", frictions))
        frames.append(sweep(environment, variant, "grafted", [*frictions, *on]))
        for name in ("trained", "coverage"):
            frames += [sweep(environment, variant, name, frictions), sweep(environment, "adapted0.1", name, trained)]
        forms = [s | {"adaptation_form": f} for f in ("inside", "centred", "rotational", "drive") for s in on]
        frames.append(sweep(environment, variant, "forms", forms))
        frames.append(sweep(environment, variant, "fast_drive", [s | {"adaptation_form": "drive"} for s in on]))
        frames.append(sweep(environment, variant, "noise", [{"noise": n} for n in (1.0, 1.29, 2.0)]))
        scaled = [f | {"noise_scaling": "fluctuation_dissipation"} for f in frictions]
        frames.append(sweep(environment, variant, "fluctuation_dissipation", scaled))
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def networks() -> pd.DataFrame:
    """Table of networks: three leaks under two masks, and one trained with adaptation."""
    rows = []
    for environment, main in MAIN_MASK.items():
        for seed in SEEDS:
            for leak in (0.0, 0.3, 1.0):
                for mask in (0, main):
                    error = {0.0: 4, 0.3: 1, 1.0: 1.2}[leak]
                    error *= np.exp(stream(seed, "test", environment, f"{leak}", f"{mask}").normal(0, 0.01))
                    keys = {"variant": f"leak{leak:g}_mask{mask}", "leak": leak, "mask_hidden": mask}
                    row = {"environment": environment, "seed": seed, "adaptation_strength": 0.0, "nonlinearity": "relu"}
                    rows.append(row | keys | {"test_error": error, "test_position_error": error**0.5})
            keys = {"variant": "adapted0.1", "leak": 0.3, "mask_hidden": main, "adaptation_strength": 0.1}
            rows.append(row | keys | {"test_error": 1.0, "test_position_error": 1.0})
    return pd.DataFrame(rows)


ENVIRONMENTS = ["triangle", "tmaze"]


@pytest.fixture(scope="module")
def found(networks, metrics):
    return findings(networks, metrics, ENVIRONMENTS, VALUES)


def table_of(networks, metrics, claims=CLAIMS, environments=ENVIRONMENTS, values=VALUES) -> pd.DataFrame:
    return claims_table(findings(networks, metrics, environments, values, claims), [], False)


def claim(id: str, contrast: str = "") -> tuple[Claim, ...]:
    return tuple(c for c in CLAIMS if c.id == id and contrast in c.contrast)


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


def relaxing_paths(rate: float, rng: np.random.Generator) -> np.ndarray:
    """16 replays of 60 steps that relax at a rate per step and diffuse, shape (replay, time, 2)."""
    noise = rng.normal(size=(60, 16, 2))
    position = np.zeros((60, 16, 2))
    for step in range(1, 60):
        position[step] = (1 - rate) * position[step - 1] + 0.1 * noise[step]
    return position.swapaxes(0, 1)


def test_false_positives():
    """Two sets of replays from one setting: at most 16 of 200 are decided, at 8 seeds that differ in their networks."""
    settings = {"steps": 60, "time_step": 0.1, "training_paths": 1, "test_paths": 2}
    settings |= {"circumradius": 1.0, "speed": 1.0, "speed_sd": 0.2, "jitter": 0.02}
    map = load("triangle", settings).map()
    entry = claim("M1", "momentum against none")[:1]
    networks = pd.DataFrame({"environment": ["triangle"], "variant": ["leak0.3_mask20"], "seed": [1]})
    rows = pd.DataFrame([(f, s) for f in (1.0, 0.6) for s in SEEDS], columns=["friction", "seed"])
    rows = rows.assign(environment="triangle", variant="leak0.3_mask20", sweep="momentum", decoder="template", unit="1")
    rows = rows.assign(setting=(rows["friction"] == 0.6).astype(int))
    diverged = rows.assign(metric="diverged", value=0.0)
    decided = 0
    for repetition in range(200):
        speeds = []
        for row in rows.itertuples():
            rate = stream(row.seed, "test", "network", str(repetition)).uniform(0.05, 0.4)
            paths = relaxing_paths(rate, stream(row.seed, "test", "replay", str(repetition), str(row.setting)))
            speeds.append(net_displacement(smooth(paths), map).mean())
        measured = pd.concat([rows.assign(metric="compression", value=speeds), diverged])
        measured = pd.concat([measured.assign(decoder=decoder) for decoder in DECODERS])
        table = table_of(networks, measured, entry, ["triangle"])
        verdict = table.loc[table["primary"], "verdict"].item()
        assert verdict != "not testable"
        decided += verdict in ("supported", "contradicted")
    assert 1 <= decided <= 16


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
