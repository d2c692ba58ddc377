"""Text predictions: texts, what the network takes them for, and which words made it think so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from numpy.typing import NDArray
from typing_extensions import override

from app.language.numbers import number, percent, whole
from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Passage, Passages, Viewport, Word
from app.views.probed import cells_of, lines_of, name_of, ordinary, words_of
from app.views.view import Records, View
from engine.choices import Setting
from engine.events import Facts


class TextPredictionsView(View, kind="text_predictions", title="Texts", rank=12):
    """Validation texts with what the network takes them for, how sure it is, and which words mattered.

    Green is right, orange is wrong. The stronger a word is coloured, the more it mattered: by the network's
    own attention where it has any, else by its saliency, how much the answer would change with the word.
    """

    waiting: ClassVar[str] = "Press Train to see texts and what they are taken for."

    order: Annotated[
        Literal["worst", "spread"],
        Setting(
            "Order",
            "Which texts are shown.",
            options={
                "worst": "worst first: the largest loss",
                "spread": "evenly spread over the data",
            },
        ),
    ] = "worst"

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.input_kind == "tokens" and facts.target_kind == "classes"

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "text_predictions", "order": self.order}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("text_predictions") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        classes = records[0].facts.classes
        return Passages(tuple(_passage(found, index, classes) for index in range(len(found["truth"]))))

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("text_predictions") if records else None
        classes = records[0].facts.classes if records else ()
        yield ["row", "true class", "predicted class", "confidence", "loss", "tokens"]
        for index, line in enumerate(lines_of(found["tokens"]) if found else ()):
            yield [
                found["rows"][index],  # type: ignore[index]
                name_of(classes, int(found["truth"][index])),  # type: ignore[index]
                name_of(classes, int(found["predicted"][index])),  # type: ignore[index]
                found["confidence"][index],  # type: ignore[index]
                found["loss"][index],  # type: ignore[index]
                line,
            ]


def _passage(found: Mapping[str, Any], index: int, classes: Sequence[str]) -> Passage:
    truth, predicted = (name_of(classes, int(found[key][index])) for key in ("truth", "predicted"))
    right = truth == predicted
    sure = percent(float(found["confidence"][index]))
    title = f"{predicted} · {sure}" + ("" if right else " · " + tr("is {truth}", truth=truth))
    tone = "success" if right else "series.3"
    words = weighed_words(cells_of(lines_of(found["tokens"])[index]), found["weights"][index])
    how = how_weighed("".join(lines_of(found["by"])))
    note = "\n".join(
        (
            tr("It is {truth}, taken for {predicted} ({sure})", truth=truth, predicted=predicted, sure=sure),
            tr(
                "Loss {loss} · row {row}",
                loss=number(float(found["loss"][index])),
                row=whole(int(found["rows"][index]) + 1),
            ),
            how,
        )
    )
    return Passage(words, title, tone, note=note)


def weighed_words(tokens: Sequence[str], weights: NDArray[Any]) -> tuple[Word, ...]:
    """Return tokens as words, coloured as strongly as they mattered."""
    inside = ordinary(tokens)
    shown = weights[inside].tolist()
    most = max(shown, default=0.0) or 1.0
    return tuple(words_of(tokens[inside], ["accent"] * len(tokens), [weight / most for weight in shown]))


def how_weighed(by: str) -> str:
    """Return how it is known what mattered."""
    return tr("colour: attention") if by == "attention" else tr("colour: saliency")
