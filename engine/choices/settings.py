"""Settings: what a field of a choice is, said once, in its annotation.

    learning_rate: Annotated[float, Setting("Learning rate", "Size of a step.", symbol="η", above=0, most=10,
                                            log=True)] = 0.01

Validation, forms, the command line, JSON schemas and help are all derived from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from engine.choices.messages import Message, joined
from engine.choices.words import BOUNDS, TYPES, plain

Role = Literal[
    "plain", "file", "folder", "file_or_folder", "column", "columns", "sheet", "hidden", "series", "types"
]
PATHS: frozenset[Role] = frozenset({"file", "folder", "file_or_folder"})
"""The roles of settings that are paths."""


@dataclass(frozen=True)
class Setting:
    """Meaning, bounds and appearance of one field.

    Bounds hold for numbers; for a list, `least` and `most` bound its length and the items have a setting
    of their own. `applies` names another field of the same choice and the values of it for which this one
    matters; otherwise forms hide it. `role` asks forms for a special editor: a file, a folder, either, one or
    several columns of the data, their types, a sheet, a series. `inputs` names the kinds of input it is for,
    where it is not for all; forms hide it once the data is known to be of another kind; so does `targets`
    with the kinds of what is predicted. `fixed`: training decides it for good, as what is predicted or the
    size of pictures, so that nobody is asked for it when a trained network gets new data. `summary` says
    choice and value in one line, where the title and the label would not: "Rotate by {value}°". `live`:
    whether it may change while a run goes on, where that is not what its choice says (`Record.live`).
    `finder`: the engine can find a value by trying, which forms offer; "rate" is the range test, "batch" the
    largest that fits.
    `stays` says why it, and what lies below it, cannot.
    """

    label: str
    help: str
    symbol: str = field(default="", kw_only=True)
    unit: str = field(default="", kw_only=True)
    least: float | None = field(default=None, kw_only=True)
    above: float | None = field(default=None, kw_only=True)
    most: float | None = field(default=None, kw_only=True)
    below: float | None = field(default=None, kw_only=True)
    log: bool = field(default=False, kw_only=True)
    # hash=False: a setting is hashed, and a mapping cannot be
    options: Mapping[str, str] = field(default_factory=dict, kw_only=True, hash=False)
    applies: tuple[str, tuple[object, ...]] | None = field(default=None, kw_only=True)
    role: Role = field(default="plain", kw_only=True)
    inputs: tuple[str, ...] = field(default=(), kw_only=True)
    targets: tuple[str, ...] = field(default=(), kw_only=True)
    fixed: bool = field(default=False, kw_only=True)
    summary: str = field(default="", kw_only=True)
    live: bool | None = field(default=None, kw_only=True)
    finder: Literal["", "rate", "batch"] = field(default="", kw_only=True)
    stays: str = field(default="", kw_only=True)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the bounds into pydantic's schema of the field."""
        schema: Any = handler(source)
        inner = schema
        # an optional field and a default wrap the schema that takes the bounds
        while inner["type"] in ("nullable", "default"):
            inner = inner["schema"]
        if inner["type"] in ("int", "float"):
            inner.update(self._number_bounds(inner["type"]))
        elif inner["type"] in ("str", "tuple", "dict"):
            inner.update(self._length_bounds())
            if inner["type"] == "tuple":
                inner["strict"] = False  # TOML and forms know lists only
        elif inner["type"] == "union":
            inner.update(
                custom_error_type="none_of",
                custom_error_message="{text}",
                custom_error_context={"text": Message("must be {kinds}", kinds=_any_of(inner))},
            )
        return schema  # type: ignore[no-any-return]

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Add title, description, unit and symbol to the JSON schema of the field."""
        shown = handler(schema)
        shown.update(title=self.label, description=self.help)
        if self.unit:
            shown["unit"] = self.unit
        if self.symbol:
            shown["symbol"] = self.symbol
        return shown

    def _number_bounds(self, kind: str) -> dict[str, object]:
        bounds: dict[str, object] = {
            key: value
            for key, value in (("ge", self.least), ("gt", self.above), ("le", self.most), ("lt", self.below))
            if value is not None
        }
        if kind == "float":
            # TOML knows inf and nan; no setting makes sense with them
            bounds["allow_inf_nan"] = False
        return bounds

    def _length_bounds(self) -> dict[str, object]:
        pairs = (("min_length", self.least), ("max_length", self.most))
        return {key: int(value) for key, value in pairs if value is not None}


def _any_of(union: Any) -> str:
    """Return in words what a field of several types takes, so that a wrong value is one problem only."""
    words: list[str] = []
    for member in union["choices"]:
        if member["type"] == "literal":
            words += [repr(value) for value in member["expected"]]
        else:
            bounds = [
                Message(word, bound=plain(member[key])) for key, word in BOUNDS.items() if key in member
            ]
            words.append(joined(", ", Message(TYPES.get(member["type"], "a value")), *bounds))
    return joined(", or ", *words)
