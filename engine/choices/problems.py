"""Problems: what is wrong in something a person wrote, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.choices.messages import Message
from engine.choices.words import BOUNDS, WANTED, plain


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    `path` is the dotted place in the experiment (`optimizer.learning_rate`, `regularizers.0.strength`),
    "" for the whole; `message` says what is wrong and what would be right.
    """

    path: str
    message: str

    def __str__(self) -> str:
        """Return the line the command line prints."""
        if not self.path:
            return self.message
        # Python hands on what is returned here as it is, so that the line can still be translated.
        return Message("{path}: {message}", path=self.path, message=self.message)

    def under(self, parent: str) -> Problem:
        """Return the same problem with its path below `parent`."""
        return Problem(".".join(part for part in (parent, self.path) if part), self.message)


class Invalid(ValueError):
    """Something a person wrote cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep `problems`; the text of the error is one line each."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


_MOST_NAMES = 60
"""More than any family has entries; a table may have thousands of columns, which nobody reads."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'adam'? There are: ..." for a word that is not among the known ones."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1)
    guess = Message("; did you mean {near!r}?", near=near[0]) if near else Message(".")
    if not names:
        return guess
    shown, rest = ", ".join(names[:_MOST_NAMES]), len(names) - _MOST_NAMES
    if rest > 0:
        return Message("{guess} There are: {names} and {rest} more", guess=guess, names=shown, rest=rest)
    return Message("{guess} There are: {names}", guess=guess, names=shown)


def problems_in(error: ValidationError) -> tuple[Problem, ...]:
    """Return the problems that pydantic found, in our words."""
    return tuple(
        Problem(".".join(str(part) for part in detail["loc"]), _sentence(detail)) for detail in error.errors()
    )


def _sentence(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    given = _shown(detail["input"])
    # [name] was written where TOML wants [[name]]
    if kind == "tuple_type" and isinstance(detail["input"], Mapping):
        return Message(
            "must be a list, in brackets or as sections headed [[{name}]], not {given}",
            name=detail["loc"][-1],
            given=given,
        )
    # a field of a form that was cleared: "not ''" would say little
    if detail["input"] == "" and (kind in WANTED or kind == "string_too_short"):
        return (
            Message("is empty: it must be {wanted}", wanted=Message(WANTED[kind]))
            if kind in WANTED
            else "must not be empty"
        )
    if kind in WANTED:
        return Message("must be {wanted}, not {given}", wanted=Message(WANTED[kind]), given=given)
    bound = _bound(kind, context)
    if bound:
        return Message("must be {bound}, not {given}", bound=bound, given=given)
    if kind == "literal_error":
        return Message("must be one of {options}, not {given}", options=context["expected"], given=given)
    if kind == "none_of":
        return Message("{wanted}, not {given}", wanted=context["text"], given=given)
    if kind == "missing":
        return "is missing and has no default: give it a value"
    if kind == "value_error":  # raised by a check of ours: its own text, which may be a message
        return _of(context["error"])
    text: str = context.get("text", detail["msg"])  # pydantic makes a plain str of `msg`
    return text


def _bound(kind: str, context: dict[str, Any]) -> str:
    bounds = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
    if kind in bounds:
        key = bounds[kind]
        return Message(BOUNDS[key], bound=plain(context[key]))
    if kind in ("too_short", "string_too_short"):
        return Message("at least {count} long", count=context["min_length"])
    if kind in ("too_long", "string_too_long"):
        return Message("at most {count} long", count=context["max_length"])
    return ""


def _shown(value: object) -> str:
    if isinstance(value, bool):  # as TOML writes it
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _of(error: ValueError) -> str:
    said = error.args[0] if error.args else ""
    return said if isinstance(said, str) else str(error)
