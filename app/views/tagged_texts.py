"""Tagged texts: sentences with the names the network finds in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from typing_extensions import override

from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Passage, Passages, Viewport, Word, series_tone
from app.views.probed import cells_of, lines_of, name_of
from app.views.view import Records, View
from engine.events import Facts


class TaggedTextsView(View, kind="tagged_texts", title="Tagged texts", rank=12):
    """Validation sentences with what the network found: a colour for each kind of name, the kind behind it.

    Words that are tagged wrongly are said under the sentence, with what they are.
    """

    waiting: ClassVar[str] = "Press Train to see what is found in sentences."

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "tags"

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "tagged_text_predictions"}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("tagged_text_predictions") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        classes = records[0].facts.classes
        return Passages(
            tuple(
                _passage(cells_of(line), found["truth"][row], found["predicted"][row], classes)
                for row, line in enumerate(lines_of(found["words"]))
            )
        )

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("tagged_text_predictions") if records else None
        classes = records[0].facts.classes if records else ()
        yield ["sentence", "word", "true tag", "predicted tag"]
        for row, line in enumerate(lines_of(found["words"]) if found else ()):
            codes = zip(found["truth"][row], found["predicted"][row], strict=True)  # type: ignore[index]
            for word, (truth, predicted) in zip(cells_of(line), codes, strict=False):
                yield [row + 1, word, name_of(classes, int(truth)), name_of(classes, int(predicted))]


def tag_tone(kind: str) -> str:
    """Return the colour of a kind of name, the same in every view."""
    return series_tone(sum(kind.encode()) % 8)


def tagged_words(words: Sequence[str], tags: Sequence[str]) -> tuple[Word, ...]:
    """Return words in the colours of their tags; behind the last word of a name stands its kind."""
    kinds = [tag.partition("-")[2] for tag in tags]
    made = []
    for place, (word, tag, kind) in enumerate(zip(words, tags, kinds, strict=False)):
        if not kind:
            made.append(Word(word, label="" if tag == "O" else tag))
            continue
        goes_on = place + 1 < len(tags) and tags[place + 1] == f"I-{kind}"
        made.append(Word(word, tag_tone(kind), 0.7, "" if goes_on else kind))
    return tuple(made)


def _passage(words: Sequence[str], truth: Any, predicted: Any, classes: Sequence[str]) -> Passage:
    right = [name_of(classes, int(code)) for code in truth[: len(words)]]
    said = [name_of(classes, int(code)) for code in predicted[: len(words)]]
    wrong = [f"{word}: {true}" for word, true, tag in zip(words, right, said, strict=False) if true != tag]
    detail = tr("wrong: {words}", words=", ".join(wrong)) if wrong else ""
    return Passage(tagged_words(words, said), detail=detail)
