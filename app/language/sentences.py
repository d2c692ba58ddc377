"""Problems as sentences: they name a field as its form does, never the place in the settings."""

from __future__ import annotations

from app.language.words import readable, tr
from engine.choices import Problem


def sentence(problem: Problem) -> str:
    """Return a problem with the name of its field: "Target: no column 'x'"."""
    place = [part for part in problem.path.split(".")[1:] if not part.isdigit()]
    return (
        tr("{field}: {problem}", field=tr(readable(place[-1])), problem=tr(problem.message))
        if place
        else capital(tr(problem.message))
    )


def capital(text: str) -> str:
    """Return a text with a large first letter."""
    return text[:1].upper() + text[1:]
