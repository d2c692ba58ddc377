"""Image predictions: pictures, what the network takes them for, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from typing_extensions import override

from app.language.numbers import number, percent, whole
from app.language.words import tr
from app.views.drawing import Drawing, Picture, Pictures, Viewport
from app.views.named import name_of, row_number
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.image_predictions import ImagePredictions, PredictedImages

_SHORT = 4
"""Names of so many letters together stand on one line."""


class ImagePredictionsView(
    ReadingView, shows=ImagePredictions, kind="image_predictions", title="Predictions", rank=12
):
    """Validation pictures with what the network takes them for and how sure it is.

    Green is right; orange is wrong and says first what it was taken for, then what it is.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
    waiting: ClassVar[str] = "Press Train to see pictures and what they are taken for."

    order: Annotated[
        Literal["worst", "newest", "random"],
        Setting(
            "Order",
            "Which pictures are shown.",
            options={
                "worst": "worst first: the largest loss",
                "newest": "newest first: the latest in the data",
                "random": "random: drawn anew each time",
            },
        ),
    ] = "worst"
    count: Annotated[int, Setting("Pictures", "How many pictures there are at most.", least=4, most=100)] = 25

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.input_kind == "image" and facts.target_kind == "classes"

    @override
    def picture(self, found: PredictedImages, facts: Facts, viewport: Viewport) -> Drawing:
        # The reading may be of the count that was chosen before.
        shown = range(min(self.count, len(found.truth)))
        return Pictures(tuple(_picture(found, index, facts.classes) for index in shown))

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["picture", "true class", "predicted class", "confidence", "loss"]

    @override
    def table(self, found: PredictedImages, facts: Facts) -> Iterator[Sequence[object]]:
        classes = zip(found.truth.tolist(), found.predicted.tolist(), strict=True)
        for row, codes, *scores in zip(found.rows, classes, found.confidence, found.loss, strict=True):
            yield [row_number(row), *(name_of(facts.classes, code) for code in codes), *scores]


def _picture(found: PredictedImages, index: int, classes: Sequence[str]) -> Picture:
    codes = (int(found.truth[index]), int(found.predicted[index]))
    truth, predicted = (name_of(classes, code) for code in codes)
    sure = float(found.confidence[index])
    right = codes[0] == codes[1]
    short = right or len(predicted) + len(truth) <= _SHORT
    said = (
        predicted if right or not short else tr("{predicted}, is {truth}", predicted=predicted, truth=truth)
    )
    caption = f"{said} · {sure:.2f}" + ("" if short else "\n" + tr("is {truth}", truth=truth))
    note = "\n".join(
        (
            tr("Taken for {predicted} ({sure})", predicted=predicted, sure=percent(sure, 1)),
            tr("It is {truth}", truth=truth),
            tr(
                "Loss {loss} · picture {row}",
                loss=number(float(found.loss[index])),
                row=whole(row_number(found.rows[index])),
            ),
        )
    )
    return Picture(found.pixels[index], caption, "success" if right else "series.3", note)
