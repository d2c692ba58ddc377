"""Coefficients: what a linear network says of every input."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

import numpy as np
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.views.drawing import Bar, BarList, BarRow, Drawing, Nothing, Viewport
from app.views.view import ReadingView, Records, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.coefficients import Coefficients, Slopes

_SURE = 1.96
"""Standard errors to each side within which the true value lies in 95 of 100 cases."""


class CoefficientsView(ReadingView, shows=Coefficients, kind="coefficients", title="Coefficients", rank=35):
    """How the answer of a linear network changes with each input, all others staying as they are.

    The strongest inputs stand first; a bar is the change for one standard deviation of the input. Beside it
    stands the change for one unit of it, in units of the data, with its 95 % interval where numbers are
    predicted; an interval that holds 0 leaves open whether the input matters at all.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("middle",)
    of_network: ClassVar[bool] = True
    waiting: ClassVar[str] = "Press Train to see what each input adds."

    output: Annotated[str, Setting("Output", "Which answer is shown.")] = ""

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return "linear" in (facts.network or ()) and facts.input_kind == "vector"

    @override
    def picture(self, found: Slopes, facts: Facts, viewport: Viewport) -> Drawing:
        if not found.slope.size:
            return Nothing(tr("Only a network without hidden layers has one coefficient for each input."))
        outputs = _outputs(facts)
        # the output may have been chosen for other data
        place = outputs.index(self.output) if self.output in outputs[: len(found.slope)] else 0
        slope, effect, error = (one[place].astype(float) for one in (found.slope, found.effect, found.error))
        # 1: all may be 0 before the first step
        top = float(np.abs(effect[np.isfinite(effect)]).max(initial=0.0)) or 1.0
        names = _inputs(facts, len(slope))
        # NaN comes last, as 0; stable: equal ones stay in the order of the columns
        order = np.argsort(-np.nan_to_num(np.abs(effect)), kind="stable")
        rows = tuple(_row(names[at], slope[at], effect[at], error[at], top) for at in order.tolist())
        return BarList(rows, tr("change for one standard deviation of the input"))

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["output", "input", "change per unit", "standard error", "change per standard deviation"]

    @override
    def table(self, found: Slopes, facts: Facts) -> Iterator[Sequence[object]]:
        names = _inputs(facts, found.slope.shape[1])
        for output, slopes, errors, effects in zip(
            _outputs(facts), found.slope, found.error, found.effect, strict=False
        ):
            for cells in zip(names, slopes, errors, effects, strict=True):
                yield [output, *cells]

    @override
    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        outputs = _outputs(records[0].facts) if records else ()
        if len(outputs) < 2:
            return {}
        return {"output": {name: tr("Coefficients of {output}", output=name) for name in outputs}}


def _outputs(facts: Facts) -> tuple[str, ...]:
    """Return the names of what has coefficients: the numbers, or the classes, of two the second alone."""
    if facts.target_kind == "numbers":
        return facts.target_names
    # of two classes the coefficients of the first would say the same with the other sign
    return facts.classes[1:] if len(facts.classes) == 2 else facts.classes


def _inputs(facts: Facts, count: int) -> tuple[str, ...]:
    named = len(facts.input_names) == count
    return facts.input_names if named else tuple(tr("input {index}", index=at + 1) for at in range(count))


def _row(name: str, slope: float, effect: float, error: float, top: float) -> BarRow:
    told = tr("{slope} per unit", slope=number(slope))
    sure = math.isfinite(error)
    if sure:
        low, high = number(slope - _SURE * error), number(slope + _SURE * error)
        told = tr("{slope} per unit ({low} to {high})", slope=number(slope), low=low, high=high)
    tone = "series.0" if effect >= 0 else "series.1"
    if sure and abs(slope) < _SURE * error:
        tone = "text_faint"
    share = abs(effect) / top if math.isfinite(effect) else 0.0
    return BarRow(name, told, (Bar(share, number(effect), tone),), "text", f"{name}\n{told}")
