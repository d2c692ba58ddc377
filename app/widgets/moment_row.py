"""The row in which a person goes back to the weights of an earlier step of a run."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSlider, QWidget

from app.language.numbers import number, whole
from app.language.words import tr
from app.widgets.labels import label
from app.widgets.tips import plain
from engine.choices import Invalid
from engine.runs.folder import RunFolder
from engine.runs.reading import last_step, read_started
from engine.timetable import Timetable

_SETTLING_MILLISECONDS = 250
"""A slider on its way asks nothing: each step that it passes may take seconds to bring back."""
_KEYS = 50
"""The arrow keys go through a run in so many presses."""


class MomentRow(QWidget):
    """Says which weights are asked: the kept ones, or those after a step; `changed` once others are."""

    changed = Signal()

    def __init__(self, words: str, tip: str, parent: QWidget | None = None) -> None:
        """`words` and `tip` say what going back is good for here."""
        super().__init__(parent)
        self._timetable = Timetable.even(1)
        self._folder: RunFolder | None = None
        self.earlier = QCheckBox(words)
        self.earlier.setToolTip(plain(tip))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Step whose weights are asked"))
        self.slider.setMinimumWidth(90)
        self._said = label("", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.earlier)
        row.addWidget(self.slider, 1)
        row.addWidget(self._said)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLING_MILLISECONDS)
        self._soon.timeout.connect(self.changed)
        self.earlier.toggled.connect(self._toggled)
        self.slider.valueChanged.connect(self._moved)
        self.set_run(None)

    @property
    def step(self) -> int | None:
        """Return the step whose weights are asked, None for the kept ones."""
        return self.slider.value() if self.earlier.isChecked() else None

    def set_run(self, folder: RunFolder | None) -> None:
        """Begin anew with the kept weights of this run; not seen where nothing is known of its steps."""
        self._folder = folder
        last = self._last()
        for part in (self.earlier, self.slider):
            part.blockSignals(True)
        self.earlier.setChecked(False)
        self.slider.setRange(0, last)
        self.slider.setValue(last)
        self.slider.setSingleStep(max(last // _KEYS, 1))
        self.slider.setPageStep(max(10 * last // _KEYS, 1))
        for part in (self.earlier, self.slider):
            part.blockSignals(False)
        self.setVisible(last > 0)
        self._tell()

    def _last(self) -> int:
        """Return how many steps the run has taken, 0 where nobody knows."""
        if self._folder is None:
            return 0
        try:
            self._timetable = read_started(self._folder).timetable
            return last_step(self._folder)
        except (Invalid, OSError):
            return 0

    def _toggled(self) -> None:
        # a run in training has taken more by now
        if self.earlier.isChecked() and (last := self._last()) > self.slider.maximum():
            self.slider.blockSignals(True)
            self.slider.setMaximum(last)
            self.slider.setValue(last)
            self.slider.blockSignals(False)
        self._tell()
        if self.earlier.isChecked():
            # the arrow keys are the next that a person presses
            self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _moved(self) -> None:
        self._tell()
        self._soon.start()

    def _tell(self) -> None:
        chosen = self.earlier.isChecked()
        self.slider.setVisible(chosen)
        self._said.setVisible(chosen)
        step = self.slider.value()
        epoch = number(float(self._timetable.epochs(step)))
        self._said.setText(tr("step {step} · epoch {epoch}", step=whole(step), epoch=epoch))
