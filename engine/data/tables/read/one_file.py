"""Writes the tables of many files below each other into one, with columns for what their names say."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from engine.choices import Message
from engine.data.files.endings import JSON, PARQUET
from engine.data.files.table_folders import LONGEST_LINE, first_line
from engine.data.files.table_parts import Part, cells_in, mark_in, names_columns
from engine.data.refusal import refused
from engine.data.tables.read.encodings import decode_errors, encoding_of

_PIECE = 1 << 20
"""Bytes that are copied at once."""


def write_joined(parts: Sequence[Part], path: Path) -> None:
    """Write the rows of all parts below each other into a file of the same form, the line of names once.

    The values of each part stand in columns of their own, before the others in text. Raises Invalid where
    files cannot be read.
    """
    ending = path.suffix.lower()
    if ending in PARQUET:
        _write_parquet(parts, path)
    elif ending in JSON:
        _write_records(parts, path)
    else:
        _write_text(parts, path)


def takes_columns(path: Path) -> bool:
    """Return whether a column can be put beside those of a table: where one is all, nothing parts cells."""
    return path.suffix.lower() in (*PARQUET, *JSON) or mark_in(first_line(path)) in first_line(path)


def is_name_in(name: str, path: Path) -> bool:
    """Return whether a column of a table may be called so."""
    if path.suffix.lower() in PARQUET:
        import pyarrow.parquet

        return name in pyarrow.parquet.read_schema(path).names
    with path.open("rb") as file:
        return name.encode() in file.readline(LONGEST_LINE)


def _write_parquet(parts: Sequence[Part], path: Path) -> None:
    import pyarrow as arrow
    from pyarrow import parquet

    try:
        whole = arrow.unify_schemas(
            [parquet.read_schema(part.path).remove_metadata() for part in parts], promote_options="permissive"
        )
        # what a folder says stands in no file, or stands there once more
        own = [name for name in parts[0].values if name not in whole.names]
        said = arrow.schema([*whole, *(arrow.field(name, arrow.string()) for name in own)])
        with parquet.ParquetWriter(path, said) as writer:
            for part in parts:
                with parquet.ParquetFile(part.path) as file:
                    for piece in file.iter_batches():
                        columns = [piece.column(name).cast(whole.field(name).type) for name in whole.names]
                        columns += [
                            arrow.array([part.values[name]] * len(piece), arrow.string()) for name in own
                        ]
                        writer.write_batch(arrow.record_batch(columns, schema=said))
    except (arrow.ArrowException, OSError, ValueError) as error:
        said = Message("the Parquet files of the folder are no one table: {error}", error=error)
        raise refused("data.path", said) from None


def _write_records(parts: Sequence[Part], path: Path) -> None:
    """Write each record in a line, with its digits as they are written."""
    decoder = json.JSONDecoder()
    with path.open("w", encoding="utf-8", newline="\n") as whole:
        for part in parts:
            encoding, _ = encoding_of(part.path, "auto")
            codec = encoding.codec
            text = part.path.read_bytes().decode(codec, decode_errors(codec)).removeprefix("\ufeff")
            try:
                for record, names in _records(text, decoder):
                    own = {name: value for name, value in part.values.items() if name not in names}
                    before = json.dumps(own, ensure_ascii=False)[1:-1]
                    whole.write("{" + before + (", " if before and names else "") + record[1:] + "\n")
            except (ValueError, RecursionError) as error:
                said = Message(
                    "{name} is no JSON that can be read ({error})", name=part.path.name, error=error
                )
                raise refused("data.path", said) from None


def _records(text: str, decoder: json.JSONDecoder) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Give the records of a list, of lines or the only one: each as written, in a line, and what it holds."""
    place = 0
    while place < len(text):
        # marks between records, and those around a list
        if text[place].isspace() or text[place] in "[],":
            place += 1
            continue
        found, end = decoder.raw_decode(text, place)
        if not isinstance(found, dict):
            raise ValueError(Message("{value} is no record {{name: value}}", value=repr(found)[:40]))
        # within the cells of JSON no line ends
        yield " ".join(text[place:end].split("\n")), found
        place = end


def _write_text(parts: Sequence[Part], path: Path) -> None:
    head = first_line(parts[0].path)
    mark = mark_in(head)
    # every part begins with the same line of names, or none has one
    named = names_columns(head) and len({first_line(part.path) for part in parts}) == 1
    names = [name for name in parts[0].values if name.encode() not in head.split(mark)]
    with path.open("wb") as whole:
        if names and not named:
            columns = [f"column {place}" for place in range(1, len(cells_in(head)) + 1)]
            whole.write(_cells([*names, *columns], mark)[: -len(mark)] + b"\n")
        for place, part in enumerate(parts):
            before = _cells([part.values[name] or "" for name in names], mark)
            with part.path.open("rb") as file:
                end = b""
                # bounded: what is no text may have no line break in gigabytes
                if named:
                    end = file.readline(LONGEST_LINE)
                    if place == 0:
                        whole.write(_headed(end, _cells(names, mark)))
                end = _copy(file, whole, before) or end
            # else the last row of this file and the first of the next became one
            if not end.endswith(b"\n"):
                whole.write(b"\n")


def _cells(cells: Sequence[str], mark: bytes) -> bytes:
    """Return cells as they stand before others in a line."""
    written = (cell.encode() for cell in cells)
    quoted = (
        b'"' + one.replace(b'"', b'""') + b'"' if mark in one or b'"' in one else one for one in written
    )
    return b"".join(one + mark for one in quoted)


def _headed(names: bytes, before: bytes) -> bytes:
    """Return the line of names with others before them; a mark of the encoding stays first."""
    bare = names.removeprefix(codecs.BOM_UTF8)
    return names[: len(names) - len(bare)] + before + bare


def _copy(part: BinaryIO, whole: BinaryIO, before: bytes) -> bytes:
    """Copy the rows of a file, with something before each; return the end of what was written."""
    end, quoted = b"", False
    if not before:
        while piece := part.read(_PIECE):
            whole.write(piece)
            end = piece
        return end
    while line := part.readline(LONGEST_LINE):
        # a line within quotation marks goes on with a cell, and blank lines stay so
        whole.write(line if quoted or not line.strip() else before + line)
        quoted ^= line.count(b'"') % 2 == 1
        end = line
    return end
