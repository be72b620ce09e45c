"""Answers to what the paper left open, on tables whose answers are known."""

import numpy as np
import pandas as pd
import pytest
import synthetic_tables as synthetic
from rnn_replay.claims.statistics import Interval
from rnn_replay.questions.answer import ASKED, Answer, NotRun, answers_markdown, answers_table, overall, word
from rnn_replay.questions.answers import answered, answers_dataset, answers_page
from rnn_replay.questions.balance import folds, front_table, on_front, pick, rule_table, scores, shortfall
from rnn_replay.questions.biology import biology_comparison, limits, predecessor_comparison, wide
from rnn_replay.questions.facilitation import disguised
from rnn_replay.questions.from_paper import balance, how_many_seeds, without_masking
from rnn_replay.questions.pairs import Side, by_seed, log_ratio, paired
from rnn_replay.questions.tables import Tables
from rnn_replay.questions.unmasked import gains_along_path, gains_by_mask, unmasked_table, unpredictability
from rnn_replay.seeds import stream

SEEDS = range(1, 9)


def test_a_planted_front_is_found():
    points = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0.6, 0.6], [0.5, 0.5, 0.5], [0.6, 0.6, 0.6]])
    assert list(on_front(points)) == [True, True, True, True, False, True]
    assert pick(points) == 3
    assert shortfall(points)[4] == pytest.approx(np.sqrt(3) * 0.5)
    assert pick(np.array([[1.0, 2, 5], [1, 2, 5]])) == 0, "objectives that do not vary are no trouble"


def balanced(best: tuple[float, float] | None, noise: float) -> pd.DataFrame:
    """A table of metrics in which one setting of adaptation and friction is best in all, or none is."""
    rows = []
    for b in (0.0, 0.1, 0.2):
        for f in (1.0, 0.8, 0.6):
            for seed in SEEDS:
                rng = stream(seed, "test", "balance", f"{b}", f"{f}")
                gain = 1.0 if (b, f) == best else 0.0
                values = {
                    "compression": 1 + gain,
                    "occupancy_entropy": 0.5 + 0.2 * gain,
                    "wasserstein": 0.3 - 0.1 * gain,
                }
                values = {name: v + noise * rng.standard_normal() for name, v in values.items()} | {"diverged": 0.0}
                head = {
                    "environment": "rat",
                    "variant": "v",
                    "sweep": "grafted",
                    "adaptation_strength": b,
                    "friction": f,
                }
                head |= {"seed": seed, "decoder": "template"}
                rows += [head | {"metric": name, "value": value} for name, value in values.items()]
    return pd.DataFrame(rows)


def test_the_rule_picks_what_is_best_and_is_worth_it_on_unseen_seeds():
    found = scores(balanced((0.1, 0.8), 0.02), "rat", "v", ["grafted"], "template")
    table = front_table(found, 0.95)
    picked = table[table["picked"]]
    assert set(picked["adaptation_strength"]) == {0.1} and set(picked["friction"]) == {0.8}
    assert picked["on_front"].all() and (picked["on_front_share"] == 1).all()
    rule = rule_table(found, 0.95).set_index(["folds", "quantity"])
    assert rule.loc[("each", "nearer than baseline"), "low"] > 0.5
    assert rule.loc[("each", "farther than best"), "estimate"] == 0
    assert rule.loc[("each", "compression less baseline"), "estimate"] == pytest.approx(1, abs=0.05)
    assert rule.loc[("halves", "nearer than random"), "seeds"] == 4


def test_no_seed_is_tried_on_what_was_picked_on_it():
    for parts in folds(8).values():
        assert all(not set(seen) & set(unseen) for seen, unseen in parts)


def test_where_nothing_is_better_the_rule_gains_nothing_on_unseen_seeds():
    """False positives: of 40 tables of noise at most 5 are decided. The seeds it was picked on would flatter it."""
    decided = flattered = 0
    for repetition in range(40):
        table = balanced(None, 0.0)
        noise = stream(repetition, "test", "noise").standard_normal(len(table))
        table["value"] += np.where(table["metric"] == "diverged", 0, noise)
        found = scores(table, "rat", "v", ["grafted"], "template")
        rule = rule_table(found, 0.95).set_index(["folds", "quantity"])
        row = rule.loc[("each", "nearer than random")]
        decided += row["low"] > 0 or row["high"] < 0
        chosen = pick(found.oriented.mean(1))
        seen = [shortfall(found.oriented[:, s]).mean() - shortfall(found.oriented[:, s])[chosen] for s in range(8)]
        flattered += np.mean(seen) > 0
    assert decided <= 5
    assert flattered >= 36


def test_settings_that_diverge_or_lack_a_seed_are_no_choice():
    table = balanced((0.1, 0.8), 0.02)
    lost = (table["adaptation_strength"] == 0.1) & (table["friction"] == 0.8) & (table["metric"] == "diverged")
    table.loc[lost, "value"] = 0.5
    missing = (table["adaptation_strength"] == 0.2) & (table["seed"] == 3) & (table["metric"] == "wasserstein")
    found = scores(table[~missing], "rat", "v", ["grafted"], "template").settings
    assert len(found) == 5 and not ((found["adaptation_strength"] == 0.1) & (found["friction"] == 0.8)).any()
    with pytest.raises(ValueError, match="rat/v has no setting"):
        scores(table, "rat", "v", ["momentum"], "template")


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
    gains = gains_by_mask(networks, lambda leak, mask: f"leak{leak:g}_mask{mask}", 0.3)
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
    answer = without_masking(unmasked(-0.5, np.random.default_rng(1)))
    assert answer.word == "yes" and ("triangle −4" in answer.sentence or "triangle −3" in answer.sentence)
    assert without_masking(unmasked(0.5, np.random.default_rng(1))).word == "no"
    with pytest.raises(NotRun, match="trained without mask"):
        without_masking(unmasked(0.5, np.random.default_rng(1))[:0])


def test_answers_hold_their_level_where_nothing_is_true():
    """False positives: of 300 environments without an effect at most 24 are answered yes or no."""
    rng = np.random.default_rng(2)
    words = [n.word for _ in range(150) for n in without_masking(unmasked(0.0, rng)).numbers if n.word]
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


def test_pairs_take_the_seeds_that_both_have_and_refuse_an_ambiguous_side():
    metrics = synthetic.metrics_table()
    sides = tuple(Side("leak0.3_mask20", "momentum", {"friction": f}) for f in (0.6, 1.0))
    interval, seeds = log_ratio(paired(metrics[:0], metrics, "triangle", sides, "compression", "template"), 0.95)
    assert seeds == 8 and interval.estimate == pytest.approx(np.log(1 / 0.6), abs=0.05)
    some = metrics[(metrics["seed"] <= 4) | (metrics["friction"] == 1)]
    assert log_ratio(paired(metrics[:0], some, "triangle", sides, "compression", "template"), 0.95)[1] == 4
    with pytest.raises(ValueError, match="several settings"):
        by_seed(metrics[:0], metrics, "triangle", Side("leak0.3_mask20", "momentum"), "compression", "template")


def test_seeds_needed_come_from_widths():
    table = synthetic.table_of(synthetic.networks_table(), synthetic.metrics_table())
    rows = table[table["primary"] & (table["claim"] == "M1")]
    keys = rows[["claim", "environment", "contrast", "metric"]]
    seeds = pd.concat([keys.assign(seeds=n, width=w, foretold=False) for n, w in ((2, 9.0), (5, 0.1), (8, 0.05))])
    answer = how_many_seeds(table[table["claim"] == "M1"], seeds, 0.1)
    assert {n.estimate for n in answer.numbers if n.quantity.startswith("seeds needed for")} == {5}
    assert "2 of 2 primary rows are decided" in answer.sentence


def test_an_empty_run_answers_nothing_and_says_why():
    found = answered(Tables(), synthetic.VALUES, ["triangle"], demonstration=False)
    assert [answer.question for answer in found] == list(ASKED)
    assert {answer.word for answer in found} == {"not run"}
    table = answers_table(found)
    assert len(table) == len(ASKED) and table["sentence"].str.startswith("Not run: this run has no table").all()
    assert answers_markdown(table).count("\n") == len(ASKED) + 1
    assert answers_dataset(table).sizes["row"] == len(ASKED)
    assert answers_page(table).count("<tr>") == 1 + len(ASKED) + 1


def test_a_demonstration_gives_no_words():
    tables = Tables(unmasked=unmasked(-0.5, np.random.default_rng(1)))
    found = {answer.question: answer for answer in answered(tables, synthetic.VALUES, ["triangle"], demonstration=True)}
    assert found["R4"].word == "demo" and not any(number.word for number in found["R4"].numbers)


def test_balance_names_what_is_picked_by_each_decoder():
    table = balanced((0.1, 0.8), 0.02)
    rules = [
        rule_table(scores(table, "rat", "v", ["grafted"], "template"), 0.95).assign(environment="rat", decoder=decoder)
        for decoder in ("template", "readout")
    ]
    answer = balance(pd.concat(rules))
    assert answer.word == "yes" and "rat b_a 0.1 λ_v 0.8 by template or b_a 0.1 λ_v 0.8 by readout" in answer.sentence


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
    names = ["displacement_exponent_rms", "share_momentum", "recovered_momentum", "hover_share", "hover_share_null"]
    biology = measured([*names, "kl_divergence"], {"share_momentum": 0.8, "hover_share_null": 0.2})
    metrics = measured(["compression", "wasserstein"], {}).drop(columns="phase")
    metrics = metrics[metrics["friction"].notna()]
    held = biology_comparison(biology, metrics, CLAIMS, ["rat"])
    assert set(held["condition"]) == {"awake", "baseline", "momentum"}
    exponents = held[(held["metric"] == "displacement_exponent_rms") & (held["condition"] == "baseline")]
    assert len(exponents) == 3 and (exponents["estimate"] == exponents["estimate"].iloc[0]).all()
    assert held.loc[held["metric"] == "share_momentum", "recovered"].to_numpy() == pytest.approx(1.045)
    assert held.loc[held["metric"] == "hover_share", "null"].to_numpy() == pytest.approx(0.245)
    assert set(held["fair"]) <= {"yes", "partly", "no"} and held["why"].str.len().min() > 20
    theirs = predecessor_comparison(biology, metrics, CLAIMS, ["rat"])
    assert set(theirs["paper"]) == {"predecessor", "this"}
    assert list(wide(theirs, ["kl_divergence", "wasserstein"]).columns[-2:]) == ["kl_divergence", "wasserstein"]


def test_limits_of_recovery_in_words():
    rows = [(150, 0.1, 0.0, "momentum", p, "momentum", share, 50) for p, share in ((0.4, 0.5), (0.8, 0.9))]
    rows += [(150, 0.1, 0.0, name, 0.0, name, 0.97, 50) for name in ("diffusion", "stationary")]
    columns = ["increments", "noise_share", "lattice", "planted", "persistence", "found", "share", "paths"]
    assert "150 increments, noise 0.1: 0.8" in limits(pd.DataFrame(rows, columns=columns))


def test_answers_stand_in_the_table_number_by_number():
    table = answers_table([Answer("R4", "not run", "Not run: no reason.")])
    assert table["quantity"].item() == "–" and table["asked"].item() == ASKED["R4"]
