"""The update rule in memory that is used again, for replay: :func:`~rnn_replay.model.dynamics.step`, bit for bit."""

import torch

from rnn_replay.model.dynamics import Dynamics, State, increment, orthogonal


class InPlace:
    """A step that writes over the state that it is given.

    Where a batch is large, finding memory for each intermediate result takes longer than the arithmetic.

    Args:
        p: parameters of the update rule; tensors broadcast to the state's shape.
        start: a state, for its shape, type and device.
    """

    def __init__(self, p: Dynamics, start: State):
        self.p = p
        self.keep, self.decay = 1 - p.friction, 1 - 1 / p.adaptation_time
        self.gain = p.adaptation_strength / p.adaptation_time
        self.spare = torch.empty_like(start.r)

    def __call__(self, state: State, x: torch.Tensor, eta: torch.Tensor) -> State:
        """The same state, advanced by one step. Arguments as of `step`; x is written over."""
        p, spare, (r, v, a) = self.p, self.spare, state
        drift = increment(state, x, p).add_(torch.mul(r, -p.leak, out=spare))
        if p.adaptation_form == "drive":
            torch.mul(drift, self.gain, out=spare)
        elif p.adaptation_form == "centred":
            torch.sub(r, p.mean_activity, out=spare).mul_(self.gain)
        else:
            torch.mul(r, self.gain, out=spare)
        if p.adaptation_form == "rotational":
            drift.sub_(orthogonal(a, r))
        elif p.adaptation_form != "inside":
            drift.sub_(a)
        a.mul_(self.decay).add_(spare)
        v.mul_(self.keep).add_(drift).add_(torch.mul(eta.expand_as(r), p.noise, out=spare))
        r.add_(v)
        return state
