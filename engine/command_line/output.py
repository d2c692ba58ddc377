"""Our output, and what may be wrong with it: closed, read by nobody (`... | head -1`), short of letters."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path
from typing import TextIO

from typing_extensions import override

from engine.atomic import write_bytes
from engine.choices import Invalid, Message, Problem

_REDRAWN = re.compile(r"\r(?: *\r)?")
"""How the line of progress is drawn over: our own, and only at the beginning of what is written."""
_OBEYED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)")
"""What a terminal obeys instead of showing it, and what turns the direction of writing."""


def prepare_streams() -> None:
    """Make sure that there are a stdin, a stdout and a stderr, and that every text can be written to them.

    A file number that the caller closed would be given to the next file that is opened, a database say, and
    whatever a library prints would end in it. What is piped is UTF-8 on every system: JSON stays JSON.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the system gives the lowest number that is free: this one
    sys.stdout = _writable(sys.stdout, "surrogateescape")  # names of files go out as they came in
    sys.stderr = _writable(sys.stderr, "backslashreplace")


def _writable(stream: TextIO | None, errors: str) -> TextIO:
    if stream is None:  # Python says so of a number that was closed
        return open(os.devnull, "w", encoding="utf-8")
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    live = stream.isatty()
    encoding = stream.encoding if live else "utf-8"
    if not live and stream is sys.stdout:  # what a program reads is as it is
        stream.reconfigure(encoding=encoding, errors=errors)
        return stream
    buffered = stream.line_buffering
    return Harmless(stream.detach(), encoding, "backslashreplace", line_buffering=buffered)


class Harmless(io.TextIOWrapper):
    """A stream to a terminal, or to a log that is read on one: what stands in a name steers nothing there.

    Names of columns, classes and experiments may hold what moves the cursor, clears the screen or types.
    """

    @override
    def write(self, text: str) -> int:
        """Write `text`, the letters that a terminal obeys as escapes: ends of lines and tabs stay."""
        start = _REDRAWN.match(text)
        kept = start[0] if start else ""
        return super().write(kept + _OBEYED.sub(lambda found: _escaped(found[0]), text[len(kept) :]))


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


def json_text(content: object, indent: int | None = None) -> str:
    """Return a line of JSON with letters of every script; bytes in names that are no text become escapes."""
    text = json.dumps(content, indent=indent, ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode() + "\n"


def tell(stream: TextIO, text: str) -> None:
    """Write a text at once. When nobody takes it (any more), the work goes on, for it is saved."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        forget(stream)


def forget(stream: TextIO) -> None:
    """Let everything that is still written to a stream vanish, so that it raises no further error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def write_out(path: Path, content: bytes) -> None:
    """Write a file that a person named: whole or not at all, or into what is no ordinary file.

    Of a link, what it points to is written, and told. A pipe or a device stays what it is. Raises Invalid.
    """
    try:
        place = path.resolve()
        if place.exists() and not place.is_file() and not place.is_dir():
            with place.open("wb", buffering=0) as stream:
                stream.write(content)
            return
        write_bytes(place, content)
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or error
        raise Invalid([Problem("", Message("{path} cannot be written: {why}", path=path, why=why))]) from None
    if path.is_symlink():
        tell(
            sys.stderr,
            Message(
                "warning: {path} is a link; what it points to was written, {place}\n", path=path, place=place
            ),
        )
