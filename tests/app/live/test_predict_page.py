"""Test and Predict with the real engine and real widgets: rows, files and pictures there and back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.link.engine_link import EngineLink
from app.look.theme import Theme
from app.predict.page import PredictPage
from app.runs.library import Library
from app.train.session import TrainingSession
from app.views.drawing import BarList, Nothing
from engine.experiment import Experiment
from engine.inference.prediction import GivenInputs, predict_run
from engine.runs.folder import RunFolder
from engine.runs.preparation import Preparations
from engine.runs.repeating.moment import WeightsAt
from tests.app.live.samples import PATIENCE, iris

DIGITS = Experiment.model_validate(
    {
        "name": "Digits",
        "data": {"kind": "sample", "name": "digits"},
        "architecture": {"kind": "linear"},
        "training": {"epochs": 2, "device": "cpu"},
    }
)


@pytest.fixture
def trained(session: TrainingSession, qtbot: QtBot) -> Callable[[Experiment], RunRecord]:
    def train(experiment: Experiment) -> RunRecord:
        session._document.edit(experiment)
        with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
            session.train()
        assert ended.args[0].state == "finished"
        return ended.args[0]  # type: ignore[no-any-return]

    return train


@pytest.fixture
def page(engine: EngineLink, theme: Theme, tmp_path: Path, qtbot: QtBot) -> PredictPage:
    made = PredictPage(theme, engine, Library(tmp_path / "runs"))
    qtbot.addWidget(made)
    made.resize(1300, 760)
    made.show()
    return made


def answered(page: PredictPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page._asking == 0 and page._found is not None, timeout=PATIENCE)


def test_that_a_typed_row_a_file_of_rows_and_the_saved_table_tell_the_same(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.set_record(trained(iris(20)))
    assert list(page.form.fields) == [
        "sepal length (cm)",
        "sepal width (cm)",
        "petal length (cm)",
        "petal width (cm)",
    ]
    answered(page, qtbot)
    row = {
        "sepal length (cm)": "5.0",
        "sepal width (cm)": "3.4",
        "petal length (cm)": "1.5",
        "petal width (cm)": "0.2",
    }
    for name, text in row.items():
        page.form.fields[name].setText(text)  # type: ignore[union-attr]
    page.form.edited.emit()
    qtbot.waitUntil(lambda: page._asking == 0 and page._again is None, timeout=PATIENCE)
    assert page._found is not None
    typed = page._found.values[0].tolist()
    assert abs(sum(typed) - 1) < 1e-5
    assert isinstance(page.bars.drawing, BarList)
    file = tmp_path / "new.csv"
    file.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    page._found = None
    page.predict_file(file)
    answered(page, qtbot)
    assert page.files.predictions.rowCount() == 1
    assert page._found is not None
    assert page._found.values[0].tolist() == pytest.approx(typed, abs=1e-6)
    page.files.save_predictions(tmp_path / "saved.csv")
    with (tmp_path / "saved.csv").open(encoding="utf-8-sig", newline="") as saved:
        lines = list(csv.reader(saved))
    assert lines[0][:5] == [*row, "prediction"]
    assert [float(cell) for cell in lines[1][:4]] == [float(text) for text in row.values()]
    assert [float(cell) for cell in lines[1][5:]] == pytest.approx(typed, abs=1e-6)


def test_that_missing_columns_are_named_and_the_page_goes_on(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.set_record(trained(iris()))
    answered(page, qtbot)
    file = tmp_path / "short.csv"
    file.write_text("sepal length (cm),colour\n5.0,red\n", encoding="utf-8")
    page.predict_file(file)
    qtbot.waitUntil(lambda: page._asking == 0, timeout=PATIENCE)
    assert "petal length (cm)" in page.answer.problem.text()
    assert page.answer.problem.isVisible()


def test_that_values_far_from_training_are_told_beside_the_prediction(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot
) -> None:
    page.set_record(trained(iris()))
    answered(page, qtbot)
    assert not page.answer.warning.isVisible()
    page.form.fields["petal width (cm)"].setText("99")  # type: ignore[union-attr]
    qtbot.waitUntil(page.answer.warning.isVisible, timeout=PATIENCE)
    assert "petal width (cm): 99 lies far from what training held" in page.answer.warning.text()


def test_that_beside_an_error_no_prediction_is_promised(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot
) -> None:
    page.set_record(trained(iris()))
    answered(page, qtbot)
    page.form.fields["petal width (cm)"].setText("wide")  # type: ignore[union-attr]
    qtbot.waitUntil(page.answer.problem.isVisible, timeout=PATIENCE)
    assert page.bars.drawing == Nothing("")


def test_that_the_file_tab_keeps_its_own_predictions_while_rows_are_typed(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.set_record(trained(iris()))
    answered(page, qtbot)
    file = tmp_path / "new.csv"
    file.write_text(",".join(page.form.fields) + "\n" + "5,3,1,0.2\n" * 3, encoding="utf-8")
    page.predict_file(file)
    qtbot.waitUntil(page.files.save.isEnabled, timeout=PATIENCE)
    page._tabs.setCurrentIndex(0)
    qtbot.waitUntil(lambda: page._asking == 0, timeout=PATIENCE)
    page.files.save_predictions(tmp_path / "saved.csv")
    assert len((tmp_path / "saved.csv").read_text(encoding="utf-8-sig").splitlines()) == 4
    page._tabs.setCurrentWidget(page.files)
    assert page._found is page.files.found


def test_that_a_drawing_is_predicted_while_it_is_drawn(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot
) -> None:
    page.set_record(trained(DIGITS))
    qtbot.mousePress(page.board, Qt.MouseButton.LeftButton, pos=QPoint(140, 40))
    qtbot.mouseMove(page.board, QPoint(140, 240))
    answered(page, qtbot)
    assert page._found is not None
    assert page._found.values.shape == (1, 10)
    assert not page.answer.seen.pixmap().isNull()
    qtbot.mouseRelease(page.board, Qt.MouseButton.LeftButton, pos=QPoint(140, 240))


def test_that_the_test_part_is_shown_only_after_a_yes_and_beside_baselines(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot
) -> None:
    record = trained(iris())
    page.set_record(record)
    page.test.button.click()
    assert page.test._question.isVisible()
    assert not page.test.scores.isVisible()
    page.test.confirm.setFocus()
    page.test.confirm.click()
    assert page.focusWidget() is page.test.button
    qtbot.waitUntil(page.test.scores.isVisible, timeout=PATIENCE)
    assert page.focusWidget() is page.test.button
    heads = [page.test.scores.horizontalHeaderItem(place).text() for place in range(4)]
    assert heads[1:] == ["This network", "Majority", "Logistic"]
    assert page.test.canvas.isVisible()
    assert (Path(record.folder) / "tested.json").is_file()


def test_that_an_earlier_step_answers_in_the_place_of_the_kept_weights(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    record = trained(iris(20))
    page.set_record(record)
    answered(page, qtbot)
    kept = shown(page)
    assert page.moment.isVisible()
    assert page.moment.slider.maximum() == record.step
    assert not page.moment.slider.isVisible()
    page.moment.earlier.click()
    page.moment.slider.setValue(0)
    qtbot.waitUntil(lambda: answers_to(page, 0) not in (None, kept), timeout=PATIENCE)
    before = shown(page)
    # of the same file, by the engine alone
    file = tmp_path / "row.csv"
    row = page.form.row()
    file.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    folder = RunFolder(Path(record.folder))
    weights = WeightsAt(folder, 0, Preparations().plan)
    alone = predict_run(folder, GivenInputs(path=file), weights=weights)
    assert alone.values[0].tolist() == pytest.approx(before, abs=1e-6)
    page.predict_file(file)
    qtbot.waitUntil(lambda: page._asking == 0 and page.files.found is not None, timeout=PATIENCE)
    assert page.files.found is not None
    assert page.files.found.values[0].tolist() == pytest.approx(before, abs=1e-6)
    # the file is asked about again, of the kept weights
    page.moment.earlier.click()
    qtbot.waitUntil(lambda: page._asking == 0 and page.files.found is not None, timeout=PATIENCE)
    assert page.files.found.values[0].tolist() == pytest.approx(kept, abs=1e-6)


def shown(page: PredictPage) -> list[float]:
    assert page._found is not None
    return [float(value) for value in page._found.values[0]]


def answers_to(page: PredictPage, step: int) -> list[float] | None:
    """What is answered once nothing is awaited any more, None before."""
    settled = page._asking == 0 and page._again is None and page.moment.step == step
    settled = settled and not page.moment._soon.isActive()
    return shown(page) if settled and page._found is not None else None


def book(path: Path, **sheets: list[str]) -> Path:
    """Return a workbook whose sheets have a number each, and the answers that are given."""
    made = Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, answers in sheets.items():
        sheet = made.create_sheet(name)
        sheet.append(["x", "z", "y"])
        for place, answer in enumerate(answers):
            sheet.append([place % 10 + 0.5, place % 7 + 0.25, answer])
    made.save(path)
    return path


def test_that_another_sheet_is_chosen_from_where_one_judges(
    trained: Callable[[Experiment], RunRecord], page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    answers = ["low" if place % 10 < 5 else "high" for place in range(60)]
    data = {"kind": "table", "path": str(book(tmp_path / "a.xlsx", S2024=answers)), "target": ["y"]}
    values = {"name": "Book", "data": {**data, "sheet": "S2024"}, "architecture": {"kind": "linear"},
              "training": {"epochs": 2, "device": "cpu"}}  # fmt: skip
    page.set_record(trained(Experiment.model_validate(values)))
    answered(page, qtbot)
    assert "as in training" in page.test.reading.text()
    new = book(tmp_path / "b.xlsx", S2024=answers[:10], S2025=answers[:24])
    page.test.file_chosen.emit(new)
    qtbot.waitUntil(lambda: page.test._found is not None, timeout=PATIENCE)
    assert page.test._found is not None
    assert page.test._found.count == 10
    # one click beside the scores leads to the sheet; another one is scored by itself
    page.test.reading.click()
    assert page.files.isVisible()
    form = page.files.reading.form
    assert form is not None
    sheet = form.editors["sheet"]
    assert form.isAncestorOf(page.window().focusWidget() or page)
    sheet.show_value("S2025", anew=True)
    sheet.edited.emit("")
    qtbot.waitUntil(lambda: page.test._found is not None and page.test._found.count == 24, timeout=PATIENCE)
    assert "1 setting otherwise" in page.test.reading.text()
