"""Numbers on the cells of a matrix can be read on every shade."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from app.painters.matrix import contrast, readable_on


def test_that_the_contrast_is_that_of_its_definition() -> None:
    black, white, grey = QColor("#000000"), QColor("#ffffff"), QColor("#767676")
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(grey, grey) == 1
    # the darkest grey that WCAG lets stand on white
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("hue", [0, 30, 120, 210, 280])
def test_that_of_black_and_white_the_one_that_stands_out_more_is_taken(hue: int) -> None:
    inks = (QColor("#ffffff"), QColor("#111827"))
    for lightness in range(0, 256, 5):
        shade = QColor.fromHsl(hue, 180, lightness)
        best = max(contrast(ink, shade) for ink in inks)
        assert contrast(readable_on(shade), shade) == best
        # black and white meet where each has 4.2 to 1
        assert best > 4.2
