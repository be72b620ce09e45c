"""What a setting is: declared once, with symbol, unit, meaning and range. All else that knows of it follows."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Settings of one part of the pipeline: unknown keys are refused, and what has been checked does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)

    def but(self, **changes: Any) -> Self:
        """The same settings but for some, checked again."""
        return type(self)(**dict(self) | changes)


def setting(unit: str, meaning: str, default: Any = ..., symbol: str = "", **limits: Any) -> Any:
    """A field of :class:`Settings`.

    Args:
        unit: of its value; `1` for a pure number, empty for what is no number.
        meaning: in a line, for schema, documentation and tables.
        default: its value where none is given; without one it has to be given.
        symbol: in the equations.
        limits: of pydantic's Field, such as `gt`, `ge`, `lt`, `le`, `min_length`.
    """
    words = f"{symbol}, {meaning}" if symbol else meaning
    return Field(
        default,
        description=f"{words} [{unit}]" if unit else words,
        json_schema_extra={"unit": unit, "symbol": symbol},
        **limits,
    )
