"""What is offered instead of how data was read: which reading comes first, and what its link says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from app.data.decision_words import other_words, place_of
from app.language.words import label_of, tr
from engine.data.decisions import Decision, OtherReading
from engine.experiment import Experiment

_NUMBER = re.compile(r"\d+(?:[.,'\u00a0\u202f ]\d+)*")
_DEEDS: Mapping[str, tuple[Callable[[str], str], Callable[[], str]]] = {
    "data.sheet": (lambda name: tr("Read sheet {name}", name=name), lambda: tr("Read another sheet")),
    "loss.class_weights": (lambda _: tr("Balance the classes"), lambda: tr("Balance the classes…")),
    "split.group": (lambda name: tr("Group by {name}", name=name), lambda: tr("Group by…")),
    "split.published": (lambda _: tr("Split by shares"), lambda: tr("Split…")),
    "split.weight": (lambda name: tr("Weigh by {name}", name=name), lambda: tr("Weigh by…")),
}
"""What a click does, where one thing is offered and where there are several, by the setting."""


def drops(decision: Decision, other: OtherReading) -> bool:
    """Return whether a reading keeps one number of a cell and lets the others go, as 5 of 5月22日."""
    return any(_is_part(one.written, read) for one, read in zip(decision.specimens, other.read, strict=False))


def _is_part(written: str, read: str) -> bool:
    numbers = [_digits(found) for found in _NUMBER.findall(written)]
    return len(numbers) > 1 and bool(_NUMBER.fullmatch(read)) and _digits(read) in numbers


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number).lstrip("0")


def whole_first(decision: Decision) -> Decision:
    """Return a decision whose other readings begin with those that use all that a cell says."""
    # stable: within both groups the order of the engine stays
    return replace(decision, others=tuple(sorted(decision.others, key=lambda one: drops(decision, one))))


def loses_nothing(decision: Decision) -> bool:
    """Return whether another reading of the cells is offered that uses all they say."""
    reads = decision.setting.startswith("data.") and decision.setting not in _DEEDS
    return reads and bool(decision.others) and not drops(decision, decision.others[0])


def is_deed(decision: Decision) -> bool:
    """Return whether what is offered is no reading of cells but something else that is done."""
    return decision.setting in _DEEDS or not decision.setting.startswith("data.")


def link_words(decision: Decision, experiment: Experiment) -> str:
    """Return what the link beside a decision says: that cells are read otherwise, or what else it does."""
    if not is_deed(decision):
        return tr("Read otherwise")
    place, only = place_of(decision, experiment), decision.others[0] if len(decision.others) == 1 else None
    if decision.setting in _DEEDS:
        one, several = _DEEDS[decision.setting]
        return several() if only is None else one(str(only.value))
    if only is not None:
        return other_words(decision, only, experiment)
    return tr("{setting}…", setting=label_of(*place)) if place is not None else tr("Change…")
