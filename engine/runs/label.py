"""A label: what a person calls a run, and what they noted of it. It changes nothing of the run itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.atomic import sync_folder, write_json
from engine.choices import Invalid, Message, Problem
from engine.runs.folder import RunFolder

MOST_NAME, MOST_NOTE = 120, 4000
"""Letters of a name and of a note at most."""


@dataclass(frozen=True)
class Label:
    """The name that lists show instead of the experiment's, and a note; "" where there is none."""

    name: str = ""
    note: str = ""


def read_label(folder: RunFolder) -> Label:
    """Return the label of a run, an empty one where nobody gave any; raises Invalid when it is damaged."""
    # of a broken link exists() is False, yet it is to be refused below as any link
    if not folder.label.exists() and not folder.label.is_symlink():
        return Label()
    content = folder.read_json(folder.label)
    return Label(_text(content, "name", MOST_NAME), _text(content, "note", MOST_NOTE))


def write_label(folder: RunFolder, label: Label) -> None:
    """Keep a label with its run, or take it away where it is empty.

    Raises OSError, and Invalid when a text is too long.
    """
    texts = (("name", label.name, MOST_NAME), ("note", label.note, MOST_NOTE))
    problems = [_too_long(where, len(text), most) for where, text, most in texts if len(text) > most]
    if problems:
        raise Invalid(problems)
    if label == Label():
        folder.label.unlink(missing_ok=True)
        # a deletion outlives the machine only when the folder's own entry is on the disk
        sync_folder(folder.path)
    else:
        write_json(folder.label, {"name": label.name, "note": label.note})


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
