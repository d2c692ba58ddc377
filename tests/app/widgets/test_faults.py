"""Faults of our own: whatever fails where Qt calls us is told once, and the window goes on."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QTimer
from PySide6.QtWidgets import QAbstractItemDelegate, QStyledItemDelegate, QTableView
from pytestqt.qtbot import QtBot
from typing_extensions import override

import app
from app.widgets.faults import Faults, Guarded


@pytest.fixture
def told() -> Iterator[list[str]]:
    words: list[str] = []
    faults = Faults(words.append)
    yield words
    faults.release()


def failing(*_: object) -> Any:
    raise IndexError("no such row")


GUARDED = [
    kind
    for module in sorted(
        one.name for one in walk_packages(app.__path__, "app.") if "__main__" not in one.name
    )
    for kind in vars(import_module(module)).values()
    if isinstance(kind, type) and kind.__module__ == module
    if issubclass(kind, QAbstractItemModel | QAbstractItemDelegate)
]


def test_that_every_model_and_delegate_is_guarded() -> None:
    assert len(GUARDED) >= 8
    assert [kind.__name__ for kind in GUARDED if not issubclass(kind, Guarded)] == []


class Broken(Guarded, QAbstractTableModel):
    """A model with a mistake in it."""

    @override
    def rowCount(self, _parent: object = None) -> int:
        return 3

    @override
    def columnCount(self, _parent: object = None) -> int:
        return 3

    @override
    def data(self, *_: object) -> Any:
        return failing()


class Unpaintable(Guarded, QStyledItemDelegate):
    """A delegate with a mistake in it."""

    @override
    def paint(self, *_: object) -> None:
        failing()


@pytest.mark.parametrize("delegate", [QStyledItemDelegate, Unpaintable])
def test_that_a_fault_of_a_cell_is_told_once_and_ends_nothing(
    delegate: type[QStyledItemDelegate], told: list[str], qtbot: QtBot, capfd: pytest.CaptureFixture[str]
) -> None:
    model, view = Broken(), QTableView()
    view.setItemDelegate(delegate(view))
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    view.grab()
    view.resizeColumnsToContents()
    qtbot.waitUntil(lambda: bool(told))
    view.grab()
    assert len(told) == 1
    assert "IndexError: no such row (test_faults.py, line" in told[0]
    assert "not of your data" in told[0]
    assert capfd.readouterr().err.count("Traceback") == 1


def test_that_faults_of_two_places_are_both_told(told: list[str], qtbot: QtBot) -> None:
    QTimer.singleShot(0, failing)
    QTimer.singleShot(0, lambda: Path("/nowhere/at/all").read_text("utf-8"))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert any("FileNotFoundError" in words for words in told)
