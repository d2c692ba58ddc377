"""Class probabilities: examples one by one, and how sure the network is of each class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from app.language.numbers import percent, whole
from app.language.words import tr
from app.views.drawing import Bar, BarList, BarRow, Drawing, Viewport, series_tone
from app.views.named import name_of, row_number
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.predictions import ClassProbabilities, PredictedClasses

_SCROLLED = 60
"""So many examples can be scrolled through, however low the panel is."""
_MOST_NOTED = 12
"""So many classes, the likeliest, stand in the tip of an example: a hundred would not fit on the screen."""


class ClassProbabilitiesView(
    ReadingView, shows=ClassProbabilities, kind="class_probabilities", title="Class probabilities", rank=21
):
    """Validation examples and how likely the network holds each class.

    "is virginica" says the true class; ✓ in green is recognised, ✗ in red is not. Each row adds up to
    100 %, over all classes.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
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
    def picture(self, found: PredictedClasses, facts: Facts, viewport: Viewport) -> Drawing:
        probabilities = found.probabilities.astype(np.float64)
        order = np.arange(len(found.truth))
        if self.order == "worst":
            # NaN counts as 0: a network that has diverged is surest to be wrong.
            order = np.argsort(np.nan_to_num(probabilities[order, found.truth]), kind="stable")
        room = max(viewport.height // 20, _SCROLLED)
        shown = order[:room]
        examples = zip(probabilities[shown], found.truth[shown], found.rows[shown], strict=True)
        return BarList(
            tuple(self._row(shares, int(truth), int(row), facts.classes) for shares, truth, row in examples),
            more=max(len(order) - room, 0),
        )

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["row", "true class", *facts.classes]

    @override
    def table(self, found: PredictedClasses, facts: Facts) -> Iterator[Sequence[object]]:
        for row, truth, line in zip(found.rows, found.truth, found.probabilities, strict=True):
            yield [row_number(row), name_of(facts.classes, int(truth)), *line]

    def _row(
        self,
        probabilities: np.ndarray[Any, np.dtype[np.float64]],
        truth: int,
        row: int,
        classes: Sequence[str],
    ) -> BarRow:
        # stable: before the first step many are equal, and the order must not jump
        order = np.argsort(-np.nan_to_num(probabilities), kind="stable").tolist()
        likely = order[: self.top]
        right = likely[0] == truth
        bars = tuple(
            Bar(
                float(probabilities[index]),
                percent(float(probabilities[index])),
                series_tone(index),
                name_of(classes, index),
            )
            for index in likely
        )
        note = "\n".join(
            f"{name_of(classes, index)}: {percent(float(probabilities[index]), 1)}"
            for index in order[:_MOST_NOTED]
        )
        sign = "✓" if right else "✗"
        tone = "success" if right else "danger"
        name, lead = name_of(classes, truth), tr("{sign} is", sign=sign)
        note = tr("true class: {name}", name=name) + "\n" + note
        return BarRow(name, tr("row {row}", row=whole(row_number(row))), bars, tone, note, lead)
