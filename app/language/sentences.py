"""Problems as sentences: they name a field as its form does, never the place in the settings."""

from __future__ import annotations

from app.language.words import label_of, readable, tr
from engine.choices import Problem, Record, fields, first_value


def sentence(problem: Problem, record: Record | None = None) -> str:
    """Return a problem with the name of its field: "Target: no column 'x'".

    `record`: what its path begins in, an experiment, by which the field is called as the form calls it.
    """
    place = [part for part in problem.path.split(".")[1:] if not part.isdigit()]
    if not place:
        return sentence_of(problem.message)
    name = label_at(problem.path, record) or tr(readable(place[-1]))
    return tr("{field}: {problem}", field=name, problem=tr(problem.message))


def label_at(path: str, record: object) -> str:
    """Return the label of the field at a path that begins in a record, "" where there is none."""
    label = ""
    for part in path.split("."):
        match record:
            case tuple() if part.isdigit() and int(part) < len(record):
                record = record[int(part)]  # one of a list is called as the list is
            case Record():
                field = next((one for one in fields(type(record)) if one.name == part), None)
                if field is None:
                    return ""
                label, record = label_of(type(record), field), getattr(record, part)
            case _:
                return ""
    return label


def sentence_of(message: str) -> str:
    """Return a message in the chosen language with a large first letter, unless a name begins it."""
    said = tr(message)
    return said if first_value(message) else said[:1].upper() + said[1:]
