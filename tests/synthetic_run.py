"""A run that no job has made: environments, replays and tables that hold what figures read."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr
from rnn_replay import environments
from rnn_replay.artifacts.environments import to_dataset
from rnn_replay.claims.contrasts import FIDELITY, SPEED
from rnn_replay.figures.biology import SHOWN
from rnn_replay.figures.examples import Example
from rnn_replay.figures.panels import choices
from rnn_replay.measures.biology.published import PUBLISHED
from rnn_replay.readings.settings import CLAIMS as READ
from rnn_replay.readings.table import LOST
from rnn_replay.tables.calibration import EXPECTED, KNOWN, MEASURES
from synthetic_box import box
from synthetic_tables import TRAITS

STRENGTHS, FRICTIONS = (0.0, 0.1), (1.0, 0.8, 0.6)
LEAKS, MASKS = (0.0, 0.3, 1.0), (0, 10)
LEVEL = 0.95
CLAIMS = {
    "level": LEVEL,
    "variant": "leak0.3_mask10",
    "leakage": ["leak{leak}_mask{mask_hidden}"],
    "trained": "adapted0.1",
    "adaptation_strength": 0.1,
    "friction": 0.6,
    "noise": 2.0,
    "drift_gain": 1.6667,
    "margin_kept": 0.1,
    "margin_none": 0.02,
}
METRICS = [
    "progress_speed",
    "progress_speed_awake",
    "straightness",
    "progress_compression",
    "entropy_per_distance",
    "spread",
    "occupancy_entropy",
    "wasserstein",
    "wasserstein_null",
    "wasserstein_floor",
    "trajectory_wasserstein",
    "trajectory_wasserstein_null",
    "trajectory_wasserstein_floor",
    "diverged",
    "memory_gain_15",
    "memory_gain_given_adaptation_15",
]
BIOLOGY = ("displacement_exponent_rms", "share_momentum", "compression", "hover_share", "hover_share_null")


@dataclass(frozen=True)
class Synthetic:
    """What figures read of a run.

    Attributes:
        names: of environments.
        count: number of seeds.
        gone: frictions under which every replay diverged.
        iterations: of training.
    """

    names: tuple[str, ...] = ("triangle", "tmaze", "rat")
    count: int = 3
    gone: tuple[float, ...] = ()
    iterations: int = 200

    @property
    def seeds(self) -> range:
        return range(1, self.count + 1)

    @property
    def chosen(self) -> dict:
        """What figures show of each environment."""
        return choices(CLAIMS, {name: TRAITS[name] for name in self.names})

    @property
    def shown(self) -> dict[str, Example]:
        """Example paths of each environment."""
        return {
            name: Example(self.datasets[name], self.replays[name], chosen.settings, "readout")
            for name, chosen in self.chosen.items()
        }

    @cached_property
    def datasets(self) -> dict[str, xr.Dataset]:
        """Environments by name."""
        settings = {"steps": 40, "time_step": 0.1, "training_paths": 2, "test_paths": 20}
        found = {}
        for name in self.names:
            if name == "rat":
                found[name] = box()
                continue
            environment = environments.load(name, settings)
            pools = [environment.paths(20, np.random.default_rng(seed)) for seed in (0, 1)]
            found[name] = to_dataset(*pools, environment.map(), 0.1)
        return found

    @cached_property
    def replays(self) -> dict[str, xr.Dataset]:
        """Replays by environment: awake paths under every setting, the last of which has a diverged replay."""
        found = {}
        grid = [(b, f) for b in STRENGTHS for f in FRICTIONS]
        for name, environment in self.datasets.items():
            position = environment["test_position"].values[:12]
            diverged = np.array([[f in self.gone] * 12 for _, f in grid], dtype=np.int8)
            diverged[-1, 0] = 1
            data = {
                "decoder": ["template", "readout"],
                "position": (
                    ("decoder", "setting", "replay", "time", "space"),
                    np.broadcast_to(position, (2, len(grid), *position.shape)),
                ),
                "awake_position": (
                    ("decoder", "path", "awake_time", "space"),
                    np.broadcast_to(environment["test_position"].values, (2, 20, 41, 2)),
                ),
                "diverged": (("setting", "replay"), diverged),
                "start_path": ("replay", np.repeat(np.arange(6), 2)),
                "start_time": ("replay", np.full(12, 3)),
                "adaptation_strength": ("setting", [b for b, _ in grid]),
                "friction": ("setting", [f for _, f in grid]),
            }
            found[name] = xr.Dataset(data, attrs={"sweep": "grafted"})
        return found

    @cached_property
    def momentum_metrics(self) -> xr.Dataset:
        """Times of a sweep over friction: replay i arrives after i steps, and the last never."""
        time = np.broadcast_to(0.1 * np.arange(1, 21), (self.count, 2, len(FRICTIONS), 20)).copy()
        reached = np.ones_like(time)
        reached[..., -1] = 0
        dims = ("seed", "decoder", "setting", "replay")
        data = {"reach_time": (dims, time), "reached": (dims, reached)}
        data |= {"crossing_time": (dims, time), "crossed": (dims, reached)}
        kept = xr.DataArray([f not in self.gone for f in FRICTIONS], dims="setting")
        found = xr.Dataset(data | {"decoder": ["template", "readout"]}).where(kept)
        return found.assign(friction=("setting", list(FRICTIONS)))

    @cached_property
    def grafted_metrics(self) -> xr.Dataset:
        """The same for a sweep over adaptation strength, with and without momentum."""
        settings = {"adaptation_strength": [0.0, 0.1, 0.1], "friction": [1.0, 1.0, 0.6]}
        found = Synthetic(self.names, self.count).momentum_metrics
        return found.assign({name: ("setting", values) for name, values in settings.items()})

    @cached_property
    def calibrated(self) -> pd.DataFrame:
        """A table of calibration; there is no measure along the track in the box."""
        rows = [
            (name, seed, decoder, change, measure, expected, expected + 0.01 * seed)
            for name in self.names
            for seed in self.seeds
            for decoder in ("template", "readout")
            for change, expected in EXPECTED.items()
            for measure in MEASURES
            if (name, measure) != ("rat", "track_compression")
        ]
        rows += [
            (name, seed, "bins", change, measure, expected, expected * (1 + 0.01 * seed))
            for name in self.names
            for seed in self.seeds
            for change, expected in KNOWN.items()
            for measure in (["reach_hazard"] if change.startswith("hazard") else MEASURES)
        ]
        columns = ["environment", "seed", "decoder", "change", "measure", "expected", "ratio"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def widths(self) -> pd.DataFrame:
        """Width of intervals by number of seeds: none of one seed; where all diverges M1 has no value, and A2 has 0."""
        contrasts = [("L2", "leakage against none", "ratio"), ("A1", "adaptation against none", "difference")]
        contrasts += [("AM", f"{kind}: both against adaptation", "difference") for kind in ("faster", "kept")]
        contrasts += [(claim, "momentum against none", "difference") for claim in ("A2", "M1")]
        width = {"M1": float("nan"), "A2": 0.0} if 1.0 in self.gone else {}
        rows = [
            (claim, name, contrast, "compression", "1", scale, count, width.get(claim, 3 / count), count > self.count)
            for claim, contrast, scale in contrasts
            for name in self.names
            for count in (2, 3, 12, 16)
            if self.count > 1
        ]
        return pd.DataFrame(
            rows, columns=["claim", "environment", "contrast", "metric", "unit", "scale", "seeds", "width", "foretold"]
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """A tidy table of metrics with every sweep that figures show."""
        main = CLAIMS["variant"]
        settings = [(main, "momentum", 0.0, f) for f in FRICTIONS]
        twins = [(main, "larger_step", 0.0, 1.0, 1.6667, noise) for noise in (1.0, 1.6667)]
        twins.append((main, "noise", 0.0, 1.0, 1.0, 2.0))
        settings += [(main, "grafted", b, f) for b in STRENGTHS for f in FRICTIONS]
        trained = ((main, 0.0), ("adapted0.1", 0.1), ("static0.1", 0.1))  # the last is a twin, of another form
        settings += [(variant, "trained", b, f) for variant, b in trained for f in FRICTIONS]
        settings += [(f"leak{leak:g}_mask{mask}", "leakage", 0.0, 1.0) for leak in LEAKS for mask in MASKS]
        columns = ["variant", "sweep", "adaptation_strength", "friction"]
        frame = pd.DataFrame(settings, columns=columns).assign(drift_gain=1.0, noise=1.0)
        frame = pd.concat([frame, pd.DataFrame(twins, columns=[*columns, "drift_gain", "noise"])], ignore_index=True)
        frame["adaptation_form"] = np.where(frame["variant"] == "static0.1", "static", "outside")
        for key, values in (("environment", self.names), ("seed", self.seeds), ("decoder", ("template", "readout"))):
            frame = frame.merge(pd.DataFrame({key: values}), how="cross")
        frame = frame.merge(pd.DataFrame({"metric": METRICS, "unit": "1"}), how="cross")
        value = 0.5 + np.random.default_rng(0).random(len(frame)) / frame["friction"]
        return frame.assign(value=value.where(~frame["friction"].isin(self.gone)))

    @cached_property
    def networks(self) -> pd.DataFrame:
        """A tidy table of networks that differ in leak and mask, and one that bears another name."""
        rows = [
            (e, f"leak{k:g}_mask{m}", k, m, s) for e in self.names for k in LEAKS for m in MASKS for s in self.seeds
        ]
        rows += [(self.names[0], "other", 0.3, 10, s) for s in self.seeds]
        frame = pd.DataFrame(rows, columns=["environment", "variant", "leak", "mask_hidden", "seed"])
        return frame.assign(test_error=0.01 * (1 + frame["mask_hidden"] + frame["seed"]))

    @cached_property
    def curves(self) -> xr.Dataset:
        """Training loss of these networks."""
        keys = ["environment", "variant", "seed"]
        last = self.networks.drop_duplicates(keys).set_index(keys)["test_error"].to_xarray()
        falling = np.exp(-np.linspace(0, 3, self.iterations))
        return (falling * last.expand_dims(iteration=self.iterations, axis=-1)).to_dataset(name="loss")

    @cached_property
    def biology(self) -> pd.DataFrame:
        """Tidy rows of every measure of biology under every condition."""
        found = [
            (name, "none" if condition == "behaviour" else "readout", condition, seed, metric)
            for name in self.names
            for condition in SHOWN
            for seed in self.seeds
            for metric in BIOLOGY
            if metric != "compression" or condition not in ("behaviour", "awake")
        ]
        frame = pd.DataFrame(found, columns=["environment", "decoder", "condition", "seed", "metric"])
        value = np.random.default_rng(0).uniform(0.3, 0.9, len(frame))
        lost = frame["condition"].isin(["momentum", "both"]) & (CLAIMS["friction"] in self.gone)
        return frame.assign(value=np.where(lost, np.nan, value))

    @cached_property
    def held(self) -> pd.DataFrame:
        """Replay beside what was published, of an open field, a W-track and a loop."""
        known = {
            "tanni": {"kind": "recorded", "shape": "box", "place_cells": True},
            "wtrack": {"kind": "wtrack", "shape": "track", "place_cells": False},
            "triangle": {"kind": "triangle", "shape": "loop", "place_cells": False},
        }
        rows = []
        for name, what in known.items():
            for p in PUBLISHED:
                for place, condition in enumerate(SHOWN):
                    value = 0.4 + 0.05 * place
                    rows.append(
                        {"environment": name, "decoder": "none" if condition == "behaviour" else "readout"}
                        | {"condition": condition, "metric": p.metric, "where": p.where, "fair": p.judged(what)[0]}
                        | {"published_low": p.low, "published_high": p.high, "shuffled": 0.05, "diffusion": 0.45}
                        | {"estimate": value, "low": value - 0.05, "high": value + 0.05}
                    )
        return pd.DataFrame(rows)

    @cached_property
    def settings(self) -> pd.DataFrame:
        """A table of settings over adaptation and friction, of which some lie on the front."""
        kept = [f for f in FRICTIONS if f not in self.gone]
        found = [
            (name, decoder, b, f, objective, b + 1 / f, (b, f) == (0.1, min(kept)), f == min(kept))
            for name in self.names
            for decoder in ("template", "readout")
            for b in (0.0, 0.1)
            for f in kept
            for objective in (SPEED, "spread" if name == "triangle" else "occupancy_entropy", FIDELITY)
        ]
        columns = ["environment", "decoder", "adaptation_strength", "friction", "objective", "estimate"]
        return pd.DataFrame(found, columns=[*columns, "picked", "on_front"])

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Shares of readings by verdict; where momentum diverges none is kept."""
        rows = [
            (claim, name, 0.6, 0.3, 0.1, float(bool(self.gone) and claim == "M1"), 0.01, 4000)
            for claim in READ
            for name in self.names
        ]
        columns = ["claim", "environment", "supported", "undecided", "contradicted", "off_manifold", "p", "readings"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def readings(self) -> pd.DataFrame:
        """Readings of one claim over two axes, some of them off the manifold, and one that has a name."""
        frames = []
        for name in self.names:
            rank = np.arange(60)
            lost = rank >= (0 if 1.0 in self.gone else 50)
            effect = np.linspace(-0.2, 0.5, 60)
            verdict = np.where(effect > 0.1, "supported", np.where(effect < -0.1, "contradicted", "undecided"))
            frame = pd.DataFrame({"rank": rank.astype(float), "effect": effect, "anchor": ""})
            frame["verdict"] = np.where(lost, LOST, verdict)
            half = np.full(60, 0.1 if self.count > 1 else np.nan)
            frame = frame.assign(low=effect - half, high=effect + half, null_low=-half, null_high=half)
            frame["friction"] = [str(f) for f in np.resize([0.9, 0.8, 0.6], 60)]
            frame["form"] = np.resize(["outside", "inside"], 60)
            named = frame.iloc[[30]].assign(rank=np.nan, anchor="ours")
            frames.append(pd.concat([frame, named]).assign(environment=name, claim="M1"))
        return pd.concat(frames, ignore_index=True)
