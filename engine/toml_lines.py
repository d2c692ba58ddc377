"""Where in a TOML text each setting stands, so that a problem can name its line."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_SETTING = re.compile(
    r"""\s*((?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*)\s*="""
)
_STRINGS = re.compile(r"""'''|\"\"\"|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*|[\[\]{}]""")


def lines_of(text: str) -> dict[str, int]:
    """Return the line (from 1) of every section and setting by its dotted path, list items by their index."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    section = ""
    nesting = _Nesting()
    for number, line in enumerate(text.split("\n"), 1):
        if not nesting.inside:
            if header := _HEADER.match(line):
                section = _path(header[2])
                if header[1] == "[[":
                    counts[section] = counts.get(section, -1) + 1
                section = _with_index(section, counts)
                found.setdefault(section, number)
                continue
            if setting := _SETTING.match(line):
                path = _path(setting[1])
                found.setdefault(f"{section}.{path}" if section else path, number)
        nesting.read(line)
    return found


class _Nesting:
    """Whether the next line goes on with a value: an open bracket or a text of several lines."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""

    @property
    def inside(self) -> bool:
        return bool(self._depth or self._quote)

    def read(self, line: str) -> None:
        place = 0
        while True:
            if self._quote:
                end = line.find(self._quote, place)
                if end < 0:
                    return
                place, self._quote = end + 3, ""
            match = _STRINGS.search(line, place)
            if match is None:
                return
            place = match.end()
            token = match[0]
            if token in ("'''", '"""'):
                self._quote = token
            elif token in "[{":
                self._depth += 1
            elif token in "]}":
                self._depth = max(0, self._depth - 1)


def _path(written: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in written.split("."))


def _with_index(section: str, counts: dict[str, int]) -> str:
    """Put the index of the latest item behind every part of `section` that is a list of sections."""
    result: list[str] = []
    written: list[str] = []
    for part in section.split("."):
        result.append(part)
        written.append(part)
        index = counts.get(".".join(written))
        if index is not None:
            result.append(str(index))
    return ".".join(result)
