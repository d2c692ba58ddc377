"""Pictures in a grid: as many in a row as asked for, where they have room."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from app.look.theme import Theme
from app.painters.ink import Ink
from app.painters.painter import painter_of
from app.views.drawing import Picture, Pictures


def seen(drawing: Pictures, width: float, height: float, theme: Theme) -> list[list[str]]:
    """Return the notes met from left to right in each line that shows pictures."""
    ink, area, painter = Ink(theme), QRectF(0, 0, width, height), painter_of(drawing)
    rows: list[list[str]] = []
    for y in np.arange(0.5, height, 8.0):
        notes = [painter.note(area, drawing, ink, QPointF(x, float(y))) for x in np.arange(0.5, width, 8.0)]
        row = [note for note, before in zip(notes, ["", *notes], strict=False) if note and note != before]
        if row and (not rows or rows[-1] != row):
            rows.append(row)
    return rows


def grid(count: int, columns: int) -> Pictures:
    pixels = np.zeros((8, 8), np.uint8)
    return Pictures(tuple(Picture(pixels, "", note=str(index)) for index in range(count)), columns)


@pytest.mark.parametrize(("columns", "rows"), [(3, 2), (4, 2), (1, 3)])
def test_that_rows_hold_as_many_as_asked_for(theme: Theme, columns: int, rows: int) -> None:
    wanted = [[str(row * columns + column) for column in range(columns)] for row in range(rows)]
    assert seen(grid(columns * rows, columns), 500, 420, theme) == wanted


def test_that_what_has_no_room_is_left_out_row_by_row(theme: Theme) -> None:
    assert seen(grid(16, 4), 400, 80, theme) == [["0", "1", "2", "3"]]
