"""The rules of records: events go in, and what is known of the run stands there."""

from __future__ import annotations

import numpy as np
import pytest

from app.document.record import RunRecord
from app.views.course.curves import CurvesView
from app.views.drawing import Plot, Viewport
from engine.data.batches import Cutting
from engine.events import (
    MOST_OF_A_KIND,
    Block,
    Edit,
    Edited,
    Facts,
    Measured,
    Reading,
    RunEnded,
    RunStarted,
    StateChanged,
    Warned,
)
from engine.probes.predictions import ClassConfusion, ConfusionMatrix, PredictedAgainstTrue, PredictedNumbers


def started(step: int = 0) -> RunStarted:
    return RunStarted(
        "runs/1", "Wine", step, 10, 5, "CPU", 99, (), Facts("vector", (13,), (), "classes", ("c",))
    )


def measured(first: int, values: list[float], step: int) -> Measured:
    return Measured((Block("loss", first, 1, np.array(values, np.float32)),), step, step // 5, 1.5, 300.0)


def test_that_numbers_accumulate_and_the_newest_reading_replaces_the_one_before():
    record = RunRecord()
    for event in (
        started(),
        measured(1, [3, 2], 2),
        Reading("confusion", 2, ConfusionMatrix(np.eye(2, dtype=np.int64))),
        measured(3, [1], 3),
        Reading("confusion", 3, ConfusionMatrix(np.zeros((2, 2), np.int64))),
    ):
        record.apply(event)
    np.testing.assert_array_equal(record.series["loss"].values, [3, 2, 1])
    reading = record.reading(ClassConfusion())
    assert reading is not None
    assert reading.step == 3
    assert not reading.found.matrix.any()
    assert (record.step, record.state, record.running, record.steps_per_second) == (3, "running", True, 300.0)
    assert record.facts.target_kind == "classes"
    assert record.total_steps == 50


def test_that_epochs_have_other_numbers_of_steps_once_batches_have_another_size():
    record = RunRecord()
    record.apply(started())
    cutting = Cutting(50, ((0, 10), (7, 25)))
    assert cutting.place(7) == (1, 20, 45)
    edit = Edit(7, "training.batch_size", 10, 25)
    record.apply(Edited(7, (edit,), 10, cutting.timetable.stretches[1:]))
    assert (record.total_steps, record.timetable.epoch(9), record.epoch_at(9)) == (25, 2, 2.0)
    assert [mark.text for mark in record.marks] == ["Batch size 10 → 25"]
    for step in (5, 9, 11, 13):
        record.apply(measured(step, [1], step))
        stride = step - max((end for end in (0, 5, 9, 11) if end < step), default=0)
        record.write(Block("train.loss", step, stride, np.array([step], np.float32)))
    assert record.series["train.loss"].steps().tolist() == [5, 9, 11, 13]
    plot = CurvesView(parts="train", smoothing=0).draw((record,), Viewport())
    assert isinstance(plot, Plot)
    assert plot.x.high == pytest.approx(4)
    np.testing.assert_allclose([upright.x for upright in plot.uprights], [record.epoch_at(7)])
    np.testing.assert_allclose(plot.curves[0].x[-1], 4)


def test_that_probes_of_one_kind_with_other_settings_stand_beside_one_another():
    """Two panels of one view, each with options of its own, showed what the last of them found."""
    few, more = PredictedAgainstTrue(count=2), PredictedAgainstTrue(count=3)
    record = RunRecord()
    record.apply(started())

    def found(probe):
        reading = record.reading(probe)
        return None if reading is None else len(reading.found.rows)

    for step, probe in ((1, few), (2, more), (3, few)):
        numbers = np.zeros((probe.count, 1))
        record.apply(Reading(probe.key, step, PredictedNumbers(numbers, numbers, np.arange(probe.count))))
    assert (found(few), found(more)) == (2, 3)
    # nothing was measured so: the newest of the kind says more than nothing
    assert found(PredictedAgainstTrue()) == 2
    assert found(ClassConfusion()) is None
    for count in range(4, 40):
        probe, numbers = PredictedAgainstTrue(count=count), np.zeros((count, 1))
        record.apply(Reading(probe.key, count, PredictedNumbers(numbers, numbers, np.arange(count))))
    assert len(record.readings) == MOST_OF_A_KIND
    assert found(probe) == 39


def test_that_each_event_is_noticed():
    record = RunRecord()
    seen = [record.changes]
    for event in (
        started(),
        measured(1, [1], 1),
        StateChanged("paused", 1),
        Warned(1, "Learning rate cut"),
        RunEnded("stopped", 1, 0, "You stopped it.", {"test": {"accuracy": 0.5}}),
    ):
        record.apply(event)
        seen.append(record.changes)
    assert seen == sorted(set(seen))
    assert record.state == "stopped"
    assert not record.running
    assert record.scores["test"]["accuracy"] == 0.5
    assert [mark.text for mark in record.marks] == ["Learning rate cut"]


def test_that_a_resumed_run_goes_on_from_its_checkpoint():
    record = RunRecord()
    record.apply(started())
    record.apply(measured(1, [5, 4, 3, 2], 4))
    record.apply(Warned(4, "late"))
    record.apply(RunEnded("interrupted", 4, 0, "The engine went away.", {}))
    record.apply(started(2))
    record.apply(measured(3, [30, 20], 4))
    np.testing.assert_array_equal(record.series["loss"].values, [5, 4, 30, 20])
    assert record.ended is None
    assert record.marks == []


def test_that_a_record_from_the_history_equals_the_live_one():
    blocks = [Block("loss", 1, 1, np.array([3, 2, 1, 0.5, 0.25], np.float32)),
              Block("validation.loss", 5, 5, np.array([0.7], np.float32))]  # fmt: skip
    ended = RunEnded("finished", 5, 1, "All epochs are done.", {})
    live = RunRecord()
    live.apply(started())
    live.apply(Measured(tuple(blocks), 5, 1, 2.0, 10.0))
    live.apply(ended)
    read = RunRecord.from_history(started(), blocks, (), ended)
    assert {name: series.values.tolist() for name, series in read.series.items()} == {
        name: series.values.tolist() for name, series in live.series.items()
    }
    assert (read.state, read.step, read.epoch) == (live.state, live.step, live.epoch)


def test_that_history_fills_what_the_window_had_to_leave_out():
    record = RunRecord()
    record.apply(started())
    record.apply(measured(1, [9, 8], 2))
    record.apply(measured(5, [5, 4], 6))
    record.write(Block("loss", 3, 1, np.array([7, 6], np.float32)))
    np.testing.assert_array_equal(record.series["loss"].values, [9, 8, 7, 6, 5, 4])
