"""Decisions: what reading made out by itself, as a person can judge it.

What was decided, by which setting, what else it could be, and cells as they are written and as they were
read. A reader tells its decisions among its notices. Needs no pandas, so that the window does not load it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.choices import Field, Message, fields, first_value, joined

if TYPE_CHECKING:
    from engine.data.raw import Found
    from engine.data.source import Source

GONE, LEFT_OUT, NAMES, ROW = "(missing)", "(left out)", "(names)", "(a row)"
"""What may become of a cell or a line but a value. Values that are words stand in quotation marks."""
_FEW_ALIKE = 3
"""Of more columns, what is the same is said once."""
# quoted words and numbers: what differs between notices of the same kind
_VARYING = re.compile(r"'[^']*'|\d[\d.,]*")
TYPES = "data.types"
"""The setting of the types of columns, of which a decision says that of its column."""
_LEAVE_OUT, _NAMED = "leave_out", "{name}: "
"""The type of a column that is not read, and how a sentence about a column begins."""
LONGEST, _MOST_OTHERS = 60, 24
"""Letters of a cell or a line that are shown; other values of a setting that are offered."""


@dataclass(frozen=True)
class Specimen:
    """A cell or a line that a decision is about, as it is `written` and as it was `read`.

    `row`: which row of the file it stands in, counted from 1 below the names; 0 where that says nothing.
    """

    written: str
    read: str = ""
    row: int = 0


@dataclass(frozen=True)
class OtherReading:
    """What else could be meant: a value of the setting, and how the specimens would be `read` then."""

    value: object
    read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """One thing that was decided about how data is read.

    `said`: a sentence, "" where setting and value say it all; `setting`: the place in the experiment of the
    setting that decides (`data.decimal`), "" where none does; `column`: the column it is about; `value`: what
    the setting amounts to, as it was decided; `others`: what it could be set to instead; `doubtful`: whether
    another reading is nearly as likely, so that a person should look; `also`: further columns of which the
    same is said, and to which other readings apply, too.
    """

    said: str = ""
    setting: str = ""
    column: str = ""
    value: object = None
    specimens: tuple[Specimen, ...] = ()
    others: tuple[OtherReading, ...] = ()
    doubtful: bool = False
    also: tuple[str, ...] = ()


class Decided(Message):
    """A notice that knows the decision it tells of.

    It is the sentence itself, so that all who only say it, at the prompt or in the notes of a run, need to
    know nothing of the rest.
    """

    decision: Decision

    def __new__(cls, said: str, decision: Decision | None = None) -> Decided:
        """Return the sentence with the decision behind it."""
        # __new__, as a str is made there; __init__ comes too late
        made = super().__new__(cls, said)
        made.decision = replace(decision or Decision(), said=said)
        return made


def decided(
    said: str,
    setting: str,
    *values: object,
    column: str = "",
    now: object = None,
    cells: Iterable[str] = (),
    doubtful: bool = False,
) -> Decided:
    """Return the notice of a decision: the values that its setting could have instead, the cells it is about.

    A value of a setting that holds several is what would be added: the type of the column, a missing word.
    """
    others = tuple(OtherReading(value) for value in values)
    specimens = tuple(Specimen(shortened(cell)) for cell in cells)
    return Decided(said, Decision("", setting, column, now, specimens, others, doubtful))


def decision_in(notice: str) -> Decision:
    """Return the decision that a notice tells of; of a plain sentence, that alone."""
    return notice.decision if isinstance(notice, Decided) else Decision(said=notice)


def as_one(column: str, notices: Sequence[str]) -> str:
    """Return what is said of how a column is read as one sentence, which offers all that each of them offers.

    What is asked comes first. Where a decision is that the column is left out, that is the sentence: what the
    others say of its cells came to nothing.
    """
    first, *more = sorted(notices, key=_rank)
    # one reason to leave a column out is enough: a rank also counts the rows
    more = [notice for notice in more if not _asks_the_same(notice, first)]
    if not more:
        return first
    told = [decision_in(notice) for notice in (first, *more)]
    gone = told[0].value == _LEAVE_OUT
    known = any(other.read for one in told for other in one.others)
    # cells with their readings belong together: of several such, the first are shown
    shown = next((one.specimens for one in told if one.specimens), ())
    specimens = (
        shown if known else tuple({one.written: one for each in told for one in each.specimens}.values())
    )
    others: dict[object, OtherReading] = {}
    for one in told:
        for other in one.others:
            before = others.get(other.value)
            # one that says how it reads the cells shown is better than one that does not
            if not (gone and other.value == _LEAVE_OUT) and not (before and before.read):
                others[other.value] = other if one.specimens == specimens else replace(other, read=())
    if gone:
        specimens = tuple(replace(one, read=LEFT_OUT) for one in specimens)
    parts = [] if gone else [_without_name(notice, column) for notice in more]
    doubtful = any(one.doubtful for one in told)
    made = Decision("", TYPES, column, told[0].value, specimens, tuple(others.values()), doubtful)
    return Decided(joined("; ", first, *parts), made)


def one_sentence_each(notices: Sequence[str]) -> list[str]:
    """Return the notices, those as one that say how the same column is read, where the first stood."""
    groups: dict[str, list[str]] = {}
    for notice in notices:
        if name := read_of(notice):
            groups.setdefault(name, []).append(notice)
    told = []
    for notice in notices:
        alike = groups.get(read_of(notice), [notice])
        if alike[0] is notice:
            told.append(as_one(read_of(notice), alike))
    return told


def _asks_the_same(notice: str, other: str) -> bool:
    """Return whether both ask whether the column is to be left out, and nothing else."""
    told = (decision_in(notice), decision_in(other))
    return all(one.doubtful and [way.value for way in one.others] == [_LEAVE_OUT] for one in told)


def _rank(notice: str) -> tuple[bool, bool]:
    told = decision_in(notice)
    return told.value != _LEAVE_OUT, not told.doubtful


def read_of(notice: str) -> str:
    """Return the column of which a notice says how it is read; "" where it tells of a leak, or of none."""
    told = decision_in(notice)
    return told.column if told.setting == TYPES and notice.startswith(f"{told.column}: ") else ""


def _without_name(notice: str, column: str) -> str:
    """Return a sentence about a column as it goes on behind another about the same one."""
    if isinstance(notice, Message) and notice.template.startswith(_NAMED) and notice.values["name"] == column:
        return Message(notice.template.removeprefix(_NAMED), **notice.values)
    return notice.removeprefix(f"{column}: ")


def together(notices: Sequence[str]) -> tuple[str, ...]:
    """Return the notices, those as one that say the same of more than a few columns.

    Fifty columns of the same unit, or with missing values, are one notice, which stands where the first was.
    What it says of the others may differ in numbers and words in quotation marks.
    """
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for notice in notices:
        groups.setdefault(_kind(notice), []).append(notice)
    joined = {kind: _joined(alike) for kind, alike in groups.items() if kind[0] and len(alike) > _FEW_ALIKE}
    # a dict keeps the order and drops what is there already
    told: dict[str, None] = {}
    for notice in notices:
        told.setdefault(joined.get(_kind(notice), notice))
    return tuple(told)


def _kind(notice: str) -> tuple[str, str, bool]:
    """Return what a notice says of a column, without its numbers; "" where it is about none."""
    decision = decision_in(notice)
    return _VARYING.sub("…", _apart(notice)[1]), decision.setting, decision.doubtful


def _apart(notice: str) -> tuple[str, str]:
    """Return the column that a notice is about, and what it says of it; "" where there is none."""
    column = decision_in(notice).column
    # the column that is known comes first: its name may hold ": " itself
    if column and notice.startswith(column):
        return column, notice[len(column) :]
    column, mark, said = notice.partition(": ")
    return (column, mark + said) if mark else ("", "")


def _joined(alike: Sequence[str]) -> Decided:
    names, said = zip(*map(_apart, alike), strict=True)
    shown = Message(
        "{names} and {count} more", names=", ".join(names[:_FEW_ALIKE]), count=len(names) - _FEW_ALIKE
    )
    if len(set(said)) == 1:
        text = shown + said[0]
    else:
        rest = Message(
            "{names} and {count} more", names=", ".join(names[1:_FEW_ALIKE]), count=len(names) - _FEW_ALIKE
        )
        text = Message(
            "{alike}; the same, with numbers and words of their own, is said of {rest}",
            alike=alike[0],
            rest=rest,
        )
    first = decision_in(alike[0])
    return Decided(text, replace(first, also=names[1:] if first.column else ()))


def shortened(text: str) -> str:
    """Return a cell or a line at a length at which it can stand in a sentence."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def line_of(cells: Iterable[object]) -> str:
    """Return the cells of a row that hold something, as one line."""
    # NaN is not equal to itself
    there = (str(cell) for cell in cells if cell is not None and cell == cell)
    return shortened(" · ".join(filter(None, there)))


# ------------------------------------------------------------------------------------------ all of them


def decisions_of(source: Source, found: Found, notices: Sequence[str]) -> tuple[Decision, ...]:
    """Return every decision about how data was read: those that are doubtful first, the usual last.

    `notices` tell of those that changed anything; what else stands in `found` is said by the words of its own
    setting.
    """
    told = [_about(completed(decision_in(notice), source), found) for notice in notices]
    # of the types of columns, a decision says that of one
    known = {one.setting for one in told if one.value is not None and one.setting != TYPES}
    settings = {field.name: field for field in fields(type(source))}
    usual = [
        Decision(setting=f"data.{name}", value=value, others=_others(settings[name], value, found))
        for name, value in found.items()
        if name in settings and f"data.{name}" not in known
    ]
    # sorted is stable: within both, the order of reading stays
    return (*sorted(told, key=lambda one: not one.doubtful), *usual)


def _about(decision: Decision, found: Found) -> Decision:
    """Return a decision with the column that its sentence begins with, where a reader named none."""
    name, columns = first_value(decision.said), found.get("types")
    named = not decision.column and isinstance(columns, Mapping) and name in columns
    return replace(decision, column=name) if named else decision


def completed(decision: Decision, source: Source) -> Decision:
    """Return a decision with whole values of those settings to which something would be added."""
    section, _, name = decision.setting.partition(".")
    if section != "data":
        return decision
    if name not in type(source).model_fields:
        # the file is read alike by sources that cannot be told so: what nobody can settle is not asked
        return replace(decision, setting="", others=(), doubtful=False)
    before = getattr(source, name)
    values = [one.value for one in decision.others]
    if decision.setting == TYPES:
        columns = (decision.column, *decision.also)
        # a click sets the whole setting, and must not lose what was chosen for other columns
        values = [{**dict(before), **dict.fromkeys(columns, kind)} for kind in values]
    elif isinstance(before, tuple):
        values = [[*before, *(more if isinstance(more, tuple) else (more,))] for more in values]
    others = (replace(one, value=value) for one, value in zip(decision.others, values, strict=True))
    return replace(decision, others=tuple(others))


def _others(field: Field, value: object, found: Found) -> tuple[OtherReading, ...]:
    """Return what a setting could be instead: its options, or the other columns."""
    setting = field.setting
    if setting.role == "types" or setting.fixed:  # each column says its own; what is fixed is a choice
        return ()
    columns = found.get("types")
    if setting.role == "column" and isinstance(columns, Mapping):
        values: list[Any] = [name for name in columns if name != value]
    else:
        values = [one for one in setting.options if one not in ("auto", value)]
    return tuple(OtherReading(one) for one in values[:_MOST_OTHERS])
