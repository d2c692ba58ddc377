"""Remarks that have no room are counted, and the most important stand first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.look.theme import Theme
from app.painters.ink import Ink
from app.painters.remarks import RemarksPainter, shown_of
from app.views.drawing import Remark, Remarks

SAID = tuple(Remark("accent", f"What can be said of it, number {place}.", "And why.") for place in range(6))


@pytest.mark.parametrize("height", [10, 40, 60, 90, 130, 400])
def test_that_remarks_without_room_are_counted(
    theme: Theme, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ink, area, written = Ink(theme), QRectF(0, 0, 230, height), []
    monkeypatch.setattr("app.painters.remarks.write", lambda _p, box, text, *_: written.append((box, text)))
    image = QImage(240, height + 10, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    RemarksPainter().paint(painter, area, Remarks(SAID), ink)
    painter.end()
    shown = shown_of(SAID, area, ink)
    assert 1 <= shown <= len(SAID)
    if shown == len(SAID):
        assert written == []
    else:
        ((box, text),) = written
        assert text == f"and {len(SAID) - shown} more"
        # where more than the first has room, so has this line
        assert shown == 1 or box.bottom() <= area.bottom() + 4
