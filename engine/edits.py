"""Edits: changes of an experiment while its run goes on, and the recipe that replays them.

A run trains the experiment that it was begun with and, from the step of each edit on, another one. So
experiment and edits together are its recipe: whoever repeats it comes to the same, bit for bit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, Literal, get_args

from pydantic import ValidationError

from engine.choices import Invalid, Message, Problem, Record, fields, problems_in
from engine.events import Edit
from engine.experiment import Experiment

_MEASURES = re.compile(r"loss\.(?!class_weights)")
"""The settings by which losses are measured."""
_BATCH_SIZE = "training.batch_size"


class Recipe:
    """What a run trains at each step. `experiment` is what holds where the run stands."""

    def __init__(
        self,
        begun: Experiment,
        edits: Sequence[Edit] = (),
        keep: Callable[[Sequence[Edit]], object] = lambda edits: None,
    ) -> None:
        """Stand before the first step; `keep` is given all edits when they change. It may raise OSError."""
        self._begun, self.edits, self._keep = begun, tuple(edits), keep
        self.stand_at(0)

    def stand_at(self, step: int) -> None:
        """Take the experiment that holds for the update after `step` others; raises Invalid if it is none."""
        held = [edit for edit in self.edits if edit.step <= step]
        self.experiment = with_edits(self._begun, held)
        # what an example counts in learning is in no loss that is measured
        other = (edit.step for edit in held if _MEASURES.match(edit.setting))
        self.loss_since = max(other, default=-1)
        """The step up to which losses were measured by another loss, which compare with none of today's."""
        sizes: dict[int, int | Literal["all"]] = {0: self._begun.training.batch_size}
        sizes |= {edit.step: edit.value for edit in sorted(held, key=_step_of) if edit.setting == _BATCH_SIZE}
        self.batch_sizes = tuple(sizes.items())
        """From which step on batches have which size; the first holds from the beginning."""
        # an attribute, as the loop looks at it in every step
        self.next = min((edit.step for edit in self.edits if edit.step > step), default=-1)

    def at(self, step: int) -> tuple[Edit, ...]:
        """Return the edits that were made at that very step."""
        return tuple(edit for edit in self.edits if edit.step == step)

    def edited(self, step: int, values: Mapping[str, Any]) -> Experiment:
        """Return the experiment with the values of some settings (by path) changed at `step`.

        Raises Invalid with every problem: of the values, and of settings that are not live.
        """
        after = with_values(self.experiment, list(values.items()))
        changed = differences(self.experiment, after)
        refused = [
            Problem(path, Message("cannot change in a run: {why}; it counts for the next one", why=why))
            for path, _, _ in changed
            if (why := why_fixed(self.experiment, path))
        ]
        if refused:
            raise Invalid(refused)
        return after

    @property
    def times_back(self) -> int:
        """Return how often the run has gone back to an earlier step by itself."""
        # each return says why in the first of its edits
        return sum(len(edit.because) for edit in self.edits)

    def take(self, step: int, after: Experiment, because: str = "") -> None:
        """Let `after` hold from `step` on, kept before anybody trains by it. Raises OSError.

        `because`: why the run makes this edit by itself.

        Edits that were to follow are dropped: they were made in a future that will not come.
        """
        earlier = tuple(edit for edit in self.edits if edit.step < step)
        # from what held before this step, so that a slider that was moved and moved back leaves no edit
        before = with_edits(self._begun, earlier)
        own = [Edit(step, *changed) for changed in differences(before, after)]
        reasons = [why for edit in self.at(step) for why in edit.because] + ([because] if because else [])
        if own and reasons:
            own[0] = replace(own[0], because=tuple(reasons))
        edits = (*earlier, *own)
        self._keep(edits)
        self.edits = edits
        self.stand_at(step)


def with_edits(experiment: Experiment, edits: Iterable[Edit]) -> Experiment:
    """Return the experiment after the edits, in the order of their steps; raises Invalid."""
    # stable: those of one step stay in their order
    return with_values(experiment, [(edit.setting, edit.value) for edit in sorted(edits, key=_step_of)])


def _step_of(edit: Edit) -> int:
    return edit.step


def with_values(experiment: Experiment, values: Sequence[tuple[str, Any]]) -> Experiment:
    """Return the experiment with other values, plain as in JSON, put to their paths one after the other.

    Raises Invalid with every problem.
    """
    if not values:
        return experiment
    document = experiment.model_dump(mode="json")
    problems = [
        Problem(path, "is no setting") for path, value in values if not put_value(document, path, value)
    ]
    try:
        if not problems:
            return Experiment.model_validate(document)
    except ValidationError as error:
        problems = list(problems_in(error))
    raise Invalid(problems)


def put_value(document: dict[str, Any], path: str, value: Any) -> bool:
    """Put a value to its place; return whether there is such a place."""
    place: Any = document
    try:
        # ValueError: of thousands of digits int makes no number
        *sections, last = (int(part) if part.isdecimal() else part for part in path.split("."))
        for part in sections:
            place = place[part]
        place[last]  # a setting that is not there is none
        # a copy: what an edit holds must not change with a later edit below it
        place[last] = deepcopy(value)
    except (KeyError, IndexError, TypeError, ValueError):
        return False
    return True


def differences(before: Experiment, after: Experiment) -> list[tuple[str, Any, Any]]:
    """Return path, earlier and later value of every setting that differs, as deep as both have it.

    Where a choice has become another kind, or a list has other choices, that is one difference.
    """
    return list(_differences(before.model_dump(mode="json"), after.model_dump(mode="json")))


def _differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    if before == after:
        return
    below = _comparable(before, after)
    if below is None:
        yield path, before, after
        return
    for name in below:
        yield from _differences(before[name], after[name], f"{path}.{name}" if path else str(name))


def _comparable(before: Any, after: Any) -> Iterable[Any] | None:
    """Return the names or numbers of what both hold, None where they are to be compared as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        same = before.keys() == after.keys() and before.get("kind") == after.get("kind")
        return before if same else None
    if isinstance(before, list) and isinstance(after, list):
        kinds = [
            [item.get("kind") if isinstance(item, dict) else None for item in one] for one in (before, after)
        ]
        # a list of plain values (hidden layers) is one value
        return range(len(before)) if kinds[0] == kinds[1] and None not in kinds[0] else None
    return None


def is_live(experiment: Experiment, path: str) -> bool:
    """Return whether the setting at `path` may change while a run of the experiment goes on."""
    return not why_fixed(experiment, path)


def why_fixed(experiment: Experiment, path: str) -> str:
    """Return why the setting at `path` cannot change while a run of the experiment goes on; "" if it can.

    So says the setting itself, or else the choice it belongs to (`Record.live`).
    """
    value: Record | tuple[Record, ...] = experiment
    why = "it is no setting that a run looks at again"
    for part in path.split("."):
        if isinstance(value, tuple):
            # the list has let us pass: each of its choices says for itself
            value = value[int(part)]
            continue
        field = next((one for one in fields(type(value)) if one.name == part), None)
        if field is None:
            return why
        why = field.setting.stays or why
        if field.setting.live is not None:
            return "" if field.setting.live else why
        if type(value).live == "whole" or _family_is_live(field.annotation):
            return ""
        if type(value).live == "numbers" and field.annotation in (int, float):
            return ""
        inside = getattr(value, part)
        if not isinstance(inside, Record | tuple):
            return why
        value = inside
    return why


def fixed_settings(experiment: Experiment) -> tuple[Problem, ...]:
    """Return every setting that cannot change while a run of the experiment goes on, each with the reason.

    A choice stands among them by its own path where its kind cannot change.
    """
    return tuple(
        Problem(path, why) for path in _paths(experiment, "") if (why := why_fixed(experiment, path))
    )


def _paths(record: Record, under: str) -> Iterator[str]:
    for field in fields(type(record)):
        value, path = getattr(record, field.name), f"{under}{field.name}"
        yield path
        several = enumerate(value) if isinstance(value, tuple) else [("", value)]
        for index, one in several:
            if isinstance(one, Record):
                yield from _paths(one, f"{path}." if index == "" else f"{path}.{index}.")


def _family_is_live(annotation: Any) -> bool:
    """Return whether a field holds choices, one or a list of them, of a family that is live as a whole."""
    kind = next(iter(get_args(annotation)), annotation)
    return isinstance(kind, type) and issubclass(kind, Record) and kind.live == "whole"
