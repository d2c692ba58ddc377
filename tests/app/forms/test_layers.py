"""The editor of a layer list, with keys and clicks as a person uses it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton

from app.document.document import DataFacts, Document
from app.forms.editor import Context
from app.forms.layer_board import LayerBoard
from app.forms.layer_model import PARAMETERS, SHAPE, WORK
from app.forms.layers import LayerListEditor
from app.look.theme import Theme
from app.shell.experiment_column import ExperimentColumn
from app.shell.workbench import Workbench
from engine.architectures.layer_kinds.convolution import Convolution2d
from engine.architectures.layer_kinds.dense import Dense
from engine.architectures.layer_kinds.layer import ListedLayer
from engine.architectures.layer_kinds.normalization import DropoutLayer
from engine.architectures.layer_kinds.pooling import PoolingLayer
from engine.architectures.layer_kinds.shape import Flatten
from engine.architectures.layers import Layers
from engine.data.description import Description, Inputs, Targets
from engine.experiment import Experiment

IMAGE = Inputs("image", (1, 28, 28))
CLASSES = Targets("classes", ("label",), tuple("0123456789"))
LIST: tuple[ListedLayer, ...] = (Convolution2d(filters=8), PoolingLayer(), Flatten(), Dense(units=16))


def facts(inputs: Inputs = IMAGE) -> DataFacts:
    return DataFacts((), inputs.kind, "classes", description=Description(inputs, CLASSES, 100, 50, 50))


@pytest.fixture
def editor(context: Context, qtbot: Any) -> LayerListEditor:
    made = LayerListEditor(replace(context, facts=facts(), outputs=10))
    qtbot.addWidget(made)
    made.resize(330, 900)
    made.show_value(LIST)
    made.show()
    qtbot.waitExposed(made)
    return made


def cells(board: LayerBoard, column: int) -> list[str]:
    return [board.model.index(row, column).data() for row in range(board.model.rowCount())]


def press(qtbot: Any, board: LayerBoard, row: int) -> None:
    table = board.table
    table.scrollTo(board.model.index(row, 0))
    place = table.visualRect(board.model.index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_that_every_row_shows_what_it_puts_out_and_costs(editor: LayerListEditor) -> None:
    board = editor.board
    assert cells(board, 0) == [
        "Input",
        "1  Convolution 2-D",
        "2  Pooling",
        "3  Flatten",
        "4  Dense",
        "Output",
    ]
    assert cells(board, SHAPE) == ["1 × 28 × 28", "8 × 28 × 28", "8 × 14 × 14", "1568", "16", "10"]
    assert cells(board, PARAMETERS) == ["", "80", "", "", "25\u202f104", "170"]
    assert cells(board, WORK) == ["", "56\u202f448", "", "", "25\u202f088", "160"]


def test_that_shapes_follow_while_a_setting_is_typed(editor: LayerListEditor, qtbot: Any) -> None:
    press(qtbot, editor.board, 1)
    assert editor.board.detail is not None
    line = editor.board.detail.form.editors["filters"].findChild(QLineEdit)  # type: ignore[union-attr]
    line.selectAll()
    with qtbot.waitSignal(editor.edited) as told:
        qtbot.keyClicks(line, "4")
    assert told.args == ["0.filters"]
    assert cells(editor.board, SHAPE)[1:4] == ["4 × 28 × 28", "4 × 14 × 14", "784"]
    assert editor.value() == (Convolution2d(filters=4), *LIST[1:])


def test_that_the_layer_that_cannot_fit_is_marked_with_the_reason(
    editor: LayerListEditor, qtbot: Any
) -> None:
    press(qtbot, editor.board, 3)
    qtbot.keyClick(editor.board.table, Qt.Key.Key_Delete)
    assert editor.value() == (LIST[0], LIST[1], LIST[3])
    (said,) = editor.board.model.problems
    assert said.startswith(
        "layer 3, Dense, needs a vector or a series, but receives a picture of 8 × 14 × 14"
    )
    assert cells(editor.board, SHAPE)[3] == "–"
    assert editor.board.chosen == 2
    assert editor.board.model.totals() is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [(Qt.Key.Key_Up, (LIST[1], LIST[0], *LIST[2:])), (Qt.Key.Key_Down, (LIST[0], LIST[2], LIST[1], LIST[3]))],
)
def test_that_control_and_an_arrow_move_the_chosen_layer(
    editor: LayerListEditor, qtbot: Any, key: Qt.Key, expected: tuple[ListedLayer, ...]
) -> None:
    press(qtbot, editor.board, 2)
    qtbot.keyClick(editor.board.table, key, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() == expected
    assert editor.value()[editor.board.chosen] == LIST[1]  # type: ignore[index]


def test_that_the_buttons_duplicate_move_and_remove(editor: LayerListEditor, qtbot: Any) -> None:
    press(qtbot, editor.board, 4)
    buttons = editor.board.buttons
    qtbot.mouseClick(buttons["copy"], Qt.MouseButton.LeftButton)
    assert editor.value() == (*LIST, LIST[3])
    assert not buttons["down"].isEnabled()
    qtbot.mouseClick(buttons["up"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons["remove"], Qt.MouseButton.LeftButton)
    assert editor.value() == LIST


def test_that_a_layer_is_added_after_the_chosen_one_from_a_menu_by_groups(
    editor: LayerListEditor, qtbot: Any
) -> None:
    press(qtbot, editor.board, 4)
    menu = editor.board.findChild(QPushButton).menu()
    menu.aboutToShow.emit()
    groups = {action.text(): action.menu() for action in menu.actions()}
    entries = {
        action.text(): action
        for group in groups.values()
        if isinstance(group, QMenu)
        for action in group.actions()
    }
    assert not entries["Convolution 2-D"].isEnabled()
    assert entries["Convolution 2-D"].toolTip()
    entries["Dropout"].trigger()
    assert editor.value() == (*LIST, DropoutLayer())
    assert editor.board.chosen == 4


def test_that_a_layer_is_added_before_all_others_where_the_input_is_chosen(
    editor: LayerListEditor, qtbot: Any
) -> None:
    press(qtbot, editor.board, 0)
    menu = editor.board.findChild(QPushButton).menu()
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "After Input"
    editor.board.add("convolution_2d")
    assert editor.value() == (Convolution2d(), *LIST)
    assert editor.board.chosen == 0


def test_that_a_row_dragged_to_another_place_goes_there(editor: LayerListEditor) -> None:
    model = editor.board.model
    data = model.mimeData([model.index(1, 0)])
    nowhere = model.index(-1, -1)
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 4, 0, nowhere)
    assert editor.value() == (LIST[1], LIST[2], LIST[0], LIST[3])
    data = model.mimeData([model.index(3, 0)])
    model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, nowhere)
    assert editor.value() == (LIST[0], LIST[1], LIST[2], LIST[3])


def test_that_a_known_network_can_be_started_from(editor: LayerListEditor) -> None:
    editor.board.start_from("LeNet-5")
    assert [layer.kind for layer in editor.value()][-3:] == ["flatten", "dense", "dense"]  # type: ignore[attr-defined]
    assert editor.board.model.problems == ()


def test_that_an_empty_list_says_what_to_do(editor: LayerListEditor) -> None:
    editor.show_value(())
    words = [label.text() for label in editor.board.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("No layers yet") for text in words)


def test_that_without_data_the_list_can_be_edited_all_the_same(context: Context, qtbot: Any) -> None:
    made = LayerListEditor(context)
    qtbot.addWidget(made)
    made.show_value(LIST)
    assert cells(made.board, SHAPE) == ["–"] * 6
    made.board.add("dense")
    assert len(made.value()) == 5  # type: ignore[arg-type]
    made.set_context(replace(context, facts=facts(), outputs=10))
    assert cells(made.board, SHAPE)[-1] == "10"


def test_that_the_window_of_its_own_edits_the_same_list(editor: LayerListEditor, qtbot: Any) -> None:
    press(qtbot, editor.board, 1)
    qtbot.mouseClick(editor.board.buttons["wide"], Qt.MouseButton.LeftButton)
    window = editor.widen()
    assert window.board.chosen == 0
    window.board.remove()
    assert editor.value() == LIST[1:]
    assert editor.board.layers == LIST[1:]
    editor.show_value(LIST)
    assert window.board.layers == LIST
    window.close()


def test_that_edits_of_layers_are_undone_and_done_again_with_the_document(
    workbench: Workbench, theme: Theme, qtbot: Any
) -> None:
    document = Document(Experiment(architecture=Layers(layers=LIST)))
    document.set_facts(facts())
    column = ExperimentColumn(document, theme, workbench.settings)
    qtbot.addWidget(column)
    column.show()
    column.reveal("architecture")
    editor = column.findChild(LayerListEditor)
    assert isinstance(editor, LayerListEditor)
    assert cells(editor.board, SHAPE)[-1] == "10"
    editor.board.choose(1)
    editor.board.remove()
    editor.board.choose(0)
    editor.board.duplicate()
    assert document.experiment.architecture.layers == (LIST[0], LIST[0], *LIST[2:])  # type: ignore[attr-defined]
    document.undo()
    document.undo()
    assert editor.value() == LIST
    assert cells(editor.board, SHAPE)[1] == "8 × 28 × 28"
    document.redo()
    assert editor.value() == (LIST[0], *LIST[2:])


def test_that_what_cannot_be_read_in_a_field_is_told_with_the_place_of_its_layer(
    editor: LayerListEditor, qtbot: Any
) -> None:
    press(qtbot, editor.board, 4)
    assert editor.board.detail is not None
    line = editor.board.detail.form.editors["units"].findChild(QLineEdit)  # type: ignore[union-attr]
    line.selectAll()
    qtbot.keyClicks(line, "many")
    assert [problem.path for problem in editor.problems()] == ["3.units"]
    assert editor.value() == LIST


def test_that_every_part_that_takes_the_focus_has_a_name(editor: LayerListEditor, qtbot: Any) -> None:
    press(qtbot, editor.board, 1)
    for button in editor.board.buttons.values():
        assert button.accessibleName()
    assert editor.board.table.accessibleName() == "Layers"
    index = editor.board.model.index(1, 0)
    assert "Convolution 2-D" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert editor.board.table.viewport().rect().contains(QPoint(5, 5))
