"""Short-term facilitation of the recurrent synapses: what momentum might be in disguise.

Each unit's synapses have an efficacy u, which rises with its activity and falls back to U, as release probability does
in the model of Tsodyks & Markram (Tsodyks, Pawelzik & Markram 1998), without depression:

    u_{t+1} = u_t + (U − u_t)/τ_f + (b_f/τ_f) U (1 − u_t) ρ_t       ρ_t = max(r_t, 0) / mean over units of max(r̄, 0)
    x_t     = W (r_t ∘ u_t/ū) + b                                   ū = U (1 + b_f ρ̄)/(1 + b_f U ρ̄)

ū is the efficacy that mean awake activity r̄ keeps up: the trained weights are taken for those of synapses at ū, so that
facilitation changes no weight on average but makes it follow activity. That, U, and activity in units of its mean are
our choice. The update rule of :mod:`rnn_replay.model.dynamics` stays as it is; :mod:`rnn_replay.theory.facilitation`
has the linear theory.
"""

import torch

BASELINE = 0.2  # U, of facilitating cortical synapses (Mongillo, Barak & Tsodyks 2008)


class Facilitation:
    """Synapses of a replay, at ū when it starts.

    Args:
        strength: b_f ≥ 0, broadcasting against the state; 0: off.
        time: τ_f ≥ 1 in steps, likewise.
        mean_activity: r̄, shape (unit,).

    Attributes:
        efficacy: u, of the state's shape once it has been called.
    """

    def __init__(self, strength: torch.Tensor, time: torch.Tensor, mean_activity: torch.Tensor):
        rates = mean_activity.clamp_min(0)
        self.unit = rates.mean()
        self.strength, self.time = strength, time
        self.average = BASELINE * (1 + strength * rates / self.unit) / (1 + strength * BASELINE * rates / self.unit)
        self.efficacy = self.average

    def __call__(self, r: torch.Tensor) -> torch.Tensor:
        """r_t ∘ u_t/ū of the state r_t, shape (..., unit); u moves on by a step."""
        u = self.efficacy
        # A replay that diverges would otherwise carry u beyond 1.
        rise = (self.strength * BASELINE / self.time * r.clamp_min(0) / self.unit).clamp_max(1)
        self.efficacy = u + (BASELINE - u) / self.time + rise * (1 - u)
        return r * (u / self.average)
