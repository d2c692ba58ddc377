"""The drawing board and the making of the tiny picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.predict.board import SIDE, DrawingBoard, centred, shrunk
from app.theme import Theme


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


def test_that_an_empty_board_gives_an_empty_picture() -> None:
    assert not centred(np.zeros((SIDE, SIDE), np.uint8), 8, 8).any()


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 12), st.integers(1, 12))
def test_that_shrinking_keeps_the_mean_and_constants(
    height: int, width: int, rows: int, columns: int
) -> None:
    random = np.random.default_rng(height * 41 + width)
    picture = random.random((height, width))
    np.testing.assert_allclose(shrunk(picture, rows, columns).mean(), picture.mean(), rtol=1e-9)
    np.testing.assert_allclose(shrunk(np.full((height, width), 0.7), rows, columns), 0.7)


@given(st.integers(0, SIDE - 60), st.integers(0, SIDE - 60), st.sampled_from([8, 28]))
def test_that_where_something_is_drawn_makes_no_difference(top: int, left: int, side: int) -> None:
    shape = np.zeros((SIDE, SIDE), np.uint8)
    shape[top : top + 60, left : left + 30] = 255
    there = np.zeros_like(shape)
    there[100:160, 120:150] = 255
    np.testing.assert_array_equal(centred(shape, side, side), centred(there, side, side))


def test_that_the_weight_of_a_drawing_stands_in_the_middle() -> None:
    shape = np.zeros((SIDE, SIDE), np.uint8)
    shape[10:90, 20:50] = 255
    small = centred(shape, 28, 28).astype(float)
    middle = (small.sum(axis=1) * np.arange(28)).sum() / small.sum()
    assert abs(middle - 13.5) < 0.6
