"""The table from the type of a field to its editor. Nobody writes a form by hand."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from app.forms.choice import ChoiceEditor
from app.forms.choice_list import ChoiceListEditor
from app.forms.columns import ColumnEditor, ColumnsEditor, TypesEditor
from app.forms.editor import Context, Editor
from app.forms.layers import LayerListEditor
from app.forms.numbers import NumberEditor
from app.forms.plain import (
    AlternativeEditor,
    OptionEditor,
    PathEditor,
    SwitchEditor,
    TextEditor,
    WordsOrValueEditor,
    real_list,
    whole_list,
    word_list,
)
from app.forms.record import RecordForm
from app.language.words import label_of, option_help_of, option_of, tr, unit_of
from engine.architectures.layer_kinds.layer import ListedLayer
from engine.choices import Choice, Field, Record, Setting
from engine.data.source import Source


def editor_for(record: type[Record], field: Field, context: Context) -> Editor:
    """Return the editor of a field: by its role where it has one, else by its type.

    Raises TypeError for a type that no editor is known for: add one to the table here.
    """
    return _editor(field.annotation, field.setting, record, field, context)


def _editor(
    annotation: Any, setting: Setting, record: type[Record], field: Field, context: Context
) -> Editor:
    if get_origin(annotation) is Annotated:
        annotation, *notes = get_args(annotation)
        setting = next((note for note in notes if isinstance(note, Setting)), setting)
    again = partial(_editor, setting=setting, record=record, field=field, context=context)
    role = field.setting.role
    # roles before types: by its type a column is a text like any other
    if role in ("column", "columns", "series", "sheet"):
        return _column_editor(annotation, role, context, partial(found_of, record, field))
    if role == "types":
        offered = {kind: option_of(record, field, kind) for kind in field.setting.options}
        return TypesEditor(context, offered)
    if get_origin(annotation) in (Union, types.UnionType):
        return _alternative(annotation, again, record, field, context)
    if role in ("file", "folder", "file_or_folder"):
        return PathEditor(context, file="file" in role, folder="folder" in role, as_path=annotation is Path)
    if get_origin(annotation) is Literal:
        options = [
            (value, option_of(record, field, str(value)), option_help_of(record, field, str(value)))
            for value in get_args(annotation)
        ]
        told = partial(found_of, record, field) if "auto" in get_args(annotation) else None
        return OptionEditor(options, label_of(record, field), context, field.name, told)
    # settings are immutable: their lists are tuples of any length
    if get_origin(annotation) is tuple:
        return _list_editor(_without_notes(get_args(annotation)[0]), label_of(record, field), context)
    if isinstance(annotation, type):
        return _plain_editor(annotation, setting, record, field, context)
    raise TypeError(f"{record.__name__}.{field.name}: no editor for {annotation!r}")


def _column_editor(annotation: Any, role: str, context: Context, told: Callable[[Context], object]) -> Editor:
    if role == "series":
        return ColumnEditor(context, offered=lambda given: given.measured, hint=tr("Choose a curve"))
    if role == "sheet":
        return ColumnEditor(context, offered=lambda given: given.facts.sheets, told=told)
    if _mentions_tuple(annotation):
        return ColumnsEditor(context, single=str in _bare(annotation))
    return ColumnEditor(context, told=told)


def _plain_editor(
    kind: type, setting: Setting, record: type[Record], field: Field, context: Context
) -> Editor:
    if kind is bool:
        return SwitchEditor()
    if kind in (int, float):
        return NumberEditor(setting, context, whole=kind is int, unit=unit_of(record, field))
    if kind is str:
        return TextEditor(context, partial(found_of, record, field))
    if kind is Path:
        return PathEditor(context, file=True, folder=False, as_path=True)
    # of its own: the kinds of a family inherit it, and are records here
    if issubclass(kind, Choice) and "family" in kind.__dict__:
        return ChoiceEditor(kind.family, context)
    if issubclass(kind, Record):
        return RecordForm(kind, context)
    raise TypeError(f"no editor for {kind!r}")


def _list_editor(item: Any, name: str, context: Context) -> Editor:
    lists: dict[Any, Callable[[], Editor]] = {int: whole_list, float: real_list, str: word_list}
    if item in lists:
        return lists[item]()
    if item is ListedLayer:
        return LayerListEditor(context)
    if isinstance(item, type) and issubclass(item, Choice):
        return ChoiceListEditor(item.family, name, context)
    raise TypeError(f"no editor for a list of {item!r}")


def _alternative(
    annotation: Any,
    again: Callable[[Any], Editor],
    record: type[Record],
    field: Field,
    context: Context,
) -> Editor:
    """Return the editor of "a number, or all", "a number, or nothing"."""
    kinds = list(get_args(annotation))
    if type(None) in kinds:
        kinds.remove(type(None))
        inner = again(kinds[0] if len(kinds) == 1 else Union[tuple(kinds)])  # noqa: UP007 - made at run time
        return AlternativeEditor(inner, None, tr("set"), _usual(kinds[0], field), None)
    words = [kind for kind in kinds if get_origin(kind) is Literal]
    others = [kind for kind in kinds if get_origin(kind) is not Literal]
    if len(words) == 1 and len(others) == 1 and len(get_args(words[0])) == 1:
        word = get_args(words[0])[0]
        told = partial(_found_words, record, field) if word == "auto" else None
        editor = AlternativeEditor(
            again(others[0]), word, option_of(record, field, word), _usual(others[0], field), told
        )
        # what reading found out may be known by now
        editor.set_context(context)
        return editor
    if len(words) == 1 and len(others) == 1:
        chooser = _words_chooser(get_args(words[0]), record, field, context)
        return WordsOrValueEditor(chooser, _OWN, again(others[0]), _usual(others[0], field))
    # every whole number is a real one
    if {int, float} == set(_bare(annotation)):
        return again(float)
    raise TypeError(f"{record.__name__}.{field.name}: no editor for {annotation!r}")


_OWN = "value"
"""Stands for a value of one's own among the words of a field."""


def _words_chooser(
    words: tuple[str, ...], record: type[Record], field: Field, context: Context
) -> OptionEditor:
    """Return what chooses "found out", "the last", or a value that is typed."""
    options = [(word, option_of(record, field, word), option_help_of(record, field, word)) for word in words]
    own = (_OWN, tr("set"), tr("a value of your own"))
    return OptionEditor([*options, own], label_of(record, field), context, field.name)


def found_of(record: type[Record], field: Field, context: Context) -> object:
    """Return what reading the data found out for a setting of it, None where nothing is known."""
    return context.facts.found.get(field.name) if issubclass(record, Source) else None


def _found_words(record: type[Record], field: Field, context: Context) -> str:
    """Return in words what was found out: "48 px"."""
    found = found_of(record, field, context)
    if found is None:
        return ""
    unit = unit_of(record, field)
    shown = f"{found:.4g}" if isinstance(found, float) else str(found)
    return f"{shown} {unit}" if unit else shown


def _usual(kind: Any, field: Field) -> object:
    """Return what the inner editor shows before a value was given: the default, or the least allowed."""
    # a default that is a word ("auto") is none of the inner editor's values
    if field.default is not None and not isinstance(field.default, str):
        return field.default
    notes = [note for note in get_args(kind)[1:] if isinstance(note, Setting)]
    setting = notes[0] if notes else field.setting
    bare = _without_notes(kind)
    if bare is int:
        return int(setting.least or 1)
    return setting.least if bare is float else None


def _without_notes(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _bare(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(_without_notes(kind) for kind in get_args(annotation))
    return (_without_notes(annotation),)


def _mentions_tuple(annotation: Any) -> bool:
    return any(get_origin(kind) is tuple for kind in _bare(annotation))
