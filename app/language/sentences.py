"""Problems as sentences: they name a field as its form does, never the place in the settings."""

from __future__ import annotations

from app.language.words import readable, tr
from engine.choices import Problem, first_value


def sentence(problem: Problem) -> str:
    """Return a problem with the name of its field: "Target: no column 'x'"."""
    place = [part for part in problem.path.split(".")[1:] if not part.isdigit()]
    if not place:
        return sentence_of(problem.message)
    return tr("{field}: {problem}", field=tr(readable(place[-1])), problem=tr(problem.message))


def sentence_of(message: str) -> str:
    """Return a message in the chosen language with a large first letter, unless a name begins it."""
    said = tr(message)
    return said if first_value(message) else said[:1].upper() + said[1:]
