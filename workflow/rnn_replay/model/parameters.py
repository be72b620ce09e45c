"""How a parameter of the update rule is declared, once: the settings of training and replay follow from it."""

from dataclasses import field, fields
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from rnn_replay.settings import Settings, setting

TRAINING, REPLAY = "training", "replay"
TRAINED = "trained"  # of a replay's parameter: the value of the network's own training


def parameter(
    symbol: str,
    unit: str,
    meaning: str,
    default: Any,
    *,
    where: tuple[str, ...] = (TRAINING, REPLAY),
    required: bool = False,
    choices: tuple[str, ...] = (),
    **limits: float,
) -> Any:
    """A parameter, as a field of a dataclass.

    Args:
        symbol: in the equations.
        unit: of a number, `1` where it has none; empty of a choice.
        meaning: in a line.
        default: value at which the rule is without it.
        where: it can be set, in `training`, in `replay` or in both.
        required: whether a configuration has to give it; otherwise it has its default in training and in a replay of
            what cannot be set in training, and in other replays the value that the network was trained with.
        choices: what it may be, if it is not a number.
        limits: of a number; `gt`, `ge`, `lt`, `le`, as in pydantic's Field.
    """
    declared = {
        "where": where,
        "required": required,
        "choices": choices,
        "limits": limits,
        "words": {"unit": unit, "meaning": meaning, "symbol": symbol},
    }
    return field(default=default, metadata=declared)


def settings_of(rule: type, phase: str) -> type[Settings]:
    """Model of the settings of a phase: one for each parameter that can be set in it.

    Args:
        rule: dataclass whose fields are made by :func:`parameter`.
        phase: `training` or `replay`.
    """
    found: dict[str, Any] = {}
    for each in fields(rule):
        if phase not in each.metadata.get("where", ()):
            continue
        choices, default, words = each.metadata["choices"], each.default, dict(each.metadata["words"])
        kind = Literal[choices] if choices else Annotated[float, Field(**each.metadata["limits"])]
        if phase == REPLAY and TRAINING in each.metadata["where"]:
            kind, default = Literal[(*choices, TRAINED)] if choices else kind | Literal[TRAINED], TRAINED
            words["meaning"] += f"; `{TRAINED}`: as in the network's training"
        if each.metadata["required"]:
            default = ...
        found[each.name] = (kind, setting(default=default, **words))
    return create_model(f"{phase.title()}Parameters", __base__=Settings, __module__=__name__, **found)
