"""Texts of lines to compare with stay clear of the legend and of each other."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF

from app.look.theme import Theme
from app.painters.ink import Ink
from app.painters.plot import threshold_box
from app.views.drawing import Threshold

INSIDE = QRectF(0, 0, 300, 160)


def test_that_a_text_moves_out_of_the_legends_way(theme: Theme) -> None:
    legend = QRectF(180, 100, 120, 50)
    box = threshold_box(INSIDE, 120, Threshold(0.5, "linear model"), [legend], Ink(theme))
    assert box is not None
    assert not box.intersects(legend)
    assert INSIDE.contains(box)


def test_that_texts_of_lines_that_are_near_do_not_cover_each_other(theme: Theme) -> None:
    taken: list[QRectF] = []
    for height in (80, 82, 84):
        box = threshold_box(INSIDE, height, Threshold(0.5, "model"), taken, Ink(theme))
        assert box is not None
        taken.append(box)
    assert not any(one.intersects(other) for one, other in pairwise(taken))


def test_that_a_text_stands_on_the_line_that_it_names_also_beside_another(theme: Theme) -> None:
    """Four baselines in a low plot: texts above and below them were read as those of their neighbours."""
    heights, taken = (20, 30, 90, 100), list[QRectF]()
    for height in heights:
        box = threshold_box(INSIDE, height, Threshold(0.5, "the season before"), taken, Ink(theme))
        assert box is not None
        taken.append(box)
    assert [box.center().y() for box in taken] == list(heights)


def test_that_a_text_that_has_no_room_at_all_is_written_all_the_same(theme: Theme) -> None:
    low = QRectF(0, 0, 40, 6)
    box = threshold_box(low, 3, Threshold(0.5, "linear model"), [], Ink(theme))
    assert box is not None
    assert box.width() > 0
    # but not over another one: neither could be read then
    assert threshold_box(low, 3, Threshold(0.6, "the mean"), [box], Ink(theme)) is None
