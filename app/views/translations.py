"""Translations: what the network makes of texts in the other language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from typing_extensions import override

from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Passage, Passages, Viewport, Word
from app.views.probed import lines_of
from app.views.view import Records, View
from engine.events import Facts


class TranslationsView(View, kind="translations", title="Translations", rank=12):
    """Validation texts with the network's translation and, paler, the one that was given.

    Words that the given translation has too are green, each as often as it stands there. Another translation
    may be as good: read it.
    """

    waiting: ClassVar[str] = "Press Train to see translations."

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "translation"

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "translations"}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("translations") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        return Passages(tuple(_passage(*texts) for texts in _texts(found)))

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("translations") if records else None
        yield ["text", "translation", "given translation"]
        yield from _texts(found) if found is not None else ()


def _texts(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    return zip(*(lines_of(found[key]) for key in ("sources", "written", "references")), strict=False)


def _passage(source: str, written: str, reference: str) -> Passage:
    left = Counter(_bare(word) for word in reference.split())
    words = []
    for word in written.split():
        there = left[_bare(word)] > 0
        left[_bare(word)] -= 1
        words.append(Word(word, "success" if there else "", 0.35))
    return Passage(tuple(words) or (Word(tr("(nothing)")),), source, detail=reference)


def _bare(word: str) -> str:
    return word.strip(".,;:!?¡¿«»\"'()").casefold()
