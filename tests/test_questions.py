"""Answers to what the paper left open, on tables whose answers are known."""

import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import scipy.stats
import synthetic_tables as synthetic
from checkout import ROOT, environment
from rnn_replay.claims.evidence import Evidence
from rnn_replay.claims.plan import Plan
from rnn_replay.claims.readings import Selection
from rnn_replay.claims.statistics import Interval
from rnn_replay.measures.biology.published import PUBLISHED
from rnn_replay.questions.answer import Answer, NotRun, Run, compare, having, overall, word
from rnn_replay.questions.biology import biology_comparison, limits, predecessor_comparison, scales, wide
from rnn_replay.questions.r1_seeds import how_many_seeds
from rnn_replay.questions.r4_without_masking import without_masking
from rnn_replay.questions.r8_animals import like_animals
from rnn_replay.questions.r9_facilitation import disguised
from rnn_replay.questions.register import COLUMNS, QUESTIONS, answered, answers_markdown, answers_page, answers_table
from rnn_replay.questions.unmasked import between, gains_along_path, gains_by_mask, unmasked_table, unpredictability

SEEDS = range(1, 9)
RUN = Run(synthetic.VALUES, synthetic.KINDS)


def test_gains_and_where_they_come_from():
    steps = np.arange(60)
    kept = gains_along_path(np.full(60, 0.5), np.ones(60))
    assert kept["growth"] == pytest.approx(0) and kept["early"] == pytest.approx(np.log(0.5))
    assert gains_along_path(np.ones(60), 1 + steps)["growth"] < -1
    networks = pd.DataFrame(
        [
            (f"leak{leak:g}_mask{mask}", leak, mask, seed, 1 + (leak == 0))
            for leak in (0.0, 0.3)
            for mask in (0, 5)
            for seed in SEEDS
        ],
        columns=["variant", "leak", "mask_hidden", "seed", "test_error"],
    )
    gains = gains_by_mask(networks, Plan.of(synthetic.VALUES, "triangle"), 0.3)
    assert len(gains) == 16 and gains["gain"].to_numpy() == pytest.approx(np.log(0.5))


def test_motion_that_the_past_tells_is_predictable():
    rng = np.random.default_rng(0)
    speed = 0.05 * rng.choice([-1.0, 1.0], (300, 1, 2))
    straight = rng.uniform(0, 1, (300, 1, 2)) + speed * np.arange(30)[None, :, None]
    wandering = np.cumsum(0.05 * rng.standard_normal((300, 30, 2)), axis=1)
    told, not_told = (unpredictability(paths[:200], paths[200:], 10) for paths in (straight, wandering))
    assert told < not_told / 3
    assert unpredictability(straight, straight, 0) == 0


def unmasked(effect: float, rng: np.random.Generator) -> pd.DataFrame:
    """The table of what leakage gives in two environments, with a true effect on the log ratio."""
    masks = pd.DataFrame(
        [
            (name, seed, 0, effect + 0.1 * rng.standard_normal(), 0.0)
            for name in ("triangle", "tmaze")
            for seed in SEEDS
        ],
        columns=["environment", "seed", "mask_hidden", "gain", "unpredictability"],
    )
    steps = np.arange(40)
    along = [
        pd.DataFrame({"step": steps, "leaky": 1.0, "residual": 1 + 0.1 * rng.random() + 0.1 * steps}).assign(
            environment=name, seed=seed
        )
        for name in ("triangle", "tmaze")
        for seed in SEEDS
    ]
    return unmasked_table(masks, pd.concat(along), 0.95)


def test_answer_on_leakage_without_masking():
    answer = without_masking(RUN, synthetic.through_a_file(unmasked(-0.5, np.random.default_rng(1))))
    assert answer.word == "yes" and "triangle and tmaze" in answer.sentence
    assert "triangle −4" in answer.sentence or "triangle −3" in answer.sentence
    assert without_masking(RUN, unmasked(0.5, np.random.default_rng(1))).word == "no"
    with pytest.raises(NotRun, match="trained without mask"):
        without_masking(RUN, unmasked(0.5, np.random.default_rng(1))[:0])


def test_answers_hold_their_level_where_nothing_is_true():
    """False positives: of 300 environments without an effect at most 24 are answered yes or no."""
    rng = np.random.default_rng(2)
    words = [n.word for _ in range(150) for n in without_masking(RUN, unmasked(0.0, rng)).numbers if n.word]
    assert len(words) == 300
    assert 3 <= sum(said != "cannot say" for said in words) <= 24


def test_words():
    assert word(Interval(1, 0.5, 1.5), "greater") == "yes" and word(Interval(1, 0.5, 1.5), "less") == "no"
    assert word(Interval(0, -1, 1), "less") == "cannot say"
    assert overall(["yes", "", "yes"]) == "yes" and overall(["yes", "cannot say"]) == "mixed"
    with pytest.raises(NotRun):
        overall([""])
    assert disguised(Interval(0.1, 0, 0.2), Interval(0.5, 0.4, 0.6)) == "no"
    assert disguised(Interval(0.6, 0.55, 0.7), Interval(0.5, 0.4, 0.6)) == "yes"
    assert disguised(Interval(0.4, 0.1, 0.7), Interval(0.5, 0.4, 0.6)) == "cannot say"


def test_pairs_count_the_seeds_that_lack_a_side_and_refuse_an_ambiguous_one():
    metrics, networks = synthetic.metrics_table(), synthetic.networks_table()
    sides = tuple(Selection("leak0.3_mask20", "momentum", {"friction": f}) for f in (0.6, 1.0))
    found = compare(Evidence(networks, metrics), "triangle", sides, "compression", 0.95)
    assert (found.seeds, found.seeds_missing) == (8, 0) and found.estimate == pytest.approx(np.log(1 / 0.6), abs=0.05)
    gone = (metrics["seed"] > 4) & (metrics["friction"] < 1)
    for some in (metrics[~gone], metrics.assign(value=metrics["value"].mask(gone))):
        found = compare(Evidence(networks, some), "triangle", sides, "compression", 0.95)
        assert (found.seeds, found.seeds_missing) == (4, 4)
    negative = metrics.assign(value=metrics["value"].where(metrics["seed"] > 1, -1.0))
    assert compare(Evidence(networks, negative), "triangle", sides, "compression", 0.95).seeds_missing == 1
    several = (Selection("leak0.3_mask20", "momentum"),) * 2
    with pytest.raises(ValueError, match="2 settings"):
        compare(Evidence(networks, metrics), "triangle", several, "compression", 0.95)
    assert compare(Evidence(networks, metrics), "rat", sides, "compression", 0.95) is None


def test_the_difference_of_two_environments_is_welch_s():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0, 1, 5), rng.normal(1, 3, 9)
    found, variances = between(a, b, 0.9), np.array([a.var(ddof=1) / 5, b.var(ddof=1) / 9])
    freedom = variances.sum() ** 2 / (variances**2 / [4, 8]).sum()
    half = scipy.stats.t.ppf(0.95, freedom) * np.sqrt(variances.sum())
    assert (found.low, found.high) == pytest.approx((a.mean() - b.mean() - half, a.mean() - b.mean() + half))
    assert between(np.ones(3), np.zeros(3), 0.9).low == 1


def test_seeds_needed_come_from_widths():
    table = synthetic.table_of(synthetic.networks_table(), synthetic.metrics_table())
    rows = table[table["primary"] & (table["claim"] == "M1")]
    keys = rows[["claim", "environment", "contrast", "metric"]]
    seeds = pd.concat([keys.assign(seeds=n, width=w, foretold=False) for n, w in ((2, 9.0), (5, 0.1), (8, 0.05))])
    answer = how_many_seeds(RUN, table[table["claim"] == "M1"], seeds)
    assert {(n.estimate, n.metric) for n in having(answer.numbers, claim="M1")} == {(5, "progress_speed")}
    assert "4 of 4 primary rows are decided" in answer.sentence


def test_a_bound_other_than_no_effect_is_read_from_the_table():
    """The row of *kept* must exclude 0.9, not 1: on the log scale it is that much farther away."""
    row = {"claim": "AM", "environment": "rat", "contrast": "kept", "metric": "spread", "primary": True, "seeds": 8}
    row |= {"verdict": "supported", "verdict_adjusted": "supported", "scale": "ratio", "estimate": 1.0, "bound": 0.9}
    keys = ["claim", "environment", "contrast", "metric"]
    seeds = pd.DataFrame([row | {"seeds": 2, "width": 0.3}, row | {"seeds": 3, "width": 0.2}])
    answer = how_many_seeds(RUN, pd.DataFrame([row]), seeds[[*keys, "seeds", "width"]])
    assert having(answer.numbers, quantity="seeds needed")[0].estimate == 3


def test_an_empty_run_answers_nothing_and_says_why():
    found = answered({}, RUN, demonstration=False)
    assert list(found) == [f"R{n}" for n in range(1, len(QUESTIONS) + 1)]
    assert {answer.word for answer in found.values()} == {"not run"}
    table = answers_table(found)
    assert len(table) == len(found) and table["sentence"].str.startswith("Not run: this run has no table").all()
    assert answers_markdown(table).count("\n") == len(found) + 1
    assert COLUMNS.dataset(table).sizes["row"] == len(found)
    assert answers_page(table).count("<tr>") == 1 + len(found) + 1


def test_a_demonstration_gives_no_words_and_counts_nothing():
    tables = {"unmasked": unmasked(-0.5, np.random.default_rng(1))}
    answer = answered(tables, RUN, demonstration=True)["R4"]
    assert answer.word == "demo" and not any(number.word for number in answer.numbers)
    assert "%" not in answer.sentence


def test_a_question_is_one_file(tmp_path):
    """A new file in a copy is asked, in its place, and in the recipe of the rule; nothing else is touched."""
    shutil.copytree(ROOT / "workflow", tmp_path / "workflow", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "workflow/rnn_replay/questions/r10_rest.py").write_text(
        "from rnn_replay.questions.answer import Answer, Question\n\n\n"
        "def rest(run, metrics):\n    return Answer('yes', 'Yes.')\n\n\n"
        "QUESTION = Question('R10', 'Does replay rest?', ('metrics',), rest)\n"
    )
    code = (
        "from pipeline.fingerprints import fingerprint\n"
        "from rnn_replay.questions.answer import Run\n"
        "from rnn_replay.questions.register import answered\n"
        "found = answered({'metrics': 1}, Run({}, {}), False)\n"
        "assert list(found)[-1] == 'R10' and found['R10'].word == 'yes'\n"
        "assert 'rnn_replay.questions.r10_rest' in fingerprint('workflow/scripts/answer_questions.py')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(tmp_path), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


FIELD = {"kind": "recorded", "shape": "box", "place_cells": True, "time_step": 0.2}
W = {"kind": "wtrack", "shape": "track", "place_cells": False, "time_step": 0.1}
LOOP = {"kind": "triangle", "shape": "loop", "place_cells": False, "time_step": 0.1}
CLAIMS = synthetic.VALUES | {"variant": "v", "trained": "t", "adaptation_strength": 0.1, "friction": 0.6}


def measured(names: list[str], values: dict[str, float]) -> pd.DataFrame:
    """Rows of replays under baseline and momentum, and of awake paths, for each seed."""
    rows = []
    head = {"environment": "rat", "variant": "v", "sweep": "grafted", "decoder": "readout", "unit": "1"}
    for seed in SEEDS:
        for phase, friction in (("replay", 1.0), ("replay", 0.6), ("awake", np.nan)):
            keys = head | {"seed": seed, "phase": phase, "friction": friction, "adaptation_strength": 0.0}
            rows += [keys | {"metric": name, "value": values.get(name, 1.0) + 0.01 * seed} for name in names]
    return pd.DataFrame(rows)


def test_replay_stands_beside_every_published_value_and_the_predecessor():
    names = ["exponent_stella", "exponent_stella_shuffled", "exponent_stella_diffusion", "share_momentum_unmixed"]
    names += ["recovered_momentum", "hover_share", "hover_share_null", "kl_divergence"]
    biology = measured(names, {"exponent_stella_shuffled": 0.1, "share_momentum_unmixed": 0.8, "hover_share_null": 0.2})
    metrics = measured(["compression", "wasserstein"], {}).drop(columns="phase")
    metrics = metrics[metrics["friction"].notna()]
    held = biology_comparison(biology, metrics, CLAIMS, {"rat": FIELD})
    assert set(held["condition"]) == {"awake", "baseline", "momentum"}
    exponents = held[(held["metric"] == "exponent_stella") & (held["condition"] == "baseline")]
    assert set(exponents["where"]) == {"sleep", "awake", "running"}
    assert (exponents["estimate"] == exponents["estimate"].iloc[0]).all()
    assert exponents["shuffled"].to_numpy() == pytest.approx(0.145)
    assert exponents["diffusion"].to_numpy() == pytest.approx(1.045)
    assert held.loc[held["metric"] == "share_momentum_unmixed", "recovered"].to_numpy() == pytest.approx(1.045)
    assert held.loc[held["metric"] == "hover_share", "null"].to_numpy() == pytest.approx(0.245)
    fair = held.drop_duplicates("metric").set_index("metric")["fair"]
    assert fair[["exponent_stella", "share_momentum_unmixed", "compression"]].tolist() == ["fair", "partly", "unfair"]
    assert held["why"].str.len().min() > 20
    theirs = predecessor_comparison(biology, metrics, CLAIMS, ["rat"])
    assert set(theirs["paper"]) == {"predecessor", "this"}
    assert list(wide(theirs, ["kl_divergence", "wasserstein"]).columns[-2:]) == ["kl_divergence", "wasserstein"]


def test_limits_of_recovery_in_words():
    rows = [(150, 0.1, 0.0, "momentum", p, "momentum", share, 50) for p, share in ((0.4, 0.5), (0.8, 0.9))]
    rows += [(150, 0.1, 0.0, name, 0.0, name, 0.97, 50) for name in ("diffusion", "stationary")]
    columns = ["increments", "noise_share", "lattice", "planted", "persistence", "found", "share", "paths"]
    assert "150 increments, noise 0.1: 0.8" in limits(pd.DataFrame(rows, columns=columns))


def test_speeds_in_metres_per_second_beside_the_animals():
    found = measured(["step_progress"], {"step_progress": 0.03})
    own = found[found["phase"] == "awake"].assign(phase="behaviour", decoder="none", value=0.02)
    speed = scales(pd.concat([found, own]), CLAIMS, {"rat": FIELD}, "readout").set_index("condition")
    assert speed.loc["behaviour", "estimate"] == pytest.approx(0.1)  # 0.02 m in 0.2 s
    assert speed.loc["baseline", "estimate"] == pytest.approx(0.075 / 0.2)
    assert speed.loc["baseline", "over_behaviour"] == pytest.approx(3.75)
    assert speed.loc["baseline", "step_at_published"] == pytest.approx(75 / 8)  # ms, for 8 m/s
    assert set(speed["unit"]) == {"m/s"}


def test_each_environment_is_held_against_its_fair_partner_alone():
    by_name = {(p.metric, p.where): p for p in PUBLISHED}
    fields, ws = by_name["exponent_krause", "ripples"], by_name["exponent_ji", "awake"]
    assert [fields.judged(known)[0] for known in (FIELD, W, LOOP)] == ["fair", "unfair", "unfair"]
    assert [ws.judged(known)[0] for known in (FIELD, W, LOOP)] == ["unfair", "fair", "unfair"]
    assert {p.judged(known)[0] for p in PUBLISHED if p.metric == "compression" for known in (FIELD, W)} == {"unfair"}


def test_unfair_comparisons_count_for_nothing_in_the_answer():
    head = {"decoder": "readout", "unit": "1", "seeds": 8, "seeds_missing": 1, "recovered": 0.9, "source": "Ji et al."}
    head |= {"estimate": 0.6, "low": 0.5, "high": 0.7, "published_high": 0.65, "label": "exponent", "published": "x"}
    told = [
        ("w", "baseline", "awake", "fair", 0.55),
        ("w", "momentum", "awake", "fair", 0.62),
        ("w", "momentum", "hippocampus", "unfair", 6.0),
        ("w", "momentum", "running", "fair", 6.0),
        ("loop", "momentum", "awake", "unfair", 6.0),
    ]
    names = ["environment", "condition", "where", "fair", "published_low"]
    rows = pd.DataFrame([head | {"metric": "m"} | dict(zip(names, row, strict=True)) for row in told])
    rows["published_high"] = rows["published_low"] + 0.1
    answer = like_animals(Run(synthetic.VALUES, {"w": W, "loop": LOOP}), rows)
    assert answer.word == "yes" and [n.word for n in answer.numbers] == ["yes", "yes", ""]
    assert "1 of 1 baseline, 1 of 1 momentum" in answer.sentence and "exponent in awake x (Ji)" in answer.sentence
    with pytest.raises(NotRun, match="no replay of an open field or a W-track"):
        like_animals(Run(synthetic.VALUES, {"loop": LOOP}), rows[rows["environment"] == "loop"])


def test_published_shares_of_momentum_have_their_own_misreading_undone():
    ripples, running = (p for p in PUBLISHED if p.metric == "share_momentum_unmixed")
    assert ripples.low == pytest.approx(0.82 + 0.048) and ripples.high == pytest.approx(0.878 + 0.048)  # all of both
    assert running.low == pytest.approx((0.459 - 0.06 * 0.791) / 0.685)
    assert running.high == pytest.approx((0.651 - 0.06 * 0.983) / 0.685)


def test_answers_stand_in_the_table_number_by_number():
    table = answers_table({"R4": Answer("not run", "Not run: no reason.")})
    assert table["quantity"].item() == "" and table["asked"].item() == QUESTIONS[3].asked
