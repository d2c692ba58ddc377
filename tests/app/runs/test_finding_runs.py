"""Finding runs again: queries, tags, stars, and columns of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.runs.dialogs.column_dialog import ColumnDialog
from app.runs.naming import NameDialog, TagsDialog
from app.runs.page import RunsPage
from engine.runs.folder import RunFolder
from engine.runs.lists.label import Label, read_label, write_label
from tests.app.runs.folders import run
from tests.patience import PATIENCE_MILLISECONDS as PATIENCE

Make = Callable[[], RunsPage]
W = TypeVar("W", bound=QWidget)


def shown(page: RunsPage) -> set[str]:
    return {page.model.index(line, 0).data() for line in range(page.model.rowCount())}


def one_of(page: RunsPage, kind: type[W]) -> W:
    found = page.findChildren(kind)
    assert len(found) == 1
    return found[0]


def test_that_conditions_filter_and_half_written_ones_change_nothing(make_page: Make, runs: Path) -> None:
    write_label(run(runs, "One", optimizer="momentum"), Label(tags=("paper",), starred=True))
    run(runs, "Two")
    page = make_page()
    for text, wanted in {
        "optimizer = momentum": {"One"},
        "tag:paper": {"One"},
        "not starred:yes": {"Two"},
        "learning_rate > 0 and accuracy > 0.9": {"One", "Two"},
        "accuracy > 0.99": set(),
    }.items():
        page.filter.setText(text)
        assert shown(page) == wanted, text
        assert "of 2" in page._counted.text() or len(wanted) == 2
    page.filter.setText("tag:paper")
    page.filter.setText("tag:paper and")
    assert shown(page) == {"One"}
    assert "something is missing after and" in page._hint.text()
    page.filter.setText("tag:paper")
    assert "missing" not in page._hint.text()


def test_that_tags_and_stars_are_kept_with_the_run(make_page: Make, runs: Path, qtbot: QtBot) -> None:
    folder = run(runs, "One")
    page = make_page()
    page.table.selectRow(0)
    page._labels.name()
    asked = one_of(page, NameDialog)
    asked.tags.setText("paper, long run\uff0cpaper")
    asked.star.setChecked(True)
    asked.accept()
    assert read_label(folder) == Label(tags=("paper", "long-run"), starred=True)
    qtbot.waitUntil(lambda: page.model.rows[0].entry.tags == ("paper", "long-run"), timeout=PATIENCE)
    assert "#paper #long-run" in page.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_that_tags_of_several_runs_are_added_and_taken_away(make_page: Make, runs: Path) -> None:
    folders = [run(runs, name) for name in ("One", "Two")]
    write_label(folders[0], Label(name="First", tags=("common", "own")))
    write_label(folders[1], Label(tags=("common",)))
    page = make_page()
    page.table.selectAll()
    page._labels.tag()
    asked = one_of(page, TagsDialog)
    assert asked.tags.text() == "common"
    asked.tags.setText("new")
    asked.accept()
    assert [read_label(folder) for folder in folders] == [
        Label(name="First", tags=("own", "new")),
        Label(tags=("new",)),
    ]


def test_that_a_key_stars_what_is_selected_and_takes_the_star_away(
    make_page: Make, runs: Path, qtbot: QtBot
) -> None:
    folders = [run(runs, name) for name in ("One", "Two")]
    write_label(folders[0], Label(note="kept", starred=True))
    page = make_page()
    page.table.setFocus()
    for starred in (True, False):
        page.table.selectAll()
        qtbot.keyClick(page.table, Qt.Key.Key_S)
        assert [read_label(folder).starred for folder in folders] == [starred] * 2
        qtbot.waitUntil(
            lambda starred=starred: all(row.entry.starred == starred for row in page.model.rows),
            timeout=PATIENCE,
        )
    assert read_label(folders[0]).note == "kept"


def test_that_columns_are_chosen_moved_and_remembered(make_page: Make, runs: Path, qtbot: QtBot) -> None:
    for name, optimizer in (("One", "momentum"), ("Two", "adam")):
        run(runs, name, optimizer=optimizer)
    page = make_page()
    assert page.arrangement() == ""
    page.table.choose_columns()
    asked = one_of(page, ColumnDialog)
    names = [asked.list.item(place).data(Qt.ItemDataRole.UserRole) for place in range(asked.list.count())]
    assert "optimizer.learning_rate" in names  # they differ in it
    assert "validation.accuracy" in names
    assert "seed" in names
    assert "name" not in names  # it is always there
    for place in range(asked.list.count()):
        item = asked.list.item(place)
        wanted = names[place] in ("state", "optimizer.learning_rate", "validation.accuracy")
        item.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
    with qtbot.waitSignal(page.arranged):
        asked.accept()
    assert page.arrangement() == "name,state,validation.accuracy,optimizer.learning_rate"
    cells = {page.model.index(line, 0).data(): page.model.index(line, 3).data() for line in range(2)}
    assert cells == {"One": "0.1", "Two": "0.003"} or cells == {"One": "0.01", "Two": "0.003"}
    page.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert page.model.index(0, 0).data() == "Two"
    with qtbot.waitSignal(page.arranged):
        page.table.horizontalHeader().moveSection(3, 1)
    assert page.arrangement() == "name,optimizer.learning_rate,state,validation.accuracy"

    other = make_page()
    other.arrange(page.arrangement())
    assert other.table.column_names == page.table.column_names
    heads = [other.model.headerData(place, Qt.Orientation.Horizontal) for place in range(4)]
    assert heads == ["Name", "Learning rate η", "Status", "Accuracy, validation"]
    other.arrange("")
    assert other.arrangement() == ""


def test_that_a_damaged_label_says_so_and_the_run_is_listed(make_page: Make, runs: Path) -> None:
    folder: RunFolder = run(runs, "One")
    folder.label.write_text('{"tags": "paper"}', "utf-8")
    page = make_page()
    assert "list of texts" in page.model.rows[0].entry.note
