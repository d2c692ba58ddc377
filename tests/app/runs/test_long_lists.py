"""A table of 10,000 runs answers within a tenth of a second, and keeps what is selected."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.runs.model import RunsModel
from app.runs.page import RunsPage
from app.runs.rows import Details, RunRow
from app.runs.table import RunsTable
from engine.runs.lists.listing import RunEntry
from tests.app.runs.folders import run

MANY = 10_000
LIMIT = 0.1
"""Seconds of work that a person does not notice as waiting."""


def rows(count: int) -> list[RunRow]:
    chance = random.Random(0)
    made = []
    for number in range(count):
        name = chance.choice(("Digits", "Iris", "Wine"))
        scores = {"validation": {"loss": chance.random(), "accuracy": chance.random()}}
        entry = RunEntry(f"/runs/{number:05}", name, "finished", started=1e9 + number, metrics=scores)
        chosen = {"kind": chance.choice(("mlp", "resnet"))}
        made.append(RunRow(entry, Details({"architecture": chosen, "task": {"kind": "classification"}})))
    return made


@pytest.fixture
def table(theme: Theme, qtbot: QtBot) -> RunsTable:
    model = RunsModel(theme)
    made = RunsTable(theme, model)
    model.setParent(made)
    qtbot.addWidget(made)
    return made


def column(model: RunsModel, name: str) -> int:
    return [one.name for one in model.columns].index(name)


@pytest.mark.parametrize(
    "act",
    [
        lambda table, model: model.set_filter("iris"),
        lambda table, model: model.set_filter(""),
        lambda table, model: table.sortByColumn(column(model, "name"), Qt.SortOrder.AscendingOrder),
        lambda table, model: table.sortByColumn(column(model, "validation"), Qt.SortOrder.AscendingOrder),
        lambda table, model: model.set_ticked(model.shown),
        lambda table, model: model.set_ticked(model.shown[:1]),
    ],
    ids=["a letter", "no letter", "by name", "by score", "tick all", "tick one"],
)
def test_that_no_act_on_ten_thousand_runs_is_waited_for(
    act: Callable[[RunsTable, RunsModel], None], table: RunsTable, qtbot: QtBot
) -> None:
    model = table.model()
    assert isinstance(model, RunsModel)
    table.resize(1200, 600)
    table.show()
    given = rows(MANY)
    model.set_rows(given)
    taken = []
    for _ in range(5):  # the best of five: a core that others share is no fault of the table
        model.set_filter("digits mlp")
        table.sortByColumn(column(model, "started"), Qt.SortOrder.DescendingOrder)
        before = time.thread_time()
        act(table, model)
        table.viewport().repaint()
        taken.append(time.thread_time() - before)
    assert min(taken) < LIMIT


def test_that_the_same_runs_read_again_make_no_new_rows(theme: Theme) -> None:
    model = RunsModel(theme)
    given = rows(50)
    model.set_rows(given)
    told: list[object] = []
    model.modelReset.connect(lambda: told.append("reset"))
    model.dataChanged.connect(lambda *_: told.append("data"))
    model.set_rows(rows(50))
    assert told == []
    assert all(one is other for one, other in zip(model.rows, given, strict=True))


def test_that_what_is_selected_and_where_the_cursor_stands_last_through_filter_and_sorting(
    table: RunsTable,
) -> None:
    model = table.model()
    assert isinstance(model, RunsModel)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(rows(60))
    iris = [row.folder for row in model.rows if row.entry.name == "Iris"][:7]
    wine = [row.folder for row in model.rows if row.entry.name == "Wine"][:2]
    table.select_folders([*iris, *wine])
    current = model.index(model.shown.index(iris[3]), 0)
    table.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
    model.set_filter("iris")
    assert {row.folder for row in table.selected} == set(iris)  # what is hidden is selected no more
    for name in ("best", "validation", "name"):
        table.sortByColumn(column(model, name), Qt.SortOrder.AscendingOrder)
        assert [row.folder for row in table.selected] == [one for one in model.shown if one in iris]
        assert model.shown[table.currentIndex().row()] == iris[3]


def test_that_a_run_moves_to_its_place_when_its_score_becomes_known(table: RunsTable) -> None:
    model = table.model()
    assert isinstance(model, RunsModel)
    given = rows(20)
    model.set_rows(given)
    table.sortByColumn(column(model, "best"), Qt.SortOrder.AscendingOrder)
    last = model.shown[-1]
    model.add_details([(last, Details(best=-1.0))])
    assert model.shown[0] == last
    assert sorted(model.shown) == sorted(row.folder for row in given)


def test_that_buttons_follow_what_the_filter_leaves_selected(
    make_page: Callable[[], RunsPage], runs: Path
) -> None:
    run(runs, "Iris")
    run(runs, "Wine")
    page = make_page()
    page.table.selectRow(page.model.shown.index(next(
        row.folder for row in page.model.rows if row.entry.name == "Wine")))  # fmt: skip
    assert page._buttons["open"].isEnabled()
    page.filter.setText("iris")
    assert page.selected == ()
    assert not page._buttons["open"].isEnabled()
