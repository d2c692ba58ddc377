"""What a card says of itself in one line: what is set, and a fact about it."""

from __future__ import annotations

from pathlib import PurePath

from app.forms.numbers import written
from app.language.words import label_of, line_of, option_of, title_of, tr
from engine.choices import Choice, Field, Record, fields

SEPARATOR = " · "
_MOST_PARTS = 3
_PATHS = ("file", "folder", "file_or_folder")
_NOTHING = "nothing"
"""An option of this name goes unsaid."""
_CATALOGUE = 4
"""A first field with so many options says what the choice is about: which sample, which function."""


def summary(value: object, note: str = "", inputs: str | None = None, target: str | None = None) -> str:
    """Return the title of what is chosen, what is set differently from its default, and `note`.

    What is not for such `inputs`, or for such a `target`, goes unsaid.
    """
    if isinstance(value, tuple):
        # A comma within each, so that it is seen where the next begins.
        each = (_of_choice(item, inputs, target, ", ") if isinstance(item, Choice) else summary(item)
                for item in value)  # fmt: skip
        return SEPARATOR.join(each) or note or tr("none")
    if isinstance(value, Choice):
        if note:
            return SEPARATOR.join((title_of(type(value)), *_which(value), note))
        return _of_choice(value, inputs, target, SEPARATOR)
    if isinstance(value, Record):
        shown = _settings(value, inputs, target, whole=True)
        return SEPARATOR.join([*shown[:1], note, *shown[1:]] if note else shown) or tr("none")
    return written(value)


def _of_choice(value: Choice, inputs: str | None, target: str | None, between: str) -> str:
    """Return what a choice is, by the setting that says so or by its title, and what else is set."""
    kind = type(value)
    telling = next((field for field in fields(kind) if field.setting.summary), None)
    line = line_of(kind, telling, written(getattr(value, telling.name))) if telling else title_of(kind)
    return between.join((line, *_settings(value, inputs, target, whole=False)))


def applies(field: Field, value: Record, inputs: str | None, target: str | None = None) -> bool:
    """Return whether a field matters, given the others and the kinds of input and target (None: unknown)."""
    setting = field.setting
    if setting.targets and target is not None and target not in setting.targets:
        return False
    if setting.inputs and inputs is not None and inputs not in setting.inputs:
        return False
    condition = setting.applies
    return condition is None or getattr(value, condition[0]) in condition[1]


def short_settings(value: Record) -> str:
    """Return the first setting of a value, its activation, and whatever differs from its default."""
    known = [field for field in fields(type(value)) if applies(field, value, None)]
    bends = [field for field in known[1:] if field.name == "activation"]
    others = [field for field in known[1:] if getattr(value, field.name) != field.default]
    parts = []
    for field in dict.fromkeys((*known[:1], *bends, *others)):
        now = getattr(value, field.name)
        # an activation that does nothing goes unsaid
        if now != "linear":
            named = field in others and field not in bends
            parts.append(_part(value, field, now, named=named, whole=False).split(", ")[0])
    return SEPARATOR.join(part for part in parts if part)


def _which(value: Record) -> list[str]:
    """Return which one is meant, where the first field says that: the sample, the file."""
    first = next(iter(fields(type(value))), None)
    if first is None or not _tells_which(first):
        return []
    text = _part(value, first, getattr(value, first.name), named=False, whole=False)
    return [text] if text else []


def _tells_which(field: Field) -> bool:
    return len(field.setting.options) >= _CATALOGUE or field.setting.role in _PATHS


def _settings(value: Record, inputs: str | None, target: str | None, *, whole: bool) -> list[str]:
    parts = []
    for index, field in enumerate(fields(type(value))):
        setting, now = field.setting, getattr(value, field.name)
        if setting.role == "hidden" or setting.summary or not applies(field, value, inputs, target):
            continue
        which = index == 0 and _tells_which(field)
        # a choice within, as how classes are met, is worth a word only where it was made
        usual = isinstance(now, Choice) and now == field.default
        first = index == 0 and setting.log
        telling = (whole and not usual) or field.required or now != field.default or which or first
        named = not which and not (whole and index == 0)
        if telling and (text := _part(value, field, now, named=named, whole=whole)):
            parts.append(text)
    return parts[:_MOST_PARTS]


def _part(value: Record, field: Field, now: object, *, named: bool, whole: bool) -> str:
    """Return one setting in words; options and shares go without their name where the place tells it."""
    record = type(value)
    name = label_of(record, field).lower()
    if now is None or now == () or now in ("", _NOTHING):
        return ""
    if isinstance(now, Record) or (isinstance(now, tuple) and isinstance(now[0], Record)):
        return summary(now)
    if field.setting.role in _PATHS:
        return PurePath(str(now)).name
    if isinstance(now, bool):
        return name if now else tr("not {name}", name=name)
    if isinstance(now, tuple):
        return ", ".join(written(item) for item in now)
    if isinstance(now, str):
        shown = option_of(record, field, now) if field.setting.options else now
        return f"{name} {_within(shown)}" if named and field.setting.options else shown
    if isinstance(now, float) and whole and _is_share(field):
        return "" if field.setting.log and now == field.default else f"{100 * now:.3g} %"  # a factor of 1
    return f"{name} {written(now)}"


def _within(words: str) -> str:
    """Return words as they stand within a line; names keep their capitals: ReLU, LSTM."""
    first = words.partition(" ")[0]
    return words if first[1:] != first[1:].lower() else words[:1].lower() + words[1:]


def _is_share(field: Field) -> bool:
    """Return whether a number is bounded to lie between 0 and 1 and has neither symbol nor unit."""
    setting = field.setting
    high = setting.most if setting.most is not None else setting.below
    return high == 1 and not setting.symbol and not setting.unit
