"""Facilitation in the linear theory: to first order, adaptation with its sign turned (docs/theory.md, §7)."""

from rnn_replay.model.dynamics import BASELINE
from rnn_replay.theory.linear import Linear


def facilitated(stiffness: float, weight: float, friction: float, strength: float, time: float, noise: float) -> Linear:
    """The linear system near the mean activity of one unit that excites itself through a facilitating synapse.

    With drift −λ_r r + w r u/ū + b, κ = λ_r − w, and the mean activity as unit of activity, deviations y of r obey the
    linear rule with b_a = −w b_f (1 − U)/((1 + b_f)(1 + b_f U)) and τ_a = τ_f/(1 + b_f U).

    Args:
        stiffness: κ, drift towards the mean activity per step, without facilitation.
        weight: w, the recurrent part of the drift, 0 ≤ w.
        friction: λ_v in (0, 1].
        strength: b_f ≥ 0.
        time: τ_f, steps.
        noise: σ per step.
    """
    fall = 1 + strength * BASELINE
    gain = weight * strength * (1 - BASELINE) / ((1 + strength) * fall)
    return Linear(stiffness, friction, -gain, time / fall, noise)
