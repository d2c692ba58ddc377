"""Tagged texts: sentences with the names the network finds in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.words import tr
from app.views.drawing import Drawing, PassageDrawing, Passages, Viewport, Word, series_tone
from app.views.named import name_of
from app.views.view import ReadingView, Slot
from engine.events import Facts
from engine.probes.texts import PredictedTags, TaggedTextPredictions


class TaggedTextsView(
    ReadingView, shows=TaggedTextPredictions, kind="tagged_texts", title="Tagged texts", rank=12
):
    """Validation sentences with what the network found: a colour for each kind of name, the kind behind it.

    Words that are tagged wrongly are said under the sentence, with what they are.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
    waiting: ClassVar[str] = "Press Train to see what is found in sentences."

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "tags"

    @override
    def picture(self, found: PredictedTags, facts: Facts, viewport: Viewport) -> Drawing:
        return Passages(
            tuple(
                _passage(words, found.truth[row], found.predicted[row], facts.classes)
                for row, words in enumerate(found.words)
            )
        )

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["sentence", "word", "true tag", "predicted tag"]

    @override
    def table(self, found: PredictedTags, facts: Facts) -> Iterator[Sequence[object]]:
        for row, words in enumerate(found.words):
            codes = zip(found.truth[row].tolist(), found.predicted[row].tolist(), strict=True)
            for word, pair in zip(words, codes, strict=False):
                yield [row + 1, word, *(name_of(facts.classes, code) for code in pair)]


def tag_tone(kind: str) -> str:
    """Return the colour of a kind of name, the same in every view."""
    # not hash(): Python salts it anew at every start
    return series_tone(sum(kind.encode()) % 8)


def tagged_words(words: Sequence[str], tags: Sequence[str]) -> tuple[Word, ...]:
    """Return words in the colours of their tags; behind the last word of a name stands its kind."""
    kinds = [tag.partition("-")[2] for tag in tags]
    made = []
    for place, (word, tag, kind) in enumerate(zip(words, tags, kinds, strict=False)):
        if not kind:
            # "O" is outside of all names (IOB tags); other tags without B- or I- stand for themselves
            made.append(Word(word, label="" if tag == "O" else tag))
            continue
        goes_on = place + 1 < len(tags) and tags[place + 1] == f"I-{kind}"
        made.append(Word(word, tag_tone(kind), 0.7, "" if goes_on else kind))
    return tuple(made)


def _passage(
    words: Sequence[str], truth: NDArray[np.int64], predicted: NDArray[np.int64], classes: Sequence[str]
) -> PassageDrawing:
    right = [name_of(classes, int(code)) for code in truth[: len(words)]]
    said = [name_of(classes, int(code)) for code in predicted[: len(words)]]
    wrong = [f"{word}: {true}" for word, true, tag in zip(words, right, said, strict=False) if true != tag]
    detail = tr("wrong: {words}", words=", ".join(wrong)) if wrong else ""
    return PassageDrawing(tagged_words(words, said), detail=detail)
