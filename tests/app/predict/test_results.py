"""What a prediction shows, and what is saved of it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.predict import results
from app.predict.results import SORT_ROLE, PredictionsModel, bars, save_csv
from app.views.drawing import BarList, Nothing
from engine.inference.results import Predicted, table_of

VALUES = np.array([[0.25, 0.7499, 0.0001]], np.float32)
CLASSES = Predicted("classes", ("a", "b", "c"), ("row 1",), VALUES)
GIVEN = Predicted(
    "classes", ("a", "b", "c"), ("row 1",), VALUES, columns=("size", "tint"), cells=(("1.5", "red"),)
)


def test_that_the_best_class_stands_out_and_nothing_reads_as_no_bar() -> None:
    drawing = bars(CLASSES, 0)
    assert isinstance(drawing, BarList)
    assert [row.title for row in drawing.rows] == ["b", "a", "c"]
    tones = [row.bars[0].tone for row in drawing.rows]
    assert tones[0] != tones[1] == tones[2]
    assert drawing.rows[2].bars[0].share == 0


def test_that_without_a_prediction_stands_what_is_waited_for() -> None:
    assert bars(None, 0, "soon") == Nothing("soon")


def test_that_saved_rows_repeat_what_was_given(tmp_path: Path) -> None:
    save_csv(GIVEN, tmp_path / "saved.csv")
    with (tmp_path / "saved.csv").open(encoding="utf-8-sig", newline="") as file:
        header, line = csv.reader(file)
    assert header[:3] == ["size", "tint", "prediction"]
    assert line[:3] == ["1.5", "red", "b"]
    assert [float(cell) for cell in line[3:]] == pytest.approx(VALUES[0].tolist(), abs=1e-6)


def test_that_pictures_are_named_and_numbers_are_told_from_columns_of_the_same_name() -> None:
    assert table_of(CLASSES)[0][:2] == ["row", "prediction"]
    numbers = Predicted(
        "numbers", ("price",), ("row 1",), np.array([[2.5]]), columns=("price",), cells=(("2",),)
    )
    assert table_of(numbers) == [["price", "prediction of price"], ["2", "2.5"]]


def test_that_a_number_is_told_in_full_under_the_mouse() -> None:
    moments = Predicted(
        "numbers",
        ("end",),
        ("row 1",),
        np.array([[1732730394.25]]),
        columns=("x",),
        cells=(("1",),),
        decimal=",",
    )
    model = PredictionsModel()
    model.show_predictions(moments)
    tips = [model.data(model.index(0, column), Qt.ItemDataRole.ToolTipRole) for column in range(2)]
    assert tips == [None, "1732730394,25"]


def test_that_dates_and_words_of_the_file_stand_at_the_left_and_numbers_at_the_right() -> None:
    found = Predicted(
        "classes",
        ("a", "b"),
        ("row 1", "row 2"),
        np.array([[0.9, 0.1], [0.2, 0.8]]),
        columns=("number", "day", "amount", "town"),
        cells=(("A1", "2024-03-15", "1247,5", "Bern"), ("A2", "15.03.2024", "", "Köln")),
    )
    model = PredictionsModel()
    model.show_predictions(found)
    sides = {
        model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole): Qt.AlignmentFlag(
            model.data(model.index(0, place), Qt.ItemDataRole.TextAlignmentRole)
        )
        & Qt.AlignmentFlag.AlignHorizontal_Mask
        for place in range(model.columnCount())
    }
    right = {name for name, side in sides.items() if side == Qt.AlignmentFlag.AlignRight}
    assert right == {"a", "b", "amount"}


@pytest.mark.parametrize(
    ("kind", "names", "columns"),
    [
        ("numbers", ("price",), ("price", "rooms", "area")),
        ("numbers", ("price", "rent"), ("area", "rent", "Prediction of rent")),
        ("classes", ("yes", "no"), ("no", "Prediction", "yes")),
        ("labels", ("a", "b"), ("b", "x", "Probability of b")),
    ],
)
def test_that_what_is_predicted_is_told_from_what_the_file_says(kind, names, columns) -> None:
    """No two columns have one name, as in the saved file: a file may hold the answers, too."""
    cells = (tuple("1.5" for _ in columns),) * 2
    values = np.full((2, len(names)), 0.5)
    found = Predicted(kind, names, ("row 1", "row 2"), values, columns=columns, cells=cells, texts=("", ""))
    model = PredictionsModel()
    model.show_predictions(found)
    heads = [
        model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        for place in range(model.columnCount())
    ]
    assert len(set(heads)) == len(heads)
    first = f"Prediction of {names[0]}" if kind == "numbers" else "Prediction"
    assert heads[1] == first


def test_that_what_names_the_rows_is_looked_for_once_and_not_for_every_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is looked for in all rows: 2,000 of them took 20 s to sort."""
    looked: list[Predicted] = []
    plain = results._key
    monkeypatch.setattr(results, "_key", lambda found: (looked.append(found), plain(found))[1])
    cells = tuple((f"p{row}", str(row % 3)) for row in range(40))
    values = np.linspace(0, 1, 40, dtype=np.float32)[:, None]
    found = Predicted(
        "numbers", ("y",), tuple(map(str, range(40))), values, columns=("id", "kind"), cells=cells
    )
    model = PredictionsModel()
    model.show_predictions(found)
    told = [model.data(model.index(row, column), SORT_ROLE) for row in range(40) for column in range(3)]
    assert told[:3] == ["p0", 0.0, 0.0]
    assert len(looked) == 1
