"""Filled gaps: texts with tokens taken out, and what the network puts there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from typing_extensions import override

from app.language.numbers import percent
from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Passage, Passages, Viewport, Word
from app.views.probed import SPACE, cells_of, lines_of
from app.views.view import Records, View
from engine.events import Facts


class FilledGapsView(View, kind="filled_gaps", title="Filled gaps", rank=12):
    """Validation texts of which some tokens were hidden, with the network's guesses in their place.

    Green guesses are right; orange ones are wrong, and what stood there is said behind them.
    """

    waiting: ClassVar[str] = "Press Train to see what the network puts into gaps."

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "tokens" and facts.task in ("", "masked_language_modelling")

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "filled_gaps"}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("filled_gaps") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        return Passages(tuple(Passage(tuple(_words(found, row))) for row in range(len(found["gaps"]))))

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("filled_gaps") if records else None
        yield ["text", "place", "token", "guess", "confidence"]
        for row in range(len(found["gaps"])) if found else ():
            for place, right, guess, gap, sure in _places(found, row):
                if gap:
                    yield [row + 1, place + 1, right, guess, sure]


def _places(found: Any, row: int) -> Iterator[tuple[int, str, str, bool, float]]:
    """Yield place, right token, guess, whether there is a gap, and how sure the guess is."""
    right, guess = (cells_of(lines_of(found[key])[row]) for key in ("tokens", "guesses"))
    gaps, sure = found["gaps"][row].tolist(), found["confidence"][row].tolist()
    for place, (true, said) in enumerate(zip(right, guess, strict=False)):
        if true not in (f"{SPACE}[START]", f"{SPACE}[END]"):
            yield place, true, said, bool(gaps[place]), sure[place]


def _words(found: Any, row: int) -> Iterator[Word]:
    for _, right, guess, gap, sure in _places(found, row):
        shown = guess.removeprefix(SPACE) or " "
        glued = not guess.startswith(SPACE)
        if not gap:
            yield Word(shown, glued=glued)
            continue
        true = right.removeprefix(SPACE)
        note = tr("{guess} ({sure}); there stood {true}", guess=shown, sure=percent(sure), true=true)
        if right == guess:
            yield Word(shown, "success", 0.3 + 0.7 * sure, note=note, glued=glued)
        else:
            yield Word(shown, "series.3", 0.3 + 0.7 * sure, true, note, glued)
