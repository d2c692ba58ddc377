"""Names without room are shortened so that they still tell one from the other."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from app.look.theme import Theme
from app.painters.bars import BarListPainter
from app.painters.ink import Ink
from app.painters.matrix import MatrixPainter
from app.painters.short_names import alike, kept_apart, shortened
from app.views.drawing import Bar, BarList, BarRow, Matrix
from app.views.predictions.confusion import confusion_matrix

CLASSES = tuple(f"Klasse der Messungen Nummer {number:02}" for number in range(30))


@pytest.mark.parametrize(
    ("names", "beginning"),
    [
        (CLASSES, "Klasse der Messungen Nummer "),
        (("质量指标第1项", "质量指标第23项", "质量指标第24项"), "质量指标第"),
        (("Klasse A", "Klasse A b"), "Klasse "),
        (("cat", "dog"), ""),
        (("cat", "cat"), ""),
        (("sensor_10", "sensor_11"), "sensor_"),
        (("1200.1", "1200.2"), ""),
        (("SGD · η 0.1, 3 seeds", "SGD · η 0.003, 3 seeds"), "SGD · η "),
        (("Größe der Blüte A", "Größe der Blüten B"), "Größe der "),
        (("", "a"), ""),
        ((), ""),
    ],
)
def test_that_what_names_share_ends_where_a_word_or_number_begins(
    names: tuple[str, ...], beginning: str
) -> None:
    assert alike(names) == len(beginning)
    assert all(name.startswith(beginning) for name in names)


@pytest.mark.parametrize("room", [30, 60, 90, 140, 400])
def test_that_a_shortened_name_keeps_to_its_room_and_tells_which_it_is(theme: Theme, room: int) -> None:
    size = Ink(theme).small_size
    told = [shortened(name, alike(CLASSES), room, size) for name in CLASSES]
    assert len(set(told)) == len(CLASSES)
    assert all(size.horizontalAdvance(words) <= room for words in told)


def test_that_names_that_begin_unlike_each_other_keep_both_their_ends(theme: Theme) -> None:
    told = shortened("average_measurement_of_sensor_08", 0, 120, Ink(theme).small_size)
    assert told.startswith("av")
    assert told.endswith("08")


RATES = ("0.1", "0.12", "0.003")
GROUPS = {
    "at their ends": [f"Breast cancer with an MLP · η {rate}" for rate in RATES],
    "in their middle": [f"Breast cancer · η {rate}, 3 seeds · validation" for rate in RATES],
    "at their beginnings": [f"{name} · 3 seeds · training part, after epochs" for name in ("SGD", "Adam")],
    "in two places": [
        f"Optimizer {name} · η {rate} · validation"
        for name in ("Adam", "Momentum")
        for rate in ("0.1", "0.003")
    ],
    "in two places, beside what most of them share": [
        *(f"η {rate} · Epochs 15, 6 seeds · {part}" for rate in RATES for part in ("train", "validation")),
        *(f"η 0.5 · Epochs 3 · {part}" for part in ("train", "validation")),
    ],
    "in one that is the beginning of another": ["Digits with a CNN", "Digits with a CNN · dropout 0.2"],
}


@pytest.mark.parametrize("names", GROUPS.values(), ids=GROUPS)
@pytest.mark.parametrize("room", [70, 90, 120, 200])
def test_that_what_names_share_goes_before_what_tells_them_apart(
    theme: Theme, names: list[str], room: int
) -> None:
    size = Ink(theme).small_size
    told = kept_apart(names, [room] * len(names), size)
    assert len(set(told)) == len(names)
    assert all(size.horizontalAdvance(words) <= room for words in told)


@pytest.mark.parametrize("room", [70, 80, 95, 110])
def test_that_no_number_is_cut_before_words_are(theme: Theme, room: int) -> None:
    """Three groups were called "η 0.0…ation" in a window of 1366 pixels."""
    names = GROUPS["in two places, beside what most of them share"]
    told = kept_apart(names, [room] * len(names), Ink(theme).small_size)
    for name, words in zip(names, told, strict=True):
        rate = name.split()[1]
        assert words.removeprefix("η ").startswith((f"{rate}…", f"{rate} "))


def test_that_a_value_that_differs_is_told_whole(theme: Theme) -> None:
    size = Ink(theme).small_size
    told = kept_apart(GROUPS["in their middle"], [60] * 3, size)
    assert [words.strip("…") for words in told] == list(RATES)
    # what has room stays as it is
    assert kept_apart(GROUPS["in their middle"], [900] * 3, size) == GROUPS["in their middle"]


class _Written(list[tuple[QRectF, str]]):
    """What a painter writes, and where."""

    def note(self, _painter: QPainter, box: QRectF, text: str, *_: object) -> None:
        self.append((QRectF(box), text))


@pytest.fixture
def confusion() -> Matrix:
    return confusion_matrix(np.eye(len(CLASSES), dtype=np.int64) * 9, CLASSES, False)


@pytest.mark.parametrize("width", [230, 300, 520])
def test_that_names_beside_a_matrix_stand_within_its_panel_and_differ(
    theme: Theme, confusion: Matrix, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    ink, area, written = Ink(theme), QRectF(8, 8, width, 130), _Written()
    monkeypatch.setattr("app.painters.matrix.write", written.note)
    image = QImage(width + 16, 150, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    frame = MatrixPainter().frame(area, confusion, *MatrixPainter().axes(confusion), ink)
    MatrixPainter().paint_left(painter, area, frame, confusion, ink)
    painter.end()
    assert len(written) > 3
    assert all(box.left() >= area.left() for box, _ in written)
    assert len({words for _, words in written}) == len(written)


def test_that_the_whole_name_is_told_beside_the_cells(theme: Theme, confusion: Matrix) -> None:
    ink, area = Ink(theme), QRectF(0, 0, 300, 200)
    painter = MatrixPainter()
    frame = painter.frame(area, confusion, *painter.axes(confusion), ink)
    beside = QPointF(frame.inside.left() - 4, frame.cell(7, 0).center().y())
    below = QPointF(frame.cell(0, 12).center().x(), frame.inside.bottom() + 8)
    assert painter.note(area, confusion, ink, beside) == CLASSES[7]
    assert painter.note(area, confusion, ink, below) == CLASSES[12]
    assert painter.note(area, confusion, ink, QPointF(beside.x(), frame.inside.bottom() + 8)) == ""


def test_that_titles_and_names_of_bars_tell_which_they_are_and_keep_what_leads(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars = tuple(Bar(0.3, "30 %", "series.0", name) for name in CLASSES[:3])
    rows = tuple(BarRow(name, "row 1", bars, lead="✗ is") for name in CLASSES[:4])
    written = _Written()
    monkeypatch.setattr("app.painters.bars.write", written.note)
    image = QImage(300, 300, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    BarListPainter().paint(painter, QRectF(0, 0, 280, 290), BarList(rows), Ink(theme))
    painter.end()
    texts = [words for _, words in written]
    assert len({words for words in texts if words.startswith("✗ is ")}) == 4
    named = {words for words in texts if "✗" not in words and words.endswith(("00", "01", "02"))}
    assert len(named) == len(bars)
