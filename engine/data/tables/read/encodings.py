"""Encodings: how the letters of a text file are stored, and files that are no text.

Byte order marks and UTF-8 are certain; what is neither is guessed by its letters, and told.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.choices import Invalid, Message
from engine.data.decisions import Decided, Decision, OtherReading, Specimen, shortened
from engine.data.files.settings import ENCODINGS, codec
from engine.data.files.utf16 import utf16_without_mark
from engine.data.refusal import refused
from engine.data.source import Report, silent
from engine.data.tables.read.legacy_encodings import legacy_encoding, likeness

_BLOCK = 1 << 22
_SAMPLE = 1 << 18
_AROUND = 24
"""Bytes before and behind a letter by which a person tells encodings apart."""
_MOST_OTHERS = 2

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = (
    (b"PK\x03\x04", "an Excel workbook or ZIP archive", "name it .xlsx, or save it as CSV"),
    (b"PAR1", "a Parquet file", "name it .parquet"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls)", "save it as .xlsx or CSV"),
    (b"%PDF", "a PDF document", "save what it holds as text or CSV"),
    (b"\x89PNG", "a picture", "choose the kind Picture folder"),
    (b"\xff\xd8\xff", "a picture", "choose the kind Picture folder"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
)


_SETTINGS = {"cp949": "euc-kr", "cp932": "shift_jis", "cp950": "big5", "cp874": "windows-874"}
"""Python's names of the wider forms that Windows writes, by what the setting calls them."""


@dataclass(frozen=True)
class FoundEncoding:
    """An encoding as Python calls it; `guessed`: whether it is no more than likely."""

    codec: str
    guessed: bool = False

    @property
    def setting(self) -> str:
        """Return what the setting calls it, "auto" where it marks itself (UTF-32) and needs no name."""
        plain = self.codec.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
        alike = (
            name for name in ENCODINGS if codecs.lookup(codec(name)).name == codecs.lookup(codec(plain)).name
        )
        return _SETTINGS.get(plain) or next(alike, "auto")


def encoding_of(path: Path, chosen: str, report: Report = silent) -> tuple[FoundEncoding, list[str]]:
    """Return the encoding to read a text file in, and what a person should know about it.

    A file that says itself what it is written in (a byte order mark, or letters that only UTF-8 has) is read
    so, whatever older encoding is `chosen`. Raises Invalid when it is no text.
    """
    try:
        found = find_encoding(path, report)
    except Invalid:
        if chosen == "auto":
            raise
        with path.open("rb") as file:
            _refuse_foreign(path, file.read(_SAMPLE))
        return FoundEncoding(codec(chosen)), []  # who says the encoding means that strange bytes are text
    if chosen == "auto":
        return found, _guessed(path, found)
    if found.codec != "utf-8" and not found.guessed and found.codec.startswith("utf"):
        return found, []
    if found.codec == "utf-8" and chosen not in ("utf-8", "utf-16") and not _is_ascii(path):
        return found, [
            Message(
                "{name} is written in UTF-8, not in {encoding}, and is read so",
                name=path.name,
                encoding=ENCODINGS.get(chosen, chosen),
            )
        ]
    return FoundEncoding(codec(chosen)), []


def _guessed(path: Path, found: FoundEncoding) -> list[str]:
    """Return the notice of an encoding that is no more than likely, with a line as it reads in the others.

    Others are those in which all lines of the beginning can be read, and of these the two that are likest to
    letters of a language: of eight unreadable lines, none helps more than two.
    """
    if not found.guessed:
        return []
    name = ENCODINGS.get(found.setting, found.codec)
    said = Message("letters are read as {name}; if they look wrong, set the encoding", name=name)
    with path.open("rb") as file:
        every = enumerate(file.read(_BLOCK).split(b"\n"), 1)
        numbered = [(number, line) for number, line in every if not line.isascii()]
    lines = [line for _, line in numbered]
    near, where = b"", ""
    for number, line in numbered[:1]:
        where = Message("line {number}", number=number)
        first = next(place for place, byte in enumerate(line) if byte > 127)
        near = line[max(first - _AROUND, 0) : first + _AROUND].strip()
    read = _decoded(near, found.codec, "replace")
    others: dict[str, str] = {}
    for other in ENCODINGS:
        text = _decoded(near, codec(other)) if other not in ("utf-16", found.setting) else ""
        new = text and text != read and text not in others.values()
        if new and _decoded(b"\n".join(lines), codec(other)):
            others[other] = text
    # its bytes say nothing to a person: where they stand does
    specimens = (Specimen(where, shortened(read)),) * bool(near)
    block = b"\n".join(lines)
    # sorted is stable: of equal ones those that are listed first
    likest = sorted(others, key=lambda other: -likeness(block, codec(other)))[:_MOST_OTHERS]
    readings = tuple(OtherReading(other, (shortened(others[other]),)) for other in likest)
    decision = Decision("", "data.encoding", "", found.setting, specimens, readings, doubtful=True)
    return [Decided(said, decision)]


def _decoded(content: bytes, name: str, errors: str = "strict") -> str:
    """Return bytes as letters, "" where they are none of an encoding."""
    try:
        return codecs.getincrementaldecoder(name)(errors).decode(content)  # its end may be cut
    except UnicodeError:
        return ""


def encoding_of_all(paths: Sequence[Path]) -> tuple[FoundEncoding, list[str]]:
    """Return the encoding of text files of one set that are no UTF-8, and what a person should know about it.

    It is told by all of them: a short one alone has not letters enough.
    """
    blocks: list[bytes] = []
    for path in paths:
        with path.open("rb") as file:
            blocks.append(_first_block_not_utf8(file, path.stat().st_size, silent) or b"")
        if sum(map(len, blocks)) > _SAMPLE:
            break
    found = FoundEncoding(*legacy_encoding(b"\n".join(blocks)))
    return found, _guessed(paths[0], found)


def _is_ascii(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(_BLOCK).isascii()


def find_encoding(path: Path, report: Report) -> FoundEncoding:
    """Return the encoding of a text file. Raises Invalid when it is no text."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
        _refuse_foreign(path, start)
        for mark, encoding in _MARKS:
            if start.startswith(mark):
                return FoundEncoding(encoding)
        # every letter of ASCII has a zero byte beside it in UTF-16, and text in other encodings has none
        if b"\x00" in start:
            if (code := utf16_without_mark(start)) is None:
                raise _not_text(path)
            return FoundEncoding(code)
        strange = sum(byte < 9 or 13 < byte < 27 for byte in start[:4096])
        if strange > len(start[:4096]) * 0.05:
            raise _not_text(path)
        file.seek(0)
        wrong = _first_block_not_utf8(file, path.stat().st_size, report)
    return FoundEncoding("utf-8") if wrong is None else FoundEncoding(*legacy_encoding(wrong))


def _refuse_foreign(path: Path, start: bytes) -> None:
    if not start.strip():
        raise refused(
            "data.path", Message("{name} is empty; choose a file with text or a table in it", name=path.name)
        )
    for mark, what, remedy in _FOREIGN:
        if start.startswith(mark):
            raise refused(
                "data.path",
                Message("{name} is {what}, not text: {remedy}", name=path.name, what=what, remedy=remedy),
            )


def _not_text(path: Path) -> Invalid:
    return refused(
        "data.path",
        Message("{name} is a binary file, not text; save what it holds as text or CSV", name=path.name),
    )


def _first_block_not_utf8(file: BinaryIO, size: int, report: Report) -> bytes | None:
    """Return None when all of the file is UTF-8, else what stands from the first line that is not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    while block := file.read(_BLOCK):
        held = decoder.getstate()[0]  # the beginning of a character that the block before was cut in
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            near = held + block
            # the decoder counts from the bytes that it still held
            line = near.rfind(b"\n", 0, error.start) + 1
            return (near[line:] + file.read(_SAMPLE))[:_SAMPLE]
        done += len(block)
        report(done / max(size, 1) * 0.1, "Looking at the encoding")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return b"\xe9"  # cut off within a character at its very end
    return None


def decode_errors(encoding: str) -> str:
    """Return how to decode: Windows-1252 leaves five bytes undefined, which are shown as a question mark."""
    return "replace" if encoding == "cp1252" else "strict"
