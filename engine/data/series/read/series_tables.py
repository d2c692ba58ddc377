"""Series in tables: wide (a row per series, as the UCR archive has them) and long (a row per moment)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message, did_you_mean
from engine.data.cells.values import as_text, counted, is_number, listed, numbers
from engine.data.decisions import decided
from engine.data.refusal import refused
from engine.data.series.raw import SeriesSet
from engine.data.series.read.gaps import content
from engine.data.series.read.gathering import Recording, gathered
from engine.data.series.read.pieces import PIECE, STRETCH, in_pieces, stretches_in, usual_window
from engine.data.tables.raw import Table
from engine.data.tables.read.columns import is_text

Layout = Literal["auto", "wide", "long"]
LABELS = ("label", "class", "target", "category", "labels", "classes")
IDENTIFIERS = (
    "id", "series", "series_id", "case", "case_id", "sample", "sample_id", "instance", "recording", "subject",
    "unique_id", "unit",
)  # fmt: skip
TIMES = ("time", "t", "timestamp", "date", "datetime", "step", "frame", "reading_id", "timepoint", "ds")
_MOST_OFFERED = 20
_ELAPSED = re.compile(r"(elapsed[ _]?)?(time|seconds|secs|sec|s|ms|milliseconds)?([ _]?elapsed)?")
"""Names of columns of times in recordings: Time (s), seconds_elapsed, ms; "" is none."""
_MANY = 5
"""A word that differs in so many rows names each of them."""
DIMENSIONS = ("dim_id", "dim", "dimension", "channel", "variable", "kind")


@dataclass(frozen=True)
class SeriesColumns:
    """Which columns mean what, as the person said; "" is found out.

    Without `labelled`, series need no labels: none are looked for where the column is not said.
    """

    layout: Layout = "auto"
    label: str = ""
    identifier: str = ""
    time: str = ""
    labelled: bool = True
    window: int | Literal["auto"] = "auto"


def from_table(table: Table, chosen: SeriesColumns, longest: int, memory: int) -> SeriesSet:
    """Return the series in a table. Raises Invalid when they cannot be found in it."""
    if not chosen.labelled and chosen.label not in table.frame.columns:
        chosen = replace(chosen, label="")
    _refuse_unknown(table, chosen)
    long = chosen.layout == "long" or (chosen.layout == "auto" and is_long(table.frame, chosen))
    read = _long if long else _wide
    return read(table, chosen, longest, memory)


def tells_time(name: str) -> bool:
    """Return whether a column of a recording says when each row was, by its name: time, Time (s)."""
    plain = re.sub(r"[\[(].*", "", name.casefold()).strip()
    return plain in TIMES or (plain != "" and _ELAPSED.fullmatch(plain) is not None)


def _refuse_unknown(table: Table, chosen: SeriesColumns) -> None:
    for setting, name in (("label", chosen.label), ("id", chosen.identifier), ("time", chosen.time)):
        if name and name not in table.frame.columns:
            raise refused(
                f"data.{setting}",
                Message(
                    "no column {name!r}{guess}",
                    name=name,
                    guess=did_you_mean(name, map(str, table.frame.columns)),
                ),
            )


def is_long(frame: pd.DataFrame, chosen: SeriesColumns) -> bool:
    """Return whether rows are moments: there is a column that names the series again and again."""
    if chosen.identifier or chosen.window not in ("auto", 0):
        return True
    return _identifier(frame) is not None or stretches_in(frame, label=chosen.label) is not None


def _identifier(frame: pd.DataFrame) -> str | None:
    """Return a column called as identifiers are whose values repeat, or the first beside one of times."""
    for name in frame.columns:
        if str(name).casefold() in IDENTIFIERS and frame[name].nunique() < len(frame):
            return str(name)
    first = frame.columns[0]
    # an unknown name in front of a column of times names the series, as a patient or an engine
    timed = _named(frame, TIMES)
    if timed is not None and timed != first and _whole(frame[first]) and frame[first].nunique() < len(frame):
        return str(first)
    return None


def _whole(column: pd.Series[Any]) -> bool:
    """Return whether a column may name things: words, or whole numbers."""
    if not is_number(column):
        return True
    values, _ = numbers(column)
    return bool((values == np.round(values)).all())


def _named(frame: pd.DataFrame, names: Sequence[str], but: Sequence[str] = ()) -> str | None:
    """Return the column called by the first of these names that occurs."""
    # reversed, so that of two alike the first column wins
    there = {str(name).casefold(): str(name) for name in reversed(frame.columns) if name not in but}
    return next((there[name] for name in names if name in there), None)


# ------------------------------------------------------------------------------------------------ wide


def _wide(table: Table, chosen: SeriesColumns, longest: int, memory: int) -> SeriesSet:
    frame = table.frame
    label = chosen.label or (_wide_label(frame) if chosen.labelled else "")
    named = _named(frame, IDENTIFIERS, but=(label,)) or _names_rows(frame, label)
    values = [name for name in frame.columns if name not in (label, named)]
    words = [str(name) for name in values if not is_number(frame[name])]
    if words:
        raise refused(
            "data.path",
            Message(
                "in a table with a row per series, all columns but the label are numbers; {listed} "
                "hold words or dates: name the label, put columns under ignore, or choose the long "
                "layout",
                listed=listed(words),
            ),
        )
    if not values:
        raise refused("data.path", "has no columns of values: a row per series needs one for each moment")
    rows = content(frame[values])
    # as the file writes them: 1 should not become 1.0, nor 01 become 1
    marks = _texts(table.as_written(label)) if label else [""] * len(frame)
    # rows left out while reading would shift the numbers of those behind
    numbers_of = table.row_numbers
    names = [f"row {number}" for number in numbers_of] if named is None else _texts(frame[named])
    recordings = (
        Recording(name, mark, row[:, None]) for name, mark, row in zip(names, marks, rows, strict=True)
    )
    notices = [*table.told_of(values, (label, named)), *_unlabelled(frame, chosen, label)]
    found = gathered(recordings, ("value",), label or "label", longest, memory, notices)
    if named is not None:
        found = replace(found, beside=pd.DataFrame({named: found.names}))
    return _with_found(found, table, layout="wide", label=label)


def _with_found(series: SeriesSet, table: Table, **columns: str) -> SeriesSet:
    """Return the series with what was found out of the settings, for reading new ones alike."""
    named = {setting: column for setting, column in columns.items() if column}
    return replace(series, found={**table.found, **named})


def _unlabelled(frame: pd.DataFrame, chosen: SeriesColumns, label: str) -> list[str]:
    """Return that no column of labels was found, where one was looked for."""
    if label or not chosen.labelled:
        return []
    said = Message(
        "no column of labels found; name it under label. There are: {listed}",
        listed=listed(frame.columns, 20),
    )
    return [decided(said, "data.label", *map(str, frame.columns[:_MOST_OFFERED]), doubtful=True)]


def _wide_label(frame: pd.DataFrame) -> str:
    """Return the column of labels: by its name, the only one of words, or a whole number at an end.

    The files of the UCR archive have no names and the label first.
    """
    named = _named(frame, (*LABELS, "y"))
    if named is not None:
        return named
    words = [str(name) for name in frame.columns if not is_number(frame[name])]
    if len(words) == 1:
        return "" if _names_rows(frame, "") else words[0]
    # the ends are asked: if all the rest is whole as well, no end stands out
    rest = frame.columns[1:-1]
    if words or len(rest) == 0 or all(_whole(frame[name]) for name in rest):
        return ""
    ends = [frame.columns[0], frame.columns[-1]]
    # twice per class at least, or it numbers the rows
    fitting = [
        str(name) for name in ends if _whole(frame[name]) and 2 <= frame[name].nunique() <= len(frame) / 2
    ]
    return fitting[0] if fitting else ""


def _names_rows(frame: pd.DataFrame, label: str) -> str | None:
    """Return the only column of words beside the label, if it has another in every one of many rows."""
    words = [str(name) for name in frame.columns if name != label and is_text(frame[name])]
    alone = len(words) == 1 and len(frame) >= _MANY and bool(frame[words[0]].is_unique)
    return words[0] if alone else None


def _texts(column: pd.Series[Any]) -> list[str]:
    gone = column.isna().tolist()
    return ["" if lacks else as_text(value) for value, lacks in zip(column.tolist(), gone, strict=True)]


# ------------------------------------------------------------------------------------------------ long


def _long(table: Table, chosen: SeriesColumns, longest: int, memory: int) -> SeriesSet:
    frame = table.frame
    window, chosen = _window(frame, chosen)
    name = chosen.identifier or ("" if window else _identifier(frame))
    if name is None:
        raise refused(
            "data.id",
            Message(
                "is missing: name the column that says which series a row belongs to. There are: {listed}",
                listed=listed(frame.columns, 40),
            ),
        )
    gone = frame[name].isna() if name else pd.Series(False, frame.index)
    notices: list[str] = []
    if gone.any():
        notices.append(
            Message("{counted} without {name} left out", counted=counted(int(gone.sum()), "row"), name=name)
        )
        frame = frame[~gone]
    # a person may choose as label what is called as times are, as "step"
    time = chosen.time or _named(frame, TIMES, but=(name, chosen.label)) or ""
    label = chosen.label or (_long_label(frame, name, time) if chosen.labelled else "")
    notices += _unlabelled(frame, chosen, label)
    # what keeps a column from being a channel is worth knowing; a label or a name is taken as it is written
    notices = [*table.told_of({*frame.columns} - {label, name}, (label, name)), *notices]
    if label:
        frame = frame.assign(**{label: table.as_written(label).loc[frame.index]})
    who = name
    if window:
        codes = pd.factorize(frame[name])[0] if name else np.zeros(len(frame), np.int64)
        frame = frame.iloc[_in_order(frame, codes, time)[0]]
        frame, whole = in_pieces(frame, name, label, window, notices)
        frame, name = frame[whole], PIECE
    constant = _constant(frame, name, (time, label))
    # of a single piece, nothing else tells what it was cut from
    constant = [*dict.fromkeys([*([who or STRETCH] if window else []), *constant])]
    words = [column for column in constant if not is_number(frame[column])]
    if words and not window:
        notices.append(
            Message(
                "{listed}: the same along each series, and no channel; such a column can be the "
                "group of the split",
                listed=listed(words),
            )
        )
    # taken before these columns are dropped; they come back beside the predictions and the split
    series = frame.groupby(name)[constant].first()
    frame, channels = _channels(frame.drop(columns=words), name, time, label)
    codes, different = pd.factorize(frame[name], use_na_sentinel=True)
    order, told = _in_order(frame, codes, time)
    notices += told
    if not channels:
        raise refused("data.path", "has no columns of numbers beside the identifier, the time and the label")
    values = content(frame[channels])[order]
    # no code is -1, as rows without a name are gone: the last row always ends a series
    ends = np.flatnonzero(np.diff(codes[order], append=-1)) + 1
    marks = _marks(frame, codes, label, len(different)) if label else [""] * len(different)
    names = [as_text(value) for value in different]
    pieces = np.split(values, ends[:-1])
    recordings = (Recording(one, mark, piece) for one, mark, piece in zip(names, marks, pieces, strict=True))
    found = gathered(recordings, tuple(map(str, channels)), label or "label", longest, memory, notices)
    # the names of the set are texts, and those of the rows may be numbers
    series.index = pd.Index([as_text(value) for value in series.index])
    # series that lack values were left out, so the rows are matched by name
    beside = series.reindex(found.names).reset_index(drop=True).assign(**{name: found.names})
    found = replace(found, beside=beside)
    made = _with_found(found, table, layout="long", id=who, time=time, label=label)
    return made.found_out({"window": window}) if window else made


def _window(frame: pd.DataFrame, chosen: SeriesColumns) -> tuple[int, SeriesColumns]:
    """Return how many rows make an example, 0 where a series does, and the columns with those found by it.

    A series is cut where its label changes along it.
    """
    if chosen.window == 0:
        return 0, chosen
    seen = stretches_in(frame, label=chosen.label)
    if seen is None:
        return (0 if chosen.window == "auto" else chosen.window), chosen
    who = chosen.identifier or _identifier(frame.drop(columns=seen.label)) or seen.identifier
    each = frame.groupby(who)[seen.label] if who else frame[seen.label]
    if chosen.window == "auto" and not np.any(each.nunique() > 1):
        return 0, chosen
    window = usual_window(frame, who, seen.label) if chosen.window == "auto" else chosen.window
    label = chosen.label or (seen.label if chosen.labelled else "")
    return window, replace(chosen, identifier=who, label=label, time=chosen.time or seen.time)


def _long_label(frame: pd.DataFrame, name: str, time: str) -> str:
    """Return the column of labels: by its name, or the only one of words that is the same along a series."""
    named = _named(frame, LABELS, but=(name, time))
    if named is not None:
        return named
    rest = [
        column
        for column in frame.columns
        if column not in (name, time) and str(column).casefold() not in DIMENSIONS
    ]
    same = [
        str(column)
        for column in rest
        if not is_number(frame[column]) and (frame.groupby(name)[column].nunique() <= 1).all()
    ]
    return same[0] if len(same) == 1 else ""


def _constant(frame: pd.DataFrame, name: str, but: Sequence[str]) -> list[str]:
    """Return the columns that have one value along each series, as the person that it was measured on."""
    if frame[name].nunique() < 2:
        return []
    rest = [column for column in frame.columns if column not in (name, *but)]
    rest = [column for column in rest if str(column).casefold() not in DIMENSIONS]
    return [str(column) for column in rest if (frame.groupby(name)[column].nunique() <= 1).all()]


def _channels(frame: pd.DataFrame, name: str, time: str, label: str) -> tuple[pd.DataFrame, list[Any]]:
    """Return the rows with a column per channel, and these; a table with a row per value is turned."""
    rest = [column for column in frame.columns if column not in (name, time, label)]
    dimension = _named(frame, DIMENSIONS, but=(name, time, label))
    # one column says the channel and one the value; without times the values cannot be lined up
    if dimension is not None and len(rest) == 2 and time:
        return _turned(frame, name, time, label, dimension)
    words = [str(column) for column in rest if not is_number(frame[column])]
    if words:
        raise refused(
            "data.ignore",
            Message(
                "channels are columns of numbers; {listed} hold words or dates: say which is the "
                "label, and put the others under ignore",
                listed=listed(words),
            ),
        )
    return frame, rest


def _turned(
    frame: pd.DataFrame, name: str, time: str, label: str, dimension: str
) -> tuple[pd.DataFrame, list[Any]]:
    keys = [name, time, *([label] if label else [])]
    value = next(column for column in frame.columns if column not in (*keys, dimension))
    if frame.duplicated([name, time, dimension]).any():
        raise refused(
            "data.path",
            Message(
                "holds two values of the same {name}, {time} and {dimension}: keep one of them",
                name=name,
                time=time,
                dimension=dimension,
            ),
        )
    if not is_number(frame[value]):
        raise refused("data.path", Message("{value} should hold the values, but holds words", value=value))
    wide = frame.pivot(index=keys, columns=dimension, values=value)
    channels = [f"{dimension} {as_text(column)}" for column in wide.columns]
    wide.columns = pd.Index(channels)
    return wide.reset_index(), list(channels)


def _in_order(
    frame: pd.DataFrame, codes: NDArray[np.int64], time: str
) -> tuple[NDArray[np.int64], list[str]]:
    """Return the rows series by series in the order of time, and what had to be changed for it."""
    if not time:
        return np.argsort(codes, kind="stable"), []
    column = frame[time]
    # as places in the order, so that words, dates and numbers are sorted alike; missing times come last
    moments = pd.factorize(column, sort=True, use_na_sentinel=False)[0]
    # the last key of lexsort counts first
    order = np.lexsort((moments, codes))
    as_it_stands = np.argsort(codes, kind="stable")
    same = np.diff(codes[order]) == 0
    doubled = int((same & (np.diff(moments[order]) == 0)).sum())
    told: list[str] = (
        []
        if (moments[order] == moments[as_it_stands]).all()
        else [Message("rows sorted by {time}", time=time)]
    )
    if doubled:
        rows = counted(doubled, "row has", "rows have")
        told.append(Message("{rows} the same {time} as the row before in its series", rows=rows, time=time))
    return order, told


def _marks(frame: pd.DataFrame, codes: NDArray[np.int64], label: str, count: int) -> list[str]:
    """Return the label of each series. Raises Invalid where one has several."""
    marks = [""] * count
    for code, mark in zip(codes.tolist(), _texts(frame[label]), strict=True):
        # some tables say the label in the first row of a series only
        if mark and marks[code] and marks[code] != mark:
            raise refused(
                "data.label",
                Message(
                    "{label} changes along a series, from {marks!r} to {mark!r}: a series has one label; "
                    "choose another column, or how many rows make an example (data.window)",
                    label=label,
                    marks=marks[code],
                    mark=mark,
                ),
            )
        marks[code] = marks[code] or mark
    return marks
