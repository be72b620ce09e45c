"""R6: how adaptation and momentum are to be balanced. A front of settings, and a rule that picks one, tried on seeds
that it has not seen.

Three things are wanted of a replay at once: speed, exploration and fidelity. On the front lie the settings that no
other beats in all three. The rule takes, of the settings on the front, the one nearest to the ideal point, the best of
each over all settings, with each scaled to its range over the settings (the method of the ideal point: Yu 1973,
Management Science 19; Zeleny 1973). It has no parameter to tune; that all three weigh alike is our choice.
"""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rnn_replay.claims.contrasts import DECODERS, FIDELITY, SPEED, exploration
from rnn_replay.claims.plan import Plan
from rnn_replay.claims.statistics import mean_interval, over_seeds
from rnn_replay.environments import Traits
from rnn_replay.tables.selection import select

DIVERGED = 0.05  # settings of which a larger share of replays diverges are left out (our choice)
KEYS = ["adaptation_strength", "friction"]
BASELINE = (0.0, 1.0)  # of these
NEARER = "nearer than baseline"
INTERVAL = ["estimate", "low", "high"]
FRONT = [*KEYS, "seeds", "objective", *INTERVAL, "on_front", "on_front_share", "picked"]
PLACE = ["environment", "decoder"]
RULE = ["folds", "quantity", "objective", *INTERVAL, "seeds", "seeds_missing", "picks"]


class Unscored(ValueError):
    """The baseline has no values to compare others with."""

    def __init__(self, seeds: int):
        super().__init__("the baseline diverges, or fewer than two seeds have all of its values")
        self.seeds = seeds


@dataclass(frozen=True)
class Scores:
    """What is wanted of replays, by setting and seed.

    Attributes:
        settings: columns KEYS, one row for each setting.
        names: of the objectives: speed, exploration, fidelity.
        values: as measured, shape (setting, seed, objective).
        seeds: shape (seed,).
        missing: number of further seeds, whose baseline lacks a value.
    """

    settings: pd.DataFrame
    names: tuple[str, str, str]
    values: np.ndarray
    seeds: np.ndarray
    missing: int = 0

    @property
    def oriented(self) -> np.ndarray:
        """The same values with more being better in each, which of fidelity, a distance, less is."""
        return self.values * np.array([1.0, 1.0, -1.0])

    @property
    def baseline(self) -> int:
        """Index of the setting without adaptation and without momentum."""
        return int((self.settings[KEYS].to_numpy() == BASELINE).all(axis=1).argmax())


def scores(
    table: pd.DataFrame, environment: str, variant: str, sweeps: list[str], decoder: str, exploration: str
) -> Scores:
    """Scores of all settings of adaptation and friction on one network that have all values of each seed.

    Seeds whose baseline lacks a value are left out, and counted.

    Args:
        table: tidy table of metrics.
        environment, variant: of the network.
        sweeps: that differ in adaptation strength and friction alone; a setting of several counts once.
        decoder: how positions are decoded.
        exploration: metric of it.

    Raises:
        ValueError: nothing was replayed, or no baseline.
        Unscored: the baseline diverges, or fewer than two seeds have all of its values.
    """
    names = (SPEED, exploration, FIDELITY)
    rows = select(table, environment=environment, variant=variant, sweep=sweeps, decoder=decoder)
    rows = select(rows, metric=[*names, "diverged"]).drop_duplicates([*KEYS, "seed", "metric"])
    if rows.empty:
        raise ValueError(f"{environment}/{variant} has no setting of {', '.join(sweeps)} by the decoder {decoder}")
    wide = rows.pivot(index=[*KEYS, "seed"], columns="metric", values="value").unstack("seed")
    columns = pd.MultiIndex.from_product([[*names, "diverged"], np.unique(rows["seed"])], names=["metric", "seed"])
    wide = wide.reindex(columns=columns)
    if BASELINE not in wide.index:
        raise ValueError("no setting has adaptation_strength 0 and friction 1, which the others are compared with")
    whole = wide.loc[BASELINE].unstack("seed").notna().all()
    seeds, every = whole.index[whole], len(whole)
    if len(seeds) < 2:
        raise Unscored(every)
    wide = wide.loc[:, (slice(None), seeds)]
    wide = wide[(wide["diverged"].mean(axis=1) <= DIVERGED) & wide.notna().all(axis=1)]
    if BASELINE not in wide.index:
        raise Unscored(every)
    values = np.stack([wide[name].to_numpy() for name in names], axis=-1)
    return Scores(wide.index.to_frame(index=False), names, values, seeds.to_numpy(), every - len(seeds))


def on_front(values: np.ndarray) -> np.ndarray:
    """Whether each point (setting, objective), more being better, is beaten by none, shape (setting,).

    A point is beaten by another that is at least as good in all objectives and better in one.
    """
    no_worse = (values[None] >= values[:, None]).all(-1)
    better = (values[None] > values[:, None]).any(-1)
    return ~(no_worse & better).any(1)


def shortfall(values: np.ndarray) -> np.ndarray:
    """Distance of each point (setting, objective) from the ideal point, shape (setting,).

    Objectives are scaled to their range over the settings, so 0 is best in all three and √3 worst in all three.
    """
    low, high = values.min(0), values.max(0)
    return np.linalg.norm((high - values) / np.where(high > low, high - low, 1), axis=-1)


def pick(values: np.ndarray) -> int:
    """Index of the point on the front nearest to the ideal point, of points (setting, objective)."""
    return int(np.where(on_front(values), shortfall(values), np.inf).argmin())


def folds(count: int) -> dict[str, list[tuple[list[int], list[int]]]]:
    """How seeds are parted into those that the rule picks on and those that it is tried on, by name of the way.

    `each`: on all but one, tried on that one, for each; `halves`: on the first half, tried on the second.
    """
    everyone = list(range(count))
    return {
        "each": [([other for other in everyone if other != one], [one]) for one in everyone],
        "halves": [(everyone[: count // 2], [one]) for one in everyone[count // 2 :]],
    }


def front_table(found: Scores, level: float) -> pd.DataFrame:
    """Every setting with its objectives, whether it lies on the front, how often it does, and whether it is picked.

    Returns:
        Columns KEYS, seeds, objective, estimate, low, high, on_front (of means over seeds), on_front_share (of the
        seeds, each by itself) and picked.
    """
    mean = found.oriented.mean(1)
    front, chosen = on_front(mean), pick(mean)
    alone = np.stack([on_front(found.oriented[:, s]) for s in range(len(found.seeds))]).mean(0)
    rows = []
    for i, setting in found.settings.iterrows():
        for j, name in enumerate(found.names):
            interval = mean_interval(found.values[i, :, j], level)
            rows.append(
                {key: setting[key] for key in KEYS}
                | {"seeds": len(found.seeds), "objective": name}
                | {"estimate": interval.estimate, "low": interval.low, "high": interval.high}
                | {"on_front": front[i], "on_front_share": alone[i], "picked": i == chosen}
            )
    return pd.DataFrame(rows, columns=FRONT)


def rule_table(found: Scores, level: float) -> pd.DataFrame:
    """What the rule is worth on seeds that it has not seen.

    Returns:
        Columns folds, quantity, objective, estimate, low, high, seeds, seeds_missing and picks (the settings picked,
        each with its `count`, the most frequent first, as JSON). The quantities, over unseen seeds: each objective of
        the picked setting less that of the baseline; how much nearer to the ideal point it is than the baseline, and
        than a setting drawn at random; and how much farther than the best setting of that very seed.
    """
    rows = []
    for way, parts in folds(len(found.seeds)).items():
        gained: dict[tuple[str, str], list[float]] = {}
        picks: Counter[int] = Counter()
        for seen, unseen in parts:
            chosen = pick(found.oriented[:, seen].mean(1))
            picks[chosen] += 1
            for seed in unseen:
                values = found.values[:, seed]
                distance = shortfall(found.oriented[:, seed])
                change = values[chosen] - values[found.baseline]
                entries = {("less baseline", name): gain for name, gain in zip(found.names, change, strict=True)}
                entries[NEARER, ""] = distance[found.baseline] - distance[chosen]
                entries["nearer than random", ""] = distance.mean() - distance[chosen]
                entries["farther than best", ""] = distance[chosen] - distance.min()
                for key, value in entries.items():
                    gained.setdefault(key, []).append(value)
        chosen = [found.settings.loc[i, KEYS].to_dict() | {"count": n} for i, n in picks.most_common()]
        for key, values in gained.items():
            if len(values) > 1:
                estimate = over_seeds([*values, *[np.nan] * found.missing], level)
                rows.append((way, *key, *vars(estimate).values(), json.dumps(chosen)))
    return pd.DataFrame(rows, columns=RULE)


def balance_tables(
    table: pd.DataFrame, claims: dict[str, Any], environments: dict[str, dict[str, Any]], sweeps: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """:func:`front_table` and :func:`rule_table` of every environment and decoder, which come as columns.

    Args:
        table: tidy table of metrics.
        claims: section of the configuration.
        environments: what each is, by name, as the fields of :class:`~rnn_replay.environments.Traits`.
        sweeps: that differ in adaptation strength and friction alone.
    """
    fronts, rules = [pd.DataFrame(columns=FRONT + PLACE)], [pd.DataFrame(columns=RULE + PLACE)]
    for environment, known in environments.items():
        variant, explored = Plan.of(claims, environment).variant, exploration(Traits(**known))[0]
        for decoder in DECODERS:
            try:
                found = scores(table, environment, variant, sweeps, decoder, explored)
            except Unscored as nothing:
                unanswered = ("each", NEARER, "", np.nan, np.nan, np.nan, 0, nothing.seeds, "[]", environment, decoder)
                rules.append(pd.DataFrame([unanswered], columns=RULE + PLACE))
                continue
            for kind, tables in ((front_table, fronts), (rule_table, rules)):
                tables.append(kind(found, claims["level"]).assign(environment=environment, decoder=decoder))
    return tuple(pd.concat([t for t in tables if len(t)] or tables, ignore_index=True) for tables in (fronts, rules))
