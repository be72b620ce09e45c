"""Figures that are drawn without a run, and their names."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from matplotlib.figure import Figure
from rnn_replay.claims.plan import Plan
from rnn_replay.figures.adaptation import draw_adaptation
from rnn_replay.figures.animals import draw_animals
from rnn_replay.figures.balance import draw_balance
from rnn_replay.figures.biology import draw_biology
from rnn_replay.figures.calibration import draw_calibration
from rnn_replay.figures.decoders import draw_decoders
from rnn_replay.figures.environments import draw_environments
from rnn_replay.figures.examples import draw_examples
from rnn_replay.figures.fidelity import draw_fidelity
from rnn_replay.figures.front import draw_fronts
from rnn_replay.figures.learning import draw_learning
from rnn_replay.figures.momentum import draw_momentum
from rnn_replay.figures.place_cells import draw_place_cells
from rnn_replay.figures.readings_curve import draw_curves
from rnn_replay.figures.readings_shares import draw_shares
from rnn_replay.figures.seeds import draw_seed_widths
from rnn_replay.figures.survival import draw_survivals
from rnn_replay.figures.sweeps import draw_sweeps
from rnn_replay.figures.twins import draw_twins
from rnn_replay.figures.unmasked import draw_unmasked
from rnn_replay.measures.biology.recovery import recovery
from synthetic_run import CLAIMS, LEVEL, Synthetic
from synthetic_tables import TRAITS

FIGURES = [
    "environments",
    "learning",
    "fidelity",
    "examples",
    "sweeps",
    "adaptation",
    "momentum",
    "twins",
    "balance",
    "place_cells",
    "decoders",
    "survival",
    "calibration",
    "seeds",
    "animals",
    "biology",
    "front",
    "unmasked",
    "readings_curve",
    "readings_shares",
]


@dataclass(frozen=True)
class Run(Synthetic):
    """The figures of such a run."""

    def unmasked(self) -> tuple[Figure, pd.DataFrame]:
        """The figure of networks that were trained without mask."""
        cases = [(name, seed) for name in self.names for seed in self.seeds]
        along = pd.DataFrame([(*case, t) for case in cases for t in range(20)], columns=["environment", "seed", "step"])
        masks = pd.DataFrame([(*c, m) for c in cases for m in (0, 10)], columns=["environment", "seed", "mask_hidden"])
        return draw_unmasked(
            along.assign(ratio=0.5 + 0.01 * along["seed"]),
            masks.assign(ratio=0.5 + 0.01 * masks["seed"], unpredictability=masks["mask_hidden"] / 100),
            LEVEL,
        )

    @cached_property
    def figures(self) -> dict[str, tuple[Figure, pd.DataFrame]]:
        """Every figure that there is of these environments, with its table."""
        chosen, shown, names = self.chosen, self.shown, list(self.names)
        cells = {name: chosen[name] for name in names if TRAITS[name]["place_cells"]}
        plane = {name: chosen[name] for name in names if name not in cells}
        arrivals = dict.fromkeys(names, self.momentum_metrics)
        grafted = dict.fromkeys(names, self.grafted_metrics)
        plans = {name: Plan.of(CLAIMS, name) for name in names}
        pattern, units = CLAIMS["leakage"][0], dict.fromkeys(names, "m²")
        recovered = recovery([20, 150], [0.1, 0.4, 0.7], [1.5], paths=4, seed=0)
        found = {
            "environments": draw_environments(self.datasets),
            "learning": draw_learning(self.networks, self.curves, units, pattern, LEVEL),
            "fidelity": draw_fidelity(self.table, self.networks, names, "template", pattern, LEVEL),
            "examples": draw_examples(shown),
            "sweeps": draw_sweeps(self.table, chosen, "template", LEVEL),
            "twins": draw_twins(self.table, plans, "template", LEVEL),
            "decoders": draw_decoders(self.table, chosen, LEVEL),
            "survival": draw_survivals(chosen, self.datasets, arrivals, grafted, "template", LEVEL),
            "calibration": draw_calibration(self.calibrated, names, LEVEL),
            "seeds": draw_seed_widths(self.widths, names),
            "animals": draw_animals(self.held, "readout"),
            "biology": draw_biology(recovered, self.biology, "readout", LEVEL),
            "front": draw_fronts(self.settings),
            "unmasked": self.unmasked(),
            "readings_curve": draw_curves(self.readings, names, "M1"),
            "readings_shares": draw_shares(self.shares, names),
        }
        if plane:
            found["adaptation"] = draw_adaptation(self.table, plane, shown, "template", LEVEL)
            found["momentum"] = draw_momentum(self.table, plane, shown, arrivals, "template", LEVEL)
            found["balance"] = draw_balance(self.table, plane, "template", LEVEL)
        if cells:
            found["place_cells"] = draw_place_cells(self.table, cells, shown, arrivals, "template", LEVEL)
        return found
