"""What a prediction shows of texts, series and courses."""

from __future__ import annotations

import numpy as np

from app.predict.answers import NOTHING, answer, course_of, forecast_reading, token_words, written
from app.views.drawing import BarList, Matrix, Nothing, Passages, Plot
from engine.inference.results import Aligned, Begun, Filled, Guesses, Predicted, Trace, Weighed

EMPTY = np.zeros((2, 0), np.float32)
ROWS = ("text 1", "text 2")


def texts(kind: str, **more: object) -> Predicted:
    given = {"columns": ("text",), "cells": (("one",), ("two",)), "texts": ("uno", "dos")}
    return Predicted(kind, (), ROWS, EMPTY, **(given | more))  # type: ignore[arg-type]


def test_that_of_typed_texts_all_are_shown_and_of_a_file_the_chosen_one() -> None:
    found = texts("translation")
    whole, one = (answer(found, 1, whole=whole).words for whole in (True, False))
    assert isinstance(whole, Passages)
    assert isinstance(one, Passages)
    assert [passage.title for passage in whole.passages] == ["one", "two"]
    assert [passage.title for passage in one.passages] == ["two"]


def test_that_a_class_stands_over_its_text_and_what_mattered_is_coloured() -> None:
    behind = Weighed(
        ("␣[START]", "␣dull", "␣film", "␣[END]"), np.array([1, 0.5, 0.1, 0], np.float32), "saliency"
    )
    found = Predicted("classes", ("bad", "good"), ("text 1",), np.array([[0.8, 0.2]]), behind=(behind,))
    shown = answer(found, 0, whole=True)
    assert isinstance(shown.words, Passages)
    (passage,) = shown.words.passages
    assert "bad" in passage.title
    assert "80" in passage.title
    assert [word.text for word in passage.words] == ["dull", "film"]
    assert passage.words[0].strength == 1 > passage.words[1].strength > 0
    assert isinstance(shown.figures, BarList)


def test_that_several_gaps_have_a_heading_each_and_one_has_none() -> None:
    guesses = Guesses(("␣cat", "␣dog"), (0.6, 0.4))
    for count in (1, 2):
        behind = Filled(("␣a", *("␣cat",) * count), tuple(range(1, count + 1)), (guesses,) * count)
        shown = answer(texts("tokens", behind=(behind,)), 0)
        assert isinstance(shown.figures, BarList)
        assert len([row for row in shown.figures.rows if not row.bars]) == (count if count > 1 else 0)
        assert isinstance(shown.words, Passages)
        assert [bool(word.tone) for word in shown.words.passages[0].words] == [False, *(True,) * count]
    assert answer(texts("tokens", behind=(Filled(("␣a",), (), ()),)), 0).figures == NOTHING


def test_that_a_continued_text_tells_what_was_given_and_what_could_follow() -> None:
    behind = Begun(3, Guesses(("␣[END]", "ing", "␣the"), (0.5, 0.3, 0.2)))
    shown = answer(texts("tokens", texts=("the end\nhere", ""), behind=(behind,)), 0)
    assert isinstance(shown.words, Passages)
    assert [(word.text, bool(word.tone)) for word in shown.words.passages[0].words] == [
        ("the", True),
        ("end↵here", False),
    ]
    assert isinstance(shown.figures, BarList)
    assert [row.title for row in shown.figures.rows] == ["(end of the text)", "…ing", "the"]
    assert token_words(" ") == "(space)"
    assert isinstance(written(("the end",), (3,)), Passages)


def test_that_a_translation_shows_where_it_looked_unless_there_is_no_attention() -> None:
    looked = Aligned(("␣uno",), ("␣[START]", "␣one"), np.array([[0.25, 0.75]], np.float32))
    shown = answer(texts("translation", behind=(looked,)), 0).figures
    assert isinstance(shown, Matrix)
    assert shown.column_names == ("[START]", "one")
    blind = Aligned(("␣uno",), ("␣one",), np.zeros((1, 0), np.float32))
    assert answer(texts("translation", behind=(blind,)), 0).figures == NOTHING


def test_that_tagged_words_are_coloured_by_their_kind() -> None:
    found = texts("tags", words=(("Anna", "ran"), ()), tags=(("B-person", "O"), ()))
    shown = answer(found, 0)
    assert isinstance(shown.words, Passages)
    assert [word.label for word in shown.words.passages[0].words] == ["person", ""]
    assert shown.figures == NOTHING


def test_that_a_series_is_drawn_above_its_classes() -> None:
    behind = Trace(("x", "y"), np.arange(6, dtype=np.float32).reshape(3, 2))
    found = Predicted("classes", ("a", "b"), ("0",), np.array([[0.3, 0.7]]), behind=(behind,))
    shown = answer(found, 0)
    assert isinstance(shown.words, Plot)
    assert [curve.name for curve in shown.words.curves] == ["x", "y"]
    assert isinstance(shown.figures, BarList)


def test_that_a_forecast_begins_where_the_history_ends_and_can_be_read_at_every_step() -> None:
    before = Trace(("load",), np.array([[1], [2], [3]], np.float32), ("a", "b", "c"))
    found = Predicted("numbers", ("load",), ("d", "e"), np.array([[4], [5]], np.float32), behind=(before,))
    plot = answer(found, 0).figures
    assert isinstance(plot, Plot)
    history, forecast = plot.curves
    assert history.x.tolist() == [-2, -1, 0]
    assert forecast.x.tolist() == [0, 1, 2]
    assert forecast.y.tolist() == [3, 4, 5]
    reading = [[one.value for one in forecast_reading(found, x)] for x in (-9, 0, 0.6, 9)]
    assert reading == [["a", "1.0000"], ["c", "3.0000"], ["d", "4.0000"], ["e", "5.0000"]]
    assert forecast_reading(texts("tokens"), 0) == ()


def test_that_of_several_series_the_chosen_one_is_drawn_and_named() -> None:
    before = [Trace(("sales",), np.array([[first]], np.float32), ("mon",), name) for first, name in
              ((1, "north"), (7, "south"))]  # fmt: skip
    cells = tuple((name, day) for name in ("north", "south", "west") for day in ("tue", "wed"))
    rows = tuple(", ".join(one) for one in cells)
    values = np.arange(6, dtype=np.float32).reshape(6, 1)
    found = Predicted("numbers", ("sales",), rows, values, columns=("store", "date"), cells=cells,
                      behind=tuple(before))  # fmt: skip
    for row, name, known, said in ((0, "north", 1, [0, 1]), (3, "south", 7, [2, 3])):
        plot = answer(found, row).figures
        assert isinstance(plot, Plot)
        history, forecast = plot.curves
        assert history.y.tolist() == [known]
        assert forecast.y.tolist() == [known, *said]
        assert plot.y.label == f"sales, {name}"
        assert plot.x.label == "date"
        assert plot.x.names == ("mon", "tue", "wed")
        read = course_of(found, row)
        assert [one.value for one in forecast_reading(read, 2)] == ["wed", f"{said[-1]}.0000"]
    beyond = answer(found, 5).figures
    assert isinstance(beyond, Nothing)
    assert "first 2 series" in beyond.text


def test_that_without_a_prediction_it_is_said_what_is_waited_for() -> None:
    assert answer(None, 0, "soon").figures == Nothing("soon")
