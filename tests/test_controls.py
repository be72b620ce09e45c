"""Negative controls: noise of the awake states' moments, and metrics that a control reads as well on."""

import numpy as np
import pytest
import torch
import xarray as xr
from rnn_replay.tables.controls import noise_states
from rnn_replay.tables.gate import BETTER, CONTROLS, controls_table, gate


@pytest.mark.parametrize("correlated", [False, True])
def test_noise_has_the_moments_of_awake_states(correlated):
    generator = torch.Generator().manual_seed(1)
    mix = torch.randn(4, 4, generator=generator)
    awake = torch.randn(61, 400, 4, generator=generator)
    for t in range(1, 61):
        awake[t] = 0.8 * awake[t - 1] + 0.6 * awake[t]
    awake = 3 + awake @ mix
    noise = noise_states(awake, (1000, 101), 3, correlated)
    flat = noise.reshape(-1, 4)
    assert torch.allclose(flat.mean(0), awake.reshape(-1, 4).mean(0), atol=0.2)
    assert torch.allclose(torch.cov(flat.T), torch.cov(awake.reshape(-1, 4).T), rtol=0.1, atol=0.2)
    centred = noise - flat.mean(0)
    correlation = (centred[:, 1:] * centred[:, :-1]).sum() / centred.square().sum()
    assert float(correlation) == pytest.approx(0.8 if correlated else 0, abs=0.03)
    assert torch.equal(noise, noise_states(awake, (1000, 101), 3, correlated))


@pytest.fixture(scope="module")
def table():
    """Replay reads 1 everywhere; of all controls only these read something like it."""
    controls = ["replay", *CONTROLS]
    value = xr.DataArray(
        np.full((2, 1, len(BETTER), len(controls)), np.nan),
        dims=("seed", "decoder", "metric", "control"),
        coords={"seed": [1, 2], "decoder": ["template"], "metric": list(BETTER), "control": controls},
    )
    value.loc[{"control": "replay"}] = 1.0
    for metric, control, read in (
        ("wasserstein", "white noise", 0.5),
        ("wasserstein", "shuffled", 1.05),
        ("wasserstein", "uniform", 2.0),
        ("compression", "AR noise", 0.95),
        ("compression", "shuffled", 0.5),
    ):
        value.loc[{"metric": metric, "control": control}] = read
    return controls_table([xr.Dataset({"value": value}, attrs={"environment": "triangle"})])


def test_a_metric_on_which_a_control_reads_as_well_is_gated(table):
    assert gate(table, "wasserstein", "triangle", "template") == ["white noise", "shuffled"]
    assert gate(table, "compression", "triangle", "template") == ["AR noise"]
    assert gate(table, "trajectory_wasserstein", "triangle", "template") == []
    assert len(table) == len(BETTER) * len(CONTROLS)
    with pytest.raises(KeyError, match="'diverged' has no controls"):
        gate(table, "diverged", "triangle", "template")


def test_a_configuration_without_controls_has_an_empty_table(table):
    empty = controls_table([])
    assert list(empty.columns) == list(table.columns)
    assert gate(empty, "wasserstein", "triangle", "template") == []
