"""Filled gaps: texts with tokens taken out, and what the network puts there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from typing_extensions import override

from app.language.numbers import percent
from app.language.words import tr
from app.views.drawing import Drawing, PassageDrawing, Passages, Viewport, Word
from app.views.tokens import SPACE
from app.views.view import ReadingView, Slot
from engine.events import Facts
from engine.probes.writing import FilledGaps, FilledTexts


class FilledGapsView(ReadingView, shows=FilledGaps, kind="filled_gaps", title="Filled gaps", rank=12):
    """Validation texts of which some tokens were hidden, with the network's guesses in their place.

    Green guesses are right; orange ones are wrong, and what stood there is said behind them.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
    waiting: ClassVar[str] = "Press Train to see what the network puts into gaps."

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "tokens" and facts.task in ("", "masked_language_modelling")

    @override
    def picture(self, found: FilledTexts, facts: Facts, viewport: Viewport) -> Drawing:
        return Passages(tuple(PassageDrawing(tuple(_words(found, row))) for row in range(len(found.tokens))))

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["text", "place", "token", "guess", "confidence"]

    @override
    def table(self, found: FilledTexts, facts: Facts) -> Iterator[Sequence[object]]:
        for row in range(len(found.tokens)):
            for place, right, guess, gap, sure in _positions(found, row):
                if gap:
                    yield [row + 1, place + 1, right, guess, sure]


def _positions(found: FilledTexts, row: int) -> Iterator[tuple[int, str, str, bool, float]]:
    """Yield position, right token, guess, whether there is a gap, and how sure the guess is."""
    gaps, sure = found.gaps[row].tolist(), found.confidence[row].tolist()
    for position, (right, guess) in enumerate(zip(found.tokens[row], found.guesses[row], strict=False)):
        # no gap is made there
        if right not in (f"{SPACE}[START]", f"{SPACE}[END]"):
            yield position, right, guess, gaps[position], sure[position]


def _words(found: FilledTexts, row: int) -> Iterator[Word]:
    for _, right, guess, gap, sure in _positions(found, row):
        shown = guess.removeprefix(SPACE) or " "
        glued = not guess.startswith(SPACE)
        if not gap:
            yield Word(shown, glued=glued)
            continue
        true = right.removeprefix(SPACE)
        note = tr("{guess} ({sure}); there stood {true}", guess=shown, sure=percent(sure), true=true)
        if right == guess:
            # an unsure guess keeps a colour, too
            yield Word(shown, "success", 0.3 + 0.7 * sure, note=note, glued=glued)
        else:
            yield Word(shown, "series.3", 0.3 + 0.7 * sure, true, note, glued)
