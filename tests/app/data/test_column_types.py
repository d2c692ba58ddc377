"""The table of columns: a person says what the cells of a column are, and sees enough of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.data.column_types import chosen_types, columns_of, types_of, with_type
from app.data.columns_table import ColumnsTable
from app.data.page import DataPage
from app.data.tables import DIFFERENT, DISTRIBUTION, MISSING, STATISTICS, TYPE, ColumnsModel
from app.data.target import TargetChooser
from app.data.watch import DataWatch
from app.look.theme import Theme
from engine.choices import Family
from engine.data.source import Source
from engine.experiment import Experiment
from tests.app.data.test_data_page import inspected, open_and_wait, page, rows, table, watch
from tests.app.live.samples import PATIENCE

__all__ = ["page", "watch"]
_TYPED = [kind for kind, source in Family.every["data"].items() if "types" in source.model_fields]


def menu_shown(shown: ColumnsTable) -> QMenu:
    """Return the menu that is open."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu), shown.accessibleName()
    return menu


def at_type(shown: ColumnsTable, row: int) -> QPoint:
    return shown.visualRect(shown.model().index(row, TYPE)).center()


def by_click(shown: ColumnsTable, row: int, qtbot: QtBot) -> None:
    qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=at_type(shown, row))


def by_right_click(shown: ColumnsTable, row: int, qtbot: QtBot) -> None:
    at = at_type(shown, row)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, shown.viewport().mapToGlobal(at))
    QApplication.sendEvent(shown.viewport(), event)


def by_menu_key(shown: ColumnsTable, row: int, qtbot: QtBot) -> None:
    shown.setCurrentIndex(shown.model().index(row, 0))
    QApplication.sendEvent(
        shown.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    )


@pytest.mark.parametrize("ask", [by_click, by_right_click, by_menu_key])
def test_that_a_type_is_chosen_in_the_table_in_one_step_of_undo(
    ask: object, page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    open_and_wait(watch, table(tmp_path, rows(60), target="price"), qtbot)
    shown, document = page._columns_table, watch._document
    before = document.experiment
    assert callable(ask)
    ask(shown, 0, qtbot)
    menu = menu_shown(shown)
    words = [action.text() for action in menu.actions()]
    assert words[0] == "As found"
    assert {"Number", "Category", "Words", "Date", "Leave out"} <= set(words)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["As found"]
    menu.actions()[words.index("Category")].trigger()
    menu.close()
    assert chosen_types(document.experiment.data) == {"size": "category"}
    qtbot.waitUntil(lambda: page.columns.index(0, TYPE).data() == "Category", timeout=PATIENCE)
    qtbot.waitUntil(lambda: "one for each" in str(page.columns.index(0, 7).data()), timeout=PATIENCE)
    document.undo()
    assert document.experiment == before


def test_that_a_target_cannot_be_left_out_in_the_table(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    open_and_wait(watch, table(tmp_path, rows(60), target="price"), qtbot)
    menu = page._columns_table.menu_of(2)
    assert menu is not None
    assert [action.text() for action in menu.actions() if not action.isEnabled()] == ["Leave out"]


def test_that_every_type_is_offered_by_its_name_and_the_usual_ones_first(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    open_and_wait(watch, table(tmp_path, rows(60), target="price"), qtbot)
    menu = page._columns_table.menu_of(0)
    assert menu is not None
    actions = [action for action in menu.actions() if not action.isSeparator()]
    assert [action.text() for action in actions][:5] == ["As found", "Number", "Category", "Words", "Date"]
    assert actions[-1].text() == "Leave out"
    menus = [one for action in actions if isinstance(one := action.menu(), QMenu)]
    # as tall as the space below a short table
    assert len(actions) <= 8
    leaves = [action for action in actions if action.menu() is None]
    leaves += [action for one in menus for action in one.actions()]
    kinds = dict(page.columns.types)
    assert sorted(action.text() for action in leaves) == sorted(["As found", *kinds.values()])
    assert kinds["positive"] == "Positive number"
    assert kinds["measure"] == "Number with unit"
    next(action for action in leaves if action.text() == "Positive number").trigger()
    assert chosen_types(watch._document.experiment.data) == {"size": "positive"}
    menu.close()


def test_that_data_without_types_to_choose_offers_none(
    page: DataPage, watch: DataWatch, qtbot: QtBot
) -> None:
    open_and_wait(watch, Experiment(), qtbot)
    assert page.columns.rowCount() > 0
    assert page._columns_table.menu_of(0) is None


@pytest.mark.parametrize("kind", _TYPED)
def test_that_every_source_with_types_takes_one_and_gives_it_back(kind: str) -> None:
    source = Family.every["data"][kind]()
    assert isinstance(source, Source)
    assert {"number", "category", "words", "date", "leave_out"} <= set(types_of(source))
    chosen = with_type(with_type(source, "one", "category"), "two", "leave_out")
    assert chosen_types(chosen) == {"one": "category", "two": "leave_out"}
    assert with_type(with_type(chosen, "one", ""), "two", "") == source


def test_that_a_column_left_out_by_the_other_setting_comes_back() -> None:
    source = Family.every["data"]["table"].model_validate({"ignore": ["id", "name"]})
    assert isinstance(source, Source)
    assert chosen_types(source) == {"id": "leave_out", "name": "leave_out"}
    back = with_type(source, "id", "number")
    assert chosen_types(back) == {"id": "number", "name": "leave_out"}
    assert chosen_types(with_type(source, "id", "")) == {"name": "leave_out"}


def test_that_a_date_is_predicted_from(tmp_path: Path) -> None:
    text = "\n".join(["day,price", *(f"202401{1 + place % 28:02d},{place}" for place in range(60))])
    experiment = table(tmp_path, text, target="price")
    data = with_type(experiment.data, "day", "date")
    facts = inspected(experiment.replaced(data=data)).columns[0]
    assert (facts.role, facts.kind) == ("input", "date")
    assert "days since 1970" in facts.became


_MOODS = [f"It was a {place} day in its way,{'ab'[place % 2]},{place % 5}" for place in range(40)]
_DAYS = [f"2024-{1 + place // 28:02d}-{1 + place % 28:02d},{place % 7},x" for place in range(200)]
_OTHERS: Mapping[str, tuple[list[str], dict[str, str]]] = {
    "text_table": (
        ["review,mood,stars", *_MOODS],
        {"review": "input", "mood": "target", "stars": "left out"},
    ),
    "time_series": (["day,load,shop", *_DAYS], {"load": "target", "shop": "left out"}),
}


@pytest.mark.parametrize("kind", list(_OTHERS))
def test_that_columns_of_what_is_no_plain_table_are_shown_with_their_role(kind: str, tmp_path: Path) -> None:
    lines, roles = _OTHERS[kind]
    file = tmp_path / "data.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    chosen = {"label": "mood"} if kind == "text_table" else {"target": "load"}
    data = {"kind": kind, "path": str(file), **chosen}
    task = "classification" if kind == "text_table" else "forecasting"
    experiment = Experiment.model_validate({"data": data, "task": {"kind": task}})
    found = {column.name: column.role for column in columns_of(inspected(experiment), experiment.data)}
    assert roles.items() <= found.items()


_SIZES = [(980, 720), (640, 470)]
"""Pixels of the page in a window of 1440 × 900, and of one of 1366 × 768 at 125 %."""


@pytest.mark.parametrize("size", _SIZES)
def test_that_several_columns_are_seen_at_once_and_statistics_stay_short(
    size: tuple[int, int], page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    words = ("Lower Riverside Promenade West", "Upper Gardens Avenue", "Old Station Road North", "Hill")
    lines = [",".join([words[i % 4]] * 4 + [str(i % 13 + i / 7)] * 5 + [str(i)]) for i in range(80)]
    text = "\n".join([",".join([f"c{i}" for i in range(9)] + ["price"]), *lines])
    page.resize(*size)
    open_and_wait(watch, table(tmp_path, text, target="price"), qtbot)
    shown = page._columns_table
    if page._tabs.indexOf(shown) >= 0:
        page._tabs.setCurrentWidget(shown)

    def several() -> bool:
        room = shown.viewport().height()
        return shown.isVisible() and sum(shown.rowHeight(row) for row in range(5)) <= room

    qtbot.waitUntil(several, timeout=PATIENCE)
    line = shown.fontMetrics().height()
    assert all(shown.rowHeight(row) < 5 * line for row in range(10))
    assert shown.columnWidth(STATISTICS) > 180


def test_that_columns_that_tell_nothing_are_not_seen(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    """Of texts only names, roles and types are known; of a table without target not what columns become."""
    shown = ColumnsTable(theme, ColumnsModel())
    qtbot.addWidget(shown)
    shown.resize(800, 300)
    reviews = tmp_path / "reviews.csv"
    lines = [
        f"R{at:03},a film that is {'good' if at % 2 else 'bad'} from its begin,{at % 2}" for at in range(40)
    ]
    reviews.write_text("\n".join(["id,text,label", *lines]))
    texts = Experiment.model_validate({
        "data": {"kind": "text_table", "path": str(reviews)},
        "task": {"kind": "classification"}, "architecture": {"kind": "embedding_bag"},
    })  # fmt: skip
    cases = (
        (texts, {0, 1, TYPE}),
        (table(tmp_path, rows(60)), {0, 1, TYPE, MISSING, DIFFERENT, DISTRIBUTION, STATISTICS}),
    )
    for experiment, seen in cases:
        shown._columns.show_inspection(inspected(experiment), experiment.data)
        shown.fit()
        places = range(shown._columns.columnCount())
        assert {place for place in places if not shown.isColumnHidden(place)} == seen


def test_that_the_ticked_column_is_in_sight_however_low_the_list_is(qtbot: QtBot) -> None:
    chooser = TargetChooser()
    qtbot.addWidget(chooser)
    chooser.resize(200, 200)
    chooser.show()
    names = [f"column {at}" for at in range(11)]
    chooser.show_columns(names, names[-1:])
    chooser.resize(200, 90)

    def seen(name: str) -> bool:
        place = chooser.list.visualRect(chooser.columns.index(chooser.columns.names.index(name)))
        return chooser.list.viewport().rect().contains(place)

    qtbot.waitUntil(lambda: seen(names[-1]))
    others = [f"other {at}" for at in range(11)]
    chooser.show_columns(others, ())
    qtbot.waitUntil(lambda: seen(others[0]))


def test_that_the_time_of_recordings_and_what_tells_them_apart_are_no_inputs(tmp_path: Path) -> None:
    lines = [
        f"{one},{'ab'[one % 2]},{step},{step * one % 7 / 3:.2f},{step % 5}"
        for one in range(6)
        for step in range(30)
    ]
    path = tmp_path / "recordings.csv"
    path.write_text("id,label,time,x,y\n" + "\n".join(lines) + "\n", "utf-8")
    source = Family.every["data"]["series_table"].model_validate({"path": str(path)})
    assert isinstance(source, Source)
    found = Experiment(data=source).recipe.inspected()
    roles = {column.name: column.role for column in columns_of(found, source)}
    assert roles == {"id": "identifier", "label": "target", "time": "time", "x": "input", "y": "input"}


def test_that_the_time_of_courses_and_what_tells_them_apart_are_no_inputs(tmp_path: Path) -> None:
    lines = [f"2024-01-{1 + day:02},{shop},{day * 3 % 11},{day % 4}" for shop in "ab" for day in range(31)]
    path = tmp_path / "courses.csv"
    path.write_text("day,shop,sales,price\n" + "\n".join(lines) + "\n", "utf-8")
    told = {"path": str(path), "target": ["sales"], "history": 5, "horizon": 1, "calendar": "none"}
    source = Family.every["data"]["time_series"].model_validate(told)
    assert isinstance(source, Source)
    found = Experiment(data=source).recipe.inspected()
    roles = {column.name: column.role for column in columns_of(found, source)}
    assert roles == {"day": "time", "shop": "identifier", "sales": "target", "price": "input"}
