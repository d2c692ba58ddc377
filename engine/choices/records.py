"""Records: immutable values with settings, the stuff experiments and choices are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ErrorType

from engine.choices.messages import Message
from engine.choices.problems import did_you_mean
from engine.choices.settings import PATHS, Setting


class Record(BaseModel):
    """An immutable value whose fields carry settings; unknown fields and wrong types are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=False)

    live: ClassVar[Literal["never", "numbers", "whole"]] = "never"
    """What of it may change while a run goes on: nothing, its numbers, or all of it, its kind too."""

    @model_validator(mode="wrap")
    @classmethod
    def _name_the_known(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as error:
            raise ValidationError.from_exception_data(cls.__name__, _renamed(cls, error)) from None

    def replaced(self, **changes: object) -> Self:
        """Return the same value with some fields changed, validated anew.

        Raises pydantic's ValidationError when the result does not hold together.
        """
        # not model_dump, which would make mappings of the sections
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**values, **changes})


_KNOWN = frozenset(get_args(ErrorType))


def _renamed(record: type[Record], error: ValidationError) -> list[InitErrorDetails]:
    """Repeat the errors, telling for an unknown setting which ones there are."""
    details: list[InitErrorDetails] = []
    for found in error.errors():
        kind: str | PydanticCustomError = found["type"]
        # only our own: of a section below, its own class has renamed it already
        if kind == "extra_forbidden" and len(found["loc"]) == 1:
            text = Message(
                "is not a setting here{guess}",
                guess=did_you_mean(str(found["loc"][0]), record.model_fields),
            )
            kind = PydanticCustomError("unknown_setting", "{text}", {"text": text})
        # pydantic repeats by name only the kinds that are its own
        elif kind not in _KNOWN:
            kind = PydanticCustomError(str(kind), "{text}", {"text": found["msg"]})
        details.append(
            InitErrorDetails(type=kind, loc=found["loc"], input=found["input"], ctx=found.get("ctx", {}))
        )
    return details


@dataclass(frozen=True)
class Field:
    """One field of a record as forms see it: name, bare type, setting and default."""

    name: str
    annotation: Any
    setting: Setting
    default: Any
    """The default value, or None where the field has to be given."""
    required: bool


@cache
def fields(record: type[Record]) -> tuple[Field, ...]:
    """Return the fields of a record in the order they were written."""
    return tuple(
        Field(
            name,
            info.annotation,
            next((note for note in info.metadata if isinstance(note, Setting)), _plain(name)),
            None if info.is_required() else info.get_default(call_default_factory=True, validated_data={}),
            info.is_required(),
        )
        for name, info in record.model_fields.items()
    )


R = TypeVar("R", bound=Record)


def located(record: R, folder: Path) -> R:
    """Return the record with the paths in it and its sections absolute, relative ones taken from `folder`."""
    return with_paths(record, lambda path: str(folder / Path(path).expanduser()))


def with_paths(record: R, change: Callable[[str], str]) -> R:
    """Return the record with every path in it and its sections changed; settings left empty stay so."""
    changes: dict[str, object] = {}
    for field in fields(type(record)):
        value = getattr(record, field.name)
        if isinstance(value, Record):
            changes[field.name] = with_paths(value, change)
        elif field.setting.role in PATHS and value:
            changes[field.name] = change(value)
    return record.replaced(**changes) if changes else record


def paths_in(record: Record) -> tuple[str, ...]:
    """Return every path among the settings of a record and its sections, those left empty left out."""
    found: list[str] = []
    for field in fields(type(record)):
        value = getattr(record, field.name)
        if isinstance(value, Record):
            found += paths_in(value)
        elif field.setting.role in PATHS and value:
            found.append(value)
    return tuple(found)


def _plain(name: str) -> Setting:
    return Setting(name.replace("_", " ").capitalize(), "")
