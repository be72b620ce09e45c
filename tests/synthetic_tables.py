"""Tables of networks and of metrics in which every claim of the paper is true."""

from io import StringIO

import numpy as np
import pandas as pd
from rnn_replay.claims.contrasts import CLAIMS, DECODERS, Claim
from rnn_replay.claims.table import claims_table
from rnn_replay.claims.verdicts import findings
from rnn_replay.claims.words import worded
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
    "drift_gain": 1.6667,
    "static_strength": 0.05,
    "constant_strength": 0.05,
    "convex": "convex_leak0.3",
    "small": "small_leak0",
    "margin_kept": 0.1,
    "margin_none": 0.02,
}
MAIN_MASK = {"triangle": 20, "tmaze": 10}
UNITS = {
    "progress_speed": "m/s",
    "progress_speed_awake": "m/s",
    "spread": "m",
    "wasserstein": "m",
    "reach_time": "s",
    "transitions": "1/s",
}
MEASURED = (
    *("entropy_per_distance", "occupancy_entropy", "spread", "regions_visited", "transitions"),
    *("progress_speed", "progress_speed_awake", "progress_compression", "compression", "track_compression"),
    *("reach_time", "wasserstein", "wasserstein_null", "wasserstein_floor", "trajectory_wasserstein"),
    *(f"trajectory_wasserstein_{yardstick}" for yardstick in ("shuffled", "null", "floor")),
    *("off_manifold", "off_track", "diverged"),
    *(f"memory_gain{kind}_{steps}" for kind in ("", "_given_adaptation", "_given_state") for steps in (1, 5, 15)),
)


def value(metric: str, adapted: bool, friction: float, leak: float, rng: np.random.Generator) -> float:
    """A metric for a world in which every claim of the paper is true, with noise that is small beside it."""
    if metric == "diverged":
        return 0.0
    if metric.startswith("memory_gain"):
        return (0.2 if adapted and "given" not in metric else 0.0) + rng.normal(0, 0.002)
    base = 1 + rng.normal(0, 0.02)
    if metric == "progress_speed_awake":
        return base
    if metric in ("progress_speed", "progress_compression", "compression", "track_compression"):
        return base * (0.8 if adapted else 1.0) / friction
    if metric == "reach_time":
        return base * (1.3 if adapted else 1.0) * friction
    if metric in ("off_manifold", "off_track"):
        return base * (1 if leak == 0.3 else 2)
    if "wasserstein" in metric:
        return base * (
            3 if "null" in metric or "shuffled" in metric else 0.1 if "floor" in metric else 1 if leak == 0.3 else 2
        )
    return base * (1.5 if adapted else 1.0)


def sweep(environment: str, variant: str, name: str, settings: list[dict], leak: float = 0.3) -> pd.DataFrame:
    """Rows of the table of metrics for one sweep of one variant."""
    rows = []
    plain = {"friction": 1.0, "adaptation_strength": 0.0, "adaptation_time": 100.0, "adaptation_form": "outside"}
    plain |= {"noise": 1.0, "noise_scaling": "fixed", "drift_gain": 1.0}
    for number, setting in enumerate(settings):
        setting = plain | setting
        # Twins do nothing of what they are twins of.
        adapted = setting["adaptation_strength"] > 0 and setting["adaptation_form"] not in ("static", "constant")
        for seed in SEEDS:
            rng = stream(seed, "test", environment, variant, name, str(number))
            where = {"environment": environment, "variant": variant, "sweep": name, "setting": number, "seed": seed}
            for metric in MEASURED:
                for decoder in DECODERS:
                    number_ = value(metric, adapted, setting["friction"], leak, rng)
                    what = {"decoder": decoder, "metric": metric, "unit": UNITS.get(metric, "1"), "value": number_}
                    rows.append(where | setting | what)
    return pd.DataFrame(rows)


def metrics_table() -> pd.DataFrame:
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
        frames.append(sweep(environment, variant, "noise", [{"noise": n} for n in (1.0, 2.0)]))
        steps = [
            {"drift_gain": 1.6667, "noise": n, "adaptation_strength": b} for n in (1.0, 1.6667) for b in (0.0, strength)
        ]
        frames.append(sweep(environment, variant, "larger_step", steps))
        undelayed = [{"adaptation_form": form, "adaptation_strength": 0.05} for form in ("static", "constant")]
        frames.append(sweep(environment, variant, "undelayed", undelayed))
        frames += [sweep(environment, name, "leakage", [{}], 1.0) for name in ("convex_leak0.3", "small_leak0")]
        scaled = [f | {"noise_scaling": "fluctuation_dissipation"} for f in frictions]
        frames.append(sweep(environment, variant, "fluctuation_dissipation", scaled))
    return pd.concat(frames, ignore_index=True)


def networks_table() -> pd.DataFrame:
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
            for twin in ("convex_leak0.3", "small_leak0"):
                keys = {"variant": twin, "leak": 0.3, "mask_hidden": main, "adaptation_strength": 0.0}
                rows.append(row | keys | {"test_error": 2.0, "test_position_error": 2.0})
    return pd.DataFrame(rows)


NO_CONTROLS = pd.DataFrame(columns=["environment", "decoder", "metric", "control", "passes"]).astype({"passes": bool})
TRAITS = {
    "triangle": {"shape": "loop", "place_cells": False},
    "tmaze": {"shape": "track", "place_cells": False},
    "rat": {"shape": "box", "place_cells": True},
    "head_direction": {"shape": "loop", "place_cells": False},
}
KINDS = {name: known | {"kind": name, "time_step": 0.1} for name, known in TRAITS.items()}
KINDS |= {f"triangle_{step}": KINDS["triangle"] | {"time_step": t} for step, t in (("fine", 0.05), ("coarse", 0.2))}
ENVIRONMENTS = ["triangle", "tmaze"]


def found_in(networks, metrics, environments=ENVIRONMENTS, values=VALUES, claims=CLAIMS) -> list:
    return findings(networks, metrics, {name: TRAITS[name] for name in environments}, values, NO_CONTROLS, claims)


def tabulated(found, further=(), demonstration=False) -> pd.DataFrame:
    return worded(claims_table([finding.cells for finding in found], list(further), VALUES["level"], demonstration))


def table_of(networks, metrics, claims=CLAIMS, environments=ENVIRONMENTS, values=VALUES) -> pd.DataFrame:
    return tabulated(found_in(networks, metrics, environments, values, claims))


def claim(id: str, contrast: str = "") -> tuple[Claim, ...]:
    return tuple(c for c in CLAIMS if c.id == id and contrast in c.contrast)


def through_a_file(table: pd.DataFrame) -> pd.DataFrame:
    """A table as questions read it, in which an empty text is NaN."""
    return pd.read_csv(StringIO(table.to_csv(index=False)), dtype={"unit": str})
