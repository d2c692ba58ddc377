"""Forms of lines that are neither tables nor prose, known by how they look."""

from __future__ import annotations

import re
from collections.abc import Sequence

SPARSE_LINE = re.compile(r"[+-]?[\d.,]+(\s+qid:\d+)?(\s+\d+:[-+.\deE]+)+\s*(#.*)?")
"""A line of LIBSVM: a label, then pairs as 3:0.5; of rankings with the number of the query."""
NAMED_VALUE = re.compile(r"(?<!\w)[A-Za-z]\w*+=[-+]?\d[\d.]*")
"""A name and its value in a line of a log: temp=21.5. It begins where a word does, and gives back none of its
letters: else a word of 20,000 letters takes a second."""
LONG_MARKS = ("::", "_!_", "|||")
"""Separators of several letters, which are not read: of films, of headlines, of sentences."""
_TAG = r"[A-Za-z][A-Za-z0-9$*+-]*|[.,:;()'`-]{1,2}"
_TAGGED_WORD = re.compile(rf"\[?(?P<word>\S+)/(?P<tag>{_TAG})(\](/?\w+)?)?")
"""A word and its part of speech, as the/at; in brackets stands a name of several words: [中央/n 台/n]nt.
The tag of a mark is often the mark itself: ./."""
_FEWEST_WORDS, _MOST_TAGS = 20, 120
_NEARLY_ALL = 0.9
"""Share of the words that carry a tag; in prose, a few have a slash as and/or."""


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
