"""What was decided while reading, in words: those of its setting, cells as written and as read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.language.numbers import whole
from app.language.sentences import sentence_of
from app.language.words import label_of, option_help_of, tr
from engine.choices import Field, Record, fields
from engine.data.decisions import GONE, LEFT_OUT, NAMES, ROW, TYPES, Decision, OtherReading
from engine.experiment import Experiment

_FATES: Mapping[str, Callable[[], str]] = {
    GONE: lambda: tr("missing"),
    LEFT_OUT: lambda: tr("left out"),
    NAMES: lambda: tr("names of columns"),
    ROW: lambda: tr("a row of data"),
}
"""What becomes of cells and lines that have no value."""
_WEIGHTS = {TYPES: 1, "data.missing": 2}
"""Settings of single columns and single values stand after those that go for the whole table."""


def said_words(decision: Decision, experiment: Experiment) -> str:
    """Return what was decided as a sentence; what is as usual by setting and value, as Encoding: UTF-8."""
    if decision.said:
        return sentence_of(decision.said)
    place = place_of(decision, experiment)
    if place is None:
        return ""
    words = value_words(place, decision.value)
    return tr("{setting}: {value}", setting=label_of(*place), value=words) if words else ""


def specimen_words(decision: Decision) -> str:
    """Return cells as they are written and as they were read: row 2: 02/06/2024 → 2024-02-06.

    In doubt, also as they would be read otherwise: both readings are to be seen at once. A cell that is read
    as it is written has no arrow.
    """
    pieces = []
    others = decision.others[0].read if decision.doubtful and decision.others else ()
    for place, one in enumerate(decision.specimens):
        words, read = one.written, _read(one.read)
        if read != words:
            words = tr("{written} → {read}", written=words, read=read)
        if place < len(others) and others[place] != one.read:
            words = tr("{reading}, otherwise {other}", reading=words, other=_read(others[place]))
        row = whole(one.row)
        pieces.append(tr("row\u00a0{row}: {reading}", row=row, reading=words) if one.row else words)
    return all_words(pieces)


def other_words(decision: Decision, other: OtherReading, experiment: Experiment) -> str:
    """Return another reading: the setting as it would be, and the cells as they would be read."""
    place = place_of(decision, experiment)
    assert place is not None
    value, before = other.value, getattr(_section(decision, experiment), place[1].name)
    if isinstance(value, Mapping):  # of the types of columns, the one that would be new
        value = value[decision.column]
    elif isinstance(value, (list, tuple)):
        # of columns to leave out, the one that would be new
        value = [one for one in value if one not in before]
    words = tr("{setting}: {value}", setting=label_of(*place), value=value_words(place, value))
    if not other.read:
        return words
    return tr("{setting}   → {read}", setting=words, read=",  ".join(map(_read, other.read)))


def value_words(place: tuple[type[Record], Field], value: object) -> str:
    """Return what a setting is set to; of the types of columns, how many there are of each."""
    if isinstance(value, Mapping):
        kinds = list(value.values())
        counted = [(option_help_of(*place, str(kind)), kinds.count(kind)) for kind in dict.fromkeys(kinds)]
        return ", ".join(tr("{kind} {count}", kind=kind, count=whole(count)) for kind, count in counted)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    known = isinstance(value, str) and value in place[1].setting.options
    return option_help_of(*place, str(value)) if known else str(value)


def place_of(decision: Decision, experiment: Experiment) -> tuple[type[Record], Field] | None:
    """Return the setting that decides and what it belongs to; None where none does."""
    section, name = _section(decision, experiment), decision.setting.partition(".")[2]
    if not isinstance(section, Record):
        return None
    record = type(section)
    return next(((record, field) for field in fields(record) if field.name == name), None)


def changed(experiment: Experiment, setting: str, value: object) -> Experiment:
    """Return the experiment with one of its settings changed, as `data.decimal`."""
    section, _, name = setting.partition(".")
    return experiment.replaced(**{section: getattr(experiment, section).replaced(**{name: value})})


def by_importance(decisions: Sequence[Decision], experiment: Experiment) -> tuple[Decision, ...]:
    """Return decisions with those in doubt first; of these what is predicted, then what goes for all columns,
    then the types of single ones, then single values that may be missing.
    """
    target = getattr(experiment.data, "target", None)
    targets = target if isinstance(target, tuple) else (target,)

    def place(decision: Decision) -> tuple[bool, bool, int]:
        of_target = bool({decision.column, *decision.also} & set(targets) - {""})
        return not decision.doubtful, not of_target, _WEIGHTS.get(decision.setting, 0)

    return tuple(sorted(decisions, key=place))


def all_otherwise(experiment: Experiment, decisions: Sequence[Decision]) -> Experiment:
    """Return the experiment in which all that is in doubt is read in the first other way.

    What a setting holds for several columns is joined; of two values that exclude each other the first stays.
    """
    taken: dict[str, object] = {}
    for decision in decisions:
        if not decision.doubtful or not decision.others:
            continue
        value, before = decision.others[0].value, taken.get(decision.setting)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            value = {**value, **before}
        elif isinstance(value, (list, tuple)) and isinstance(before, (list, tuple)):
            value = [*before, *(one for one in value if one not in before)]
        elif before is not None:
            continue
        taken[decision.setting] = value
    for setting, value in taken.items():
        experiment = changed(experiment, setting, value)
    return experiment


def _section(decision: Decision, experiment: Experiment) -> object:
    # a decision that no setting makes is one of the data
    return getattr(experiment, decision.setting.partition(".")[0] or "data")


def _read(read: str) -> str:
    return _FATES[read]() if read in _FATES else read


def all_words(words: Sequence[str]) -> str:
    """Return several short facts in one line."""
    return "   ·   ".join(filter(None, words))
