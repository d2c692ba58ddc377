"""Ink: the theme as painters want it, by the tones that drawings name."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.look.theme import Theme, Tokens, color
from app.views.drawing import Dash

_PATTERNS: dict[Dash, list[float]] = {"dash": [5.0, 3.0], "dot": [1.2, 2.2], "dashdot": [6.0, 2.5, 1.2, 2.5]}


class Ink:
    """Colours, pens and fonts of the shade the theme shows at this moment."""

    def __init__(self, theme: Theme) -> None:
        self.tokens: Tokens = theme.tokens
        self.plain = theme.font()
        self.small = theme.font("small")
        self.strong = theme.font("text", "semibold")
        self.plain_size = QFontMetricsF(self.plain)
        self.small_size = QFontMetricsF(self.small)
        self.strong_size = QFontMetricsF(self.strong)

    def color(self, tone: str, opacity: float = 1.0) -> QColor:
        """Return the colour of a tone."""
        return self._found(tone, "series", opacity)

    def words(self, tone: str) -> QColor:
        """Return the colour to write in for a tone: the same hue, dark (or light) enough to read."""
        return self._found(tone, "series_text", 1.0)

    def pen(self, tone: str, width: float = 1.0, dash: Dash = "solid", opacity: float = 1.0) -> QPen:
        pen = QPen(self.color(tone, opacity), width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dash in _PATTERNS:
            pen.setDashPattern(_PATTERNS[dash])
        return pen

    def shades(self, scale: str) -> NDArray[np.uint8]:
        """Return the 256 RGB colours (256, 3) of the scale "sequential" or "diverging"."""
        return _ramp(self.tokens.scales[scale])

    def series_rgb(self) -> NDArray[np.float64]:
        """Return the colours of series as RGB from 0 to 255, shape (8, 3)."""
        return np.array([rgb(color(text)) for text in self.tokens.scales["series"]])

    def _found(self, tone: str, scale: str, opacity: float) -> QColor:
        family, _, index = tone.partition(".")
        if index:
            shades = self.tokens.scales[scale if family == "series" else family]
            # more runs than colours: they begin anew
            found = color(shades[int(index) % len(shades)])
        else:
            found = color(self.tokens.colors[tone])
        if opacity < 1:
            found.setAlphaF(found.alphaF() * opacity)
        return found


def rgb(shade: QColor) -> tuple[float, float, float]:
    return float(shade.red()), float(shade.green()), float(shade.blue())


def write(painter: QPainter, area: QRectF, text: str, font: QFont, shade: QColor, align: int) -> None:
    """Write one line of text, shortened with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(shade)
    if len(text) * font.pixelSize() > area.width():  # hardly a letter is wider than high; measuring is slow
        text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width() + 1)
    painter.drawText(area, align, text)


def write_upright(
    painter: QPainter,
    corner: QPointF,
    area: QRectF,
    text: str,
    font: QFont,
    shade: QColor,
    align: int,
) -> None:
    """Write a line of text from below upwards: `area` is turned around `corner`, its lower left."""
    painter.save()
    painter.translate(corner)
    painter.rotate(-90)
    write(painter, area, text, font, shade, align)
    painter.restore()


# joined here, as numbers: to join flags of Python's enum took a quarter of the time of writing
_LINE = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
LEFT = int(_LINE | Qt.AlignmentFlag.AlignLeft.value)
RIGHT = int(_LINE | Qt.AlignmentFlag.AlignRight.value)
CENTER = int(_LINE | Qt.AlignmentFlag.AlignHCenter.value)


@lru_cache(maxsize=8)
def _ramp(stops: tuple[str, ...]) -> NDArray[np.uint8]:
    colors = np.array([rgb(color(stop)) for stop in stops])
    at = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(at, np.arange(len(stops)), colors[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)
