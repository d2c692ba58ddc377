"""A label: what a person calls a run, and what they noted of it. It changes nothing of the run itself."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.atomic import sync_folder, write_json
from engine.choices import Invalid, Message, Problem
from engine.runs.folder import RunFolder

MOST_NAME, MOST_NOTE, MOST_TAG, MOST_TAGS = 120, 4000, 40, 20
"""Letters of a name, a note and a tag at most, and how many tags a run may have."""


@dataclass(frozen=True)
class Label:
    """The name that lists show instead of the experiment's, and a note; "" where there is none.

    `tags`: words by which runs are found together; `starred`: whether it is one to come back to.
    """

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False


def read_label(folder: RunFolder) -> Label:
    """Return the label of a run, an empty one where nobody gave any; raises Invalid when it is damaged."""
    # of a broken link exists() is False, yet it is to be refused below as any link
    if not folder.label.exists() and not folder.label.is_symlink():
        return Label()
    content = folder.read_json(folder.label)
    # the last two came later: labels of before have a name and a note
    starred = content.get("starred", False)
    if not isinstance(starred, bool):
        raise Invalid([Problem("label.json: starred", "must be true or false")])
    return Label(
        _text(content, "name", MOST_NAME), _text(content, "note", MOST_NOTE), _tags(content), starred
    )


def write_label(folder: RunFolder, label: Label) -> None:
    """Keep a label with its run, or take it away where it is empty.

    Raises OSError, and Invalid when a text is too long.
    """
    texts = (("name", label.name, MOST_NAME), ("note", label.note, MOST_NOTE))
    problems = [_too_long(where, len(text), most) for where, text, most in texts if len(text) > most]
    problems += _too_many(label.tags)
    if problems:
        raise Invalid(problems)
    if label == Label():
        folder.label.unlink(missing_ok=True)
        # a deletion outlives the machine only when the folder's own entry is on the disk
        sync_folder(folder.path)
    else:
        write_json(folder.label, dataclasses.asdict(label))


def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags that a person has written, parted by commas, each once; a tag is one word."""
    # A filter reads words, so that a blank inside would part a tag from itself. The commas and the semicolon
    # of a Chinese keyboard as well.
    words = ("-".join(part.split()) for part in re.split("[,\uff0c\u3001;\uff1b]", text))
    return tuple(dict.fromkeys(word.lstrip("#") for word in words if word.lstrip("#")))


def _tags(content: dict[str, Any]) -> tuple[str, ...]:
    tags = content.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Invalid([Problem("label.json: tags", "must be a list of texts")])
    if problems := _too_many(tags):
        raise Invalid([problem.under("label.json") for problem in problems])
    return tuple(tags)


def _too_many(tags: Sequence[str]) -> list[Problem]:
    problems = [_too_long("tags", len(tag), MOST_TAG) for tag in tags if len(tag) > MOST_TAG]
    if len(tags) > MOST_TAGS:
        why = Message("a run may have {most} tags at most, not {count}", most=MOST_TAGS, count=len(tags))
        problems.append(Problem("tags", why))
    return problems


def _text(content: dict[str, Any], name: str, most: int) -> str:
    """Return a text of the file; what is none, or too long, is no label of ours."""
    text = content.get(name, "")
    if not isinstance(text, str):
        raise Invalid([Problem(f"label.json: {name}", "must be a text")])
    if len(text) > most:
        raise Invalid([_too_long(f"label.json: {name}", len(text), most)])
    return text


def _too_long(where: str, length: int, most: int) -> Problem:
    return Problem(where, Message("may have {most} letters at most, not {length}", most=most, length=length))
