"""Words on the screen, in the language the person chose.

A language is a data file, `resources/translations/LANGUAGE.toml`:

    name = "English"                      # what the language calls itself

    [screen]                              # sentences of the window: the English text is the key
    "Train" = "..."

    [choices.optimizers.adam]             # texts of choices: family, kind
    title = "..."
    summary = "..."
    [choices.optimizers.learning_rate]    # family, field: the same for every kind that has the field
    label = "..."
    [choices.optimizers.adam.epsilon]     # family, kind, field: for this kind alone
    help = "..."
    [choices.augmentations.shift.most]    # a field whose value says the choice in one line
    line = "... {value} px"

Whatever a file leaves out is shown in English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTranslator
from typing_extensions import override

if TYPE_CHECKING:
    from engine.choices import Choice, Field, Record  # loaded by whoever has one; `tr` is needed before

_SCREEN = "screen"
_CHOICES = "choices"


def tr(text: str, **values: object) -> str:
    """Return `text` in the chosen language, `{name}` in it replaced by the value of that name.

    A message of the engine brings its own values; values that are messages are translated first.
    """
    # A message is known by what it carries: its class would bring pydantic, 0.2 s before the first paint.
    values = getattr(text, "values", values)
    template: str = getattr(text, "template", text)
    shown = QCoreApplication.translate(_SCREEN, template)
    if not values:
        return shown
    said = {
        name: tr(value) if isinstance(value, str) and hasattr(value, "template") else value
        for name, value in values.items()
    }
    try:
        return shown.format(**said)
    except (LookupError, ValueError, AttributeError):  # a language's file may name what is not there
        return template.format(**said)


def title_of(choice: type[Record]) -> str:
    return _said((_place(choice),), "title", _title(choice))


def summary_of(choice: type[Choice]) -> str:
    return _said((_place(choice),), "summary", choice.text().summary)


def explanation_of(choice: type[Choice]) -> str:
    return _said((_place(choice),), "explanation", choice.text().explanation)


def label_of(record: type[Record], field: Field) -> str:
    return _said(_field_places(record, field), "label", field.setting.label)


def help_of(record: type[Record], field: Field) -> str:
    return _said(_field_places(record, field), "help", field.setting.help)


def unit_of(record: type[Record], field: Field) -> str:
    return _said(_field_places(record, field), "unit", field.setting.unit)


def line_of(record: type[Record], field: Field, value: str) -> str:
    """Return the line that says a choice by the value of this field; "" where the field has none."""
    return _said(_field_places(record, field), "line", field.setting.summary).format(value=value)


def option_of(record: type[Record], field: Field, option: str) -> str:
    """Return what an option of a field is called: as its explanation writes it ("ReLU, max(0, z)" begins with
    the name of "relu", "fan in: into the unit" with that of "in"), else the option itself made readable
    ("he_normal" reads "He normal"). The words of types of columns are their names, as "positive number".
    """
    if field.setting.role == "types":
        name = field.setting.options.get(option, option)
        return _said(_field_places(record, field), f"options.{option}.label", name[:1].upper() + name[1:])
    told = re.split(r"[,:;(]", field.setting.options.get(option, ""), maxsplit=1)[0].strip()
    named = ":" in field.setting.options.get(option, "") and _bare(option) in _bare(told)
    if told and (named or _bare(told) == _bare(option) or not option.isidentifier()):
        english = told[:1].upper() + told[1:] if told.islower() else told
    else:
        english = readable(option) if option.isidentifier() else option
    return _said(_field_places(record, field), f"options.{option}.label", english)


def option_help_of(record: type[Record], field: Field, option: str) -> str:
    return _said(
        _field_places(record, field), f"options.{option}.help", field.setting.options.get(option, "")
    )


def readable(word: str) -> str:
    """Return a snake_case word as a person writes it; words with capitals or digits are left as they are."""
    return word.replace("_", " ").capitalize() if word.islower() else word.replace("_", " ")


def clock_words(seconds: float) -> str:
    """Return 00:09, 12:30 or 1:02:05."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes:02}:{whole % 60:02}"


class Catalogue(QTranslator):
    """A language read from its file; installed on the application it answers every `tr`."""

    def __init__(self, texts: Mapping[str, object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[tuple[str, str], str] = {}
        screen, choices = texts.get(_SCREEN), texts.get(_CHOICES)
        if isinstance(screen, Mapping):
            self._texts |= {(_SCREEN, key): text for key, text in screen.items() if isinstance(text, str)}
        if isinstance(choices, Mapping):
            self._texts |= {(_CHOICES, key): text for key, text in _flat(choices, ())}

    @override
    def isEmpty(self) -> bool:
        return not self._texts

    @override
    def translate(
        self,
        context: str | bytes | bytearray | memoryview,
        sourceText: str | bytes | bytearray | memoryview,
        disambiguation: str | bytes | bytearray | memoryview | None = None,
        n: int = -1,
    ) -> str:
        key = str(sourceText)
        return self._texts.get((str(context), key), key)


def languages(folder: Path) -> dict[str, str]:
    """Return what each language calls itself, by the name of its file; English is always there."""
    found = {"en": "English"}
    for file in sorted(folder.glob("*.toml")):
        name = read_language(folder, file.stem).get("name")
        if isinstance(name, str):
            found[file.stem] = name
    return found


def read_language(folder: Path, language: str) -> Mapping[str, object]:
    """Return the texts of a language; none where its file is missing or no TOML."""
    try:
        return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _bare(word: str) -> str:
    return re.sub(r"[\s_-]", "", word).casefold()


def _said(places: tuple[str, ...], what: str, english: str) -> str:
    for place in places:
        key = f"{place}.{what}"
        shown = QCoreApplication.translate(_CHOICES, key)
        # Qt gives the key back where the language has no such text
        if shown not in (key, ""):
            return shown
    return english


def _title(choice: type[Record]) -> str:
    from engine.choices import Choice

    return choice.title if issubclass(choice, Choice) and choice.title else choice.__name__


def _place(record: type[Record]) -> str:
    from engine.choices import Choice

    return f"{record.family.name}.{record.kind}" if issubclass(record, Choice) else record.__name__.lower()


def _field_places(record: type[Record], field: Field) -> tuple[str, ...]:
    from engine.choices import Choice

    own = f"{_place(record)}.{field.name}"
    return (own, f"{record.family.name}.{field.name}") if issubclass(record, Choice) else (own,)


def _flat(texts: Mapping[str, object], above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, (*above, key))
        elif isinstance(value, str):
            yield ".".join((*above, key)), value
