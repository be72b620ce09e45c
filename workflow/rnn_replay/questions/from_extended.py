"""Answers that the extended run gives: R2, R3 and R5; R9 is in :mod:`rnn_replay.questions.facilitation`."""

from typing import Any

import numpy as np
import pandas as pd

from rnn_replay.claims.contrasts import Plan, exploration
from rnn_replay.claims.statistics import t_interval
from rnn_replay.questions.answer import (
    Answer,
    NotRun,
    Number,
    absolute,
    change,
    listed,
    overall,
    plain,
    word,
)
from rnn_replay.questions.pairs import Side, log_ratio, matching, paired
from rnn_replay.questions.tables import Tables

ARCHITECTURES = ("tanh", "gru")  # beginnings of the names of variants
SPEED = "compression"
DECODER = "template"
EDGES = {  # of friction, by the column of the table of boundaries
    "observed": "friction below which more than half of the replays diverge",
    "averaged": "the same as predicted by the map averaged over awake states",
    "local": "friction below which deviations grow at single awake states, as predicted",
}
STEPPED = {
    "constant": "error of the leak of the same time constant against the same leak per step, at another time step",
    "same time constant": "error of a leak of the same time constant against none, at another time step",
    "vanilla": "error of a leak of 1 against none, at another time step",
}
METRICS, NETWORKS = "tables/extended/metrics.csv", "tables/extended/networks.csv"
BOUNDARIES = "tables/extended/boundaries.csv"


def asked_of_architectures(environment: str, plan: Plan, leak: float, name: str) -> dict[tuple[str, str], tuple]:
    """What is compared in another architecture, by claim and the words that its contrast begins with.

    Returns:
        Sides, metric and what the claim expects.
    """
    variant, b, f = f"{name}_leak{leak:g}", plan.adaptation_strength, plan.friction

    def replay(strength: float, friction: float) -> Side:
        return Side(variant, "architectures", {"adaptation_strength": strength, "friction": friction})

    return {
        ("L2", "leakage against none"): ((Side(variant), Side(f"{name}_leak0")), "test_error", "less"),
        ("A1", "adaptation against none"): ((replay(b, 1.0), replay(0.0, 1.0)), exploration(environment), "greater"),
        ("A3", "adaptation against none"): ((replay(b, 1.0), replay(0.0, 1.0)), SPEED, "less"),
        ("M1", "momentum against none"): ((replay(0.0, f), replay(0.0, 1.0)), SPEED, "greater"),
        ("AM", "faster: both against adaptation"): ((replay(b, f), replay(b, 1.0)), SPEED, "greater"),
    }


def agreement(here: str, there: str | None) -> str:
    """Whether a word (`yes`: as the claim says) agrees with the verdict of the paper's network on the same claim."""
    verdict = {"supported": "yes", "contradicted": "no"}.get(there or "")
    if verdict is None or here == "cannot say":
        return "cannot say"
    return "yes" if here == verdict else "no"


def architectures(tables: Tables, claims: dict[str, Any], environments: list[str]) -> Answer:
    """R2: whether each primary claim comes out in other architectures as in the paper's network."""
    needed = ("networks", "further_networks", "further_metrics", "claims")
    networks, further_networks, further_metrics, claims_table = tables.need(*needed)
    primary = claims_table[claims_table["primary"].astype(bool)]
    heads = primary["contrast"].str.split(" (", regex=False).str[0]
    verdicts = dict(
        zip(zip(primary["claim"], heads, primary["environment"], strict=True), primary["verdict"], strict=True)
    )
    numbers = []
    for name in ARCHITECTURES:
        for environment in environments:
            plan = Plan.of(claims, environment)
            main = networks[(networks["environment"] == environment) & (networks["variant"] == plan.variant)]
            if main.empty or plan.adaptation_strength is None or plan.friction is None:
                continue
            asked = asked_of_architectures(environment, plan, float(main["leak"].iloc[0]), name)
            for (claim, head), (sides, metric, expects) in asked.items():
                pairs = paired(further_networks, further_metrics, environment, sides, metric, DECODER)
                found = log_ratio(pairs, claims["level"])
                if found:
                    said = agreement(word(found[0], expects), verdicts.get((claim, head, environment)))
                    source = NETWORKS if claim == "L2" else METRICS
                    quantity = f"{name}: {claim}, {head}"
                    numbers.append(Number.of(environment, quantity, "log ratio", *found, source, said))
    if not numbers:
        raise NotRun("no network of another architecture was trained and replayed")
    parts = []
    for name in ARCHITECTURES:
        mine = [number for number in numbers if number.quantity.startswith(f"{name}:")]
        if mine:
            counts = {said: sum(n.word == said for n in mine) for said in ("yes", "no", "cannot say")}
            speed = [change(n) for n in mine if ": M1" in n.quantity]
            parts.append(
                f"{name}: {counts['yes']} of {len(mine)} contrasts come out as in the ReLU network, {counts['no']} the "
                f"other way, {counts['cannot say']} undecided in one of the two "
                f"(momentum on speed: {listed(speed) or '–'})"
            )
    said = overall(number.word for number in numbers)
    first = {"yes": "Yes", "no": "No", "cannot say": "We cannot say"}.get(said, "In part")
    return Answer("R2", said, f"{first}: {'; '.join(parts)}.", tuple(numbers))


def low_friction(tables: Tables, claims: dict[str, Any], environments: list[str]) -> Answer:
    """R3: down to which friction replay holds, observed and predicted, and how fast it is below 0.5."""
    metrics, boundaries = tables.need("further_metrics", "boundaries")
    numbers, parts = [], []
    for environment in environments:
        keys = {"environment": environment, "variant": Plan.of(claims, environment).variant}
        edges = matching(boundaries, keys)
        if len(edges) < 2:
            continue
        of_kind = {}
        for kind, quantity in EDGES.items():
            found = t_interval(edges[f"boundary_{kind}"].to_numpy(), claims["level"])
            of_kind[kind] = Number.of(environment, quantity, "1", found, len(edges), BOUNDARIES)
        rows = matching(metrics, keys | {"sweep": "friction_range", "decoder": DECODER})
        if edges["boundary_observed"].any():
            words = f"{plain(of_kind['observed'])} is the friction below which most replays diverge"
        else:
            words = f"{environment}: no friction tried (down to {rows['friction'].min():g}) makes most replays diverge"
        predicted = plain(of_kind["averaged"]).removeprefix(environment).strip()
        words += f" (predicted from awake states {predicted})"
        numbers += of_kind.values()
        for friction in (0.5, 0.3):
            speeds = matching(rows, {"metric": SPEED, "friction": friction})["value"].dropna()
            if len(speeds) > 1:
                found = t_interval(speeds.to_numpy(), claims["level"])
                quantity = f"compression at friction {friction:g}"
                numbers.append(Number.of(environment, quantity, "1", found, len(speeds), METRICS))
                words += f", compression at {friction:g} {absolute(found)}"
        parts.append(words)
    if not numbers:
        raise NotRun("no sweep over the whole range of friction was run")
    return Answer("R3", "answered", f"{'; '.join(parts)}.", tuple(numbers))


def time_constant(tables: Tables, claims: dict[str, Any], environments: list[str]) -> Answer:
    """R5: whether a leak carries over to another time step as a time constant, and which leak the task chooses.

    If leakage is a time constant, the leak of the same time constant has the lower error at another time step; if it is
    a share lost per step, the same leak per step has.
    """
    networks, further_networks, metrics = tables.need("networks", "further_networks", "further_metrics")
    every = pd.concat([networks, further_networks], ignore_index=True)
    numbers = []
    for environment in environments:
        plan = Plan.of(claims, environment)
        main = networks[(networks["environment"] == environment) & (networks["variant"] == plan.variant)]
        if main.empty:
            continue
        residual = plan.leakage[0].format(leak="0", mask_hidden=int(main["mask_hidden"].iloc[0]))
        pairs = {
            "error of a learned leak against none": ("learned_leak_one", residual),
            "error of a learned leak against the fixed one": ("learned_leak_one", plan.variant),
            "error of a leak for each unit against one for all": ("learned_leak_per_unit", "learned_leak_one"),
        }
        for quantity, names in pairs.items():
            sides = tuple(Side(name) for name in names)
            found = log_ratio(paired(every, metrics, environment, sides, "test_error", DECODER), claims["level"])
            if found:
                numbers.append(Number.of(environment, quantity, "log ratio", *found, NETWORKS))
        rows = every[(every["environment"] == environment) & (every["variant"] == "learned_leak_one")]
        values = rows["learned_leak"].dropna().to_numpy() if "learned_leak" in rows else np.array([])
        if len(values) > 1:
            interval = t_interval(values, claims["level"])
            numbers.append(Number.of(environment, "learned leak", "1", interval, len(values), NETWORKS))
    if not numbers:
        raise NotRun("no network has learned its leak")
    steps = over_time_steps(every, metrics, claims["level"])
    numbers += steps
    leaks = [plain(number) for number in numbers if number.quantity == "learned leak"]
    fixed = [change(number) for number in numbers if number.quantity == "error of a learned leak against the fixed one"]
    units = [change(number) for number in numbers if number.quantity.startswith("error of a leak for each")]
    held = [number for number in steps if number.quantity == STEPPED["constant"]]
    gains = [change(number) for number in steps if number.quantity == STEPPED["same time constant"]]
    said = overall(number.word for number in held) if held else "cannot say"
    first = {"yes": "As far as errors tell", "no": "No", "cannot say": "We cannot say"}.get(said, "Not everywhere")
    if held:
        sentence = (
            f"{first}: at half and twice the time step the leak of the same time constant has an error of "
            f"{listed(map(change, held))} against the same leak per step, and of {listed(gains)} against none. "
        )
    else:
        sentence = f"{first}: networks at other time steps are not in these tables. "
    sentence += (
        f"Left to choose, the task sets one leak to {listed(leaks) or '–'}, with an error against the fixed leak of "
        f"{listed(fixed) or '–'}; a leak for each unit changes it by {listed(units) or '–'}."
    )
    return Answer("R5", said, sentence, tuple(numbers))


def over_time_steps(networks: pd.DataFrame, metrics: pd.DataFrame, level: float) -> list[Number]:
    """Errors on the tracks at other time steps: of the leak of the same time constant and of 1 against none, and of the
    former against the same leak per step.

    Leaks are read from the variants `time_step_leak*` of each environment: those between 0 and 1, of which the outer
    one (lowest at a fine step, highest at a coarse one) has the time constant of the paper's run, the other its leak
    per step.
    """
    numbers = []
    for environment in sorted(set(networks.loc[networks["variant"].str.startswith("time_step_leak"), "environment"])):
        mine = networks[(networks["environment"] == environment) & networks["variant"].str.startswith("time_step_leak")]
        between = sorted(set(mine.loc[(mine["leak"] > 0) & (mine["leak"] < 1), "leak"]))
        if not between:
            continue
        same, other = (between[0], between[-1]) if environment.endswith("fine") else (between[-1], between[0])
        compared = {"constant": (same, other), "same time constant": (same, 0.0), "vanilla": (1.0, 0.0)}
        for kind, (leak, against) in compared.items():
            if leak == against:
                continue
            sides = Side(f"time_step_leak{leak:g}"), Side(f"time_step_leak{against:g}")
            found = log_ratio(paired(networks, metrics, environment, sides, "test_error", DECODER), level)
            if found:
                said = word(found[0], "less") if kind == "constant" else ""
                numbers.append(Number.of(environment, STEPPED[kind], "log ratio", *found, NETWORKS, said))
    return numbers
