"""How a file is read, where it is not as in training: only what differs is told, and never a path."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.modalities.wanted import Wanted
from app.predict.file_tab import FileTab
from app.predict.reading_form import ReadingForm
from engine.data.images.sources.images import Images
from engine.data.series.sources.series_table import SeriesTable
from engine.data.series.sources.time_series import TimeSeries
from engine.data.source import Source
from engine.data.tables.sources.table_file import TableFile
from engine.data.texts.sources.text_pairs import TextPairsFile


def test_that_only_what_differs_from_training_is_told(theme: Theme, qtbot: QtBot) -> None:
    form = ReadingForm(theme)
    qtbot.addWidget(form)
    trained = TableFile(path="a.xlsx", target=("y",), sheet="2024")
    form.ask_for(trained)
    assert form.form is not None
    assert form.told == {}
    form.form.show_value(trained.replaced(sheet="2023", decimal=","))
    assert form.told == {"sheet": "2023", "decimal": ","}
    form.reset.click()
    assert form.told == {}
    form.ask_for(None)
    assert form.isHidden()


FIXED = [
    (TableFile(path="a.csv", target=("y",)), {"target", "ignore"}, {"separator", "decimal", "sheet"}),
    (Images(path="a"), {"height", "width", "colour"}, {"fit", "background"}),
    (TimeSeries(path="a.csv"), {"target", "history", "horizon", "season"}, {"time", "separator"}),
    (SeriesTable(path="a.csv"), {"longest", "ignore"}, {"layout", "separator"}),
    (TextPairsFile(path="a", translations="b"), {"translations"}, {"encoding"}),
]


@pytest.mark.parametrize(("source", "left_out", "offered"), FIXED)
def test_that_neither_paths_nor_what_training_fixed_is_offered(
    source: Source, left_out: set[str], offered: set[str], theme: Theme, qtbot: QtBot
) -> None:
    form = ReadingForm(theme)
    qtbot.addWidget(form)
    form.ask_for(source)
    assert form.form is not None
    assert not {"path", "validation_path", "test_path", *left_out} & set(form.form.rows)
    assert offered <= set(form.form.rows)
    assert form.told == {}


def test_that_what_training_found_out_stands_beside_auto(theme: Theme, qtbot: QtBot) -> None:
    form = ReadingForm(theme)
    qtbot.addWidget(form)
    found = {"separator": ";", "decimal": ",", "skip_above": 2, "sheet": "Blatt 1"}
    form.ask_for(TableFile(path="a.csv"), found)
    assert form.form is not None
    shown = " ".join(combo.currentText() for combo in form.form.findChildren(QComboBox))
    assert "semicolon" in shown.casefold()
    assert "comma" in shown.casefold()
    assert any("2 rows" in box.text() for box in form.form.findChildren(QCheckBox))
    assert any("Blatt 1" in line.placeholderText() for line in form.form.findChildren(QLineEdit))
    assert form.told == {}


def test_that_the_unfolded_settings_have_room_for_many(theme: Theme, qtbot: QtBot) -> None:
    tab = FileTab(theme)
    qtbot.addWidget(tab)
    tab.resize(600, 560)
    tab.ask_for(Wanted(source=TableFile(path="a.csv", target=("y",))))
    tab.show()
    tab.reading.unfold.click()
    qtbot.waitUntil(lambda: tab.reading.form is not None and tab.reading.form.isVisible())
    assert tab.reading.form is not None
    seen = [row for row in tab.reading.form.rows.values() if not row.visibleRegion().isEmpty()]
    assert len(seen) >= 7
    assert tab.table.height() >= 80


def test_that_the_sheets_of_a_new_workbook_are_offered_and_a_problem_opens_its_setting(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    made = Workbook()
    made.create_sheet("2025")
    made.save(tmp_path / "new.xlsx")
    tab = FileTab(theme)
    qtbot.addWidget(tab)
    tab.ask_for(Wanted(source=TableFile(path="a.xlsx", target=("y",), sheet="2024")))
    tab.take(tmp_path / "new.xlsx")
    form = tab.reading.form
    assert form is not None
    (chooser,) = form.editors["sheet"].findChildren(QComboBox)
    assert [chooser.itemText(place) for place in range(chooser.count())] == ["Sheet", "2025"]
    assert tab.reading.told == {}
    assert not tab.reading.open_at("data.path")
    assert not tab.reading.unfold.isChecked()
    assert tab.reading.open_at("data.sheet")
    assert tab.reading.unfold.isChecked()
