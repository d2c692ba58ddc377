"""The preview of augmentation over a real engine: asked when somebody looks, renewed when settings change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.data.augmented_preview import AugmentedPreview
from app.data.page import DataPage
from app.data.watch import DataWatch
from app.document.document import Document
from app.link.engine_link import EngineLink
from app.link.inspector_link import InspectorLink
from app.look.theme import Theme
from engine.experiment import Experiment
from tests.app.live.samples import PATIENCE


class Parts:
    """A document with what watches it."""

    def __init__(self, engine: EngineLink) -> None:
        self.document = Document()
        self.engine = engine
        self.inspector = InspectorLink(pause=10)
        self.watch = DataWatch(self.document, self.inspector, engine)
        self.preview = AugmentedPreview(self.document, self.watch, engine, pause=10)


@pytest.fixture(scope="module")
def engine(qapp: Any) -> Iterator[EngineLink]:
    made = EngineLink()
    made.start()
    yield made
    made.shut_down()


@pytest.fixture
def parts(engine: EngineLink) -> Iterator[Parts]:
    made = Parts(engine)
    yield made
    made.inspector.shut_down()


def digits(*augmentations: dict[str, Any]) -> Experiment:
    return Experiment.model_validate(
        {
            "data": {"kind": "sample", "name": "digits"},
            "architecture": {"kind": "cnn"},
            "augmentations": list(augmentations),
        }
    )


def test_that_changed_pictures_are_shown_and_follow_the_settings(
    parts: Parts, theme: Theme, qtbot: QtBot
) -> None:
    page = DataPage(theme, parts.document, parts.watch, parts.preview)
    qtbot.addWidget(page)
    page.show()
    parts.document.open(digits({"kind": "shift", "most": 1}), None)
    parts.watch.start()
    qtbot.waitUntil(lambda: parts.preview.found is not None, timeout=PATIENCE)
    first = parts.preview.found
    assert first is not None
    assert first.pixels.shape == (4, 8, 8, 8, 1)
    assert page._augmented.isVisible()
    parts.document.edit(digits({"kind": "flip", "probability": 1.0}), "augmentations")
    qtbot.waitUntil(lambda: parts.preview.found is not first, timeout=PATIENCE)
    found = parts.preview.found
    assert found is not None
    assert np.array_equal(found.pixels[:, 1], found.pixels[:, 0, :, ::-1])
    parts.document.edit(digits(), "augmentations")
    assert not page._augmented.isVisible()


def test_that_other_data_leaves_no_pictures_standing(parts: Parts, theme: Theme, qtbot: QtBot) -> None:
    page = DataPage(theme, parts.document, parts.watch, parts.preview)
    qtbot.addWidget(page)
    page.show()
    parts.document.open(digits({"kind": "shift"}), None)
    parts.watch.start()
    qtbot.waitUntil(lambda: parts.preview.found is not None, timeout=PATIENCE)
    page.hide()  # other data is opened from another page
    iris = {"data": {"kind": "sample", "name": "iris"}, "augmentations": []}
    parts.document.open(Experiment.model_validate(iris), None)
    page.show()
    qtbot.waitUntil(lambda: parts.watch.inspection is not None and not parts.watch.busy, timeout=PATIENCE)
    assert page._augmented.isHidden()


def test_that_nothing_is_worked_out_while_nobody_looks(parts: Parts, qtbot: QtBot) -> None:
    parts.document.open(digits({"kind": "shift"}), None)
    parts.watch.start()
    qtbot.waitUntil(lambda: parts.watch.inspection is not None and not parts.watch.busy, timeout=PATIENCE)
    qtbot.wait(100)
    assert not parts.engine._waiting or parts.preview._asking == 0
    assert parts.preview.found is None
    parts.preview.look(True)
    qtbot.waitUntil(lambda: parts.preview.found is not None, timeout=PATIENCE)


def test_that_what_does_not_fit_stands_under_its_field_and_is_not_asked(parts: Parts, qtbot: QtBot) -> None:
    parts.preview.look(True)
    parts.document.open(digits({"kind": "cutout", "side": 8}), None)
    parts.watch.start()
    qtbot.waitUntil(lambda: bool(parts.document.problems), timeout=PATIENCE)
    assert [problem.path for problem in parts.document.problems] == ["augmentations.0.side"]
    qtbot.wait(100)
    assert parts.preview.found is None
    assert parts.preview._asking == 0


def test_that_another_experiment_forgets_the_pictures(parts: Parts, qtbot: QtBot) -> None:
    parts.preview.look(True)
    parts.document.open(digits({"kind": "shift"}), None)
    parts.watch.start()
    qtbot.waitUntil(lambda: parts.preview.found is not None, timeout=PATIENCE)
    parts.document.open(Experiment(), None)
    assert parts.preview.found is None
    assert not parts.preview.wanted
