"""Image predictions: pictures, what the network takes them for, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from typing_extensions import override

from app.language.numbers import number, percent, whole
from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Picture, Pictures, Viewport
from app.views.view import Records, View
from engine.choices import Setting
from engine.events import Facts

_SHORT = 4
"""Names of so many letters together stand on one line."""


class ImagePredictionsView(View, kind="image_predictions", title="Predictions", rank=12):
    """Validation pictures with what the network takes them for and how sure it is.

    Green is right; orange is wrong and says first what it was taken for, then what it is.
    """

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
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "image_predictions", "order": self.order, "count": self.count}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("image_predictions") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        classes = records[0].facts.classes
        return Pictures(
            tuple(_picture(found, index, classes) for index in range(min(self.count, len(found["truth"]))))
        )

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("image_predictions") if records else None
        classes = records[0].facts.classes if records else ()
        yield ["picture", "true class", "predicted class", "confidence", "loss"]
        if found is not None:
            for index in range(len(found["truth"])):
                truth, predicted = int(found["truth"][index]), int(found["predicted"][index])
                yield [
                    found["rows"][index],
                    _name(classes, truth),
                    _name(classes, predicted),
                    found["confidence"][index],
                    found["loss"][index],
                ]


def _picture(found: Mapping[str, Any], index: int, classes: Sequence[str]) -> Picture:
    truth, predicted = (
        _name(classes, int(found["truth"][index])),
        _name(classes, int(found["predicted"][index])),
    )
    sure = float(found["confidence"][index])
    right = found["truth"][index] == found["predicted"][index]
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
                loss=number(float(found["loss"][index])),
                row=whole(found["rows"][index]),
            ),
        )
    )
    return Picture(found["pixels"][index], caption, "success" if right else "series.3", note)


def _name(classes: Sequence[str], index: int) -> str:
    return classes[index] if index < len(classes) else str(index)
