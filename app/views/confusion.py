"""Confusion: which classes are taken for which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.numbers import percent, whole
from app.language.words import tr
from app.views.drawing import Drawing, Matrix, Nothing, Viewport
from app.views.view import Records, Slot, View
from engine.choices import Setting
from engine.events import Facts


class ConfusionView(View, kind="confusion", title="Confusion", rank=30):
    """Each row is a true class, each column what validation examples of it were taken for.

    Blue on the diagonal is right; orange beside it are mistakes. A row with much orange is a class that the
    network does not know well.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("left",)
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
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "confusion"}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("confusion") if records else None
        if found is None or not found["matrix"].size:
            return Nothing(tr(self.waiting))
        return confusion_matrix(
            found["matrix"].astype(np.int64), records[0].facts.classes, self.numbers == "percent"
        )

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("confusion") if records else None
        matrix = found["matrix"] if found is not None else np.empty((0, 0), np.int64)
        names = _names(records[0].facts.classes if records else (), len(matrix))
        yield ["true class", *names]
        for name, row in zip(names, matrix, strict=True):
            yield [name, *row]


def confusion_matrix(matrix: NDArray[np.int64], classes: Sequence[str], in_percent: bool) -> Matrix:
    """Return the drawing of counts (K, K), rows the true classes. Also for the test part and predictions."""
    totals = matrix.sum(axis=1, keepdims=True)
    share = matrix / np.maximum(totals, 1)
    names = _names(classes, len(matrix))
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


def _names(classes: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple(classes[index] if index < len(classes) else str(index) for index in range(count))
