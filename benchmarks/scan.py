"""JAX: the training step as one compiled function, `lax.scan` over time, projections and noise outside of it.

One thread, since all contenders have one: XLA is told so before it is imported, and the fixture `alternately` pins
the process to one core.
"""

import os
from functools import partial

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import torch
from jax import numpy as jnp

from benchmarks.problem import GRADIENT_CLIP, LEAK, LEARNING_RATE, NOISE, Problem


def loss(weights, tracked, inputs, noise):
    """Mean over time and batch of ‖s_t − ŝ_t‖²; arrays are shaped as in `Backpropagation`."""

    def step(r, now):
        drive, eta = now
        r = (1 - LEAK) * r + jax.nn.relu(drive + r @ weights["recurrent"].T) + NOISE * eta
        return r, r

    start = tracked[0] @ weights["encoder"].T + weights["encoder_bias"]
    drive = inputs @ weights["input"].T + weights["bias"]
    _, states = jax.lax.scan(step, start, (drive, noise))
    outputs = jnp.concatenate([start[None], states]) @ weights["decoder"].T + weights["decoder_bias"]
    return jnp.square(outputs - tracked).sum(-1).mean()


@partial(jax.jit, donate_argnums=(0, 1))
def update(weights, moments, count, key, tracked, inputs):
    """One training step: noise, loss, gradient, clipping, Adam."""
    noise = jax.random.normal(key, (*inputs.shape[:2], len(weights["recurrent"])))
    value, gradients = jax.value_and_grad(loss)(weights, tracked, inputs, noise)
    norm = jnp.sqrt(sum(jnp.vdot(g, g) for g in gradients.values()))
    factor = jnp.minimum(1, GRADIENT_CLIP / (norm + 1e-6))
    first, second = moments
    first = {k: 0.9 * first[k] + 0.1 * factor * g for k, g in gradients.items()}
    second = {k: 0.999 * second[k] + 0.001 * jnp.square(factor * g) for k, g in gradients.items()}
    rate = LEARNING_RATE / (1 - 0.9**count)
    scale = 1 / jnp.sqrt(1 - 0.999**count)
    weights = {k: w - rate * first[k] / (scale * jnp.sqrt(second[k]) + 1e-8) for k, w in weights.items()}
    return weights, (first, second), value


class Training:
    """A training step; calling it takes one. The first call compiles."""

    def __init__(self, problem: Problem):
        self.weights = {k: jnp.array(w.detach().numpy()) for k, w in problem.network().weights().items()}
        self.moments = tuple({k: jnp.zeros_like(w) for k, w in self.weights.items()} for _ in range(2))
        self.paths = [jnp.array(part.numpy()) for part in problem.paths()]
        self.keys = jax.random.key(2)
        self.count = 0

    def __call__(self) -> None:
        self.count += 1
        key = jax.random.fold_in(self.keys, self.count)
        self.weights, self.moments, value = update(self.weights, self.moments, self.count, key, *self.paths)
        float(value)

    def loss_and_gradients(self, noise: torch.Tensor) -> tuple[float, dict[str, torch.Tensor]]:
        """Loss and gradients of the weights, by their names in `Network`, on a given noise."""
        value, gradients = jax.value_and_grad(loss)(self.weights, *self.paths, jnp.array(noise.numpy()))
        return float(value), {k: torch.tensor(jax.device_get(g)) for k, g in gradients.items()}
