"""The tables that answers are read from."""

from dataclasses import dataclass

import pandas as pd

from rnn_replay.questions.answer import NotRun


@dataclass(frozen=True)
class Tables:
    """Tables of a run, tidy; None for those that it has not.

    Attributes:
        claims, seeds, networks, metrics: of the paper's run.
        unmasked, balance, biology: of the questions that it answers.
        further_networks, further_metrics, boundaries: of the extended run.
    """

    claims: pd.DataFrame | None = None
    seeds: pd.DataFrame | None = None
    networks: pd.DataFrame | None = None
    metrics: pd.DataFrame | None = None
    unmasked: pd.DataFrame | None = None
    balance: pd.DataFrame | None = None
    biology: pd.DataFrame | None = None
    further_networks: pd.DataFrame | None = None
    further_metrics: pd.DataFrame | None = None
    boundaries: pd.DataFrame | None = None

    def need(self, *names: str) -> list[pd.DataFrame]:
        """Tables by name.

        Raises:
            NotRun: one of them is missing.
        """
        for name in names:
            if getattr(self, name) is None:
                raise NotRun(f"this run has no table '{name.replace('_', ' ')}'")
        return [getattr(self, name) for name in names]
