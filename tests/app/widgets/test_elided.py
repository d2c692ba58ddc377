"""Buttons, choosers and heads of tables whose words have no room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.data.tables import quiet_table
from app.look.theme import Theme
from app.widgets.button_row import ButtonRow
from app.widgets.elided_combo import ElidedComboBox
from app.widgets.labels import ElidedLabel, PartsLabel, keep_apart


@pytest.mark.parametrize("width", [160, 260, 600])
def test_that_no_word_of_a_button_is_cut_however_narrow_the_row(
    theme: Theme, qtbot: QtBot, width: int
) -> None:
    buttons = [
        QPushButton(words) for words in ("Last rows of the data", "Choose a file…", "Choose a folder…")
    ]
    row, around = ButtonRow(buttons), QWidget()
    QHBoxLayout(around).addWidget(row)
    qtbot.addWidget(around)
    around.resize(width + 40, 200)
    around.show()
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in buttons))
    assert all(button.geometry().right() <= row.width() for button in buttons)
    assert not any(
        one.geometry().intersects(other.geometry())
        for one in buttons
        for other in buttons
        if one is not other
    )
    assert around.width() == width + 40
    buttons[0].hide()
    qtbot.waitUntil(lambda: row.height() == row.sizeHint().height())


def test_that_a_chooser_is_no_wider_than_its_place_and_keeps_both_ends_of_a_name(
    theme: Theme, qtbot: QtBot
) -> None:
    combo = ElidedComboBox()
    qtbot.addWidget(combo)
    name = "二零二四年第三季度华东地区各门店销售与客户满意度调查数据汇总表最终修订版 #9 · 2026-11-28 01:14"
    combo.addItems([name, "Iris #1"])
    assert combo.minimumSizeHint().width() < 300
    combo.resize(320, combo.sizeHint().height())
    combo.show()
    shown = combo.shown_text()
    assert shown.startswith("二零")
    assert "…" in shown
    assert shown.endswith("01:14")
    combo.setCurrentIndex(1)
    assert combo.shown_text() == "Iris #1"


def test_that_names_are_cut_where_what_is_left_tells_them_apart(theme: Theme, qtbot: QtBot) -> None:
    names = [f"average_measurement_of_sensor_{place:02}" for place in range(4)]
    names += [f"质量指标第{place}项测量结果平均值" for place in range(4)]
    lines = [ElidedLabel(name) for name in names]
    for line in lines:
        qtbot.addWidget(line)
        line.resize(100, 20)
    keep_apart(lines, 100)
    assert len({line.shown_text() for line in lines}) == len(names)
    assert all(line.shown_text() != line.text() for line in lines)


def test_that_heads_of_tables_of_data_are_cut_with_an_ellipsis(theme: Theme, qtbot: QtBot) -> None:
    table = quiet_table("Rows")
    qtbot.addWidget(table)
    assert table.horizontalHeader().textElideMode() == Qt.TextElideMode.ElideMiddle


def test_that_of_parts_the_least_needed_go_first_and_then_the_name_is_cut(qtbot: QtBot) -> None:
    line = PartsLabel()
    qtbot.addWidget(line)
    name, epoch, left = "A long name of a run", "epoch 25 of 40", "00:09 left"
    line.set_parts(((name, 0), (epoch, 0), ("1 240 steps/s", 2), (left, 1)))
    texts = (line.text(), f"{name} · {epoch} · {left}", f"{name} · {epoch}")
    width_of = line.fontMetrics().horizontalAdvance
    assert [line.cut(Qt.TextElideMode.ElideRight, width_of(text)) for text in texts] == [*texts]
    cut = line.cut(Qt.TextElideMode.ElideRight, width_of(f"A long name · {epoch}"))
    assert cut.startswith("A long")
    assert cut.endswith(f"… · {epoch}")
