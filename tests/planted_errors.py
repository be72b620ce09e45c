"""The update rule with one part 3 % too large, to be put in the place of `replay.step`."""

from rnn_replay.model.dynamics import State


def step_with(part: str):
    """A step of which `part` is too large: friction, drift, noise or adaptation; form `outside`, φ the identity."""

    def factor(name):
        return 1.03 if name == part else 1

    def step(state, preactivation, eta, p, memory):
        r, v, a, _ = state
        gain = p.adaptation_strength * factor("adaptation") / p.adaptation_time
        following = (1 - p.friction * factor("friction")) * v + preactivation(r) * factor("drift") - a
        v = following + p.noise * eta * factor("noise")
        return State(r + v, v, (1 - 1 / p.adaptation_time) * a + gain * r)

    return step
