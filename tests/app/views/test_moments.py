"""The rules of moments: every picture says of which step it is, and that it is behind the curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.look.theme import Theme
from app.panels.panel import ViewPanel
from app.views.moments import moment_words
from engine.events import Block, Measured, Reading, RunEnded
from engine.probes.predictions import ConfusionMatrix
from tests.app.sample_records import IMAGES, started
from tests.app.views.toys import READING_VIEWS, facts_of, fits, sample
from tests.engine.probes.toys import TOYS


def at(step: int, speed: float = 100.0, facts=IMAGES) -> RunRecord:
    """Return the record of a run of 10 steps an epoch at a step."""
    made = RunRecord()
    made.apply(replace(started(facts), steps_per_epoch=10, epochs=50))
    made.apply(Measured((), step, step // 10, 1.0, speed))
    return made


@pytest.mark.parametrize(
    ("now", "speed", "seen", "words"),
    [
        (0, 0.0, 0, "before the first step"),
        (7, 100.0, 7, "step 7"),
        (20, 100.0, 20, "epoch 2"),
        (25, 100.0, 25, "epoch 2.50"),
        (25, 1.0, 19, "epoch 1.90"),  # less than an epoch behind
        (190, 1000.0, 0, "before the first step"),  # for a fifth of a second: nobody sees it
        (190, 10.0, 0, "before the first step, training is at epoch 19"),
        (190, 10.0, 90, "epoch 9, training is at epoch 19"),
    ],
)
def test_that_a_moment_is_said_and_that_it_is_behind(now: int, speed: float, seen: int, words: str) -> None:
    assert moment_words(at(now, speed), seen) == words


def test_that_a_picture_of_an_ended_run_is_said_to_be_of_the_kept_weights_only_where_it_is() -> None:
    record = at(190)
    losses = np.linspace(1, 2, 19)
    losses[8] = 0.5
    record.apply(Measured((Block("validation.loss", 10, 10, losses),), 190, 19, 1.0, 100.0))
    record.apply(RunEnded("finished", 190, 19, "", {"validation": {"loss": 0.5}}))
    assert moment_words(record, 90) == "kept weights, epoch 9"
    assert moment_words(record, 190) == "epoch 19"
    assert moment_words(record, 124) == "epoch 12.4, training ended at epoch 19"  # nobody looked at the end


def test_that_every_panel_of_a_measured_view_says_its_moment(qtbot: QtBot, theme: Theme) -> None:
    for kind in READING_VIEWS:
        case = next(case for case in TOYS if fits(kind, case))
        reading = sample(kind, case).reading(kind().probe())
        assert reading is not None
        record = at(190, 10.0, facts_of(case))
        record.apply(replace(reading, step=90))
        panel = ViewPanel(kind(), theme)
        qtbot.addWidget(panel)
        panel.resize(640, 400)
        panel.set_records([record])
        panel.show()
        qtbot.waitExposed(panel)
        assert panel.moment == "epoch 9, training is at epoch 19", kind.kind
        record.apply(replace(reading, step=190))
        panel.refresh()
        assert panel.moment == "epoch 19", kind.kind


def test_that_a_curve_needs_no_moment(qtbot: QtBot, theme: Theme) -> None:
    from app.views.course.curves import CurvesView

    panel = ViewPanel(CurvesView(), theme)
    qtbot.addWidget(panel)
    panel.show()
    record = at(190)
    record.apply(Reading("confusion", 0, ConfusionMatrix(np.eye(10, dtype=np.int64))))
    panel.set_records([record])
    assert panel.moment == ""
