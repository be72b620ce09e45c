"""What all contenders compute: one network, one batch of paths, one update rule (leaky ReLU, noise, no adaptation)."""

from dataclasses import dataclass

import torch
from rnn_replay.model.dynamics import Dynamics
from rnn_replay.model.network import Network, initialise

FEATURES = 2
LEAK, NOISE = 0.3, 0.05
LEARNING_RATE, GRADIENT_CLIP = 0.002, 1.0
DYNAMICS = Dynamics(leak=LEAK, noise=NOISE)


@dataclass(frozen=True)
class Problem:
    """A size of the training problem.

    Attributes:
        units: n.
        batch: paths per gradient step.
        steps: T, steps of a path.
        features: of the tracked variable.
    """

    units: int
    batch: int
    steps: int
    features: int = FEATURES

    def network(self) -> Network:
        """The weights before training, the same at each call."""
        return initialise(self.units, self.features, LEAK, seed=0, environment="benchmark")

    def paths(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Random walks s (step + 1, path, feature) and inputs 10 Δs (step, path, feature)."""
        steps = torch.randn(self.steps + 1, self.batch, self.features, generator=torch.Generator().manual_seed(1))
        tracked = 0.1 * steps.cumsum(0)
        return tracked, 10 * tracked.diff(dim=0)

    def noise(self) -> torch.Tensor:
        """A buffer for η, shape (step, path, unit)."""
        return torch.empty(self.steps, self.batch, self.units)
