"""Confusion: which classes are taken for which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.numbers import percent, whole
from app.language.words import tr
from app.views.drawing import Drawing, Matrix, Nothing, Viewport
from app.views.named import name_of
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.predictions import ClassConfusion, ConfusionMatrix


class ConfusionView(ReadingView, shows=ClassConfusion, kind="confusion", title="Confusion", rank=30):
    """Each row is a true class, each column what validation examples of it were taken for.

    Blue on the diagonal is right; orange beside it are mistakes. A row with much orange is a class that the
    network does not know well.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("left",)
    zoomable: ClassVar[bool] = True
    waiting: ClassVar[str] = "Press Train to see which classes are taken for which."

    numbers: Annotated[
        Literal["counts", "percent"],
        Setting(
            "Numbers",
            "What the cells say.",
            options={"counts": "how many examples", "percent": "share of the true class"},
        ),
    ] = "counts"

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "classes"

    @override
    def picture(self, found: ConfusionMatrix, facts: Facts, viewport: Viewport) -> Drawing:
        if not found.matrix.size:
            return Nothing(tr(self.waiting))
        return confusion_matrix(found.matrix, facts.classes, self.numbers == "percent")

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["true class", *facts.classes]

    @override
    def table(self, found: ConfusionMatrix, facts: Facts) -> Iterator[Sequence[object]]:
        for index, row in enumerate(found.matrix):
            yield [name_of(facts.classes, index), *row]


def confusion_matrix(matrix: NDArray[np.int64], classes: Sequence[str], in_percent: bool) -> Matrix:
    """Return the drawing of counts (K, K), rows the true classes. Also for the test part and predictions."""
    totals = matrix.sum(axis=1, keepdims=True)
    # a class may have no example in this part
    share = matrix / np.maximum(totals, 1)
    names = tuple(name_of(classes, index) for index in range(len(matrix)))
    texts, notes = [], []
    for row, truth in enumerate(names):
        cells = list(zip(matrix[row].tolist(), share[row].tolist(), names, strict=True))
        total = int(totals[row, 0])
        texts.append(tuple(_text(count, part, in_percent) for count, part, _ in cells))
        notes.append(tuple(_note(truth, taken, count, part, total) for count, part, taken in cells))
    return Matrix(
        share,
        tuple(texts),
        tuple(notes),
        names,
        names,
        tr("True class"),
        tr("Predicted class"),
        off_diagonal=True,
    )


def _text(count: int, share: float, in_percent: bool) -> str:
    # zeros everywhere would hide the few mistakes
    if not count:
        return ""
    return percent(share) if in_percent else whole(count)


def _note(truth: str, taken: str, count: int, share: float, total: int) -> str:
    what = (
        tr("{truth}: recognised", truth=truth)
        if truth == taken
        else tr("{truth} taken for {taken}", truth=truth, taken=taken)
    )
    return (
        what
        + "\n"
        + tr("{count} of {total} ({share})", count=whole(count), total=whole(total), share=percent(share, 1))
    )
