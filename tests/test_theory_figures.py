"""Beyond stability the theory stage flags what it finds: no figure draws what is not finite, no row crashes."""

import numpy as np
import pytest
import torch
import xarray as xr
from figure_checks import check_units
from rnn_replay.figures.theory_phases import draw_phases
from rnn_replay.theory import datasets, linear_simulation
from rnn_replay.theory.comparison import from_dataset
from rnn_replay.theory.linear import Unstable
from rnn_replay.theory.rows import speed_row

SETTINGS = {
    "stiffness": 0.2,
    "adaptation_time": 10.0,
    "noise": 1.0,
    "frictions": [1.0, 0.2],
    "adaptation_strengths": [0.0, 5.0],
    "sampling": {"replays": 16, "steps": 200, "burn_in": 100, "window": 100},
    "memory": {
        "points": [{"friction": 1.0, "adaptation_strength": 0.3}],
        "sampling": {"batches": 2, "replays": 40, "steps": 110, "burn_in": 100},
    },
    "phases": {"frictions": 5, "adaptation_strengths": 5, "highest": 1.0, "steps": 400, "halvings": 3},
}


@pytest.fixture(scope="module")
def beyond() -> xr.Dataset:
    """Every adaptation strength unstable, and no boundary within the search at λ_v = 1 (it is 2.8)."""
    torch.set_num_threads(1)
    return datasets.linear(SETTINGS, seed=0)


def test_figure_beyond_stability_is_finite(beyond):
    assert (from_dataset(beyond)["deviation"].abs() < np.inf).all()
    fig, numbers = draw_phases(beyond)
    check_units(fig)
    for line in fig.axes[0].lines:
        assert np.isfinite(line.get_xydata()).all()
    assert np.isfinite(numbers[["friction", "adaptation_strength"]]).all(axis=None)
    assert set(numbers["friction"][numbers["phase"] == "boundary"]) == {0.2}


def test_a_boundary_above_the_search_is_infinite():
    found = linear_simulation.boundary(0.2, [1.0, 0.2], 10, steps=400, halvings=4, highest=1.0)
    assert found[0] == np.inf and found[1] == pytest.approx(0.416, abs=0.1)


def test_adaptation_that_is_nowhere_stable_is_not_testable(beyond):
    row = speed_row(from_dataset(beyond))
    assert row["verdict"] == "not testable" and "stable" in row["note"]


def test_memory_beyond_stability_is_refused_before_anything_runs():
    points = [{"friction": 0.2, "adaptation_strength": 5.0}]
    with pytest.raises(Unstable, match=r"b_a = 5.*allowed: b_a below"):
        datasets.linear(SETTINGS | {"memory": SETTINGS["memory"] | {"points": points}}, seed=0)
