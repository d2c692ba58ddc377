"""The row that the form begins with: every column with a value typical for training, as people write it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.modalities.wanted import WantedColumn
from app.predict.inputs import wanted_by
from app.predict.row_form import MOST_FIELDS, RowForm
from engine.inference.prediction import GivenInputs, predict_run
from tests.engine.inference.test_new_files import trained


@pytest.mark.parametrize(("step", "form", "starts"), [
    ("1D", "%d.%m.%Y", "2024-01-20"),
    ("7h", "%Y-%m-%d %H:%M", "2024-01-06 16:30"),
])  # fmt: skip
def test_that_the_row_begins_with_what_is_in_the_middle_of_training(
    step: str, form: str, starts: str, tmp_path: Path, qtbot: QtBot
) -> None:
    days = pd.date_range("2024-01-01", periods=40, freq=step)
    amount = np.linspace(100_000, 100_600, 40)
    pd.DataFrame({"day": days.strftime(form), "amount": amount, "y": ["p", "q"] * 20}).to_csv(
        tmp_path / "train.csv", index=False
    )
    data = {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"}
    folder = trained(tmp_path, data, split={"train": 1.0, "validation": 0.0, "test": 0.0})
    wanted = wanted_by(folder)
    assert {column.name: column.start for column in wanted.columns} == {"day": starts, "amount": "100300"}
    shown = RowForm()
    qtbot.addWidget(shown)
    shown.show_columns(wanted.columns)
    assert shown.row() == {"day": starts, "amount": "100300"}


@pytest.mark.parametrize("width", [250, 330, 420, 700])
def test_that_names_are_the_last_thing_cut(width: int, theme: Theme, qtbot: QtBot) -> None:
    hint = "in training 100 305 ± 169"
    columns = [
        WantedColumn(name, "number", (), "100304", hint) for name in ("Kunden-Nr", "Antragsdatum", "Zinssatz")
    ]
    columns.append(WantedColumn("Wohnen", "words", ("bei den Eltern", "Miete"), "Miete"))
    shown = RowForm()
    qtbot.addWidget(shown)
    shown.show_columns(columns)
    shown.resize(width, 300)
    shown.show()
    QApplication.processEvents()
    assert [name.text() for name in shown.names if name.width() < name.sizeHint().width()] == []
    assert not shown.horizontalScrollBar().maximum()
    choice = shown.fields["Wohnen"]
    assert choice.width() >= choice.sizeHint().width()


def test_that_columns_without_a_field_are_told_and_the_row_is_predicted_all_the_same(
    tmp_path: Path, theme: Theme, qtbot: QtBot
) -> None:
    count = MOST_FIELDS + 3
    table = pd.DataFrame({f"g{place}": np.arange(40) % (place % 7 + 2) for place in range(count)})
    table.assign(y=["p", "q"] * 20).to_csv(tmp_path / "train.csv", index=False)
    folder = trained(tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"})
    shown = RowForm()
    qtbot.addWidget(shown)
    shown.show_columns(wanted_by(folder).columns)
    assert len(shown.fields) == MOST_FIELDS
    said = [words.text() for words in shown.findChildren(QLabel) if "predict from a file" in words.text()]
    assert [words.split()[0] for words in said] == ["3"]
    found = predict_run(folder, GivenInputs(rows=[shown.row()]))
    assert not any(found.unanswered)
    shown.show_columns(wanted_by(folder).columns[:MOST_FIELDS])
    assert len(shown.row()) == MOST_FIELDS
    assert not any("predict from a file" in words.text() for words in shown.widget().findChildren(QLabel))


@pytest.mark.parametrize("width", [250, 330, 700])
def test_that_what_training_held_is_never_cut_however_long_the_names(
    theme: Theme, qtbot: QtBot, width: int
) -> None:
    names = [f"average_measurement_of_sensor_{place:02}" for place in range(12)]
    form = RowForm()
    qtbot.addWidget(form)
    form.show_columns(
        [WantedColumn(name, "number", start="2.5", hint="in training 2.50 ± 1.42") for name in names]
    )
    form.resize(width, 500)
    form.show()
    hints = form._hints
    qtbot.waitUntil(lambda: all(hint.shown_text() == hint.text() for hint in hints if hint.isVisible()))
    assert all(hint.isVisible() for hint in hints)
    assert len({name.shown_text() for name in form.names}) == len(names)
