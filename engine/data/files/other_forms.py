"""Plain text that is neither prose nor rows of cells: what its lines seem to be, and what to do with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from engine.choices import Message
from engine.data.files.text_forms import message_head

_NEARLY_ALL, _MOSTLY = 0.9, 0.7
_FEWEST = 5
_LONGEST = 2_000
"""Letters of a line by which its form is told; patterns try longer ones for seconds."""
_ELEMENT = re.compile(r"\s*</?[A-Za-z][\w:.-]*[^<>]*>.*")
_PAGE = re.compile(r"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ASSIGNED = re.compile(r"\s*[\w.-]+\s*=\s*\S.*|\s*\[[\w .-]+\]\s*|\s*[#;].*")
_SECTION = re.compile(r"\s*\[[\w .-]+\]\s*")
_INTENT = re.compile(r"\s*-?\s*(intent|examples|lookup|synonym):")
_YAML = re.compile(r"\s*(- .*|-|[\w .'\"-]+:( .*)?|#.*|---|\.\.\.)")
_KEY = re.compile(r"\s*-? ?([\w-]+):( |$)")
_TREE = re.compile(r"\((?:\d|[A-Z][A-Z0-9$.-]*)? ?\(.*\)\s*")
_TIME = r"\[?(\d{4}[-/]\d{2}[-/]\d{2}[T ])?\d{2}:\d{2}:\d{2}([.,]\d+)?(Z|[+-]\d{2}:?\d{2})?\]?"
_LOGGED = re.compile(
    # of a program, with how grave it is; of a server, with the address before the time; of a system
    _TIME + r".{0,60}?\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b.*"
    r"|[\da-f.:]{7,45} \S+ \S+ \[\d+/\w+/\d+:.*|[A-Z][a-z]{2} [ \d]\d " + _TIME + " .*",
    re.IGNORECASE,
)


class OtherForm(NamedTuple):
    """A form of plain text: whether lines have it, what it is called, and what a person may do."""

    holds: Callable[[Sequence[str]], bool]
    what: str
    instead: str


def other_form(lines: Sequence[str]) -> OtherForm | None:
    """Return the form that the first lines of a file have; None where they may be prose or rows of cells."""
    filled = [line[:_LONGEST] for line in lines if line.strip()]
    return next((form for form in _FORMS if form.holds(filled)), None) if len(filled) >= _FEWEST else None


def form_words(name: str, form: OtherForm) -> str:
    """Return in words what a file seems to be, and what a person may do."""
    return Message(
        "{name} seems to be {what}: {instead}. To learn it as running text, as it is, choose the kind "
        "Running text",
        name=name,
        what=Message(form.what),
        instead=Message(form.instead),
    )


def _all(pattern: re.Pattern[str], share: float = _NEARLY_ALL) -> Callable[[Sequence[str]], bool]:
    return lambda lines: sum(pattern.fullmatch(line) is not None for line in lines) >= share * len(lines)


def _is_page(lines: Sequence[str]) -> bool:
    return any(_PAGE.match(line) for line in lines[:3])


def _is_xml(lines: Sequence[str]) -> bool:
    return lines[0].lstrip().startswith(("<?xml", "<")) and _all(_ELEMENT, _MOSTLY)(lines)


def _is_rasa(lines: Sequence[str]) -> bool:
    return sum(_INTENT.match(line) is not None for line in lines) > 1 and _all(_YAML)(lines)


def _is_yaml(lines: Sequence[str]) -> bool:
    keys = [found[1] for line in lines if (found := _KEY.match(line)) is not None]
    # a play has its speakers before a colon, but no lists; each entry of a list has the same keys
    listed = any(line.startswith("- ") for line in lines) and _FEWEST * len(set(keys)) <= len(keys)
    return listed and 2 * len(keys) > len(lines) and _all(_YAML)(lines)


def _is_settings(lines: Sequence[str]) -> bool:
    return _all(_ASSIGNED)(lines) and not _all(_SECTION, 0.5)(lines)


def _is_log(lines: Sequence[str]) -> bool:
    return (
        _all(_LOGGED, _MOSTLY)(lines)
        and sum(message_head(line) is not None for line in lines) < len(lines) / 2
    )


_FORMS = (
    OtherForm(_is_page, "a web page (HTML)", "call it .html, and its text is read"),
    OtherForm(_is_xml, "XML", "write a table (CSV) with a row for each record and a column for each fact"),
    OtherForm(
        _is_rasa,
        "training data of a chatbot (YAML of Rasa)",
        "write a CSV with the columns text and intent, an example in each row",
    ),
    OtherForm(_is_yaml, "YAML", "write a table (CSV) with a row for each entry and a column for each key"),
    OtherForm(_is_settings, "settings (name = value)", "write a table (CSV) with a column for each name"),
    OtherForm(
        _all(_TREE),
        "sentences as trees in brackets",
        "write a CSV with the columns text and label (pytreebank and NLTK read such trees)",
    ),
    OtherForm(
        _is_log,
        "a log of a program",
        "write a table (CSV) with a column for each fact of a line, as time, level and message",
    ),
)
