"""The drawing board."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.predict.board import DrawingBoard


@pytest.fixture
def board(theme: Theme, qtbot: QtBot) -> DrawingBoard:
    made = DrawingBoard(theme)
    qtbot.addWidget(made)
    made.show()
    return made


def draw(board: DrawingBoard, qtbot: QtBot, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    qtbot.mousePress(board, button, pos=QPoint(60, 140))
    qtbot.mouseMove(board, QPoint(220, 140))
    qtbot.mouseRelease(board, button, pos=QPoint(220, 140))


def test_that_a_stroke_is_as_wide_as_the_brush(board: DrawingBoard, qtbot: QtBot) -> None:
    board.brush = 20
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=QPoint(142, 142))
    rows = np.flatnonzero(board.pixels().max(axis=1) > 127)
    assert abs(len(rows) - 20) <= 1
    assert abs(rows.mean() - 140) <= 1


def test_that_drawing_is_told_and_clearing_can_be_undone(board: DrawingBoard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(board.drawn):
        draw(board, qtbot)
    drawn = board.pixels()
    board.clear()
    assert board.empty
    board.undo()
    np.testing.assert_array_equal(board.pixels(), drawn)


def test_that_the_eraser_takes_away_what_was_drawn(board: DrawingBoard, qtbot: QtBot) -> None:
    draw(board, qtbot)
    before = int(board.pixels().sum())
    board.erasing = True
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=QPoint(62, 140))
    assert int(board.pixels().sum()) < before
