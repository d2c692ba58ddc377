"""Recurrent states: what a recurrent layer remembers while it reads, and how its gates move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.views.drawing import Drawing, Matrix, Nothing, Viewport
from app.views.probed import SPACE, cells_of, lines_of, names_in, subjects
from app.views.view import Records, Slot, View
from engine.choices import Setting
from engine.events import Facts


class RecurrentStatesView(View, kind="recurrent_states", title="Hidden state and gates", rank=33):
    """The hidden state of a recurrent layer, unit by unit (rows), while it reads one example (columns).

    The deepest colour is the largest value, none the smallest. Gates lie between 0, shut, and 1, open: a unit
    whose forget gate stays open keeps what it knows. Choose layer and gate in the title.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("middle",)
    of_network: ClassVar[bool] = True
    waiting: ClassVar[str] = "Press Train to see what the network remembers while it reads."

    course: Annotated[str, Setting("Course", "Which state or gate; empty: the first.", role="hidden")] = ""
    example: Annotated[int, Setting("Example", "Which validation example.", least=0, most=99)] = 0

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        sequence = facts.input_kind in ("tokens", "series")
        return sequence and (facts.network is None or "recurrent" in facts.network)

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "recurrent_states", "example": self.example}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("recurrent_states") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        names = names_in(found)
        if not names:
            return Nothing(tr("This network has no recurrent layer."))
        index = names.index(self.course) if self.course in names else 0
        values = found[f"course.{index}"].astype(np.float64).T
        low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
        places = [cell.removeprefix(SPACE) for cell in cells_of((lines_of(found["places"]) or [""])[0])]
        units = tuple(str(unit + 1) for unit in range(len(values)))
        notes = tuple(
            tuple(
                tr("unit {unit} at {place}: {value}", unit=unit, place=place, value=number(float(value)))
                for place, value in zip(places, row, strict=False)
            )
            for unit, row in zip(units, values, strict=True)
        )
        shade = (values - low) / (high - low) if high > low else values * 0
        texts = tuple(("",) * values.shape[1] for _ in units)
        columns = (*places, *[""] * values.shape[1])[: values.shape[1]]
        return Matrix(shade, texts, notes, units, columns, tr("unit"), _title(names[index]))

    @override
    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        found = records[0].picture("recurrent_states") if records else None
        names = {name: _title(name) for name in names_in(found)}
        return {"course": subjects(tr("Hidden state and gates"), self.course, names)}

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("recurrent_states") if records else None
        yield ["layer", "what", "place", "unit", "value"]
        for index, name in enumerate(names_in(found)):
            layer, _, what = name.partition("\t")
            for (place, unit), value in np.ndenumerate(found[f"course.{index}"]):  # type: ignore[index]
                yield [layer, what, place + 1, unit + 1, value]


def _title(name: str) -> str:
    """Return layer and what is shown of it, in words."""
    layer, _, what = name.removeprefix("body.").partition("\t")
    layer = layer.replace(".", " ").replace("_", " ")
    shown = {"hidden": tr("hidden state"), "cell": tr("cell state")}.get(what)
    return f"{layer} · {shown or tr('{name} gate', name=what)}"
