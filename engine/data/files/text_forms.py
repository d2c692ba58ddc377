"""Forms of lines that are neither tables nor prose, known by how they look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

SPARSE_LINE = re.compile(r"[+-]?[\d.,;]+(\s+qid:\d+)?(\s+\d+:[-+.\deE]+)+\s*(#.*)?")
"""A line of LIBSVM: a label, then pairs as 3:0.5; of rankings with the number of the query."""
NAMED_VALUE = re.compile(r"(?<!\w)[A-Za-z]\w*+=[-+]?\d[\d.]*")
"""A name and its value in a line of a log: temp=21.5. It begins where a word does, and gives back none of its
letters: else a word of 20,000 letters takes a second."""
LONG_MARKS = ("::", "_!_", "|||")
"""Separators of several letters, which are not read: of films, of headlines, of sentences."""
_SIGNS = re.compile(r"(?<=\s)[^\w\s,;|\"']{3,}(?=\s)")
"""Signs between blanks; marks that part cells by themselves, and quotations, are none of them."""
_FEWEST_LINES = 5
_TAG = r"[A-Za-z][A-Za-z0-9$*+-]*|[.,:;()'`-]{1,2}"
_TAGGED_WORD = re.compile(rf"\[?(?P<word>\S+)/(?P<tag>{_TAG})(\](/?\w+)?)?")
"""A word and its part of speech, as the/at; in brackets stands a name of several words: [中央/n 台/n]nt.
The tag of a mark is often the mark itself: ./."""
_DAY = r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,3})?(?:[\s\u202f]?[AaPp]\.?[Mm]\.?)?"
_WHEN = rf"(?:(?:{_DAY})(?:,|\sat|\s星期.)?\s+(?:{_CLOCK})|(?:{_CLOCK}),?\s+(?:{_DAY})|\[(?:{_CLOCK})\])"
_WHO = r"[^\s:\uff1a<>\[\],–-][^:\uff1a<>\[\],\n]{0,39}?"
_HEADS = tuple(
    re.compile(form)
    for form in (
        # WhatsApp and WeChat, with what is said in the same line: 05/03/2024, 10:22 - Ann: Hello
        rf"\[?{_WHEN}\]?(?:\s*[-–]\s*|\s+)(?:<(?P<nick>[^<>]{{1,40}})>|(?P<name>{_WHO})[:\uff1a])\s+(?P<said>.*)",
        # QQ and WeChat, with it below: 2024-03-05 10:22:45 Ann(12345)
        rf"{_WHEN}\s+(?P<name>{_WHO})(?:<[^<>]{{1,60}}>|\([^()]{{1,60}}\))?(?P<said>)",
        # Telegram: Ann, [05.03.2024 10:22]
        rf"(?P<name>{_WHO}),?\s+\[?{_WHEN}\]?(?P<said>)",
        # what the program itself says of the chat
        rf"\[?{_WHEN}\]?\s*[-–]\s*(?P<name>)(?P<said>.*)",
    )
)
_LEVEL = re.compile(r"\W*(?:INFO|DEBUG|TRACE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|NOTICE)\b", re.IGNORECASE)
"""How a line of a log of a program begins behind its time."""
# marks of the direction of writing, which telephones put before times and names
_UNSEEN = str.maketrans("", "", "\u200e\u200f\u202a\u202c\ufeff")
_FEWEST_WORDS, _MOST_TAGS = 20, 120
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_ITEM = re.compile(r"\d+[.)\u3001]\s+")
_NO_PROSE = re.compile(r"[0=<>@#|/\\\[\]{}()*~^]")
_LONGEST_SHAPE, _MOST_ALIKE = 200, 0.6
_NEARLY_ALL = 0.9
"""Share of the words that carry a tag; in prose, a few have a slash as and/or."""


def marks_of_signs(lines: Sequence[str]) -> list[str]:
    """Return the runs of several signs between blanks that stand as often in each of the lines: +++$+++"""
    found = [Counter(_SIGNS.findall(line)) for line in lines]
    first = found[0] if len(found) >= _FEWEST_LINES else Counter()
    return [mark for mark, count in first.items() if all(one[mark] == count for one in found)]


def tagged_words(line: str) -> list[tuple[str, str]]:
    """Return the words of a line with the tag behind the slash of each, "" where a word has none."""
    found = [(word, _TAGGED_WORD.fullmatch(word)) for word in line.split()]
    return [(match["word"], match["tag"]) if match else (word, "") for word, match in found]


def tags_its_words(lines: Sequence[str]) -> bool:
    """Return whether the words of lines carry their tags: PKU's corpus of 1998 and Brown's are written so."""
    words = [word for line in lines for word in tagged_words(line)]
    tags = {tag for _, tag in words if tag}
    tagged = sum(bool(tag) for _, tag in words)
    # paths have slashes, too, but not a few endings again and again
    few = 1 < len(tags) <= min(_MOST_TAGS, len(words) // 2)
    return len(words) >= _FEWEST_WORDS and tagged >= _NEARLY_ALL * len(words) and few


def of_one_shape(lines: Sequence[str]) -> bool:
    """Return whether most lines are put together alike, of words, numbers and signs that prose has not.

    So a form that nobody has thought of is asked about: 云计算 5 n, or Ada (Oslo) 12:30.
    """
    filled = [line.strip()[:_LONGEST_SHAPE] for line in lines if line.strip()]
    if len(filled) < _FEWEST_WORDS:
        return False
    # the sentences of a list are prose behind their numbers
    bare = (_ITEM.sub("", line) for line in filled)
    shapes = Counter(_DIGITS.sub("0", _LETTERS.sub("a", line)) for line in bare)
    shape, often = shapes.most_common(1)[0]
    pieces = sum(sign in "a0" for sign in shape)
    return often >= _MOST_ALIKE * len(filled) and pieces > 2 and bool(_NO_PROSE.search(shape))


class MessageHead(NamedTuple):
    """Who wrote a message of a chat, "" where the program did, and what of it stands in the same line."""

    name: str
    said: str


def message_head(line: str) -> MessageHead | None:
    """Return what a line of an exported chat says that begins a message; None for any other line."""
    bare = line.translate(_UNSEEN).strip()
    # most lines of a book have no time, and are not tried with each form
    if ":" not in bare or not any(sign.isdecimal() for sign in bare):
        return None
    found = next((match for form in _HEADS if (match := form.fullmatch(bare))), None)
    if found is None:
        return None
    parts = found.groupdict()
    name = (parts.get("nick") or parts["name"] or "").strip()
    # a row of measurements has a time before its numbers; a telephone number stands before what is said
    measured = bool(name) and not parts["said"] and not any(sign.isalpha() for sign in name)
    return None if measured or _LEVEL.match(name) else MessageHead(name, parts["said"])
