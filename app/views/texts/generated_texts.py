"""Generated texts: what the network writes by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

from typing_extensions import override

from app.views.drawing import Drawing, PassageDrawing, Passages, Viewport, Word
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.writing import GeneratedTexts, WrittenTexts


class GeneratedTextsView(
    ReadingView, shows=GeneratedTexts, kind="generated_texts", title="Generated texts", rank=12
):
    """Texts that the network writes, token by token, each drawn from what it holds likely to come next.

    At first they are noise, then letters and words as frequent as in the text it learns from, then phrases.
    The temperature says how daring it draws: 0 always takes the likeliest token, 1 draws as it has learnt.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
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
    def probe(self) -> GeneratedTexts:
        # by hand: no option of a view can be called `draw` as the probe's, for that is a method here
        return GeneratedTexts(temperature=self.temperature, draw=self.draw_number)

    @override
    def picture(self, found: WrittenTexts, facts: Facts, viewport: Viewport) -> Drawing:
        return Passages(tuple(written_passage(text, found.begun) for text in found.texts))

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["text"]

    @override
    def table(self, found: WrittenTexts, facts: Facts) -> Iterator[Sequence[object]]:
        yield from ([text] for text in found.texts)


def written_passage(text: str, begun: int) -> PassageDrawing:
    """Return a text of which so many letters were given: these are coloured."""
    given = [Word(word, "accent", 0.4) for word in text[:begun].split()]
    return PassageDrawing((*given, *(Word(word) for word in text[begun:].split())))
