"""This code: the training step and the replay of the library, called as `train` and `replay` call them."""

from dataclasses import replace

import torch
from rnn_replay.model.adam import Adam
from rnn_replay.model.dynamics import rest
from rnn_replay.model.gradients import Backpropagation
from rnn_replay.model.replay import simulate, together
from torch.nn.functional import linear

from benchmarks.problem import DYNAMICS, FEATURES, GRADIENT_CLIP, LEARNING_RATE, Problem


class Training:
    """A training step, on a device; calling it takes one."""

    def __init__(self, problem: Problem, device: str = "cpu"):
        self.network = problem.network().to(torch.device(device))
        self.generator = torch.Generator().manual_seed(2)
        self.gradient = Backpropagation(self.network, problem.steps, problem.batch)
        tracked, inputs = (part.to(device) for part in problem.paths())
        self.paths = tracked, self.gradient.inputs.copy_(inputs)
        self.noise = problem.noise().pin_memory() if device == "cuda" else self.gradient.noise
        self.weights = list(self.network.weights().values())
        self.optimiser = Adam(self.weights)

    def __call__(self) -> None:
        self.draw()
        self.gradient(DYNAMICS, *self.paths, self.noise.to(self.network.recurrent.device))
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
        position: output ŝ, shape (step + 1, setting, replay, feature).
    """

    def __init__(self, units: int, replays: int, steps: int, settings: int = 1):
        self.network = Problem(units, replays, steps).network()
        self.steps = steps
        self.start = rest(torch.rand(replays, units).expand(settings, -1, -1).contiguous())
        rules = [replace(DYNAMICS, friction=1 - 0.5 * i / settings) for i in range(settings)]
        self.dynamics = together(rules, self.network.recurrent)
        self.eta = torch.empty(replays, units)
        self.generator = torch.Generator().manual_seed(2)
        self.position = torch.empty(steps + 1, settings, replays, FEATURES).numpy()

    def __call__(self) -> None:
        network = self.network

        def observe(t, now):
            self.position[t] = network.decode(now.r).numpy()

        simulate(
            lambda r: linear(r, network.recurrent, network.bias),
            self.dynamics,
            self.start,
            self.steps,
            lambda t: self.eta.normal_(generator=self.generator),
            observe,
        )
