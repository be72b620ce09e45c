"""This code: the training step and the replay of the library, called as `train` and `replay` call them."""

import torch
from rnn_replay.model.adam import Adam
from rnn_replay.model.dynamics import Dynamics, rest
from rnn_replay.model.gradients import Backpropagation
from rnn_replay.model.replay import simulate
from torch.nn.functional import linear

from benchmarks.problem import DYNAMICS, FEATURES, GRADIENT_CLIP, LEAK, LEARNING_RATE, NOISE, Problem


class Training:
    """A training step; calling it takes one."""

    def __init__(self, problem: Problem):
        self.network, self.paths, self.noise = problem.network(), problem.paths(), problem.noise()
        self.generator = torch.Generator().manual_seed(2)
        self.gradient = Backpropagation(self.network, problem.steps, problem.batch)
        self.weights = list(self.network.weights().values())
        self.optimiser = Adam(self.weights)

    def __call__(self) -> None:
        self.draw()
        self.gradient(DYNAMICS, *self.paths, self.noise)
        torch.nn.utils.clip_grad_norm_(self.weights, GRADIENT_CLIP)
        self.optimiser.step(LEARNING_RATE)

    def draw(self) -> None:
        """Draw the noise of one step."""
        self.noise.normal_(generator=self.generator)

    def loss_and_gradients(self, noise: torch.Tensor) -> tuple[float, dict[str, torch.Tensor]]:
        """Loss and gradients of the weights, by their names in `Network`, on a given noise."""
        loss = self.gradient(DYNAMICS, *self.paths, noise)
        return loss, {name: weight.grad for name, weight in self.network.weights().items()}


class Replay:
    """Replays of one network under some settings, read out as they go; calling it runs all of them.

    Args:
        units: n.
        replays: replays of each setting.
        steps: steps of a replay.
        settings: number of settings, which differ in friction; the first has λ_v = 1.

    Attributes:
        position: output ŝ, shape (setting, replay, step + 1, feature).
    """

    def __init__(self, units: int, replays: int, steps: int, settings: int = 1):
        def column(values: torch.Tensor) -> torch.Tensor:
            return values.reshape(-1, 1, 1)

        self.network = Problem(units, replays, steps).network()
        self.steps = steps
        self.start = rest(torch.rand(replays, units).expand(settings, -1, -1).contiguous())
        self.dynamics = Dynamics(
            leak=LEAK,
            friction=column(1 - 0.5 * torch.arange(settings) / settings),
            adaptation_strength=column(torch.zeros(settings)),
            adaptation_time=column(torch.full((settings,), 100.0)),
            noise=column(torch.full((settings,), NOISE)),
        )
        self.eta = torch.empty(replays, units)
        self.generator = torch.Generator().manual_seed(2)
        self.position = torch.empty(settings, replays, steps + 1, FEATURES).numpy()

    def __call__(self) -> None:
        network = self.network

        def observe(t, now):
            self.position[:, :, t] = network.decode(now.r).numpy()

        simulate(
            lambda r: linear(r, network.recurrent, network.bias),
            self.dynamics,
            self.start,
            self.steps,
            lambda t: self.eta.normal_(generator=self.generator),
            observe,
        )
