"""Eras: years as they are counted in Japan, Taiwan and Thailand, and the years they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.decisions import decided

_JAPAN = {
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867,
    "R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867,
}  # fmt: skip
"""The year before the first of each era."""
_TAIWAN, _BUDDHIST = 1911, -543
# a letter alone before two numbers, as S1-1, rather names a place where a sample was taken
_LETTER = r"[RHSTM](?=\d{1,2}(?:\s?年|[/.]\d{1,2}[/.]\d))"
_IN_JAPAN = re.compile(rf"(令和|平成|昭和|大正|明治|{_LETTER})\s?(元|\d{{1,2}})(?=\s?年|[-/.]\d)")
_IN_TAIWAN = re.compile(
    r"(?:民國|民国)\s?(\d{1,3})(?=\s?年|[-/.])"
    # without 民國 only years of three digits, 2011 to 2060: 99/03/05 may be of 1999
    r"|(1[0-4]\d)(?=\s?年|([-/.])\d{1,2}\3\d{1,2}(?!\d))"
)
_IN_THAILAND = re.compile(r"(?<!\d)(?:พ\.ศ\.\s?)?(2[45]\d{2})(?!\d)")
"""The years 2400 to 2599, of which no data tells as years of Christ."""

_FAR = np.datetime64("2040-01-01")
"""From here on data rather is of a century before."""
_LONG = re.compile(r"\d{4}")


def western(text: str) -> str:
    """Return a date with the year of its era, if it names one, as a year of Christ; else as it is.

    令和6年3月5日 and R6.3.5 are 2024年3月5日 and 2024.3.5, 113/03/05 is 2024/03/05, 5/3/2567 is 5/3/2024.
    """
    found = _IN_JAPAN.match(text)
    if found:
        number = 1 if found[2] == "元" else int(found[2])
        return f"{_JAPAN[found[1]] + number}{text[found.end() :]}"
    found = _IN_TAIWAN.match(text)
    if found:
        return f"{_TAIWAN + int(found[1] or found[2])}{text[found.end() :]}"
    # searched anywhere: Thailand writes the year last
    return _IN_THAILAND.sub(lambda year: str(int(year[1]) + _BUDDHIST), text, count=1)


def said_years(name: str, words: Sequence[str], read: NDArray[np.datetime64]) -> list[str]:
    """Return what a person should know of the years of dates: those of an era, and short ones far ahead."""
    told: list[str] = []
    if western(words[0]) != words[0]:
        said = Message(
            "{name}: years are counted in an era: {texts} is read as {western}",
            name=name,
            texts=words[0],
            western=western(words[0]),
        )
        told.append(decided(said, "data.types", "category", column=name, cells=words[:1]))
    ahead = next(
        (place for place in np.flatnonzero(read >= _FAR).tolist() if not _LONG.search(words[place])), None
    )
    if ahead is not None:
        said = Message(
            "{name}: {written} is read as a day of {year}, as short years before 69 are; if it lies in the "
            "last century, write years with four digits",
            name=name,
            written=words[ahead],
            year=str(read[ahead].astype("datetime64[Y]")),
        )
        ways = ("category", "leave_out")
        told.append(decided(said, "data.types", *ways, column=name, cells=(words[ahead],), doubtful=True))
    return told
