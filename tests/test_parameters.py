"""A parameter of the update rule is declared once: what training and replay allow follows."""

from dataclasses import dataclass

import pytest
from pydantic import ValidationError
from rnn_replay.model.dynamics import Dynamics
from rnn_replay.model.parameters import REPLAY, TRAINING, parameter, settings_of
from rnn_replay.model.replay import Setting
from rnn_replay.model.training import Variant


@dataclass(frozen=True)
class Rule(Dynamics):
    damping: float = parameter("c", "1/step", "cubic damping", 0.0, ge=0, le=1)
    shape: str = parameter("", "", "its form", "odd", choices=("odd", "even"))
    delay: float = parameter("d", "steps", "delay", 0.0, where=(REPLAY,), required=True)


def test_a_new_parameter_is_off_in_training_and_as_trained_in_replay():
    training, replay = (settings_of(Rule, phase).model_fields for phase in (TRAINING, REPLAY))
    assert training["damping"].default == 0 and replay["damping"].default == "trained"
    assert training["shape"].default == "odd" and replay["shape"].default == "trained"
    assert "delay" not in training and replay["delay"].is_required()
    assert training["damping"].description == "c, cubic damping [1/step]"


def settings(**changes):
    fields = {name: 1.0 for name, field in settings_of(Rule, REPLAY).model_fields.items() if field.is_required()}
    return fields | {"adaptation_form": "outside", "noise_scaling": "fixed"} | changes


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"damping": 1.5}, "damping"),
        ({"damping": "trainde"}, "damping"),
        ({"damping": float("nan")}, "damping"),
        ({"shape": "neither"}, "shape"),
        ({"shap": "odd"}, "shap"),
        ({"leak": 0.3}, "leak"),  # of training alone
    ],
)
def test_what_is_not_declared_is_refused(change, key):
    allowed = settings_of(Rule, REPLAY)
    assert allowed(**settings(damping=0.5, shape="trained")).damping == 0.5
    with pytest.raises(ValidationError) as error:
        allowed(**settings(**change))
    assert {found["loc"][0] for found in error.value.errors()} == {key}


VARIANT = (
    dict.fromkeys(("leak", "noise", "adaptation_strength", "activity_penalty"), 0.5)
    | dict.fromkeys(("units", "mask_shown", "mask_lead", "mask_hidden", "warm_up", "iterations", "batch"), 3)
    | dict.fromkeys(("input_gain", "initial_scale", "learning_rate", "gradient_clip"), 1.0)
    | {"adaptation_time": 7.0, "adaptation_form": "drive", "nonlinearity": "tanh"}
)


def test_a_replay_takes_what_is_trained_from_training():
    variant = Variant(**VARIANT)
    numbers = {"friction": 1.0, "adaptation_strength": 0.1, "noise": 1.0}
    plain = Setting(**numbers, adaptation_time="trained", adaptation_form="inside", noise_scaling="fixed")
    assert plain.resolved(variant) == plain.but(adaptation_time=7.0, noise_form="outside")
    both = plain.but(adaptation_strength="trained", adaptation_time=100.0).resolved(variant)
    assert (both.adaptation_strength, both.adaptation_time, both.adaptation_form) == (0.5, 7.0, "drive")


def test_a_learned_leak_begins_where_its_logit_is_finite():
    with pytest.raises(ValidationError, match=r"leak is 1.0; allowed: above 0 and below 1, where it is learned"):
        Variant(**VARIANT | {"leak": 1.0, "learned_leak": "one"})
