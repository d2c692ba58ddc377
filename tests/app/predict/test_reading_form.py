"""How a file is read, where it is not as in training: only what differs is told, and never a path."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.predict.reading_form import ReadingForm
from app.theme import Theme
from engine.data.sources.images import Images
from engine.data.sources.table import TableFile
from engine.data.sources.text_pairs import TextPairsFile


def test_that_only_what_differs_from_training_is_told(theme: Theme, qtbot: QtBot) -> None:
    form = ReadingForm(theme)
    qtbot.addWidget(form)
    trained = TableFile(path="a.xlsx", target=("y",), sheet="2024")
    form.ask_for(trained)
    assert form.form is not None
    assert form.told == {}
    form.form.show_value(trained.replaced(sheet="2023", decimal=","))
    assert form.told == {"sheet": "2023", "decimal": ","}
    form.reset.click()
    assert form.told == {}
    form.ask_for(None)
    assert form.isHidden()


def test_that_paths_are_not_offered(theme: Theme, qtbot: QtBot) -> None:
    form = ReadingForm(theme)
    qtbot.addWidget(form)
    for source in (TableFile(path="a.csv"), Images(path="a"), TextPairsFile(path="a", translations="b")):
        form.ask_for(source)
        assert form.form is not None
        assert not {"path", "translations"} & set(form.form.rows)
        assert form.told == {}
