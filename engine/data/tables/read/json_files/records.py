"""Where the records of a JSON document stand: in a list, a record a line, under a key, as names and rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from engine.choices import Message, did_you_mean
from engine.data.cells.values import listed
from engine.data.decisions import NAMES, ROW, Decided, Decision, OtherReading, Specimen, line_of
from engine.data.files.several_tables import SETTING, told_others
from engine.data.refusal import refused
from engine.data.tables.read.json_files.flat import with_others
from engine.data.tables.read.json_files.map_features import of_feature
from engine.data.tables.read.json_files.messages import answers_of
from engine.data.tables.read.names_and_units import has_header

Record = dict[str, Any]
_DEEPEST = 4
"""Keys within keys that are looked into for a list of records."""
_BESIDE = 0.2
"""A second list of records of this share of the longest makes it doubtful which is meant."""
_FILE = re.compile(r".*[^./\\]\.[a-z]{2,4}\d?", re.IGNORECASE | re.DOTALL)
"""A name of a file: letters that are its ending stand behind a point, and so do no numbers of records."""
_LOOKED_AT = 200
"""Rows by which the names of columns are found."""
Header = Literal["auto", "yes", "two", "no"]
_NAMES = ("name", "id", "fieldName", "field", "label", "title", "key")
"""How the records that describe columns call the name of one."""


def records_of(
    text: str, path: Path, header: Header = "auto", sheet: str = ""
) -> tuple[list[Record], list[str]]:
    """Return the records of a JSON text as `written_in` does; of conversations, the answers."""
    records, notices = written_in(text, path, header, sheet)
    return answers_of(records) or (records, notices)


def written_in(
    text: str, path: Path, header: Header = "auto", sheet: str = ""
) -> tuple[list[Record], list[str]]:
    """Return the records of a JSON text, and where they were found if that is not plain.

    `header`: whether the first of rows without names holds the names; `sheet`: the key of the list that is
    meant, where there are several.

    They are a list, a record a line, the one list of records under a key, rows beside a list of names, or
    records under keys of their own. Numbers keep the digits they are written with. Raises Invalid for others.
    """
    try:
        document = _loaded(text)
    # a few kilobytes of [[[[ are deeper than Python calls itself
    except (ValueError, RecursionError) as error:
        return _by_line(text, path, error), []
    one_line = path.suffix.lower() in (".jsonl", ".ndjson")
    if isinstance(document, dict) and not one_line and _names_files(document):
        return [{"file": key, "label": value} for key, value in document.items()], []
    # in .jsonl, a file of one line is one record, not an object that holds the records
    if isinstance(document, dict) and (one_line or not _is_nested(document)):
        return [document], []
    if isinstance(document, list):
        return _of_list(document, path, header)
    if isinstance(document, dict):
        return _of_object(document, path, header, sheet)
    raise refused("data.path", Message("{name} is JSON but no record {{name: value}}", name=path.name))


def _loaded(text: str) -> Any:
    # NaN and Infinity are no JSON, but Python's own json writes them
    return json.loads(text, parse_float=Digits, parse_constant=lambda _: None, object_pairs_hook=_every_pair)


def _every_pair(pairs: list[tuple[str, Any]]) -> Record:
    """Return an object, in which a name that was written twice stands twice: json keeps the last alone."""
    found = dict(pairs)
    return found if len(found) == len(pairs) else with_others({}, pairs)


class Digits(float):
    """A number that remembers how it was written: 1.10 is not 1.1 where it names a class."""

    digits: str

    def __new__(cls, digits: str) -> Digits:
        """Return the number that `digits` write."""
        made = super().__new__(cls, digits)
        made.digits = digits
        return made

    def __str__(self) -> str:
        """Return the number as it was written."""
        return self.digits


def _names_files(document: Mapping[str, Any]) -> bool:
    """Return whether the keys of an object are names of files, each with what it is: {"0001.jpg": "cat"}."""
    plain = all(isinstance(value, (str, int, float)) for value in document.values())
    return len(document) > 1 and plain and all(map(_FILE.fullmatch, document))


def _is_nested(record: Mapping[str, Any]) -> bool:
    return any(isinstance(value, (dict, list)) for value in record.values())


def _by_line(text: str, path: Path, error: Exception) -> list[Record]:
    # not splitlines: U+2028 and others that it splits at may stand in a JSON string
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    found: list[Record] = []
    for number, line in lines:
        try:
            record = _loaded(line)
        except (ValueError, RecursionError):
            # the first line is no record: the file is no list of lines, and the error of the whole says more
            if not found:
                raise refused(
                    "data.path",
                    Message("{name} is no JSON that can be read ({error})", name=path.name, error=error),
                ) from None
            said = Message(
                "{name}: line {number} is no JSON record; mend or remove it", name=path.name, number=number
            )
            raise refused("data.path", said) from None
        if not isinstance(record, dict):
            raise refused(
                "data.path",
                Message(
                    "{name}: line {number} is JSON but no record {{name: value}}",
                    name=path.name,
                    number=number,
                ),
            )
        found.append(record)
    return found


def _of_list(found: list[Any], path: Path, header: Header) -> tuple[list[Record], list[str]]:
    if _are_rows(found):
        return _of_rows(found, header)
    if all(isinstance(one, str) for one in found):
        return [{"text": one} for one in found], []
    wrong = next((place for place, one in enumerate(found, 1) if not isinstance(one, dict)), None)
    if wrong is not None:
        raise refused(
            "data.path",
            Message(
                "{name} is a list, but its entry {wrong} is no record {{name: value}}; a table is a "
                "list of records, or a record a line",
                name=path.name,
                wrong=wrong,
            ),
        )
    return found, []


def _of_object(document: Record, path: Path, header: Header, sheet: str) -> tuple[list[Record], list[str]]:
    if _are_columns(document):
        return _from_columns(document), _told_columns(document)
    if classes := _of_classes(document):
        said = Message("each key is a class of the texts under it: {listed}", listed=listed(document, 4))
        return classes, [said] if len(document) > 1 else []
    lists = {key: found for key, found in _lists(document) if _are_records(found) or _are_rows(found)}
    if lists:
        key, notices = _meant(document, lists, path, sheet)
        records, told = _under(document, key, lists[key], path, header)
        return records, [*notices, *told]
    if _are_alike(list(document.values())):
        return [with_others({"key": key}, record) for key, record in document.items()], []
    raise refused(
        "data.path",
        Message(
            "{name} is one JSON object ({listed}), not a table: it holds no list of records; "
            'write a list of records, [{{"a": 1, "b": 2}}, ...], or a record a line',
            name=path.name,
            listed=listed(document, 4),
        ),
    )


def _meant(document: Record, lists: Mapping[str, list[Any]], path: Path, sheet: str) -> tuple[str, list[str]]:
    """Return the key of the list that is read, the longest where none is chosen, and what is told of it.

    Raises Invalid where another may as well be meant, or the chosen one is not there.
    """
    # rows before records of the same length, as those describe the columns of a table
    longest = max(lists, key=lambda key: (len(lists[key]), _are_rows(lists[key])))
    if sheet and sheet not in lists and len(lists) > 1:
        raise refused(
            SETTING,
            Message("there is no list {sheet!r}{guess}", sheet=sheet, guess=did_you_mean(sheet, lists)),
        )
    key = sheet if sheet in lists else longest
    rest = [one for one in lists if one != key and not _are_names(lists[one], lists[key])]
    likely = [one for one in rest if len(lists[one]) >= _BESIDE * len(lists[key])]
    # rows are a table that somebody wrote as one, and records beside them mostly say more about it
    if key != sheet and likely and not _are_rows(lists[key]):
        raise refused(
            SETTING,
            Message(
                "{name} holds several lists of records ({listed}); write under Sheet the one that is meant, "
                "as {key}",
                name=path.name,
                listed=listed([one for one in lists if one == key or one in likely], 4),
                key=key,
            ),
        )
    if document.get("type") == "FeatureCollection" and key == "features":
        return key, []
    words = Message("the rows are the records under {key}", key=key)
    doubtful = key != sheet and bool(likely)
    return key, [told_others(words, key, rest, doubtful=doubtful) if rest else words]


def _under(
    document: Record, key: str, found: list[Any], path: Path, header: Header
) -> tuple[list[Record], list[str]]:
    """Return the records of the list under a key; of rows, by the names that stand in a list beside them."""
    if document.get("type") == "FeatureCollection" and key == "features":
        return [of_feature(feature) for feature in found], []
    if not _are_rows(found):
        return _refuse_deeper(found, key, path), []
    every = (_names(one) for _, one in _lists(document) if _are_names(one, found))
    names = next(every, None)
    return (_from_rows(names, found), []) if names else _of_rows(found, header)


def _of_classes(document: Record) -> list[Record]:
    """Return the texts under keys, one list of each, with the key as their label; none where it is not so.

    Lists of equal length are columns, and have been read as such.
    """
    lists = list(document.values())
    if not lists or not all(isinstance(one, list) and one for one in lists):
        return []
    if not all(isinstance(text, str) for one in lists for text in one):
        return []
    if len(lists) == 1:
        return [{key: text} for key, one in document.items() for text in one]
    return [{"text": text, "label": key} for key, one in document.items() for text in one]


def _lists(document: Mapping[str, Any], outer: str = "", depth: int = 1) -> Iterator[tuple[str, list[Any]]]:
    """Give every list in a document that lies in no other list, with the keys that lead to it."""
    for key, value in document.items():
        if isinstance(value, list):
            yield f"{outer}{key}", value
        elif isinstance(value, dict) and depth < _DEEPEST:
            yield from _lists(value, f"{outer}{key}.", depth + 1)


def _are_records(found: Sequence[Any]) -> bool:
    return bool(found) and all(isinstance(one, dict) for one in found)


def _are_rows(found: Sequence[Any]) -> bool:
    """Return whether a list holds lists of one length, of cells."""
    if not found or not all(isinstance(row, list) for row in found):
        return False
    if any(isinstance(cell, (list, dict)) for row in found[:_LOOKED_AT] for cell in row):
        return False
    return len({len(row) for row in found}) == 1 and len(found[0]) > 0


def _are_alike(found: Sequence[Any]) -> bool:
    """Return whether records have their keys in common, as those of several things do."""
    if len(found) < 2 or not _are_records(found):
        return False
    shared = set.intersection(*(set(one) for one in found))
    return len(shared) >= max(1, max(map(len, found)) / 2)


def _are_columns(document: Record) -> bool:
    """Return whether each key is a column: {"a": [1, 2], "b": [3, 4]} or {"a": {"0": 1}, "b": {"0": 3}}."""
    columns = list(document.values())
    if len(columns) < 2 or not all(isinstance(column, (list, dict)) and column for column in columns):
        return False
    if any(isinstance(cell, (list, dict)) for column in columns for cell in _cells(column)):
        return False
    if all(isinstance(column, list) for column in columns):
        return len({len(column) for column in columns}) == 1
    rows = [column.keys() for column in columns if isinstance(column, dict)]
    # DataFrame.to_json of pandas numbers the rows so
    numbered = all(str(key).isdigit() for key in rows[0])
    return len(rows) == len(columns) and all(row == rows[0] for row in rows) and numbered


def _told_columns(document: Record) -> list[str]:
    """Return the question whether texts under keys, as many under each, are those of classes."""
    cells = [cell for column in document.values() for cell in _cells(column)]
    # texts of a few words at least: a table has columns of single words
    if not all(isinstance(cell, str) and len(cell.split()) > 2 for cell in cells):
        return []
    said = Message(
        "{listed} are taken for columns, whose texts belong together row by row; where each is a class, "
        'write a list of records instead: [{{"text": "...", "label": "..."}}, ...]',
        listed=listed(document, 4),
    )
    return [said]


def _cells(column: Any) -> list[Any]:
    return list(column.values()) if isinstance(column, dict) else column


def _from_columns(document: Record) -> list[Record]:
    return _from_rows(list(document), list(zip(*map(_cells, document.values()), strict=True)))


def _from_rows(names: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[Record]:
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


def _of_rows(rows: list[list[Any]], header: Header) -> tuple[list[Record], list[str]]:
    """Return rows as records; their first holds the names where it looks so, as in a text table."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows[:_LOOKED_AT]]
    if has_header(texts, ".") if header == "auto" else header != "no":
        return _from_rows(texts[0], rows[1:]), []
    numbered = [f"column {place}" for place in range(1, len(rows[0]) + 1)]
    said = "the first row is taken for data, and the columns are numbered"
    first, names = (Specimen(line_of(texts[0]), ROW),), (OtherReading("yes", (NAMES,)),)
    told = Decided(said, Decision("", "data.header", "", "no", first, names, doubtful=True))
    return _from_rows(numbered, rows), [told]


def _are_names(found: list[Any], rows: Sequence[Any]) -> bool:
    """Return whether a list beside rows, or beside records, names their columns."""
    if found is rows or not found or not all(_names(found)):
        return False
    return len(found) == len(rows[0]) if _are_rows(rows) else {*_names(found)} <= {*rows[0]}


def _names(found: Sequence[Any]) -> list[str]:
    return [_name(one) for one in found]


def _name(one: Any) -> str:
    """Return the name of a column: a text, or what a record that describes it calls its name."""
    if isinstance(one, dict):
        one = next((one[key] for key in _NAMES if isinstance(one.get(key), str)), "")
    return one if isinstance(one, str) else ""


def _refuse_deeper(records: list[Record], key: str, path: Path) -> list[Record]:
    """Return the records. Raises Invalid where they only hold other lists of records."""
    deeper = sorted(
        {
            name
            for one in records
            for name, value in one.items()
            if isinstance(value, list) and _are_records(value)
        }
    )
    plain = {name for one in records for name, value in one.items() if not isinstance(value, list)}
    if deeper and len(plain) < 2:
        raise refused(
            "data.path",
            Message(
                "{name}: the records under {key} hold lists of records themselves ({listed}), which "
                'are no cells of a table; write a list with one record for each row: [{{"a": 1, "b": '
                "2}}, ...]",
                name=path.name,
                key=key,
                listed=listed(deeper, 3),
            ),
        )
    return records
