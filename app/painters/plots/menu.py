"""PlotMenu: what the right button offers over a plot: limits of its axes, what dragging does."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QMenu, QWidget, QWidgetAction

from app.language.words import tr
from app.painters.axes import Range
from app.painters.plots.box import PlotBox
from app.views.drawing import Axis


class PlotMenu(QMenu):
    """The menu of one plot, made when it is asked for."""

    range_chosen = Signal(object, object)
    """The limits along x and along y; None: they follow the data."""

    def __init__(self, box: PlotBox, x: Axis, y: Axis, chosen: tuple[Range, Range], parent: QWidget) -> None:
        super().__init__(parent)
        self._box, self._axes, self._chosen = box, (x, y), chosen
        self.addAction(tr("Show everything"), lambda: self.range_chosen.emit(None, None))
        for at, title in enumerate((tr("Limits of the x axis"), tr("Limits of the y axis"))):
            self._add_limits(at, title)
        self._add_modes()

    def _add_limits(self, at: int, title: str) -> None:
        menu, axis = self.addMenu(title), self._axes[at]
        fields = _Limits(axis, menu)
        fields.chosen.connect(lambda low, high: self._choose(at, (low, high)))
        action = QWidgetAction(menu)
        action.setDefaultWidget(fields)
        menu.addAction(action)
        # a widget in a menu does not get the focus by itself
        menu.aboutToShow.connect(fields.low.setFocus)
        follow = menu.addAction(tr("Follow the data"), lambda: self._choose(at, None))
        follow.setCheckable(True)
        follow.setChecked(self._chosen[at] is None)

    def _choose(self, at: int, limits: Range) -> None:
        x, y = (limits if at == place else self._chosen[place] for place in (0, 1))
        self._chosen = (x, y)
        self.range_chosen.emit(x, y)

    def _add_modes(self) -> None:
        menu = self.addMenu(tr("Dragging"))
        group = QActionGroup(menu)
        for mode, words in (
            (PlotBox.PanMode, tr("Pans; with Shift it zooms to a rectangle")),
            (PlotBox.RectMode, tr("Zooms to a rectangle; with Shift it pans")),
        ):
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(self._box.state["mouseMode"] == mode)
            action.triggered.connect(lambda _, mode=mode: self._box.setMouseMode(mode))
            group.addAction(action)


class _Limits(QWidget):
    """Two numbers: where an axis begins and where it ends. Return takes them."""

    chosen = Signal(float, float)

    def __init__(self, axis: Axis, parent: QWidget) -> None:
        super().__init__(parent)
        self._log = axis.log
        self.low, self.high = QLineEdit(f"{axis.low:.6g}"), QLineEdit(f"{axis.high:.6g}")
        layout = QGridLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        for row, (name, field) in enumerate(((tr("from"), self.low), (tr("to"), self.high))):
            field.setFixedWidth(120)
            field.setAccessibleName(name)
            field.returnPressed.connect(self._take)
            layout.addWidget(QLabel(name), row, 0)
            layout.addWidget(field, row, 1)

    def _take(self) -> None:
        try:
            low, high = (float(field.text()) for field in (self.low, self.high))
        except ValueError:
            return  # what is no number stays in the field to be mended
        if low < high and (low > 0 or not self._log):
            self.chosen.emit(low, high)
