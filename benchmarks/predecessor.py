"""The loop that a user would write, in the style of the predecessor's code, and the same with products hoisted.

The style is that of github.com/nandahkrishna/RNNReactivation: modules and autograd, batch first; input and output
projections, noise and new tensors at every step; Adam as it comes. Made comparable: the noise is normal and only on the
state, the gradient is clipped, and states are stacked at the end, which is no slower than writing each into a slice.
"""

import torch
from torch import nn

from benchmarks.problem import GRADIENT_CLIP, LEAK, LEARNING_RATE, NOISE, Problem

# Names of the weights in rnn_replay.model.network.Network.
NAMES = {
    "recurrent": "w_rec.weight",
    "input": "w_in.weight",
    "bias": "w_in.bias",
    "encoder": "encoder.weight",
    "encoder_bias": "encoder.bias",
    "decoder": "w_out.weight",
    "decoder_bias": "w_out.bias",
}


class RNN(nn.Module):
    """The predecessor's network."""

    def __init__(self, problem: Problem):
        super().__init__()
        self.encoder = nn.Linear(problem.features, problem.units)
        self.w_in = nn.Linear(problem.features, problem.units)
        self.w_rec = nn.Linear(problem.units, problem.units, bias=False)
        self.w_out = nn.Linear(problem.units, problem.features)
        self.load_state_dict({NAMES[name]: weight.detach() for name, weight in problem.network().weights().items()})

    def forward(self, x, start, noise=None):
        """States (path, step + 1, unit) and outputs (path, step + 1, feature).

        Args:
            x: inputs, shape (path, step, feature).
            start: s_0, shape (path, feature).
            noise: η, shape (step, path, unit); drawn step by step where there is none.
        """
        h = self.encoder(start)
        states, outputs = [h], [self.w_out(h)]
        for t in range(x.shape[1]):
            eta = torch.randn_like(h) if noise is None else noise[t]
            u = self.w_rec(h) + self.w_in(x[:, t])
            h = (1 - LEAK) * h + torch.relu(u) + NOISE * eta
            states.append(h)
            outputs.append(self.w_out(h))
        return torch.stack(states, 1), torch.stack(outputs, 1)


class HoistedRNN(RNN):
    """The same, with projections and noise taken out of the loop; time first, so that a step is contiguous."""

    def forward(self, x, start, noise=None):
        x = x.transpose(0, 1)
        if noise is None:
            noise = torch.randn(*x.shape[:2], len(self.w_rec.weight), device=x.device)
        h = self.encoder(start)
        states = [h]
        # Indexing the projection at every step would be slower than the naive loop: each index has a backward pass.
        for drive, eta in zip(self.w_in(x).unbind(0), noise.unbind(0), strict=True):
            h = (1 - LEAK) * h + torch.relu(torch.addmm(drive, h, self.w_rec.weight.T)) + NOISE * eta
            states.append(h)
        states = torch.stack(states)
        return states.transpose(0, 1), self.w_out(states).transpose(0, 1)


class Training:
    """A training step of one of these networks, on a device; calling it takes one."""

    def __init__(self, problem: Problem, model: type[RNN] = RNN, device: str = "cpu"):
        self.model = model(problem).to(device)
        self.targets, self.inputs = (part.transpose(0, 1).contiguous().to(device) for part in problem.paths())
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=LEARNING_RATE)

    def loss(self, noise: torch.Tensor | None = None) -> torch.Tensor:
        """Mean over time and batch of ‖s_t − ŝ_t‖²."""
        _, outputs = self.model(self.inputs, self.targets[:, 0], noise)
        return (outputs - self.targets).square().sum(-1).mean()

    def __call__(self) -> None:
        self.optimiser.zero_grad()
        loss = self.loss()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), GRADIENT_CLIP)
        self.optimiser.step()
        loss.item()

    def loss_and_gradients(self, noise: torch.Tensor) -> tuple[float, dict[str, torch.Tensor]]:
        """Loss and gradients of the weights, by their names in `Network`, on a given noise."""
        self.optimiser.zero_grad()
        loss = self.loss(noise)
        loss.backward()
        return loss.item(), {name: self.model.get_parameter(theirs).grad for name, theirs in NAMES.items()}


class Replay:
    """Replays as the predecessor runs them: the same forward pass on zero input, which keeps states and graph."""

    def __init__(self, units: int, replays: int, steps: int):
        problem = Problem(units, replays, steps)
        self.model = RNN(problem)
        self.inputs = torch.zeros(replays, steps, problem.features)
        self.start = torch.rand(replays, problem.features)

    def __call__(self) -> None:
        _, outputs = self.model(self.inputs, self.start)
        outputs.detach().numpy()
