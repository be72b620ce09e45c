"""Conditions that questions are answered in: awake, baseline, adaptation, momentum and both, on one network each."""

from typing import Any

import pandas as pd

from rnn_replay.claims.plan import Plan
from rnn_replay.tables.selection import select

GRAFTED = ("baseline", "adaptation", "momentum", "both")
TRAINED = ("adaptation, trained", "both, trained")
PHASES = ("behaviour", "awake")


def settings(claims: dict[str, Any], environment: str) -> dict[str, dict[str, Any]]:
    """Variant, sweep, adaptation strength and friction of each condition of replay, from the section `claims`.

    Conditions of which the section lacks a value for the environment are left out.
    """
    plan = Plan.of(claims, environment)
    strengths = {"baseline": 0.0, "adaptation": plan.adaptation_strength, "momentum": 0.0}
    strengths |= {"both": plan.adaptation_strength}
    found = {}
    for name in (*GRAFTED, *TRAINED):
        trained = name.endswith("trained")
        momentum = name.startswith(("momentum", "both"))
        keys = {
            "variant": plan.trained if trained else plan.variant,
            "sweep": "trained" if trained else "grafted",
            "friction": plan.friction if momentum else 1.0,
        }
        if not trained:
            keys["adaptation_strength"] = strengths[name]
        if None not in keys.values():
            found[name] = keys
    return found


def by_condition(table: pd.DataFrame, claims: dict[str, Any], environments: list[str]) -> pd.DataFrame:
    """Rows of a tidy table under the conditions, with the column `condition`.

    Args:
        table: of metrics, or of biology, whose awake and true paths are conditions too.
        claims: section of the configuration.
        environments: names, in order.
    """
    frames = [table[:0].assign(condition="")]
    for environment in environments:
        rows = select(table, environment=environment)
        if "phase" in rows:
            main = select(rows, variant=Plan.of(claims, environment).variant, sweep="grafted")
            frames += [select(main, phase=phase).assign(condition=phase) for phase in PHASES]
            rows = select(rows, phase="replay")
        for name, keys in settings(claims, environment).items():
            frames.append(select(rows, **keys).assign(condition=name))
    return pd.concat(frames, ignore_index=True)
