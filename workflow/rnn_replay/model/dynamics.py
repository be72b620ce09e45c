"""The one update rule: leakage, adaptation, momentum and facilitation.

The awake run, training by automatic differentiation, replay and the theory's simulations all advance their state by
:func:`step`. Training by hand-written gradients has a recursion of its own, :mod:`rnn_replay.model.gradients`, which is
used only where it agrees with it.

    g_t     = −λ_r r_t + φ(x_t) − a_t                    x_t = W (r_t ∘ u_t/ū) + U i_t + b
    v_{t+1} = (1 − λ_v) v_t + γ g_t + σ η_t              η_t ~ N(0, I)
    r_{t+1} = r_t + v_{t+1}
    a_{t+1} = (1 − 1/τ_a) a_t + (b_a / τ_a) r_t
    u_{t+1} = u_t + (u_0 − u_t)/τ_f + (b_f/τ_f) u_0 (1 − u_t) ρ_t

Short-term facilitation, what momentum might be in disguise, is that of Tsodyks, Pawelzik & Markram 1998 without
depression: a unit's synapses have an efficacy u that rises with its activity ρ_t = max(r_t, 0) / mean over units of
max(r̄, 0), and falls back to u_0. ū = u_0 (1 + b_f ρ̄)/(1 + b_f u_0 ρ̄) is what mean awake activity r̄ keeps up: the
trained weights are taken for those of synapses at ū, so that facilitation changes no weight on average but makes it
follow activity. That, u_0, and activity in units of its mean are our choice. Without facilitation u_t/ū is 1.

The forms `static` and `constant` of adaptation, the gain γ of the drift, the leak that multiplies φ too, and noise
within φ are what mechanisms are compared with: the simplest thing that could do the same, or a predecessor's rule.

In a GRU the increment z ∘ (h̃ − r) takes the place of φ(x), so that λ_r = 0, λ_v = 1, b_a = 0, σ = 0 is an ordinary one:

    z = sigmoid(x_z)    ρ = sigmoid(x_ρ)    h̃ = φ(x_u + ρ ∘ x_r)        x_z, x_ρ, x_r, x_u: see Network.preactivation

Source: Casco-Rodriguez, Krishna & Baraniuk, arXiv 2602.18401; Cho et al. 2014 for the GRU, with the reset gate after
the product, as in torch.nn.GRUCell, whose update gate is 1 − z. The forms of adaptation other than `outside` and the
place of leak, momentum and adaptation in a GRU are our choice of what to compare.

PyTorch is imported only where it is used: the Snakefile reads in every job which parameters there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rnn_replay.model.parameters import REPLAY, TRAINING, parameter, settings_of

if TYPE_CHECKING:
    import torch

    Number = float | torch.Tensor

NONLINEARITIES = {  # written over x
    "relu": lambda x: x.relu_(),
    "tanh": lambda x: x.tanh_(),
    "identity": lambda x: x,  # linear drift, for the theory stage
}
CELLS = ("vanilla", "gru")
LEAK_FORMS = ("subtracted", "convex")
ADAPTATION_FORMS = ("outside", "inside", "centred", "rotational", "drive", "static", "constant")
NOISE_FORMS = ("outside", "inside")
NOISE_SCALINGS = ("fixed", "fluctuation_dissipation")
BASELINE = 0.2  # u_0, of facilitating cortical synapses (Mongillo, Barak & Tsodyks 2008)


class State(NamedTuple):
    """State r, velocity v and adaptation a of a network, and efficacy u of its synapses, each of shape (..., unit).

    The efficacy is None where there is no facilitation, and before the first step, when it is ū.
    """

    r: torch.Tensor
    v: torch.Tensor
    a: torch.Tensor
    u: torch.Tensor | None = None

    def each(self, change: Callable[[torch.Tensor], torch.Tensor]) -> State:
        """The state with every part changed by a function."""
        return State(*(None if part is None else change(part) for part in self))


class Memory(NamedTuple):
    """Memory that a step writes its results to, of the state's shape; None: new memory.

    Where a batch is large, finding memory for each intermediate result takes longer than the arithmetic. r, v and a may
    be those of the state that the step is given.
    """

    r: torch.Tensor | None = None
    v: torch.Tensor | None = None
    a: torch.Tensor | None = None
    spare: torch.Tensor | None = None

    @classmethod
    def over(cls, state: State) -> Memory:
        """Memory of a state that may be written over."""
        return cls(state.r, state.v, state.a, state.r.new_empty(state.r.shape))


@dataclass(frozen=True)
class Dynamics:
    """Parameters of the update rule, each declared here and nowhere else: a line here and its term in :func:`step`.

    Any number may be a tensor that broadcasts against the state.

    Attributes:
        mean_activity: r̄ of shape (unit,), the mean awake state, which is measured and not set.
    """

    leak: Number = parameter(
        "λ_r",
        "1/step",
        "share of the state lost each step (0: residual integrator; 1: vanilla RNN)",
        0.0,
        where=(TRAINING,),
        required=True,
        ge=0,
        le=1,
    )
    friction: Number = parameter(
        "λ_v",
        "1/step",
        "share of the velocity lost each step (1: overdamped, the ordinary RNN; below 1: momentum)",
        1.0,
        where=(REPLAY,),
        required=True,
        gt=0,
        le=1,
    )
    adaptation_strength: Number = parameter(
        "b_a", "1", "negative feedback at equilibrium per unit of activity (0: off)", 0.0, required=True, ge=0
    )
    adaptation_time: Number = parameter("τ_a", "steps", "time constant of adaptation", 1.0, required=True, ge=1)
    adaptation_form: str = parameter(
        "",
        "",
        "how adaptation acts: `outside` subtracts a_t from the drift; `inside` subtracts it within φ (of h̃); `centred` "
        "is driven by r_t − r̄; `rotational` subtracts only the part of a_t orthogonal to r_t; `drive` is driven by the "
        "drift before adaptation; `static` subtracts b_a r_t in place of a_t, an extra leak without delay; `constant` "
        "subtracts b_a r̄",
        "outside",
        required=True,
        choices=ADAPTATION_FORMS,
    )
    noise: Number = parameter("σ", "1/step", "standard deviation of the state noise", 0.0, required=True, ge=0)
    noise_scaling: str = parameter(
        "",
        "",
        "how σ follows λ_v, see noise_scale: `fixed`, or `fluctuation_dissipation`, scaled so that friction does not "
        "heat the state",
        "fixed",
        where=(REPLAY,),
        required=True,
        choices=NOISE_SCALINGS,
    )
    noise_form: str = parameter(
        "",
        "",
        "where noise acts: `outside` adds it to the drift; `inside` adds it to x_t within φ (of h̃), as in Levenstein "
        "et al. 2024",
        "outside",
        choices=NOISE_FORMS,
    )
    drift_gain: Number = parameter("γ", "1", "factor on the drift", 1.0, where=(REPLAY,), gt=0)
    facilitation_strength: Number = parameter(
        "b_f", "1", "short-term facilitation (0: off)", 0.0, where=(REPLAY,), ge=0
    )
    facilitation_time: Number = parameter("τ_f", "steps", "time constant of facilitation", 10.0, where=(REPLAY,), ge=1)
    leak_form: str = parameter(
        "",
        "",
        "what the leak multiplies: `subtracted`, the state alone; `convex`, the state and φ, so that r_{t+1} = "
        "(1 − λ_r) r_t + λ_r φ(x_t), as α does in Krishna et al. 2024",
        "subtracted",
        where=(TRAINING,),
        choices=LEAK_FORMS,
    )
    nonlinearity: str = parameter(
        "φ", "", "nonlinearity", "relu", where=(TRAINING,), required=True, choices=tuple(NONLINEARITIES)
    )
    cell: str = parameter("", "", "whether the network has gates", "vanilla", where=(TRAINING,), choices=CELLS)
    mean_activity: Number = 0.0

    @cached_property
    def keeping(self) -> Number:
        """1 − λ_v, share of the velocity that is kept each step."""
        return 1 - self.friction

    @cached_property
    def adaptation_keeping(self) -> Number:
        """1 − 1/τ_a, share of adaptation that is kept each step."""
        return 1 - 1 / self.adaptation_time

    @cached_property
    def adaptation_gain(self) -> Number:
        """b_a / τ_a."""
        return self.adaptation_strength / self.adaptation_time

    @property
    def scales(self) -> bool:
        """Whether the drift has a gain: γ is a tensor, or not 1."""
        return not plain(self.drift_gain) or self.drift_gain != 1

    @property
    def adapts(self) -> bool:
        """Whether there is adaptation: b_a is a tensor, or not 0. Without it a_t stays as it is, and does nothing."""
        return not plain(self.adaptation_strength) or self.adaptation_strength != 0

    @property
    def facilitates(self) -> bool:
        """Whether there is facilitation: b_f is a tensor, or not 0."""
        return not plain(self.facilitation_strength) or self.facilitation_strength != 0

    @cached_property
    def activity_unit(self) -> torch.Tensor:
        """Mean over units of max(r̄, 0), a scalar."""
        return self.mean_activity.clamp_min(0).mean()

    @cached_property
    def mean_efficacy(self) -> torch.Tensor:
        """ū, broadcasting against the state."""
        b, rates = self.facilitation_strength, self.mean_activity.clamp_min(0)
        unit = self.activity_unit
        return BASELINE * (1 + b * rates / unit) / (1 + b * BASELINE * rates / unit)


TrainingParameters = settings_of(Dynamics, TRAINING)
ReplayParameters = settings_of(Dynamics, REPLAY)


def plain(number: Number) -> bool:
    """Whether a parameter is one plain number, for all of the state."""
    return isinstance(number, float | int)


def rest(r: torch.Tensor) -> State:
    """The state r with neither velocity nor adaptation."""
    return State(r, r.new_zeros(r.shape), r.new_zeros(r.shape))


def step(
    state: State,
    preactivation: Callable[[torch.Tensor], torch.Tensor],
    eta: torch.Tensor,
    p: Dynamics,
    out: Memory = Memory(),  # noqa: B008, of Nones that nothing changes
) -> State:
    """Advance a state by one step.

    A term of one's own is a line here and a parameter of :class:`Dynamics`; it need not use `out`.

    Args:
        state: r_t, v_t, a_t and u_t.
        preactivation: gives x_t = W y + U i_t + b of what the synapses transmit, y = r_t ∘ u_t/ū, same shape as r_t; of
            a GRU all four parts, shape (..., 4 unit). It is written over.
        eta: standard normal noise η_t, broadcasting against r_t.
        p: parameters of the update rule.
        out: where results are written to.

    Returns:
        r_{t+1}, v_{t+1}, a_{t+1} and u_{t+1}.
    """
    import torch

    r, v, a, _ = state
    transmitted, u = facilitated(state, p)
    # Before the leak: autograd adds gradients in the order of operations, which decides their last bits.
    added = increment(state, preactivation(transmitted), eta, p)
    own = None if out.spare is None else added
    drift = torch.add(torch.mul(r, -p.leak, out=out.spare), added, out=own)

    if p.adapts:
        drift, a = adapted(state, drift, p, out)
    if p.scales:
        drift = torch.mul(drift, p.drift_gain, out=own)
    v = torch.add(torch.mul(v, p.keeping, out=out.v), drift, out=out.v)
    if p.noise_form == "outside":
        # Settings of a sweep share η: where they share σ too, their product is as small.
        kick = eta * p.noise if plain(p.noise) else torch.mul(eta.expand_as(r), p.noise, out=out.spare)
        v = torch.add(v, kick, out=out.v)
    return State(torch.add(r, v, out=out.r), v, a, u)


def adapted(state: State, drift: torch.Tensor, p: Dynamics, out: Memory) -> tuple[torch.Tensor, torch.Tensor]:
    """The drift that adaptation has acted on, and a_{t+1}. Arguments: see :func:`step`."""
    import torch

    r, a = state.r, state.a
    if p.adaptation_form == "rotational":
        opposed = orthogonal(a, r)
    elif p.adaptation_form == "static":
        opposed = p.adaptation_strength * r
    elif p.adaptation_form == "constant":
        opposed = p.adaptation_strength * p.mean_activity
    else:
        opposed = a
    if p.adaptation_form == "drive":
        source = drift
    elif p.adaptation_form == "centred":
        source = r - p.mean_activity
    else:
        source = r
    rise = torch.mul(source, p.adaptation_gain, out=out.spare)
    if p.adaptation_form != "inside":
        drift = torch.sub(drift, opposed, out=None if out.spare is None else drift)
    return drift, torch.add(torch.mul(a, p.adaptation_keeping, out=out.a), rise, out=out.a)


def facilitated(state: State, p: Dynamics) -> tuple[torch.Tensor, torch.Tensor | None]:
    """What the synapses transmit, r_t ∘ u_t/ū, and their next efficacy u_{t+1}. Arguments: see :func:`step`."""
    if not p.facilitates:
        return state.r, None
    u = p.mean_efficacy if state.u is None else state.u
    # A replay that diverges would otherwise carry u beyond 1.
    rise = p.facilitation_strength * BASELINE / p.facilitation_time * state.r.clamp_min(0) / p.activity_unit
    following = u + (BASELINE - u) / p.facilitation_time + rise.clamp_max(1) * (1 - u)
    return state.r * (u / p.mean_efficacy), following


def increment(state: State, x: torch.Tensor, eta: torch.Tensor, p: Dynamics) -> torch.Tensor:
    """φ(x_t) of the update rule, with what acts within φ, and times λ_r with a `convex` leak. Arguments: see `step`.

    Of a GRU it is z ∘ (h̃ − r), and what acts within φ acts within that of h̃.
    """
    r, a = state.r, state.a
    phi = NONLINEARITIES[p.nonlinearity]
    gru = p.cell == "gru"
    if gru:
        update, reset, recurrent, given = x.split(r.shape[-1], dim=-1)
        x = given + reset.sigmoid() * recurrent
    if p.adapts and p.adaptation_form == "inside":
        x = x - a
    if p.noise_form == "inside":
        x = x + p.noise * eta
    added = update.sigmoid() * (phi(x) - r) if gru else phi(x)
    return added * p.leak if p.leak_form == "convex" else added


def orthogonal(a: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
    """The part of a orthogonal to r, unit by unit vector; all of a where r is zero. Shapes (..., unit)."""
    power = (r * r).sum(-1, keepdim=True)
    overlap = (a * r).sum(-1, keepdim=True)
    return a - r * (overlap / power.where(power > 0, 1))


def noise_scale(friction: Number, scaling: str, stiffness: Number = 0.0) -> Number:
    """Factor on σ that a noise scaling asks for at a friction.

    `fixed` leaves σ as it is, as the paper's rule reads. `fluctuation_dissipation` gives r the stationary
    variance that it has at λ_v = 1 under a linear drift −k r: for the AR(2) process of the update rule,
    Var r = σ² (2 − λ_v) / (λ_v k (2 (2 − λ_v) − k)). For weak drift (k → 0) the factor is √λ_v.

    Args:
        friction: λ_v in (0, 1].
        scaling: one of NOISE_SCALINGS.
        stiffness: k of the linear drift.
    """
    if scaling == "fixed":
        return 1.0
    if scaling == "fluctuation_dissipation":
        f, k = friction, stiffness
        return (f * (2 * (2 - f) - k) / ((2 - f) * (2 - k))) ** 0.5
    raise ValueError(f"noise_scaling is '{scaling}'; allowed: {', '.join(NOISE_SCALINGS)}")
