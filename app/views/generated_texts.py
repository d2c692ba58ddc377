"""Generated texts: what the network writes by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Passage, Passages, Viewport, Word
from app.views.probed import lines_of
from app.views.view import Records, View
from engine.choices import Setting
from engine.events import Facts


class GeneratedTextsView(View, kind="generated_texts", title="Generated texts", rank=12):
    """Texts that the network writes, token by token, each drawn from what it holds likely to come next.

    At first they are noise, then letters and words as frequent as in the text it learns from, then phrases.
    The temperature says how daring it draws: 0 always takes the likeliest token, 1 draws as it has learnt.
    """

    waiting: ClassVar[str] = "Press Train to see what the network writes."

    temperature: Annotated[
        float, Setting("Temperature", "How daring tokens are drawn.", symbol="T", least=0, most=2)
    ] = 0.8
    draw_number: Annotated[int, Setting("Draw", "Another number draws other texts.", least=0, most=50)] = 0

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "tokens" and facts.task in ("", "language_modelling")

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "generated_texts", "temperature": self.temperature, "draw": self.draw_number}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("generated_texts") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        texts = lines_of(found["texts"])
        return Passages(tuple(written_passage(text, int(found["begun"][0])) for text in texts))

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("generated_texts") if records else None
        yield ["text"]
        yield from ([text] for text in (lines_of(found["texts"]) if found else ()))


def written_passage(text: str, begun: int) -> Passage:
    """Return a text of which so many letters were given: these are coloured."""
    given = [Word(word, "accent", 0.4) for word in text[:begun].split()]
    return Passage((*given, *(Word(word) for word in text[begun:].split())))
