"""Tables of very many columns: what the window asks of them does not grow with their number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex
from pytestqt.qtbot import QtBot

from app.data.columns_table import ColumnsTable
from app.data.page import _fit_columns
from app.data.tables import ColumnsModel, RowsModel, quiet_table
from app.data.target import CandidatesModel, TargetChooser
from app.document.document import DataFacts
from app.forms.columns import ColumnsEditor, TypesEditor
from app.forms.editor import Context
from app.look.theme import Theme
from engine.data.inspection.records import ColumnFacts, Inspection

FEW, MANY = 400, 20_000


def names(count: int) -> tuple[str, ...]:
    return tuple(f"gene {place:05}" for place in range(count))


def wide(count: int) -> Inspection:
    columns = tuple(ColumnFacts(name, "input", "number") for name in names(count))
    return Inspection("table", 60, columns, names(count), header=names(count), rows=(("0.5",) * count,) * 12)


class Asked:
    """Counts what views ask of models of one class."""

    def __init__(self, kind: type[QAbstractItemModel], monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        answer = kind.data

        def data(model: QAbstractItemModel, index: QModelIndex, role: int = 0) -> Any:
            self.count += 1
            return answer(model, index, role)

        monkeypatch.setattr(kind, "data", data)


def test_that_the_columns_table_measures_no_more_of_20_000_columns_than_of_400(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, counts = Asked(ColumnsModel, monkeypatch), []
    for count in (FEW, MANY):
        model = ColumnsModel()
        table = ColumnsTable(theme, model)
        qtbot.addWidget(table)
        table.resize(900, 300)
        model.show_inspection(wide(count))
        asked.count = 0
        table.fit()
        counts.append(asked.count)
    assert 0 < counts[1] == counts[0]


def test_that_columns_are_measured_anew_only_where_they_or_the_width_changed(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, model = Asked(ColumnsModel, monkeypatch), ColumnsModel()
    table = ColumnsTable(theme, model)
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    model.show_inspection(wide(8))
    for change in (lambda: model.show_inspection(wide(9)), lambda: table.resize(700, 300)):
        change()
        table.fit()
        asked.count = 0
        table.fit()
        assert asked.count == 0
    model.show_inspection(wide(8))
    table.fit()
    assert asked.count > 0


def test_that_the_rows_measure_no_more_of_20_000_columns_than_of_400(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, counts = Asked(RowsModel, monkeypatch), []
    for count in (FEW, MANY):
        model, table = RowsModel(), quiet_table("Rows")
        qtbot.addWidget(table)
        table.setModel(model)
        model.show_inspection(wide(count), received=False)
        asked.count = 0
        _fit_columns(table)
        counts.append(asked.count)
    assert 0 < counts[1] == counts[0]


def test_that_a_chooser_of_20_000_columns_asks_for_those_in_sight_and_sifts_them_all(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, chooser = Asked(CandidatesModel, monkeypatch), TargetChooser()
    qtbot.addWidget(chooser)
    chooser.resize(300, 400)
    chooser.show_columns(names(MANY), ("gene 00003", "gene 19999"))
    chooser.show()
    chooser.grab()
    assert 0 < asked.count < 2_000
    chooser._filter.setText("GENE 1999")
    assert chooser.columns.names == names(MANY)[19_990:]
    with qtbot.waitSignal(chooser.chosen) as told:
        chooser._turn(chooser.columns.index(0))
    assert told.args == [("gene 00003", "gene 19990", "gene 19999")]


@pytest.mark.parametrize("kind", ["columns", "types"])
def test_that_a_menu_offers_the_first_of_very_many_columns_and_says_so(
    kind: str, context: Context, qtbot: QtBot
) -> None:
    for count, offered in ((FEW // 2, FEW // 2), (MANY, FEW // 2 + 1)):
        known = replace(context, facts=DataFacts(columns=names(count)))
        editor = (
            ColumnsEditor(known, single=False) if kind == "columns" else TypesEditor(known, {"text": "Text"})
        )
        qtbot.addWidget(editor)
        editor._fill()
        actions = editor._menu.actions()
        assert len(actions) == offered
        assert ("20" in actions[0].text()) == (not actions[0].isEnabled()) == (count == MANY)
