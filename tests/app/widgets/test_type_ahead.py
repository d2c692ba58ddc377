"""Typing in a closed or open chooser of a kind finds the entry that is meant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.forms.editor import Context
from app.forms.kinds import KindChooser
from app.widgets.type_ahead import found
from engine.choices import Family

TITLES = (
    "sample",
    "table file",
    "picture folder",
    "time series",
    "texts in a table",
    "texts with translations",
)


@pytest.fixture
def slow_keys(qapp: QApplication) -> Iterator[None]:
    """Let each key come later than Qt waits for the next letter of a word."""
    before = qapp.keyboardInputInterval()
    qapp.setKeyboardInputInterval(0)
    yield
    qapp.setKeyboardInputInterval(before)


@pytest.mark.parametrize("begin", ["sample", "table", "text_pairs", "xor"])
def test_that_a_word_typed_slowly_finds_the_entry_that_begins_with_it(
    context: Context, qtbot: QtBot, slow_keys: None, begin: str
) -> None:
    chooser = KindChooser(Family.every["data"], context)
    qtbot.addWidget(chooser)
    chooser.show_kind(begin)
    chooser.show()
    qtbot.keyClicks(chooser, "t")
    qtbot.keyClicks(chooser.view(), "able")
    qtbot.keyClick(chooser.view(), Qt.Key.Key_Return)
    assert chooser.kind() == "table"


def test_that_a_word_within_a_title_is_found_where_none_begins_with_it(
    context: Context, qtbot: QtBot, slow_keys: None
) -> None:
    chooser = KindChooser(Family.every["data"], context)
    qtbot.addWidget(chooser)
    chooser.show()
    qtbot.keyClicks(chooser, "t")
    qtbot.keyClicks(chooser.view(), "ranslat")
    qtbot.keyClick(chooser.view(), Qt.Key.Key_Return)
    assert chooser.kind() == "text_pairs"


def test_that_letters_change_nothing_until_enter_takes_what_they_find(context: Context, qtbot: QtBot) -> None:
    """Typed into a closed list, Qt would take each letter for a choice."""
    chooser = KindChooser(Family.every["data"], context)
    qtbot.addWidget(chooser)
    chooser.show_kind("sample")
    chooser.show()
    with qtbot.assertNotEmitted(chooser.picked):
        qtbot.keyClicks(chooser, "t")
        qtbot.keyClicks(chooser.view(), "able")
        assert chooser.kind() == "sample"
        qtbot.keyClick(chooser.view(), Qt.Key.Key_Escape)
    assert chooser.kind() == "sample"


@pytest.mark.parametrize(
    ("typed", "current", "place"),
    [
        ("t", 0, 1),
        ("tt", 1, 3),
        ("ttt", 5, 1),
        ("ta", 3, 1),
        ("texts", 4, 4),
        ("series", 0, 3),
        ("q", 0, None),
        ("older", 0, 2),
    ],
)
def test_that_beginnings_of_titles_go_before_words_and_those_before_the_rest(
    typed: str, current: int, place: int | None
) -> None:
    assert found(TITLES, typed, current) == place


def test_that_an_empty_list_finds_nothing() -> None:
    assert found((), "a", -1) is None
