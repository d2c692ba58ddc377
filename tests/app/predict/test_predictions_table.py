"""The table of predictions: no number is cut while a name can give way."""

from __future__ import annotations

import numpy as np
import pytest

from app.predict.file_tab import FileTab
from app.predict.predictions_table import ColumnRoom, widths_in
from engine.inference.results import Predicted

_HOURS = tuple(f"2024-04-30 {hour:02d}:00" for hour in range(24))
FORECAST = Predicted("numbers", ("Temperature in the harbour",), _HOURS, np.linspace(6, 20, 24)[:, None])
_SHARES = np.tile(np.array([[0.95123, 0.04, 0.00877]]), (40, 1))
PICTURES = Predicted(
    "classes",
    ("glass", "metal", "polystyrene in pieces"),
    tuple(f"new_bottles_of_2025/holiday_by_the_sea_{place}.png" for place in range(40)),
    _SHARES,
)


@pytest.mark.parametrize("found", [FORECAST, PICTURES], ids=["forecast", "pictures"])
@pytest.mark.parametrize("width", [260, 300, 340, 420, 700])
def test_that_each_number_one_came_for_is_seen_whole(qtbot, theme, found, width) -> None:
    tab = FileTab(theme)
    qtbot.addWidget(tab)
    tab.show_predictions(found)
    tab.resize(width, 500)
    tab.show()
    qtbot.waitExposed(tab)
    table = tab.table
    for place in range(tab.predictions.columnCount()):
        if not any(letter.isalpha() for letter in tab.predictions.index(0, place).data()):
            assert table.columnWidth(place) >= table.sizeHintForColumn(place)
            assert table.columnViewportPosition(place) + table.columnWidth(place) <= table.viewport().width()


def test_that_a_column_drawn_by_hand_stays_until_there_are_other_predictions(qtbot, theme) -> None:
    tab = FileTab(theme)
    qtbot.addWidget(tab)
    tab.show_predictions(PICTURES)
    tab.show()
    qtbot.waitExposed(tab)
    tab.table.horizontalHeader().resizeSection(0, 300)
    tab.resize(tab.width() + 80, 500)
    qtbot.wait(20)
    assert tab.table.columnWidth(0) == 300
    tab.show_predictions(FORECAST)
    assert tab.table.columnWidth(0) != 300


def test_that_columns_end_where_the_room_ends_when_not_all_of_them_fit() -> None:
    wide = [ColumnRoom(72, 200), ColumnRoom(60, 90), ColumnRoom(60, 90), ColumnRoom(60, 90)]
    for room in range(140, 260, 7):
        ends = np.cumsum(widths_in(room, wide))
        assert room in ends or ends[-1] <= room
    assert widths_in(1000, wide) == [200, 90, 90, 90]
