"""Adam against torch.optim.Adam, to the same bits, and without what makes that one slow to start."""

import subprocess
import sys

import torch
from rnn_replay.model.adam import Adam

TRAINS = """
import sys
import torch
from rnn_replay.model.adam import Adam
from rnn_replay.model.gradients import Backpropagation
from rnn_replay.model.dynamics import Dynamics
from rnn_replay.model.network import initialise

network = initialise(8, 2, 0.3, 1, "tested")
gradient = Backpropagation(network, 5, 4)
gradient(Dynamics(leak=0.3), torch.ones(6, 4, 2), torch.ones(5, 4, 2), torch.ones(5, 4, 8))
weights = list(network.weights().values())
torch.nn.utils.clip_grad_norm_(weights, 1.0)
Adam(weights).step(0.01)
print(*sys.modules)
"""


def test_the_same_bits_as_pytorchs_own():
    generator = torch.Generator().manual_seed(0)
    first = [torch.randn(shape, generator=generator) for shape in ((5, 3), (4,), ())]
    mine, theirs = ([weight.clone().requires_grad_() for weight in first] for _ in range(2))
    ours, reference = Adam(mine), torch.optim.Adam(theirs, fused=True)
    for iteration in range(20):
        rate = 0.01 / (1 + iteration)
        for one, other in zip(mine, theirs, strict=True):
            one.grad = torch.randn(one.shape, generator=generator)
            other.grad = one.grad.clone()
        ours.step(rate)
        reference.param_groups[0]["lr"] = rate
        reference.step()
        assert all(torch.equal(one, other) for one, other in zip(mine, theirs, strict=True))
    assert not any(torch.equal(one, start) for one, start in zip(mine, first, strict=True))


def test_training_does_not_import_pytorchs_compiler():
    done = subprocess.run([sys.executable, "-c", TRAINS], check=True, capture_output=True, text=True)
    assert "torch" in done.stdout.split() and "torch._dynamo" not in done.stdout.split()
