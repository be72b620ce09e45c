"""The awake phase: networks learn to path-integrate noisily, with part of their input hidden."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch

from rnn_replay.model.adam import Adam
from rnn_replay.model.devices import resolve
from rnn_replay.model.dynamics import Dynamics, State, rest, step
from rnn_replay.model.gradients import Backpropagation, uncovered
from rnn_replay.model.network import Network, initial_scale, initialise
from rnn_replay.model.settings import Variant
from rnn_replay.model.snapshots import restore, snapshot
from rnn_replay.seeds import named_seed, stream

CHECKPOINT_SECONDS = 30


@dataclass
class Trained:
    """A trained network.

    Attributes:
        network: weights, detached.
        mean_activity: running mean of the awake state, shape (unit,).
        loss: training loss, shape (iteration,).
    """

    network: Network
    mean_activity: torch.Tensor
    loss: np.ndarray


class Diverged(RuntimeError):
    """Training left the finite numbers."""


def visible(paths: int, steps: int, variant: Variant, rng: np.random.Generator) -> torch.Tensor:
    """Which inputs a network sees: 1 where shown, 0 where hidden, shape (step, path, 1).

    Blocks of `mask_shown` shown and `mask_hidden` hidden inputs alternate, at a random phase in each path.
    """
    period = variant.mask_shown + variant.mask_hidden
    phase = rng.integers(period, size=paths)
    t = np.arange(steps)[:, None]
    shown = ((t + phase) % period < variant.mask_shown) | (t < variant.mask_lead)
    return torch.from_numpy(shown.astype(np.float32)).unsqueeze(-1)


def unroll(
    network: Network, dynamics: Dynamics, tracked: torch.Tensor, inputs: torch.Tensor, noise: torch.Tensor
) -> list[State]:
    """States of a network that is driven along paths.

    Args:
        network: weights.
        dynamics: the update rule.
        tracked: s, shape (time, path, feature), of which s_0 sets the start.
        inputs: i = Δs times gain and mask, shape (step, path, feature).
        noise: η, standard normal, shape (step, path, unit).

    Returns:
        One state for each time, so one more than there are steps; arrays have shape (path, unit).
    """
    state = rest(network.encode(tracked[0]))
    states, dynamics = [state], network.governed(dynamics)
    for external, eta in zip(network.external(inputs).unbind(0), noise.unbind(0), strict=True):
        state = step(state, partial(network.preactivation, external=external), eta, dynamics)
        states.append(state)
    return states


class Autograd:
    """What :class:`rnn_replay.model.gradients.Backpropagation` does, by automatic differentiation of the plain loop.

    Two to four times slower; for update rules that those gradients do not cover. Arguments and attributes as there.
    """

    def __init__(self, network: Network, steps: int, paths: int):
        self.network = network
        self.states = torch.empty(0)
        self.inputs = network.recurrent.new_empty(steps, paths, len(network.decoder))
        self.noise = network.recurrent.new_empty(steps, paths, network.recurrent.shape[-1])

    def __call__(
        self,
        dynamics: Dynamics,
        tracked: torch.Tensor,
        inputs: torch.Tensor,
        noise: torch.Tensor,
        penalty: float = 0.0,
    ) -> float:
        """Set the gradients of the weights, and return the loss."""
        weights = self.network.weights().values()
        r = torch.stack([state.r for state in unroll(self.network, dynamics, tracked, inputs, noise)])
        loss = (self.network.decode(r) - tracked).square().sum(-1).mean() + penalty * r.square().mean()
        for weight, gradient in zip(weights, torch.autograd.grad(loss, list(weights)), strict=True):
            weight.grad = gradient
        self.states = r.detach()
        return loss.item()


def difference(network: Network, dynamics: Dynamics, tracked: torch.Tensor) -> str:
    """Whether the hand-written gradients differ from those of the update rule as it stands, whatever it has become.

    Both are computed in double precision, over the first steps of a few paths that are scaled by a tenth to a hundred,
    so that terms show that act in part of the range alone. It takes about 10 ms and no random number of the training.

    Args:
        network: weights.
        dynamics: parameters that :func:`~rnn_replay.model.gradients.uncovered` has nothing against.
        tracked: s, shape (time, path, feature).

    Returns:
        What differs, in words; empty where nothing does.
    """
    scales = torch.tensor([0.1, 1, 10, 100], dtype=torch.float64)
    weights = {key: weight.detach().double().cpu() for key, weight in network.weights().items()}
    # Over more steps a network whose activity is chaotic would amplify rounding.
    s = tracked[:21, torch.arange(len(scales)) % tracked.shape[1]].double().cpu() * scales[:, None]
    noise = torch.randn(
        len(s) - 1, len(scales), len(weights["bias"]), generator=torch.Generator().manual_seed(0)
    ).double()
    dynamics = replace(dynamics, mean_activity=torch.full((len(weights["bias"]),), 0.5, dtype=torch.float64))
    found = []
    for method in (Backpropagation, Autograd):
        copy = Network(**{key: weight.clone().requires_grad_() for key, weight in weights.items()})
        gradient = method(copy, len(noise), len(scales))
        gradient(dynamics, s, s.diff(dim=0), noise)
        found.append([gradient.states, *(weight.grad for weight in copy.weights().values())])
    for name, expected, by_hand in zip(("state", *weights), *reversed(found), strict=True):
        size = expected.abs().nan_to_num().max().item()  # of a network that grows without bound it may be infinite
        if not torch.allclose(by_hand, expected, rtol=1e-6, atol=1e-9 * size, equal_nan=True):
            return f"the update rule is not the one that the hand-written gradients are of (they differ in {name})"
    return ""


def train(
    tracked: np.ndarray,
    variant: Variant,
    seed: int,
    environment: str,
    name: str,
    report: Callable[[str], None] = print,
    checkpoint: dict[str, np.ndarray] | None = None,
    keep: Callable[[dict[str, np.ndarray]], None] | None = None,
) -> Trained:
    """Train one network by gradient descent on the mean over time and batch of ‖s_t − ŝ_t‖².

    Args:
        tracked: pool of awake paths s, shape (path, time, feature).
        variant: training settings.
        seed: configured seed. Batches, masks and initial draws are shared by the variants of a seed.
        environment: name of the environment.
        name: name of the variant; keys the noise.
        report: receives lines of progress.
        checkpoint: what `keep` was once given by the same training, which then goes on from there to the same result.
        keep: receives a checkpoint every CHECKPOINT_SECONDS.

    Raises:
        Diverged: the loss became NaN or infinite.
        DeviceError: the variant's device is not to be had.
    """
    device = resolve(variant.device)
    pool = torch.from_numpy(np.ascontiguousarray(tracked.transpose(1, 0, 2), dtype=np.float32)).to(device)
    steps = pool.shape[0] - 1
    network = initialise(
        variant.units,
        pool.shape[2],
        initial_scale(variant.initial_scale, variant.leak),
        seed,
        environment,
        variant.cell,
        variant.leak_logit(),
    ).to(device)
    weights = list(network.weights().values())
    reason = uncovered(network, variant.dynamics()) or difference(network, variant.dynamics(), pool)
    if reason:
        report(f"gradients by automatic differentiation, which takes two to four times longer: {reason}")
    gradient = (Autograd if reason else Backpropagation)(network, steps, variant.batch)
    # Memory of a batch, used again: finding new takes as long as filling it.
    s = pool.new_empty(steps + 1, variant.batch, pool.shape[2])
    inputs, noise = gradient.inputs, gradient.noise
    if device.type == "cuda":
        # From memory that the system may not move a copy to a GPU takes a third of the time.
        noise = torch.empty(noise.shape, pin_memory=True)
    optimiser = Adam(weights)
    batches = stream(seed, "training", environment, "batches")
    masks = stream(seed, "training", environment, "masks")
    generator = torch.Generator().manual_seed(named_seed(seed, "training", environment, "noise", name))
    mean_activity = torch.zeros(variant.units, device=device)
    losses = np.empty(variant.iterations, dtype=np.float32)
    first = 0
    if checkpoint:
        first, mean_activity = restore(checkpoint, network, optimiser, (batches, masks), generator, losses)
        report(f"goes on after iteration {first} of {variant.iterations}")
    kept = time.monotonic()

    for iteration in range(first, variant.iterations):
        # Much faster than indexing where paths have many features.
        chosen = torch.from_numpy(batches.integers(pool.shape[1], size=variant.batch)).to(device)
        torch.index_select(pool, 1, chosen, out=s)
        shown = visible(variant.batch, steps, variant, masks).to(device)
        torch.sub(s[1:], s[:-1], out=inputs).mul_(variant.input_gain * shown)
        # Drawn on the CPU whatever the device, so that devices differ by rounding alone.
        noise.normal_(generator=generator)
        losses[iteration] = gradient(
            variant.dynamics(mean_activity), s, inputs, noise.to(device), variant.activity_penalty
        )
        if not math.isfinite(losses[iteration]):
            raise Diverged(
                f"training of {environment}/{name} with seed {seed} diverged: the loss is "
                f"{losses[iteration]} at iteration {iteration}. Lower its learning_rate or its initial_scale."
            )
        torch.nn.utils.clip_grad_norm_(weights, variant.gradient_clip)
        optimiser.step(variant.learning_rate * schedule(iteration, variant))
        mean_activity = 0.99 * mean_activity + 0.01 * gradient.states.mean((0, 1))
        if (iteration + 1) % max(1, variant.iterations // 10) == 0:
            report(f"iteration {iteration + 1} of {variant.iterations}: loss {losses[iteration]:.5f}")
        if keep and time.monotonic() - kept >= CHECKPOINT_SECONDS:
            keep(snapshot(network, optimiser, (batches, masks), generator, losses[: iteration + 1], mean_activity))
            kept = time.monotonic()

    detached = Network(**{key: weight.detach().cpu() for key, weight in network.weights().items()})
    return Trained(detached, mean_activity.cpu(), losses)


def schedule(iteration: int, variant: Variant) -> float:
    """Factor on the learning rate: linear warm-up, then a cosine to zero."""
    if iteration < variant.warm_up:
        return (iteration + 1) / variant.warm_up
    progress = (iteration - variant.warm_up) / max(1, variant.iterations - variant.warm_up)
    return 0.5 * (1 + math.cos(math.pi * progress))
