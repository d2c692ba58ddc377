"""Editors of whole and real numbers: a field to type in, and a slider where the bounds are known."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget
from typing_extensions import override

from app.forms.editor import Context, Editor, TextLine, guard
from app.widgets.labels import label
from engine.choices import Setting

_TICKS = 240
_WIDEST_LINEAR = 2000
"""A linear slider over more than this cannot be aimed at."""
_LEAST_LOG_SHARE = 1e-6
"""A logarithmic slider whose lower bound is 0 begins at this share of its upper one."""
_LEAST_LOG = 1e-8
"""Arrow keys step between this and 0 in a logarithmic field that may be 0."""


def written(value: object) -> str:
    """Return a number as a person writes it: 0.003, 1e-5, 4096."""
    if isinstance(value, float):
        if abs(value) < 1e6 and value == int(value):  # in this order: infinity has no whole number
            return str(int(value))
        text = repr(value)
        # Python writes 1e-05
        return text.replace("e-0", "e-").replace("e+0", "e") if "e" in text else text
    return str(value)


def read_number(text: str, *, whole: bool) -> object:
    """Return the number in a text, or the text where there is none; a comma may be the decimal point."""
    # spaces part thousands in some languages; the long minus comes with what is pasted from a paper
    bare = text.strip().replace(" ", "").replace("\u00a0", "").replace("_", "").replace("−", "-")
    try:
        if whole:
            return int(bare)
        # "1,234.5" is refused, not guessed at
        return float(bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare)
    except ValueError:
        return text.strip()


class SliderScale:
    """The way between a slider's ticks and values, linear or logarithmic."""

    def __init__(self, setting: Setting, *, whole: bool) -> None:
        low = setting.least if setting.least is not None else setting.above
        high = setting.most if setting.most is not None else setting.below
        self._whole, self._log = whole, setting.log
        self._setting = setting
        self.fits = low is not None and high is not None and (setting.log or high - low <= _WIDEST_LINEAR)
        self._low, self._high = low or 0.0, high or 0.0
        if self.fits and setting.log and self._low <= 0:
            self._low = 1.0 if whole else self._high * _LEAST_LOG_SHARE

    def tick(self, value: float) -> int:
        if self._log:
            share = math.log(max(value, self._low) / self._low) / math.log(self._high / self._low)
        else:
            share = (value - self._low) / (self._high - self._low)
        return round(min(max(share, 0.0), 1.0) * _TICKS)

    def value(self, tick: int) -> int | float:
        share = tick / _TICKS
        if self._log:
            # round values: nobody means 0.0029854 by where a slider stands
            value = float(f"{self._low * (self._high / self._low) ** share:.2g}")
        else:
            value = float(f"{self._low + (self._high - self._low) * share:.3g}")
        return self._inside(round(value) if self._whole else value)

    def _inside(self, value: int | float) -> int | float:
        """Keep off a bound that is itself not allowed."""
        span = (self._high - self._low) / _TICKS
        if self._setting.above is not None and value <= self._setting.above:
            value = self._setting.above + (1 if self._whole else span)
        if self._setting.below is not None and value >= self._setting.below:
            value = self._setting.below - (1 if self._whole else span)
        return round(value) if self._whole else float(f"{value:.3g}")


class _NumberLine(TextLine):
    """A line whose arrow keys step the number: whole numbers by 1, others by a tick of the last digit."""

    def __init__(self, setting: Setting, *, whole: bool) -> None:
        super().__init__()
        self._setting, self._whole = setting, whole

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select the whole number: Qt takes the point for the end of a word, and half of 0.8 is no number."""
        self.selectAll()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        way = steps.get(Qt.Key(event.key()))
        value = read_number(self.text(), whole=self._whole)
        if way is None or isinstance(value, str):
            super().keyPressEvent(event)
            return
        assert isinstance(value, int | float)
        self.setText(written(self._stepped(value, way)))
        self.textEdited.emit(self.text())

    def _stepped(self, value: int | float, way: int) -> int | float:
        setting = self._setting
        if self._whole:
            stepped: int | float = value + way
        elif setting.log:
            # ten steps, or one by the page keys, are a factor of ten
            stepped = float(f"{value * 10 ** (way / 10):.2g}")
            if setting.least == 0 and abs(stepped) < _LEAST_LOG:
                # no factor leads away from 0, nor down to it
                stepped = _LEAST_LOG if way > 0 else 0.0
        else:
            # :.10g takes away the last digits that adding 0.01 leaves behind
            stepped = float(f"{value + way * 0.01:.10g}")
        if setting.least is not None:
            stepped = max(stepped, setting.least)
        if setting.most is not None:
            stepped = min(stepped, setting.most)
        beyond = (setting.above is not None and stepped <= setting.above) or (
            setting.below is not None and stepped >= setting.below
        )
        return value if beyond else (int(stepped) if self._whole else stepped)


class NumberEditor(Editor):
    """A number: typed, stepped with the arrow keys, or slid where both bounds are known."""

    def __init__(self, setting: Setting, context: Context, *, whole: bool, unit: str = "") -> None:
        super().__init__()
        self._whole = whole
        self._scale = SliderScale(setting, whole=whole)
        self._line = _NumberLine(setting, whole=whole)
        self._line.textEdited.connect(self._typed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._line, 1)
        self._slider: QSlider | None = None
        if self._scale.fits:
            self._line.setFixedWidth(72)
            self._slider = QSlider(Qt.Orientation.Horizontal)
            self._slider.setRange(0, _TICKS)
            self._slider.setPageStep(_TICKS // 10)
            self._slider.setMinimumWidth(40)
            guard(self._slider)
            self._slider.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the arrows do the same in the line
            self._slider.valueChanged.connect(self._slid)
            row.addWidget(self._slider, 1)
        if unit:
            row.addWidget(label(unit, "faint"))
        self.setFocusProxy(self._line)

    @override
    def value(self) -> object:
        return read_number(self._line.text(), whole=self._whole)

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        if value is None:
            self._line.clear()
            return
        if anew or self.value() != value:
            self._line.setText(written(value))
            self._line.setCursorPosition(0)
        self._move_slider()

    @override
    def parts(self) -> tuple[QWidget, ...]:
        return (self._line,) if self._slider is None else (self._line, self._slider)

    def _typed(self) -> None:
        self._move_slider()
        self.edited.emit("")

    def _move_slider(self) -> None:
        value = self.value()
        if self._slider is not None and isinstance(value, int | float) and math.isfinite(value):
            # else the value of the tick, which is rounded, would take the place of what was typed
            self._slider.blockSignals(True)
            self._slider.setValue(self._scale.tick(value))
            self._slider.blockSignals(False)

    def _slid(self, tick: int) -> None:
        self._line.setText(written(self._scale.value(tick)))
        self.edited.emit("")
