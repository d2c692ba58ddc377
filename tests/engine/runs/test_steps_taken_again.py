"""What was shown of a run stays, also where a process takes its steps again and is killed meanwhile."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.events import Block, Event, Reading, StateChanged, Warned
from engine.probes.predictions import ConfusionMatrix
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.history.reader import HistoryReader
from engine.runs.history.writer import HistoryWriter
from engine.training.control import Control
from tests.engine.runs.test_edits_of_runs import moons

_STRIDES = {"loss": 1, "validation.loss": 7}

Sizes = st.lists(st.integers(1, 60), min_size=1, max_size=30)


def _write(writer: HistoryWriter, after: int, sizes: list[int], value: float) -> dict[str, dict[int, float]]:
    """Write so many steps at a time after a step, each value unlike all others; return them."""
    wrote: dict[str, dict[int, float]] = {name: {} for name in _STRIDES}
    for last, size in zip(accumulate(sizes, initial=after), sizes, strict=False):
        blocks = []
        for name, stride in _STRIDES.items():
            steps = [step for step in range(last + 1, last + size + 1) if step % stride == 0]
            if steps:
                values = {step: step + value for step in steps}
                blocks.append(Block(name, steps[0], stride, np.array(list(values.values()), np.float32)))
                wrote[name].update(values)
        writer.add(blocks)
    return wrote


def _read(path: Path) -> dict[str, dict[int, float]]:
    with HistoryReader(path) as reader:
        columns = {name: reader.column(name) for name in _STRIDES}
    for column in columns.values():
        assert (np.diff(column.steps) > 0).all()
    return {
        name: dict(zip(column.steps.tolist(), column.values.tolist(), strict=True))
        for name, column in columns.items()
    }


@given(first=Sizes, second=Sizes, third=Sizes, chance=st.randoms(), full=st.booleans())
@settings(max_examples=60, deadline=None)
def test_that_values_said_again_take_their_place_and_later_ones_stay(
    first: list[int], second: list[int], third: list[int], chance: object, full: bool
) -> None:
    pick = chance.randint  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "history.sqlite"
        with HistoryWriter(path) as writer:
            kept = _write(writer, 0, first, 0.0)
            if full:
                writer.finish()
        for sizes, value in ((second, 0.25), (third, 0.5)):  # a process each, the one before was killed
            step = pick(0, sum(first))
            with HistoryWriter(path) as writer:
                writer.take_again(step)
                assert _read(path) == kept
                wrote = _write(writer, step, sizes, value)
                for name in kept:
                    kept[name].update(wrote[name])
                assert _read(path) == kept
        with HistoryWriter(path) as writer:
            writer.take_again(step := pick(0, sum(first)))
            wrote = _write(writer, step, third, 0.75)
            writer.forget_beyond()
            said = step + sum(third)
            for name in kept:
                kept[name].update(wrote[name])
                kept[name] = {at: found for at, found in kept[name].items() if at <= said}
            assert _read(path) == kept
            writer.finish()
        assert _read(path) == kept


def test_that_warnings_said_again_stand_once_and_new_ones_are_added(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with HistoryWriter(path) as writer:
        _write(writer, 0, [50], 0.0)
        for step in (20, 40):
            writer.warn(Warned(step, "careful"))
    with HistoryWriter(path) as writer:
        writer.take_again(10)
        for warning in (Warned(20, "careful"), Warned(30, "mind this")):
            writer.warn(warning)
        _write(writer, 10, [60], 0.0)
        for _ in range(2):  # the same twice where nothing is taken again
            writer.warn(Warned(70, "careful"))
    with HistoryReader(path) as reader:
        found = [(one.step, one.text) for one in reader.warnings()]
    assert found == [(20, "careful"), (40, "careful"), (30, "mind this"), (70, "careful"), (70, "careful")]


def test_that_the_newest_reading_stays_until_the_run_is_as_far_again(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"

    def reading(step: int) -> Reading:
        return Reading("confusion", step, ConfusionMatrix(np.full((2, 2), step)))

    with HistoryWriter(path) as writer:
        _write(writer, 0, [50], 0.0)
        writer.read(reading(50))
    with HistoryWriter(path) as writer:
        writer.take_again(10)
        for step, newest in ((20, 50), (50, 50), (60, 60)):
            writer.read(reading(step))
            with HistoryReader(path) as reader:
                assert [one.step for one in reader.readings()] == [newest]


def test_that_a_run_that_goes_back_forgets_what_lay_beyond(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with HistoryWriter(path) as writer:
        _write(writer, 0, [50], 0.0)
        writer.warn(Warned(40, "careful"))
        writer.take_again(10)
        writer.truncate(30)
        writer.forget_beyond()
        with HistoryReader(path) as reader:
            assert reader.last_step("loss") == 30
            assert not reader.warnings()


class _Killed(BaseException):
    """Ends the process as far as the run can tell."""


@pytest.mark.parametrize("edited", [False, True])
def test_that_only_a_new_edit_makes_what_lay_beyond_untrue(edited: bool, tmp_path: Path) -> None:
    folder = create(tmp_path, moons())

    def until(step: int, then: Callable[[Control], object]) -> None:
        """Train until a step and do something; the process dies at the next pause, or the next step."""
        control = Control()

        def say(event: Event) -> None:
            if isinstance(event, StateChanged) and event.state == "paused":
                if control in done:
                    raise _Killed
                done.append(control)
                then(control)
                control.advance(1)

        done: list[Control] = []
        control.advance(step)
        with pytest.raises(_Killed):
            execute(folder, control, say)

    until(20, lambda control: None)
    for checkpoint in folder.checkpoints.iterdir():
        checkpoint.unlink()
    until(4, lambda control: control.edit({"optimizer.learning_rate": 0.02}) if edited else None)
    with HistoryReader(folder.history) as reader:
        assert reader.last_step("loss") == (5 if edited else 21)
