"""The data page over real inspections: what it shows, and what choosing a target does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.data import drawings
from app.data.augmented_preview import AugmentedPreview
from app.data.column_types import with_type
from app.data.decision_words import by_importance, said_words, specimen_words
from app.data.decisions_list import DecisionsList
from app.data.other_readings import link_words, loses_nothing, whole_first
from app.data.page import DataPage
from app.data.summary_words import parts_words, title_words
from app.data.watch import DataWatch, counted
from app.document.document import Document
from app.forms.choice import ChoiceEditor
from app.link.engine_link import EngineLink
from app.link.inspector_link import InspectorLink
from app.look.settings import SettingsFile
from app.look.theme import Theme
from app.modalities.appearance import appearance_of
from app.shell.experiment_column import ExperimentColumn
from app.views.drawing import BarList, Nothing, Pictures, Plot
from engine.data.decisions import Decision, OtherReading, Specimen
from engine.data.inspection.inspect import inspect
from engine.data.inspection.records import Inspection
from engine.experiment import Experiment
from engine.tasks.regression import Regression
from tests.app.live.samples import PATIENCE, SILENT


@pytest.fixture
def watch(qtbot: QtBot) -> Iterator[DataWatch]:
    inspector = InspectorLink(pause=10)
    made = DataWatch(Document(), inspector, EngineLink(SILENT))
    yield made
    inspector.shut_down()


@pytest.fixture
def page(watch: DataWatch, theme: Theme, qtbot: QtBot) -> DataPage:
    made = DataPage(theme, watch._document, watch, AugmentedPreview(watch._document, watch, watch._engine))
    qtbot.addWidget(made)
    made.resize(1000, 760)
    made.show()
    return made


def table(folder: Path, text: str, target: str = "") -> Experiment:
    """Return an experiment on a table, with numbers to be predicted where a target is given."""
    file = folder / "data.csv"
    file.write_text(text, encoding="utf-8")
    data = {"kind": "table", "path": str(file), "target": [target] if target else []}
    task = {"task": {"kind": "regression"}, "loss": {"kind": "mean_squared"}} if target else {}
    return Experiment.model_validate({"data": data, **task})


def rows(count: int) -> str:
    lines = [f"{place % 17},{('red', 'blue')[place % 2]},{place * 1.25 + 0.5}" for place in range(count)]
    return "\n".join(["size,colour,price", *lines])


def inspected(experiment: Experiment) -> Inspection:
    return inspect(
        experiment.data, experiment.split, experiment.preprocessing, experiment.task.target, experiment.seed
    )


def open_and_wait(watch: DataWatch, experiment: Experiment, qtbot: QtBot) -> None:
    watch._document.open(experiment, None)
    watch.start()
    qtbot.waitUntil(lambda: not watch.busy and (watch.inspection or watch.problems) != (), timeout=PATIENCE)


def test_that_a_new_table_asks_for_its_target_and_lists_every_column(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    open_and_wait(watch, table(tmp_path, rows(60)), qtbot)
    assert page.target.columns.names == ("size", "colour", "price")
    assert page.columns.rowCount() == 3
    assert [problem.path for problem in watch._document.problems] == ["data.target"]
    assert watch._document.facts.columns == ("size", "colour", "price")


def test_that_what_is_predicted_without_being_chosen_is_ticked_and_stays_so(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "shops.csv"
    days = [f"2024-{month:02}-{day:02}" for month in range(1, 7) for day in range(1, 29)]
    lines = [f"{store},{day},{place % 7 + 10 * (store == 'b')}" for store in "ab"
             for place, day in enumerate(days)]  # fmt: skip
    file.write_text("\n".join(["store,date,sales", *lines]), encoding="utf-8")
    data = {"kind": "time_series", "path": str(file), "time": ["date"], "course": "store",
            "history": 14, "horizon": 3}  # fmt: skip
    task = {"task": {"kind": "forecasting"}, "loss": {"kind": "mean_squared"}}
    open_and_wait(watch, Experiment.model_validate({"data": data, **task}), qtbot)
    found = watch.inspection
    assert found is not None
    assert watch._document.experiment.data.target == ()  # type: ignore[attr-defined]
    assert page.target.columns.ticked == {"sales"}
    # it is the only one: without a choice it is predicted all the same
    page.target._turn(page.target.columns.index(0))
    assert page.target.columns.ticked == {"sales"}
    (course,) = found.courses
    assert (course.label, course.times[0], course.times[-1]) == ("a", days[0], days[-1])


def test_that_a_click_on_a_column_makes_it_the_target_and_the_task_follows(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    open_and_wait(watch, table(tmp_path, rows(60)), qtbot)
    chooser = page.target.list
    place = chooser.visualRect(page.target.columns.index(2)).center()
    qtbot.mouseClick(chooser.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert watch._document.experiment.data.target == ("price",)  # type: ignore[attr-defined]
    qtbot.waitUntil(
        lambda: watch.inspection is not None and watch.inspection.description is not None, timeout=PATIENCE
    )
    assert watch._document.experiment.task.kind == "regression"
    assert watch._document.valid
    assert watch._document.facts.target == "numbers"


def test_that_the_task_follows_a_target_that_is_typed_where_no_page_is_looked_at(
    watch: DataWatch, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    """It followed a click on the page of the data alone; what is typed in the form stayed Classification."""
    document = watch._document
    open_and_wait(watch, table(tmp_path, rows(60)), qtbot)
    column = ExperimentColumn(document, theme, SettingsFile(tmp_path / "settings.json"))
    qtbot.addWidget(column)
    column.show()
    column.form.cards["data"].set_open(True)
    chooser = column.form.editors["data"]
    assert isinstance(chooser, ChoiceEditor)
    assert chooser.form is not None
    line = chooser.form.editors["target"].findChildren(QLineEdit)[0]
    qtbot.keyClicks(line, "price")
    qtbot.waitUntil(lambda: document.experiment.task.kind == "regression", timeout=PATIENCE)
    assert document.experiment.data.target == ("price",)  # type: ignore[attr-defined]
    # what undo brings back is not changed again: redo would be lost
    document.undo()
    assert document.experiment.task.kind == "classification"
    qtbot.waitUntil(lambda: not watch.busy, timeout=PATIENCE)
    assert document.can_redo


def test_that_the_task_follows_the_type_that_is_given_to_the_target(
    watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    document = watch._document
    open_and_wait(watch, table(tmp_path, rows(60), "size"), qtbot)
    assert document.experiment.task.kind == "regression"
    _give_type(document, "size", "category")
    qtbot.waitUntil(lambda: document.experiment.task.kind == "classification", timeout=PATIENCE)
    # the type of an input says nothing of the task
    document.edit(document.experiment.replaced(task=Regression()))
    _give_type(document, "price", "category")
    qtbot.waitUntil(lambda: not watch.busy, timeout=PATIENCE)
    assert document.experiment.task.kind == "regression"


def _give_type(document: Document, column: str, kind: str) -> None:
    experiment = document.experiment
    document.edit(experiment.replaced(data=with_type(experiment.data, column, kind)))


def test_that_a_file_that_cannot_be_read_says_why_and_offers_a_way_on(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    experiment = Experiment.model_validate({"data": {"kind": "table", "path": str(tmp_path / "gone.csv")}})
    open_and_wait(watch, experiment, qtbot)
    assert page._stack.currentIndex() == 2
    assert "gone.csv" in page._unreadable._wrong.text()
    assert not watch._document.valid


def test_that_an_experiment_without_a_file_shows_what_to_do(page: DataPage, watch: DataWatch) -> None:
    watch._document.open(Experiment.model_validate({"data": {"kind": "table"}}), None)
    watch.start()
    assert page._stack.currentIndex() == 1


def test_that_what_does_not_fit_the_data_stands_at_its_field(
    page: DataPage, watch: DataWatch, qtbot: QtBot
) -> None:
    open_and_wait(watch, Experiment.model_validate({"architecture": {"kind": "cnn"}}), qtbot)
    assert [problem.path for problem in watch._document.problems] == ["architecture.kind"]


def test_that_what_was_mended_stands_no_longer_at_its_field(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    wrong = {"architecture": {"kind": "cnn"}, "start": {"weights": str(tmp_path / "none.pt")}}
    open_and_wait(watch, Experiment.model_validate(wrong), qtbot)
    assert not watch._document.valid
    watch._document.edit(Experiment())
    assert watch._document.problems == ()


def test_that_the_counts_of_all_parts_and_the_target_are_told() -> None:
    words = parts_words(inspected(Experiment()))
    assert "105 examples for training" in words
    assert "species (3 classes)" in words


def test_that_the_balance_has_a_row_per_class_and_a_bar_per_part() -> None:
    drawing = drawings.balance(inspected(Experiment()))
    assert isinstance(drawing, BarList)
    assert [row.title for row in drawing.rows] == ["setosa", "versicolor", "virginica"]
    assert [bar.text for bar in drawing.rows[0].bars] == ["35", "8", "7"]


def test_that_points_in_the_plane_are_drawn_class_by_class_and_all_of_them() -> None:
    found = inspected(Experiment.model_validate({"data": {"kind": "spirals", "samples": 300}}))
    drawing = drawings.scatter(found)
    assert isinstance(drawing, Plot)
    assert sum(len(points.x) for points in drawing.points) == 300
    assert {points.name for points in drawing.points} == {"A", "B", ""}


def test_that_tables_of_many_inputs_have_no_scatter() -> None:
    assert isinstance(drawings.scatter(inspected(Experiment())), Nothing)


def test_that_pictures_carry_their_labels() -> None:
    drawing = appearance_of("images").draw(
        inspected(Experiment.model_validate({"data": {"kind": "sample", "name": "digits"}}))
    )
    assert isinstance(drawing, Pictures)
    assert drawing.pictures[0].pixels.shape == (8, 8)
    assert drawing.pictures[0].caption in "0123456789"


def test_that_the_title_says_how_columns_become_inputs() -> None:
    assert title_words(inspected(Experiment())) == "150 rows, 4 inputs"
    words = Experiment.model_validate({"data": {"kind": "sample", "name": "digits"}})
    assert "pictures" in title_words(inspected(words))


def test_that_columns_become_more_inputs_than_they_are(tmp_path: Path) -> None:
    experiment = table(tmp_path, rows(60), target="price")
    found = inspected(experiment)
    assert found.description is not None
    assert title_words(found) == f"60 rows, 2 columns become {found.description.inputs.size} inputs"
    became = {column.name: column.became for column in found.columns}
    assert became["colour"].startswith(f"{found.description.inputs.size - 1} inputs: one for each of")


def test_that_missing_values_of_every_kind_are_told_and_what_becomes_of_them(tmp_path: Path) -> None:
    colours = ("red", "green", "blue")
    lines = [
        f"{'' if row in (3, 50) else row % 7},{colours[row % 3] if row % 9 else ''},{row}"
        for row in range(90)
    ]
    text = "\n".join(["size,colour,price", *lines])
    found = inspected(table(tmp_path, text, target="price"))
    notices = " ".join(found.notices)
    assert "size: 2 missing, filled with" in notices
    assert "colour: 10 missing, which has an input of its own" in notices
    became = {column.name: column.became for column in found.columns}
    assert "from 5 % missing in training on" in became["size"]
    assert became["colour"] == "4 inputs: one for each of 3 words, one for missing"


def test_that_the_received_rows_say_what_they_wait_for(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    open_and_wait(watch, table(tmp_path, rows(60)), qtbot)
    assert page._tabs.isTabEnabled(1)
    assert page._received.currentIndex() == 1


def test_that_nothing_in_the_table_of_columns_is_cut_off(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    open_and_wait(watch, table(tmp_path, rows(60), target="price"), qtbot)
    shown = page._columns_table
    header = shown.horizontalHeader()
    for place in range(page.columns.columnCount()):
        assert header.sectionSize(place) >= header.sectionSizeFromContents(place).width()
    for row in range(page.columns.rowCount()):
        assert shown.rowHeight(row) >= shown.sizeHintForRow(row)


def test_that_a_table_of_texts_offers_to_be_read_as_such_and_its_columns_can_be_chosen(
    page: DataPage, watch: DataWatch, tmp_path: Path, qtbot: QtBot
) -> None:
    lines = [
        f"Film number {place} is quite good in its way,{('good', 'bad')[place % 2]}" for place in range(60)
    ]
    file = tmp_path / "films.csv"
    file.write_text("\n".join(["review,label", *lines]), encoding="utf-8")
    document = watch._document
    document.open(Experiment.model_validate({"data": {"kind": "table", "path": str(file)}}), None)
    watch.start()
    qtbot.waitUntil(lambda: page._summary.reread.isVisible(), timeout=PATIENCE)
    qtbot.mouseClick(page._summary.reread, Qt.MouseButton.LeftButton)
    assert document.experiment.data.kind == "text_table"
    assert "tokens" in document.experiment.architecture.accepts
    qtbot.waitUntil(lambda: document.facts.columns == ("review", "label"), timeout=PATIENCE)
    assert not page._summary.reread.isVisible()
    source = document.experiment.data.replaced(texts="revue")  # no such column: the others stay to be chosen
    document.edit(document.experiment.replaced(data=source))
    qtbot.waitUntil(lambda: bool(watch.problems), timeout=PATIENCE)
    assert document.facts.columns == ("review", "label")


def test_that_files_of_lines_offer_to_be_read_as_classes(
    page: DataPage, watch: DataWatch, tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("Czech", "German"):
        lines = [f"{name[place % 5]}{name} {place}" for place in range(60)]
        (tmp_path / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    document = watch._document
    document.open(
        Experiment.model_validate(
            {
                "data": {"kind": "text_files", "path": str(tmp_path)},
                "task": {"kind": "language_modelling"},
                "architecture": {"kind": "transformer"},
            }
        ),
        None,
    )
    watch.start()
    qtbot.waitUntil(lambda: page._summary.reread.isVisible(), timeout=PATIENCE)
    qtbot.mouseClick(page._summary.reread, Qt.MouseButton.LeftButton)
    assert document.experiment.data.kind == "text_folders"
    assert document.experiment.task.target == "classes"
    assert not page._summary.reread.isVisible()


def test_that_one_is_counted_as_one() -> None:
    def said(kind: str, count: int) -> str:
        return counted(Inspection(kind, count))  # type: ignore[arg-type]

    assert said("texts", 1) == "1 text"
    assert said("texts", 2) == "2 texts"
    assert said("corpus", 1) == "Running text"
    assert said("table", 1) == "1 row"


def test_that_a_column_that_is_missing_is_asked_for_where_it_can_be_given(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    """A table read as texts, in which two columns could be the label: the page lists them to choose from."""
    lines = [
        f"it was the best of times number {place},{'ab'[place % 2]},{'xyz'[place % 3]}" for place in range(40)
    ]
    text = "\n".join(["said,first,second", *lines])
    open_and_wait(watch, table(tmp_path, text), qtbot)
    assert watch.inspection is not None
    assert watch.inspection.suggests == "text_table"
    page._read_otherwise()
    qtbot.waitUntil(lambda: bool(watch.problems), timeout=PATIENCE)
    chooser = page._unreadable.columns
    assert chooser.columns.names == ("said", "first", "second")
    spot = chooser.list.visualRect(chooser.columns.index(2)).center()
    qtbot.mouseClick(chooser.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: watch.inspection is not None, timeout=PATIENCE)
    assert watch._document.experiment.data.label == "second"  # type: ignore[attr-defined]
    assert watch._document.valid


def test_that_nothing_of_earlier_data_stands_under_new_data(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    open_and_wait(watch, table(tmp_path, rows(60)), qtbot)
    assert page._stack.currentIndex() == 0
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    experiment = watch._document.experiment
    watch._document.edit(experiment.replaced(data=experiment.data.replaced(path=str(other))))
    assert watch.inspection is None
    assert page._stack.currentIndex() != 0
    qtbot.waitUntil(lambda: watch.inspection is not None, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("kind", "buttons"),
    [
        ("table", ["Open a data file…", "Open a data folder…"]),
        ("images", ["Open a data folder…", "Open a data file…"]),
        ("text_pairs", ["Open a data folder…", "Open a data file…"]),
        ("text_folders", ["Open a data folder…"]),
    ],
)
def test_that_the_empty_page_offers_what_the_kind_of_data_needs(
    page: DataPage, watch: DataWatch, kind: str, buttons: list[str]
) -> None:
    watch._document.open(Experiment.model_validate({"data": {"kind": kind}}), None)
    watch.start()
    shown = page._empty.findChildren(QPushButton)
    assert [one.text() for one in shown if one.isVisibleTo(page)] == buttons


def test_that_dates_addresses_and_versions_are_shown_as_they_stand(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    row = ("31.12.2024", "192.168.0.10", "10.0.19041.1", "1.337715683011714", "..........")
    unknown = ",".join(("??", *row[1:]))  # one odd cell: the dates remain words, with their points
    text = "\n".join(["day,address,version,value,dots", *[",".join(row)] * 40, unknown])
    open_and_wait(watch, table(tmp_path, text), qtbot)
    shown = page._rows
    assert [shown.index(0, place).data() for place in range(5)] == [*row[:3], "1.337716", row[4]]


def test_that_a_target_of_several_labels_switches_the_task_and_a_repeated_identifier_offers_a_group(
    page: DataPage, watch: DataWatch, tmp_path: Path, qtbot: QtBot
) -> None:
    kinds = ("action;comedy", "comedy;drama", "action", "drama")
    lines = [f"p{place // 4},{place % 17},{kinds[place % 4]}" for place in range(160)]
    document = watch._document
    document.open(table(tmp_path, "\n".join(["patient,size,genre", *lines])), None)
    watch.start()
    qtbot.waitUntil(lambda: watch.inspection is not None, timeout=PATIENCE)
    page._choose_target(("genre",))
    qtbot.waitUntil(lambda: document.experiment.task.kind == "multi_label", timeout=PATIENCE)
    assert document.experiment.loss.kind == "binary_cross_entropy"
    said = "predicts which labels of genre apply, of 3"
    qtbot.waitUntil(lambda: said in parts_words(watch.inspection), timeout=PATIENCE)
    lines = page._summary.decisions.lines
    (grouped,) = (line for line in lines if line.decision.setting == "split.group")
    grouped.menu().actions()[0].trigger()
    assert document.experiment.split.group == "patient"


def test_that_several_columns_are_offered_at_once_beside_the_classes(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    names = [f"measure {place}" for place in range(8)]
    # with fractions, as of whole numbers it would be told that they may name something
    cells = [[f"{row * place % 7}.5" for place in range(8)] for row in range(60)]
    lines = [",".join([*numbers, "ab"[row % 2]]) for row, numbers in enumerate(cells)]
    experiment = table(tmp_path, "\n".join([",".join([*names, "kind"]), *lines]))
    data = experiment.data.replaced(target=("kind",))
    page.resize(1000, 720)  # what the page has in a window of 1440 × 900
    open_and_wait(watch, experiment.replaced(data=data), qtbot)
    qtbot.waitUntil(lambda: page._balance.isVisible(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: _rows_seen(page) >= 4, timeout=PATIENCE)
    assert page._columns_table.viewport().height() >= 80


def _rows_seen(page: DataPage) -> int:
    listed, columns = page.target.list, page.target.columns
    seen = listed.viewport().rect()
    return sum(seen.contains(listed.visualRect(columns.index(row))) for row in range(columns.rowCount()))


def test_that_a_reading_in_doubt_stands_first_and_can_be_chosen_otherwise_and_undone(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    lines = [f"p{place % 28 + 1:02}k,{1 + place % 9}.{place + 100},{'ab'[place % 2]}" for place in range(60)]
    document = watch._document
    file = tmp_path / "data.csv"
    file.write_text("\n".join(["code,weight,y", *lines, "Total,5,"]), encoding="utf-8")
    data = {"kind": "table", "path": str(file), "target": ["y"]}
    document.open(Experiment.model_validate({"data": data}), None)
    watch.start()
    qtbot.waitUntil(lambda: bool(page._summary.decisions.lines), timeout=PATIENCE)
    lines_of = {line.decision.setting: line for line in page._summary.decisions.lines}
    assert next(iter(lines_of)) == "data.decimal"
    assert "in doubt" in page._summary._heading.text()
    assert document.facts.doubts == 1
    (action,) = lines_of["data.decimal"].menu().actions()
    assert action.text() == "Decimal mark: point   → 1.1,  2.101,  3.102"
    usual = page._summary.decisions.usual
    assert usual is not None
    assert usual.menu().actions()[0].text() == "Encoding: UTF-8"
    action.trigger()
    assert getattr(document.experiment.data, "decimal", "") == "."
    qtbot.waitUntil(lambda: document.facts.doubts == 0, timeout=PATIENCE)
    document.undo()
    assert getattr(document.experiment.data, "decimal", "") == "auto"
    qtbot.waitUntil(lambda: document.facts.doubts == 1, timeout=PATIENCE)


def test_that_what_is_as_usual_is_said_in_words_of_its_settings() -> None:
    experiment = Experiment.model_validate({"data": {"kind": "table"}})
    found = Decision(setting="data.encoding", value="windows-1252")
    types = Decision(setting="data.types", value={"a": "number", "b": "words", "c": "number"})
    assert said_words(found, experiment) == "Encoding: Windows-1252, Western"
    assert said_words(types, experiment) == "Column types: number 2, words 1"


@pytest.mark.parametrize("width", [420, 640, 900])
def test_that_no_line_of_what_was_read_is_cut_in_its_height(
    theme: Theme, qtbot: QtBot, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "class.csv"
    rows = [f"pupil {place},{place % 7},{'ab'[place % 2]}" for place in range(60)]
    file.write_text("\n".join(["name,absences,passed", *rows]), encoding="utf-8")
    data = {"kind": "table", "path": str(file), "target": ["passed"]}
    experiment = Experiment.model_validate({"data": data})
    listed = DecisionsList(theme)
    qtbot.addWidget(listed)
    listed.show_inspection(inspected(experiment), experiment)
    listed.resize(width, 200)
    listed.show()
    listed.resize(width, listed.height_needed)
    assert listed.usual is not None
    seen = listed.viewport().height()
    for line in (*listed.lines, listed.usual):
        assert line.geometry().bottom() < seen or line.geometry().top() >= seen


@pytest.fixture
def doubtful(tmp_path: Path) -> Experiment:
    """Return an experiment on a table with several columns that may be meant otherwise."""
    lines = [
        f"{place % 12 + 1:02}/{place % 11 + 1:02}/2024,{(12, -999, 17, 18.5, 19)[place % 5]},"
        f"{751214893385 + 7919 * place * place},{(0, 1, 99)[place % 3]},{'ab'[place % 2]}"
        for place in range(120)
    ]
    return table(tmp_path, "\n".join(["day,price,code,flag,kind", *lines]))


def test_that_many_readings_in_doubt_stand_by_importance_with_both_readings(
    page: DataPage, watch: DataWatch, qtbot: QtBot, doubtful: Experiment
) -> None:
    open_and_wait(watch, doubtful, qtbot)
    lines = page._summary.decisions.lines
    marked = [line.decision for line in lines if line.decision.doubtful]
    assert len(marked) >= 4
    assert [line.decision for line in lines[: len(marked)]] == marked
    assert [one.column for one in marked][:2] == ["day", "code"]
    assert {one.column for one in marked[2:]} == {"price", "flag"}
    assert all("otherwise" in specimen_words(one) for one in marked)
    # what is to be predicted goes before all others
    data = doubtful.data.replaced(target=("flag",))
    ordered = by_importance(marked, doubtful.replaced(data=data))
    assert ordered[0].column == "flag"


def test_that_one_click_takes_all_other_readings_and_one_undo_takes_them_back(
    page: DataPage, watch: DataWatch, qtbot: QtBot, doubtful: Experiment
) -> None:
    open_and_wait(watch, doubtful, qtbot)
    document, button = watch._document, page._summary.otherwise
    assert button.isVisible()
    assert "day" in button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settings = document.experiment.data.model_dump()
    assert settings["date_order"] == "day"
    assert {"-999", "99"} <= set(settings["missing"])
    assert dict(settings["types"])["code"] == "leave_out"
    document.undo()
    assert document.experiment == doubtful


def test_that_a_page_with_many_readings_in_doubt_keeps_room_for_rows_and_cuts_no_line(
    page: DataPage, watch: DataWatch, qtbot: QtBot, doubtful: Experiment
) -> None:
    page.resize(780, 570)  # beside the column of the experiment at 1366 × 768 and 125 %
    open_and_wait(watch, doubtful, qtbot)
    listed = page._summary.decisions
    qtbot.waitUntil(lambda: listed.height() == listed.sizeHint().height(), timeout=PATIENCE)
    assert listed.height() <= 0.3 * page.height()
    assert page._rows.rowCount() > 0
    assert page._tabs.height() > 200
    seen = listed.viewport().height()
    assert any(line.geometry().bottom() < seen for line in listed.lines)
    assert not any(line.geometry().top() < seen - 6 <= line.geometry().bottom() for line in listed.lines)


def test_that_all_that_was_read_is_seen_where_there_is_room_and_else_how_much_is_not(
    page: DataPage, watch: DataWatch, qtbot: QtBot, doubtful: Experiment
) -> None:
    page.resize(1000, 1400)
    open_and_wait(watch, doubtful, qtbot)
    listed, more = page._summary.decisions, page._summary.more
    qtbot.waitUntil(lambda: listed.height() >= listed.height_needed, timeout=PATIENCE)
    assert listed.below == 0
    assert more.isHidden()
    page.resize(780, 570)
    qtbot.waitUntil(lambda: listed.below > 0, timeout=PATIENCE)
    unseen = [line for line in listed.lines if line.visibleRegion().boundingRect() != line.rect()]
    assert more.isVisible()
    assert more.text() == f"{len(unseen)} more below"
    while more.isVisible():
        before = listed.below
        qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
        assert listed.below < before
    assert listed.lines[-1].visibleRegion().boundingRect() == listed.lines[-1].rect()


def test_that_a_reading_that_uses_the_whole_cell_goes_before_one_that_drops_some_of_it() -> None:
    cells = (Specimen("5月22日", '"5月22日"', 1), Specimen("12月3日", '"12月3日"', 2))
    part, whole = (
        OtherReading("first_number", ("5", "12")),
        OtherReading("date", ("2000-05-22", "2000-12-03")),
    )
    both = Decision("", "data.types", "day", None, cells, (part, whole), doubtful=True)
    assert whole_first(both).others == (whole, part)
    assert loses_nothing(whole_first(both))
    assert not loses_nothing(replace(both, others=(part,)))
    for setting, cell, read, other in (
        ("data.decimal", "1,279 km", "1279", "1.279"),
        ("data.missing", "-999", "-999", "(missing)"),
    ):
        decision = Decision("", setting, "", None, (Specimen(cell, read),), (OtherReading("x", (other,)),))
        assert loses_nothing(decision)
    # to group rows reads no cell otherwise
    assert not loses_nothing(Decision("", "split.group", "a", None, (), (OtherReading("a"),), doubtful=True))


def test_that_a_click_balances_unequal_classes_and_says_so(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    lines = [f"{place * 7 % 31}.5,{'yes' if place % 25 == 0 else 'no'}" for place in range(500)]
    experiment = table(tmp_path, "\n".join(["size,paid", *lines]))
    data = experiment.data.replaced(target=("paid",))
    open_and_wait(watch, experiment.replaced(data=data), qtbot)
    document, found = watch._document, page._summary.decisions.lines
    (line,) = (line for line in found if line.decision.setting == "loss.class_weights")
    assert line.button.text() == "Balance the classes"
    assert "a model that always answers no is right as often" in line.decision.said
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    assert document.experiment.loss.class_weights.kind == "balanced"


@pytest.mark.parametrize(
    ("setting", "values", "words"),
    [
        ("data.types", ("date",), "Read otherwise"),
        ("data.sheet", ("2024",), "Read sheet 2024"),
        ("data.sheet", ("2024", "notes"), "Read another sheet"),
        ("split.group", ("customer",), "Group by customer"),
        ("split.group", ("customer", "shop"), "Group by…"),
        ("preprocessing.length", (64,), "Longest text: 64"),
    ],
)
def test_that_a_link_says_what_it_does(setting: str, values: tuple[object, ...], words: str) -> None:
    others = tuple(map(OtherReading, values))
    assert link_words(Decision("said", setting, others=others), Experiment()) == words
