"""Replies: how what was asked of a process of the engine ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from app.language.sentences import sentence
from engine.choices import Problem

R = TypeVar("R")
MOST_LINES = 400
"""Of what a process prints so many lines are kept, for whoever asks why it ended."""


@dataclass(frozen=True)
class Reply(Generic[R]):
    """How a request ended: with a value, with problems, or given up (neither)."""

    value: R | None = None
    problems: tuple[Problem, ...] = ()
    lost: bool = False
    """Whether the process went away before it answered."""

    @property
    def why(self) -> str:
        """Return the problems as sentences."""
        return "\n".join(sentence(problem) for problem in self.problems)
