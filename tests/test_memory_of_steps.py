"""The update rule in memory that is used again, and without what plain numbers turn off: the same bits as in full."""

from dataclasses import replace

import pytest
import torch
from rnn_replay.model.dynamics import ADAPTATION_FORMS, CELLS, NONLINEARITIES, Dynamics, State, step
from rnn_replay.model.replay import simulate

SETTINGS, REPLAYS, UNITS, STEPS = 3, 5, 8, 12


def column(*values):
    return torch.tensor(values).reshape(-1, 1, 1)


# Numbers for all settings alike, or one for each; the last starts to grow without bound.
NUMBERS = {
    "numbers": {"leak": 0.3, "friction": 0.6, "adaptation_strength": 0.2, "adaptation_time": 7.0, "noise": 0.05},
    "columns": {
        "leak": torch.linspace(0.1, 0.9, UNITS),
        "friction": column(1.0, 0.5, 0.02),
        "adaptation_strength": column(0.0, 0.3, 0.9),
        "adaptation_time": column(1.0, 10.0, 100.0),
        "noise": column(0.0, 0.05, 1.0),
    },
    "facilitation": {
        "leak": 0.3,
        "noise": 0.05,
        "facilitation_strength": column(0.0, 0.5, 2.0),
        "facilitation_time": 5.0,
    },
}


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("form", ADAPTATION_FORMS)
@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize("cell", CELLS)
def test_memory_used_again_changes_no_bit(cell, nonlinearity, form, numbers):
    generator = torch.Generator().manual_seed(0)
    wide = 4 if cell == "gru" else 1
    weights = torch.randn(wide * UNITS, UNITS, generator=generator) / 2
    mean = torch.rand(UNITS, generator=generator)
    rule = Dynamics(**NUMBERS[numbers], adaptation_form=form, nonlinearity=nonlinearity, mean_activity=mean, cell=cell)
    r, v, a = torch.randn(3, REPLAYS, UNITS, generator=generator)
    start = State(*(part.expand(SETTINGS, -1, -1) for part in (r, v, a)))

    def preactivation(y):
        # A product of a state that is expanded may be computed in another order.
        return y.contiguous() @ weights.T

    etas = torch.randn(STEPS, REPLAYS, UNITS, generator=generator)
    expected, seen = [start], []
    for eta in etas:
        expected.append(step(expected[-1], preactivation, eta, rule))

    def observe(t, state):
        seen.append(state.each(torch.clone))

    before = start.each(torch.clone)
    last = simulate(preactivation, rule, start, STEPS, lambda t: etas[t], observe)
    assert len(seen) == STEPS + 1
    for found, plain in zip([*seen, last], [*expected, expected[-1]], strict=True):
        assert all(x is y or torch.equal(x, y) for x, y in zip(found, plain, strict=True))
    assert all(x is y or torch.equal(x, y) for x, y in zip(start, before, strict=True))


@pytest.mark.parametrize("form", ADAPTATION_FORMS)
def test_what_plain_numbers_save_changes_no_bit(form):
    """Without adaptation its terms are left out, and one σ multiplies the noise before it is spread over settings."""
    generator = torch.Generator().manual_seed(0)
    weights, mean = torch.randn(UNITS, UNITS, generator=generator) / 2, torch.rand(UNITS, generator=generator)
    r, v = torch.randn(2, REPLAYS, UNITS, generator=generator).expand(SETTINGS, -1, -1, -1).unbind(1)
    etas = torch.randn(STEPS, REPLAYS, UNITS, generator=generator)
    plain = Dynamics(leak=0.3, friction=column(1.0, 0.6, 0.3), noise=0.05, adaptation_form=form, mean_activity=mean)
    full = replace(plain, adaptation_strength=column(0.0, 0.0, 0.0), noise=column(0.05, 0.05, 0.05))
    assert full.adapts and not plain.adapts
    ends = [
        simulate(
            lambda y: y @ weights.T, rule, State(r, v, torch.zeros_like(r)), STEPS, etas.__getitem__, lambda *_: None
        )
        for rule in (plain, full)
    ]
    for part, expected in zip(*(end[:3] for end in ends), strict=True):
        assert torch.equal(part, expected)
