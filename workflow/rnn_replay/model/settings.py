"""Settings of training and replay: the update rule's parameters, and what else there is to choose.

PyTorch is imported only where it is used: the Snakefile reads these models in every job.
"""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from rnn_replay.model.dynamics import Dynamics, ReplayParameters, TrainingParameters, noise_scale
from rnn_replay.model.parameters import TRAINED
from rnn_replay.settings import Settings, setting

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cpu", "cuda")


class Variant(TrainingParameters):
    """Training settings of a network: the update rule's, and its own."""

    units: int = setting("1", "number of units", ge=1)
    mask_hidden: int = setting("steps", "consecutive inputs that are hidden; 0 shows all", symbol="k", ge=0)
    mask_shown: int = setting("steps", "inputs shown between hidden blocks", ge=1)
    mask_lead: int = setting("steps", "inputs at the start of a path that are always shown", ge=0)
    input_gain: float = setting("1", "factor on the input Δs", gt=0)
    initial_scale: Annotated[float, Field(gt=0)] | Literal["leak"] = setting(
        "1", "standard deviation of W times √units before training, or `leak` for max(leak, 0.02)"
    )
    learning_rate: float = setting("1", "Adam's, at its peak", gt=0)
    warm_up: int = setting("1", "iterations over which the learning rate rises, before it decays as a cosine", ge=0)
    iterations: int = setting("1", "gradient steps", ge=1)
    batch: int = setting("1", "paths per gradient step", ge=1)
    gradient_clip: float = setting("1", "largest norm of the gradient", gt=0)
    activity_penalty: float = setting("1", "weight of the mean square activity in the loss", ge=0)
    device: Literal[DEVICES] = setting("", "where the network is trained; auto: on a GPU if there is one", "cpu")
    learned_leak: Literal["one", "per_unit"] | None = setting(
        "", "whether λ_r is trained, `one` or one `per_unit`, from `leak` on; default: it stays as it is", None
    )

    @model_validator(mode="after")
    def leak_has_a_logit(self) -> Self:
        """Refuse a learned leak that begins where its logit is not finite."""
        if self.learned_leak is not None and not 0 < self.leak < 1:
            raise ValueError(f"leak is {self.leak}; allowed: above 0 and below 1, where it is learned")
        return self

    def dynamics(self, mean_activity: "torch.Tensor | float" = 0.0) -> Dynamics:
        """The update rule of the awake phase: λ_v = 1, noise on."""
        return Dynamics(
            **{name: getattr(self, name) for name in TrainingParameters.model_fields}, mean_activity=mean_activity
        )

    def leak_logit(self) -> "torch.Tensor | None":
        """Where a learned leak begins; None where it is not learned."""
        import torch

        if self.learned_leak is None:
            return None
        logit = math.log(self.leak / (1 - self.leak))
        return torch.tensor(logit) if self.learned_leak == "one" else torch.full((self.units,), logit)


class Setting(ReplayParameters):
    """One setting of a sweep: parameters of the update rule in replay."""

    noise: float = setting("1", "quiescent noise as a multiple of the training noise", ge=0)

    def resolved(self, variant: Variant) -> "Setting":
        """The same setting with `trained` replaced by the values of a network's training.

        Strength, time and form of adaptation go together: where the strength is `trained`, so are the others.
        """
        own = [name for name, value in self if value == TRAINED]
        if self.adaptation_strength == TRAINED:
            own += ["adaptation_time", "adaptation_form"]
        return self.but(**{name: getattr(variant, name) for name in own})

    def dynamics(self, variant: Variant) -> Dynamics:
        """The update rule in replay of a network; what cannot be set in replay is as in its training."""
        noise = variant.noise * self.noise * noise_scale(self.friction, self.noise_scaling)
        return replace(variant.dynamics(), **dict(self.resolved(variant)) | {"noise": noise, "noise_scaling": "fixed"})


# The settings of a sweep in artifacts and tables: unit and meaning by name. Numbers of steps have no unit in CF.
SETTING = {name: ("1", field.description) for name, field in Setting.model_fields.items()}


class Sampling(Settings):
    """How the replays of a sweep are drawn."""

    starts: Literal["beginning", "awake", "encoder"] = setting(
        "",
        "states that replays start from: `beginning`, awake, after `mask_shown` steps of a path, of which the first "
        "`mask_lead` inputs are always shown; `awake`, at a random time from there on; `encoder`, the encoder's state "
        "of what is tracked at such a time, at rest, as in Krishna et al. 2024",
    )
    start_velocity: Literal["carried", "zero"] = setting(
        "", "velocity of awake states that replays start from: `carried` over from the awake run, or `zero`", "carried"
    )
    states: int = setting("1", "starting states per network", ge=1)
    repeats: int = setting("1", "replays from each starting state, which only their noise tells apart", ge=1)
    steps: int = setting("steps", "length of a replay", ge=20)
    record_states: bool = setting("", "keep the states on their principal components, for memory metrics")
    device: Literal[DEVICES] = setting(
        "", "where the networks run; auto: on a GPU if there is one; starts and decoders are made on the CPU", "cpu"
    )
