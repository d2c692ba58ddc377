"""What stands in a file of text beside the text: who wrote a message and when, heads of notes, a licence.

A network would learn to write it as it learns the rest: nearly half of an exported chat are names and times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.decisions import decided
from engine.data.files.text_forms import message_head

SETTING = "data.heads"
_FEWEST = 5
"""Messages or clippings by which a file is known as a collection of them; a letter may quote one or two."""
_OFTEN = 0.2
"""Share of the lines that begin a message, at least."""
_PLACEHOLDER = re.compile(r"\W*(<[^<>]{2,60}>|\[[^\[\]]{1,20}\]|[\w ]{3,20} omitted)\W*")
"""All that an export leaves of a picture or a sound: <Media omitted>, [图片]."""
_RULE = re.compile(r"={10}")
_ABOUT = re.compile(r"- .*\d")
"""The second line of a clipping of a Kindle, in whatever language: - Your Highlight on page 3 | ..."""
_FRONT_MATTER = re.compile(r"---\n(?:[ \t#-].*\n|[\w.-]+(?: [\w.-]+)?:(?: .*)?\n|\n)+(?:---|\.\.\.)(?:\n|\Z)")
_LICENCE = re.compile(r"\*{3} ?(?P<which>START|END) OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*", re.IGNORECASE)
_WORD_TIME = re.compile(r"<\d\d:\d\d:\d\d\.\d{3}>")
"""When a word of captions made by a machine is heard."""


class _Bare(NamedTuple):
    """A text without what stood beside it: how many such things, and the names among them."""

    text: str
    things: int = 1
    names: Sequence[str] = ()


class _Form(NamedTuple):
    """A form of such texts: what stands beside them, in words, and what else could be made of them."""

    find: Callable[[str], _Bare | None]
    what: str
    instead: str = ""


def without_heads(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the texts of files without what stands beside them, and what was left out."""
    bare, notices = [*texts], []
    for form in _FORMS:
        found = [form.find(text) for text in bare]
        bare = [text if one is None else one.text for text, one in zip(bare, found, strict=True)]
        changed = [one for one in found if one is not None]
        if changed:
            notices.append(_told(form, changed))
    return bare, notices


def _told(form: _Form, changed: Sequence[_Bare]) -> str:
    names = listed(dict.fromkeys(name for one in changed for name in one.names))
    said = Message(
        "{what} left out ({count:,}{names}); to learn that as text, too, set Heads{instead}",
        what=Message(form.what),
        count=sum(one.things for one in changed),
        names=Message(" of {names}", names=names) if names else "",
        instead=Message(form.instead) if form.instead else "",
    )
    return decided(said, SETTING, "keep")


def _messages(text: str) -> _Bare | None:
    """Return what was written in a chat, a message a line.

    Plays name who speaks, too, and stay as they are: a head of a message says the time.
    """
    lines = text.split("\n")
    heads = [message_head(line) for line in lines]
    names = [head.name for head in heads if head is not None]
    filled = sum(bool(line.strip()) for line in lines)
    # somebody writes several messages; the times of a log stand before words that are always others
    if len(names) < _FEWEST or len(names) < _OFTEN * filled or len(set(names)) > len(names) / 2:
        return None
    said: list[str] = []
    inside = False
    for line, head in zip(lines, heads, strict=True):
        if head is not None:
            # what the program says itself, as that somebody has joined, has a time but no name
            inside = bool(head.name)
            line = head.said
        if inside and line.strip() and not _PLACEHOLDER.fullmatch(line.strip()):
            said.append(line.strip())
    return _Bare("\n".join(said) + "\n", len(names), [name for name in names if name])


def _clippings(text: str) -> _Bare | None:
    """Return what was marked in books on a Kindle, a clipping a line."""
    blocks = [[*group] for rule, group in groupby(text.split("\n"), _is_rule) if not rule]
    blocks = [block for block in blocks if any(line.strip() for line in block)]
    known = [block for block in blocks if len(block) > 2 and _ABOUT.match(block[1])]
    if len(known) < _FEWEST or len(known) < len(blocks):
        return None
    marked = ("\n".join(block[2:]).strip() for block in blocks)
    return _Bare("\n".join(filter(None, marked)) + "\n", len(known))


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line.strip()) is not None


def _front_matter(text: str) -> _Bare | None:
    """Return a note without the YAML above it, as Obsidian, Jekyll and Hugo write it."""
    found = _FRONT_MATTER.match(text)
    return None if found is None else _Bare(text[found.end() :].lstrip("\n"))


def _book(text: str) -> _Bare | None:
    """Return a book of Project Gutenberg without the licence about it."""
    marks = {found["which"].upper(): found for found in _LICENCE.finditer(text)}
    if "START" not in marks:
        return None
    end = marks["END"].start() if "END" in marks else len(text)
    return _Bare(text[marks["START"].end() : end].strip("\n") + "\n")


def _captions(text: str) -> _Bare | None:
    """Return what is heard in captions made by a machine, in which each line rolls up and so stands twice."""
    lines = text.split("\n")
    timed = sum(_WORD_TIME.search(line) is not None for line in lines)
    return _Bare("\n".join(_heard(lines)) + "\n", timed) if timed >= _FEWEST else None


def _heard(lines: Sequence[str]) -> Iterator[str]:
    before = ""
    for line in lines:
        bare = _WORD_TIME.sub("", line).strip()
        new = bare.removeprefix(before).strip() if before else bare
        if new:
            yield new
            before = new


_FORMS = (
    _Form(_captions, "times of words in captions, and the lines that stand twice there, are"),
    _Form(
        _messages,
        "names and times of messages are",
        "; to learn answers, or who wrote what, make a table of the messages",
    ),
    _Form(_clippings, "titles and places of clippings are"),
    _Form(_front_matter, "facts above a text are"),
    _Form(_book, "what Project Gutenberg writes about a book is"),
)
