"""Class probabilities: examples one by one, and how sure the network is of each class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from app.language.numbers import percent, whole
from app.language.words import tr
from app.views.drawing import Bar, BarList, BarRow, Drawing, Nothing, Viewport, series_tone
from app.views.view import Records, View
from engine.choices import Setting
from engine.events import Facts

_SCROLLED = 60
"""So many examples can be scrolled through, however low the panel is."""


class ClassProbabilitiesView(View, kind="class_probabilities", title="Class probabilities", rank=21):
    """Validation examples and how likely the network holds each class.

    "is virginica" says the true class; ✓ in green is recognised, ✗ in red is not. Each row adds up to
    100 %, over all classes.
    """

    waiting: ClassVar[str] = "Press Train to see how sure the network is of each class."

    order: Annotated[
        Literal["worst", "given"],
        Setting(
            "Order",
            "Which examples come first.",
            options={
                "worst": "worst first: those whose true class the network holds least likely",
                "given": "given order: as they stand in the data",
            },
        ),
    ] = "worst"
    top: Annotated[int, Setting("Classes", "How many classes a row shows.", least=1, most=5)] = 3

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "classes" and facts.input_kind in ("vector", "series")

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "class_probabilities"}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("class_probabilities") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        probabilities, truth = found["probabilities"].astype(np.float64), found["truth"].astype(np.int64)
        order = np.arange(len(truth))
        if self.order == "worst":
            order = np.argsort(np.nan_to_num(probabilities[order, truth]), kind="stable")
        classes = records[0].facts.classes
        room = max(viewport.height // 20, _SCROLLED)
        return BarList(
            tuple(
                self._row(probabilities[index], int(truth[index]), int(found["rows"][index]), classes)
                for index in order[:room].tolist()
            ),
            more=max(len(order) - room, 0),
        )

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("class_probabilities") if records else None
        classes = records[0].facts.classes if records else ()
        yield ["row", "true class", *classes]
        if found is not None:
            for row, truth, line in zip(found["rows"], found["truth"], found["probabilities"], strict=True):
                yield [row, _name(classes, int(truth)), *line]

    def _row(
        self,
        probabilities: np.ndarray[Any, np.dtype[np.float64]],
        truth: int,
        row: int,
        classes: Sequence[str],
    ) -> BarRow:
        likely = np.argsort(-np.nan_to_num(probabilities), kind="stable")[: self.top].tolist()
        right = likely[0] == truth
        bars = tuple(
            Bar(
                float(probabilities[index]),
                percent(float(probabilities[index])),
                series_tone(index),
                _name(classes, index),
            )
            for index in likely
        )
        note = "\n".join(
            f"{_name(classes, index)}: {percent(float(share), 1)}"
            for index, share in enumerate(probabilities.tolist()[:12])
        )
        sign = "✓" if right else "✗"
        tone = "success" if right else "danger"
        title = tr("{sign} is {name}", sign=sign, name=_name(classes, truth))
        return BarRow(title, tr("row {row}", row=whole(row)), bars, tone, note)


def _name(classes: Sequence[str], index: int) -> str:
    return classes[index] if index < len(classes) else str(index)
