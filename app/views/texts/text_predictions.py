"""Text predictions: texts, what the network takes them for, and which words made it think so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal

from numpy.typing import NDArray
from typing_extensions import override

from app.language.numbers import number, percent, whole
from app.language.words import tr
from app.views.drawing import Drawing, PassageDrawing, Passages, Viewport, Word
from app.views.named import name_of, row_number
from app.views.tokens import ordinary, words_of
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.texts import PredictedTexts, TextPredictions


class TextPredictionsView(
    ReadingView, shows=TextPredictions, kind="text_predictions", title="Texts", rank=12
):
    """Validation texts with what the network takes them for, how sure it is, and which words mattered.

    Green is right, orange is wrong. The stronger a word is coloured, the more it mattered: by the network's
    own attention where it has any, else by its saliency, how much the answer would change with the word.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
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
    def picture(self, found: PredictedTexts, facts: Facts, viewport: Viewport) -> Drawing:
        return Passages(tuple(_passage(found, index, facts.classes) for index in range(len(found.tokens))))

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["row", "true class", "predicted class", "confidence", "loss", "tokens"]

    @override
    def table(self, found: PredictedTexts, facts: Facts) -> Iterator[Sequence[object]]:
        for index, tokens in enumerate(found.tokens):
            yield [
                row_number(found.rows[index]),
                name_of(facts.classes, int(found.truth[index])),
                name_of(facts.classes, int(found.predicted[index])),
                found.confidence[index],
                found.loss[index],
                # tokens hold commas
                "\t".join(tokens),
            ]


def _passage(found: PredictedTexts, index: int, classes: Sequence[str]) -> PassageDrawing:
    truth, predicted = (name_of(classes, int(codes[index])) for codes in (found.truth, found.predicted))
    right = truth == predicted
    sure = percent(float(found.confidence[index]))
    title = f"{predicted} · {sure}" + ("" if right else " · " + tr("is {truth}", truth=truth))
    tone = "success" if right else "series.3"
    words = weighed_words(found.tokens[index], found.weights[index])
    note = "\n".join(
        (
            tr("It is {truth}, taken for {predicted} ({sure})", truth=truth, predicted=predicted, sure=sure),
            tr(
                "Loss {loss} · row {row}",
                loss=number(float(found.loss[index])),
                row=whole(row_number(found.rows[index])),
            ),
            how_weighed(found.by),
        )
    )
    return PassageDrawing(words, title, tone, note=note)


def weighed_words(tokens: Sequence[str], weights: NDArray[Any]) -> tuple[Word, ...]:
    """Return tokens as words, coloured as strongly as they mattered."""
    inside = ordinary(tokens)
    shown = weights[inside].tolist()
    # shades are shares of the strongest word
    most = max(shown, default=0.0) or 1.0
    return tuple(words_of(tokens[inside], ["accent"] * len(tokens), [weight / most for weight in shown]))


def how_weighed(by: str) -> str:
    """Return how it is known what mattered."""
    return tr("colour: attention") if by == "attention" else tr("colour: saliency")
