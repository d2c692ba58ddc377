"""Translations: what the network makes of texts in the other language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from typing_extensions import override

from app.language.words import tr
from app.views.drawing import Drawing, PassageDrawing, Passages, Viewport, Word
from app.views.view import ReadingView, Slot
from engine.events import Facts
from engine.probes.writing import TranslatedTexts, Translations


class TranslationsView(ReadingView, shows=Translations, kind="translations", title="Translations", rank=12):
    """Validation texts with the network's translation and, paler, the one that was given.

    Words that the given translation has too are green, each as often as it stands there. Another translation
    may be as good: read it.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
    waiting: ClassVar[str] = "Press Train to see translations."

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "translation"

    @override
    def picture(self, found: TranslatedTexts, facts: Facts, viewport: Viewport) -> Drawing:
        return Passages(tuple(_passage(*texts) for texts in self.table(found, facts)))

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["text", "translation", "given translation"]

    @override
    def table(self, found: TranslatedTexts, facts: Facts) -> Iterator[tuple[str, str, str]]:
        return zip(found.sources, found.written, found.references, strict=True)


def _passage(source: str, written: str, reference: str) -> PassageDrawing:
    left = Counter(_bare(word) for word in reference.split())
    words = []
    for word in written.split():
        there = left[_bare(word)] > 0
        left[_bare(word)] -= 1  # each as often as the reference has it, as BLEU counts
        words.append(Word(word, "success" if there else "", 0.35))
    return PassageDrawing(tuple(words) or (Word(tr("(nothing)")),), source, detail=reference)


def _bare(word: str) -> str:
    return word.strip(".,;:!?¡¿«»\"'()").casefold()
