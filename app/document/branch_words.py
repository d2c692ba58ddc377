"""What a branch is called: by the step from which it would begin."""

from __future__ import annotations

from app.language.numbers import whole
from app.language.words import tr


def branch_words(moment: int | None) -> str:
    """Name a branch from a step of the run that is shown; None: from where the run in training is then."""
    return tr("Branch from here") if moment is None else tr("Branch from step {step}", step=whole(moment))
