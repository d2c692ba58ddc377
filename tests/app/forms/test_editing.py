"""Editing, as a person does it: keys and clicks in real widgets."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QMenu, QSlider, QToolButton, QWidget

from app.document.document import DataFacts
from app.forms.choice import ChoiceEditor
from app.forms.choice_list import ChoiceListEditor
from app.forms.editor import Context
from app.forms.numbers import written
from app.forms.record import RecordForm
from engine.choices import Choice, Family, Problem, Record, Setting
from engine.learning.optimizers.adam import Adam
from engine.learning.regularizers.regularizer import Regularizer
from engine.tasks.classification import Classification
from engine.tasks.regression import Regression


class Plain(Record):
    """One field of every sort."""

    on: Annotated[bool, Setting("On", "A switch.")] = False
    count: Annotated[int, Setting("Count", "A whole number.", least=1, most=100, unit="pieces")] = 3
    rate: Annotated[float, Setting("Rate", "A number.", symbol="η", above=0, most=10, log=True)] = 0.01
    shape: Annotated[Literal["round", "square"], Setting("Shape", "Options.")] = "round"
    edge: Annotated[
        int, Setting("Edge", "Only squares have one.", least=1, applies=("shape", ("square",)))
    ] = 2
    word: Annotated[str, Setting("Word", "A text.", most=5)] = "abc"
    sizes: Annotated[
        tuple[Annotated[int, Setting("", "", least=1)], ...], Setting("Sizes", "Whole numbers.")
    ] = (8,)
    amount: Annotated[
        Annotated[int, Setting("", "", least=1)] | Literal["all"], Setting("Amount", "A number or all.")
    ] = 32
    limit: Annotated[float | None, Setting("Limit", "A number or none.", least=0)] = None
    column: Annotated[str, Setting("Column", "A column.", role="column")] = ""
    columns: Annotated[
        tuple[Annotated[str, Setting("", "")], ...], Setting("Columns", "Columns.", role="columns")
    ] = ()
    place: Annotated[str, Setting("Place", "A file.", role="file")] = ""
    strength: Annotated[float, Setting("Strength", "None at 0.", least=0, most=10, log=True)] = 0


@pytest.fixture
def form(context: Context, qtbot: Any) -> RecordForm:
    made = RecordForm(Plain, context)
    qtbot.addWidget(made)
    made.show_value(Plain())
    made.show()
    return made


def part(form: RecordForm, name: str, sort: type[QWidget]) -> Any:
    found = form.editors[name].findChild(sort)
    assert found is not None
    return found


def retype(qtbot: Any, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("count", "42", 42),
        ("rate", "3e-4", 3e-4),
        ("rate", "0,5", 0.5),
        ("word", "hello"[:5], "hello"),
        ("sizes", "64, 32", (64, 32)),
        ("sizes", "64 32 ; 16", (64, 32, 16)),
        ("amount", "7", 7),
        ("column", "age", "age"),
        ("columns", "age, height", ("age", "height")),
        ("place", "data.csv", "data.csv"),
    ],
)
def test_that_what_is_typed_becomes_the_value(
    form: RecordForm, qtbot: Any, name: str, text: str, value: object
) -> None:
    with qtbot.waitSignal(form.edited) as told:
        retype(qtbot, part(form, name, QLineEdit), text)
    assert form.value() == Plain(**{name: value})
    assert told.args == [name]
    assert form.rows[name].problem == ""


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("count", "200", "Must be at most 100, not 200"),
        ("count", "2.5", "Must be a whole number, not '2.5'"),
        ("rate", "0", "Must be greater than 0, not 0.0"),
        ("rate", "fast", "Must be a number, not 'fast'"),
        ("rate", "nan", "Must be a finite number, not nan"),
        ("sizes", "64, -1", "Must be at least 1, not -1"),
        ("sizes", "64, y", "Must be a whole number, not 'y'"),
        ("word", "too long", "Must be at most 5 long, not 'too long'"),
    ],
)
def test_that_a_problem_stands_under_its_field_and_the_last_good_value_is_kept(
    form: RecordForm, qtbot: Any, name: str, text: str, message: str
) -> None:
    line = part(form, name, QLineEdit)
    retype(qtbot, line, "7" if name != "word" else "ok")
    good = form.value()
    retype(qtbot, line, text)
    assert form.rows[name].problem == message
    assert line.property("wrong") is True
    assert [problem.path for problem in form.problems()] == [name]
    assert form.editors[name].value() != getattr(good, name)
    retype(qtbot, line, "8" if name != "word" else "fine")
    assert form.rows[name].problem == ""
    assert form.problems() == ()


def test_that_a_switch_is_turned_by_the_space_key(form: RecordForm, qtbot: Any) -> None:
    qtbot.keyClick(part(form, "on", QCheckBox), Qt.Key.Key_Space)
    assert form.value() == Plain(on=True)


def test_that_only_what_applies_is_shown(form: RecordForm, qtbot: Any) -> None:
    assert form.rows["edge"].isHidden()
    square = form.editors["shape"].findChildren(QToolButton)[1]
    qtbot.mouseClick(square, Qt.MouseButton.LeftButton)
    assert not form.rows["edge"].isHidden()
    assert form.value() == Plain(shape="square")


def test_that_what_does_not_apply_cannot_be_wrong(form: RecordForm, qtbot: Any) -> None:
    round_, square = form.editors["shape"].findChildren(QToolButton)
    qtbot.mouseClick(square, Qt.MouseButton.LeftButton)
    retype(qtbot, part(form, "edge", QLineEdit), "-1")
    assert form.problems()
    qtbot.mouseClick(round_, Qt.MouseButton.LeftButton)
    assert form.problems() == ()
    assert form.value() == Plain()


def test_that_arrow_keys_step_numbers_inside_their_bounds(form: RecordForm, qtbot: Any) -> None:
    line = part(form, "count", QLineEdit)
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert form.value() == Plain(count=4)
    for _ in range(9):
        qtbot.keyClick(line, Qt.Key.Key_Down)
    assert form.value() == Plain(count=1)


def test_that_arrow_keys_lead_away_from_nothing_and_back(form: RecordForm, qtbot: Any) -> None:
    """No factor changes 0, which stands in many fields that are stepped by factors."""
    line = part(form, "strength", QLineEdit)
    qtbot.keyClick(line, Qt.Key.Key_PageUp)
    first = form.value().strength
    assert first > 0
    qtbot.keyClick(line, Qt.Key.Key_PageUp)
    assert form.value().strength == pytest.approx(10 * first)
    for _ in range(2):
        qtbot.keyClick(line, Qt.Key.Key_PageDown)
    assert form.value().strength in (0, first)
    qtbot.keyClick(line, Qt.Key.Key_PageDown)
    assert form.value() == Plain()


def test_that_a_logarithmic_slider_spans_the_bounds_and_never_leaves_them(form: RecordForm) -> None:
    slider = part(form, "rate", QSlider)
    for tick in (slider.minimum(), slider.maximum() // 2, slider.maximum()):
        slider.setValue(tick)
        assert form.problems() == ()
    assert form.value() == Plain(rate=10.0)


def test_that_the_special_word_replaces_the_number_and_gives_it_back(form: RecordForm, qtbot: Any) -> None:
    box = part(form, "amount", QCheckBox)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert form.value() == Plain(amount="all")
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert form.value() == Plain(amount=32)


def test_that_an_optional_value_can_be_set_and_left_out(form: RecordForm, qtbot: Any) -> None:
    box = part(form, "limit", QCheckBox)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert form.value() == Plain(limit=0.0)
    retype(qtbot, part(form, "limit", QLineEdit), "2.5")
    assert form.value() == Plain(limit=2.5)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert form.value() == Plain()


def test_that_reset_brings_back_the_default_and_hides_itself(form: RecordForm, qtbot: Any) -> None:
    retype(qtbot, part(form, "count", QLineEdit), "9")
    row = form.rows["count"]
    reset = next(button for button in row.findChildren(QToolButton) if "default" in button.accessibleName())
    assert not reset.isHidden()
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert form.value() == Plain()
    assert reset.isHidden()


def test_that_a_column_ticked_in_the_menu_costs_no_name_that_the_data_lacks(
    form: RecordForm, context: Context, qtbot: Any
) -> None:
    form.set_context(replace(context, facts=DataFacts(columns=("age", "height", "weight"))))
    retype(qtbot, part(form, "columns", QLineEdit), "weight, of before, age")
    menu = part(form, "columns", QMenu)
    for name, columns in (
        ("height", ("age", "height", "weight", "of before")),
        ("weight", ("age", "height", "of before")),
    ):
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.text() == name).trigger()
        assert form.value() == Plain(columns=columns)


def test_that_columns_of_the_data_are_offered(form: RecordForm, context: Context) -> None:
    form.set_context(replace(context, facts=DataFacts(columns=("age", "height"))))
    combo = part(form, "column", QComboBox)
    assert [combo.itemText(index) for index in range(combo.count())] == ["age", "height"]


def test_that_switching_a_kind_and_back_keeps_its_settings(context: Context, qtbot: Any) -> None:
    editor = ChoiceEditor(Family.every["optimizers"], context)
    qtbot.addWidget(editor)
    editor.show_value(Adam(learning_rate=0.5))
    editor.switch("momentum")
    assert isinstance(editor.value(), Choice)
    assert editor.value().kind == "momentum"  # type: ignore[attr-defined]
    editor.switch("adam")
    assert editor.value() == Adam(learning_rate=0.5)


def test_that_kinds_that_do_not_fit_the_task_are_greyed_with_the_reason_below_those_that_do(
    context: Context, qtbot: Any
) -> None:
    losses = Family.every["losses"]
    for task, predicted in ((Regression, "numbers"), (Classification, "classes")):
        editor = ChoiceEditor(losses, replace(context, task=task))
        qtbot.addWidget(editor)
        model = editor.findChild(QComboBox).model()
        fitting = [choice.title for choice in losses.values() if predicted in choice.accepts]  # type: ignore[attr-defined]
        assert 0 < len(fitting) < len(losses)
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            able = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
            assert able == (row < len(fitting)) == (index.data() in fitting)
            assert able or index.data(Qt.ItemDataRole.ToolTipRole) == f"Does not predict {predicted}"


def test_that_a_list_of_choices_is_added_to_ordered_and_taken_from(context: Context, qtbot: Any) -> None:
    editor = ChoiceListEditor(Regularizer.family, "Regularization", context)
    qtbot.addWidget(editor)
    kinds = list(Regularizer.family)[:2]
    for kind in kinds:
        editor.add(kind)
    assert [choice.kind for choice in editor.value()] == kinds  # type: ignore[attr-defined]
    editor.shift(1, -1)
    assert [choice.kind for choice in editor.value()] == kinds[::-1]  # type: ignore[attr-defined]
    editor.remove(0)
    assert [choice.kind for choice in editor.value()] == kinds[:1]  # type: ignore[attr-defined]


def test_that_a_problem_found_elsewhere_is_shown_at_its_field(context: Context, qtbot: Any) -> None:
    editor = ChoiceListEditor(Regularizer.family, "Regularization", context)
    qtbot.addWidget(editor)
    editor.add("l1")
    editor.tell_problems((Problem("0.strength", "is too strong"),))
    form = editor.items[0].form
    assert form is not None
    assert form.rows["strength"].problem == "Is too strong"
    editor.tell_problems(())
    assert form.rows["strength"].problem == ""


def test_that_a_path_may_be_relative(form: RecordForm, qtbot: Any, tmp_path: Path) -> None:
    retype(qtbot, part(form, "place", QLineEdit), "sub/data.csv")
    assert form.value() == Plain(place="sub/data.csv")


@pytest.mark.parametrize(
    ("kind", "given", "other", "kept"),
    [
        ("table", {"path": "photos"}, "images", {"path": "photos"}),
        (
            "images",
            {"path": "list.csv", "label": "kind"},
            "text_table",
            {"path": "list.csv", "label": "kind"},
        ),
        (
            "table",
            {"path": "a.csv", "encoding": "big5"},
            "time_series",
            {"path": "a.csv", "encoding": "big5"},
        ),
        ("images", {"path": "photos", "height": 20}, "idx", {"path": "photos"}),
    ],
)
def test_that_nothing_typed_is_lost_when_the_kind_of_data_is_changed(
    context: Context, qtbot: Any, kind: str, given: dict[str, Any], other: str, kept: dict[str, Any]
) -> None:
    family = Family.every["data"]
    editor = ChoiceEditor(family, context)
    qtbot.addWidget(editor)
    editor.show_value(family[kind].model_validate(given))
    editor.switch(other)
    made = editor.value()
    assert isinstance(made, family[other])
    assert {name: getattr(made, name) for name in kept} == kept


def test_that_a_field_says_what_was_found_out(context: Context, qtbot: Any) -> None:
    found = replace(context, facts=DataFacts(found={"height": 48, "fit": "pad", "label": "species"}))
    form = RecordForm(Family.every["data"]["images"], found)
    qtbot.addWidget(form)
    form.begin()
    form.set_context(found)
    assert form.editors["height"].findChild(QCheckBox).text() == "Auto: 48 px"
    assert not form.editors["height"].findChild(QLineEdit).isVisibleTo(form)
    assert form.editors["fit"].findChild(QComboBox).currentText() == "Auto: Pad"
    assert "species" in form.editors["label"].findChild(QLineEdit).placeholderText()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (inf, "inf"),
        (-inf, "-inf"),
        (nan, "nan"),
        (1e400, "inf"),
        (3.0, "3"),
        (1e-5, "1e-5"),
        (2e6, "2000000.0"),
    ],
)
def test_that_any_number_that_can_be_typed_is_written(value: float, text: str) -> None:
    """An arrow key in a field steps from what is typed, which may be no finite number."""
    assert written(value) == text
