"""Answers of the extended run, on tables whose answers are known."""

import numpy as np
import pandas as pd
import pytest
import synthetic_tables as synthetic
from rnn_replay.claims.contrasts import SPEED
from rnn_replay.questions.answer import NotRun, Run, having
from rnn_replay.questions.r2_architectures import architectures
from rnn_replay.questions.r3_low_friction import low_friction
from rnn_replay.questions.r5_time_constant import time_constant
from rnn_replay.questions.r9_facilitation import facilitation
from rnn_replay.questions.register import QUESTIONS, answered
from rnn_replay.seeds import stream
from synthetic_tables import KINDS, MAIN_MASK, VALUES, sweep

RUN = Run(VALUES, KINDS)
STRENGTHS = (0.0, 0.5, 2.0)


def networks(learned: float = 0.4) -> pd.DataFrame:
    """Networks of other architectures, as good as the paper's, and with learned leaks."""
    rows = []
    for environment, mask in MAIN_MASK.items():
        names = {f"{kind}_leak{leak:g}": 4.0 if leak == 0 else 1.0 for kind in ("tanh", "gru") for leak in (0.0, 0.3)}
        for name, error in (names | {"learned_leak_one": 0.9, "learned_leak_per_unit": 0.8}).items():
            for seed in range(1, 5):
                noise = np.exp(stream(seed, "test", environment, name).normal(0, 0.01))
                row = {"environment": environment, "variant": name, "leak": 0.3, "mask_hidden": mask, "seed": seed}
                leak = learned + 0.01 * seed if name.startswith("learned") else np.nan
                rows.append(row | {"test_error": error * noise, "learned_leak": leak})
    return pd.DataFrame(rows)


def metrics(facilitated: float = 1.0) -> pd.DataFrame:
    """Replays of other architectures, over all of friction, and with facilitation that speeds up by a factor."""
    frames = []
    settings = [{"adaptation_strength": b, "friction": f} for b in (0.0, 0.05, 0.1) for f in (1.0, 0.6)]
    for environment, variant in VALUES["variant"].items():
        frames += [sweep(environment, f"{kind}_leak0.3", "architectures", settings) for kind in ("tanh", "gru")]
        low = sweep(environment, variant, "friction_range", [{"friction": f} for f in (1.0, 0.5, 0.3, 0.1)])
        lost = (low["metric"] == "diverged") & (low["friction"] < 0.2)
        frames.append(low.assign(value=np.where(lost, 1.0, low["value"])))
        for number, strength in enumerate(STRENGTHS):
            rows = sweep(environment, variant, "facilitation", [{}]).assign(
                facilitation_strength=strength, setting=number
            )
            speeds = (rows["metric"] == SPEED) & (strength > 0)
            frames.append(rows.assign(value=np.where(speeds, facilitated * rows["value"], rows["value"])))
    table = pd.concat(frames, ignore_index=True)
    return table[table["seed"] <= 4]


@pytest.fixture(scope="module")
def paper():
    """The paper's tables of networks, metrics and claims, in which every claim is true."""
    found = synthetic.networks_table(), synthetic.metrics_table()
    return *found, synthetic.table_of(*found)


def asked(answer, paper, further_networks, further_metrics):
    """An answer from the paper's tables and further ones."""
    tables = dict(zip(("networks", "metrics", "claims"), paper, strict=True))
    tables |= {"further_networks": further_networks, "further_metrics": further_metrics}
    (question,) = (question for question in QUESTIONS if question.answer is answer)
    return answer(RUN, *(tables[name] for name in question.needs))


def boundaries(observed: float = 0.1) -> pd.DataFrame:
    """Boundaries of friction on four seeds: observed, and predicted near it."""
    rows = [
        (environment, variant, seed, 0.6, 0.25 + 0.01 * seed, observed)
        for environment, variant in VALUES["variant"].items()
        for seed in range(1, 5)
    ]
    kinds = [f"boundary_{kind}" for kind in ("local", "averaged", "observed")]
    return pd.DataFrame(rows, columns=["environment", "variant", "seed", *kinds])


def test_architectures_that_do_the_same_hold_the_conclusions(paper):
    answer = asked(architectures, paper, networks(), metrics())
    assert {number.word for number in answer.numbers} == {"yes"} and answer.word == "yes"
    assert len(answer.numbers) == 2 * 2 * 5
    assert {number.seeds for number in answer.numbers} == {4}
    assert "tanh: 10 of 10 contrasts come out as in the ReLU network" in answer.sentence


def test_contrasts_without_a_value_are_counted(paper):
    table = metrics()
    still = (table["sweep"] == "architectures") & (table["friction"] < 1) & table["variant"].str.startswith("tanh")
    table["value"] = table["value"].mask(still & (table["metric"] == SPEED), 0)  # whose logarithm there is not
    answer = asked(architectures, paper, networks(), table)
    assert "tanh: 6 of 6 contrasts" in answer.sentence and "undecided in one of the two, 4 without" in answer.sentence
    assert answer.sentence.count("without a value") == 1


def test_an_architecture_without_an_effect_is_seldom_said_to_agree_or_not(paper):
    """False positives: speed that nothing changes, 40 times: at most 18 of 160 contrasts are decided."""
    decided = total = 0
    table = metrics()
    table = table[(table["sweep"] == "architectures") & (table["decoder"] == "template")]
    table = table[table["metric"].isin([SPEED, "spread", "occupancy_entropy"])]
    for repetition in range(40):
        noise = stream(repetition, "test", "flat").normal(1, 0.05, len(table))
        answer = asked(architectures, paper, networks(), table.assign(value=noise))
        words = [n.word for n in answer.numbers if n.condition == "tanh" and n.claim in ("M1", "AM")]
        decided, total = decided + sum(said != "cannot say" for said in words), total + len(words)
    assert total == 160 and 1 <= decided <= 18


def test_friction_at_which_replay_is_lost():
    answer = low_friction(RUN, metrics(), boundaries())
    lost = [number for number in answer.numbers if "of the replays diverge" in number.quantity]
    assert [(n.estimate, n.low, n.high) for n in lost] == [(0.1, 0.1, 0.1)] * 2
    predicted = [number.estimate for number in having(answer.numbers, condition="averaged")]
    assert predicted == pytest.approx([0.275, 0.275])
    assert "predicted from awake states 0.28 [0.25, 0.30]" in answer.sentence
    assert "speed at 0.3" in answer.sentence and answer.word == "answered"
    assert "no friction tried (down to 0.1)" in low_friction(RUN, metrics(), boundaries(observed=0.0)).sentence


def test_leak_that_the_task_chooses(paper):
    answer = asked(time_constant, paper, networks(), metrics())
    leaks = [number.estimate for number in having(answer.numbers, quantity="learned leak")]
    assert leaks == pytest.approx([0.425, 0.425])
    assert answer.word == "cannot say" and "other time steps are not in these tables" in answer.sentence
    answer = asked(time_constant, paper, stepped("triangle_fine", 0.15, 0.3), metrics())
    # Here the error falls with the leak, so that the leak per step, which is the larger one, carries over.
    assert answer.word == "no" and "triangle_fine +9 % [+9, +9] against the same leak per step" in answer.sentence
    assert "of triangle_fine −7 % [−7, −7] against none" in answer.sentence
    assert asked(time_constant, paper, stepped("triangle_coarse", 0.3, 0.6), metrics()).word == "yes"


def stepped(environment: str, *leaks: float) -> pd.DataFrame:
    """Networks at another time step, under names that tell nothing; the error falls with the leak."""
    rows = [(environment, f"net{k:g}", k, 40, s, 2.0 - k) for k in (0.0, *leaks, 1.0) for s in (1, 2, 3)]
    keys = ["environment", "variant", "leak", "mask_hidden", "seed", "test_error"]
    return pd.concat([networks(), pd.DataFrame(rows, columns=keys)])


@pytest.mark.parametrize(("factor", "said"), [(1.0, "no"), (1.3, "no"), (1.0 / 0.5, "yes")])
def test_facilitation_is_momentum_only_if_it_is_as_fast(paper, factor, said):
    assert asked(facilitation, paper, networks(), metrics(factor)).word == said


def test_facilitation_stands_beside_momentum_in_speed_exploration_and_memory(paper):
    """Memory in the synthetic replays of momentum is planted: 0.2 more than without, whatever its sign; none else."""
    rows, table = metrics(), paper[1]
    memory = (table["sweep"] == "grafted") & (table["metric"] == "memory_gain_15")
    planted = table.assign(value=table["value"] - memory + 0.2 * (memory & (table["friction"] < 1)))
    answer = asked(facilitation, (paper[0], planted, paper[2]), networks(), rows)
    for environment in VALUES["variant"]:
        about = {"environment": environment, "metric": "memory_gain_15"}
        ((momentum,), (other,)) = (
            having(answer.numbers, **about, condition=kind) for kind in ("momentum", "facilitation")
        )
        assert momentum.low < 0.2 < momentum.high and momentum.unit == "1" and momentum.word == ""
        assert other.estimate == 0 and other.setting == '{"facilitation_strength": 0.5}'
    assert answer.sentence.count("memory gain") == 2 * len(VALUES["variant"])


def test_facilitation_that_replay_does_not_survive_is_left_out(paper):
    rows = metrics(2.0)
    lost = (rows["sweep"] == "facilitation") & (rows["metric"] == "diverged") & (rows["facilitation_strength"] > 0)
    answer = asked(facilitation, paper, networks(), rows.assign(value=rows["value"].mask(lost, 0.5)))
    assert answer.word == "cannot say" and "replays diverge at every strength tried" in answer.sentence


def test_what_was_not_run_says_so(paper):
    with pytest.raises(NotRun, match="another architecture"):
        asked(architectures, paper, networks()[:0], metrics()[:0])
    with pytest.raises(NotRun, match="no replay had facilitation"):
        asked(facilitation, paper, networks(), metrics().drop(columns="facilitation_strength"))
    with pytest.raises(NotRun, match="whole range"):
        low_friction(RUN, metrics(), boundaries()[:0])
    tables = dict(zip(("networks", "metrics", "claims"), paper, strict=True))
    words = {question: answer.word for question, answer in answered(tables, RUN, False).items()}
    assert {words[question] for question in ("R2", "R3", "R5", "R9")} == {"not run"}
