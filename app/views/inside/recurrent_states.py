"""Recurrent states: what a recurrent layer remembers while it reads, and how its gates move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

import numpy as np
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.views.drawing import Drawing, Matrix, Nothing, Viewport
from app.views.named import titles
from app.views.tokens import names_of
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.states import RecurrentStates, StateCourse, StateCourses


class RecurrentStatesView(
    ReadingView, shows=RecurrentStates, kind="recurrent_states", title="Hidden state and gates", rank=33
):
    """The hidden state of a recurrent layer, unit by unit (rows), while it reads one example (columns).

    The deepest colour is the largest value, none the smallest. Gates lie between 0, shut, and 1, open: a unit
    whose forget gate stays open keeps what it knows. Choose layer and gate in the title.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("middle",)
    of_network: ClassVar[bool] = True
    zoomable: ClassVar[bool] = True
    waiting: ClassVar[str] = "Press Train to see what the network remembers while it reads."

    course: Annotated[str, Setting("Course", "Which state or gate; empty: the first.", role="hidden")] = ""
    example: Annotated[int, Setting("Example", "Which validation example.", least=0, most=99)] = 0

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        sequence = facts.input_kind in ("tokens", "series")
        return sequence and (facts.network is None or "recurrent" in facts.network)

    @override
    def picture(self, found: StateCourses, facts: Facts, viewport: Viewport) -> Drawing:
        if not found.courses:
            return Nothing(tr("This network has no recurrent layer."))
        shown = next((one for one in found.courses if _key(one) == self.course), found.courses[0])
        values = shown.values.astype(np.float64).T
        # From 0 on: a state that is 0 everywhere has no colour, and a gate that is open everywhere has one.
        low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
        places = names_of(found.positions)
        units = tuple(str(unit + 1) for unit in range(len(values)))
        notes = tuple(
            tuple(
                tr("unit {unit} at {place}: {value}", unit=unit, place=place, value=number(float(value)))
                # padding has values and no token, and needs no note
                for place, value in zip(places, row, strict=False)
            )
            for unit, row in zip(units, values, strict=True)
        )
        shade = (values - low) / (high - low) if high > low else values * 0
        texts = tuple(("",) * values.shape[1] for _ in units)
        # padding has no tokens
        columns = (*places, *[""] * values.shape[1])[: values.shape[1]]
        return Matrix(shade, texts, notes, units, columns, tr("unit"), _title(shown))

    @override
    def subjects(self, found: StateCourses) -> Mapping[str, Mapping[str, str]]:
        names = {_key(course): _title(course) for course in found.courses}
        return {"course": titles(tr("Hidden state and gates"), self.course, names)}

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["layer", "what", "place", "unit", "value"]

    @override
    def table(self, found: StateCourses, facts: Facts) -> Iterator[Sequence[object]]:
        for course in found.courses:
            for (position, unit), value in np.ndenumerate(course.values):
                yield [course.layer, course.what, position + 1, unit + 1, value]


def _key(course: StateCourse) -> str:
    """Return what the option of the view calls a course; remembered layouts hold it."""
    return f"{course.layer}\t{course.what}"


def _title(course: StateCourse) -> str:
    """Return layer and what is shown of it, in words."""
    layer = course.layer.removeprefix("body.").replace(".", " ").replace("_", " ")
    shown = {"hidden": tr("hidden state"), "cell": tr("cell state")}.get(course.what)
    return f"{layer} · {shown or tr('{name} gate', name=course.what)}"
