"""Values by seed of every metric, from the tables of networks and of replays."""

from typing import Any

import pandas as pd

from rnn_replay.claims.plan import NotTestable
from rnn_replay.claims.readings import Selection
from rnn_replay.tables.gate import BETTER, gate
from rnn_replay.tables.networks import ERRORS
from rnn_replay.tables.selection import by_seed, select


class Ambiguous(NotTestable):
    """More than one setting is meant."""


class Evidence:
    """Values by seed of every metric, from the tables of networks and of replays."""

    def __init__(self, networks: pd.DataFrame, metrics: pd.DataFrame, controls: pd.DataFrame | None = None):
        """
        Args:
            networks: one row for each network, as `tables/networks.csv`.
            metrics: tidy, as `tables/metrics.csv`.
            controls: as `tables/controls.csv`, where controls are asked for.
        """
        self.controls = controls
        self.networks = dict(iter(networks.groupby(["environment", "variant"])))
        self.replays = dict(iter(metrics.groupby(["environment", "variant", "sweep"])))

    def passing(self, environment: str, metric: str, decoder: str) -> str:
        """Names of the negative controls that read as well as replay, or `none`; empty where none was measured."""
        measured = select(self.controls, environment=environment, metric=metric, decoder=decoder)
        if metric not in BETTER or measured.empty:
            return ""
        return ", ".join(gate(self.controls, metric, environment, decoder)) or "none"

    def trained(self, environment: str) -> dict[str, dict[str, Any]]:
        """Settings of the networks of an environment, by variant."""
        return {variant: rows.iloc[0] for (name, variant), rows in self.networks.items() if name == environment}

    def values(self, environment: str, selection: Selection, metric: str, decoder: str) -> tuple[pd.Series, str]:
        """A metric by seed, and its unit; seeds without a value have NaN.

        Args:
            environment: name.
            selection: a network, or the one setting of a sweep.
            metric: of the table of networks, or of that of replays.
            decoder: of replays.

        Raises:
            NotTestable: it was not trained, replayed or measured.
            Ambiguous: the selection names several settings.
        """
        where = (environment, selection.variant)
        if where not in self.networks:
            raise NotTestable(f"variant '{selection.variant}' is not trained")
        if selection.sweep is None:
            return by_seed(self.networks[where], metric), ERRORS[metric]
        if (*where, selection.sweep) not in self.replays:
            raise NotTestable(f"sweep '{selection.sweep}' is not run on '{selection.variant}'")
        rows = select(self.replays[*where, selection.sweep], **selection.setting)
        found = rows["setting"].nunique()
        if found != 1:
            words = ", ".join(f"{name} {value}" for name, value in selection.setting.items())
            kind = Ambiguous if found else NotTestable
            raise kind(f"sweep '{selection.sweep}' has {found} settings with {words}, not one")
        rows = select(rows, metric=metric, decoder=decoder)
        if rows.empty:
            raise NotTestable(f"'{metric}' is not measured by the decoder '{decoder}'")
        return by_seed(rows), rows["unit"].iloc[0]
