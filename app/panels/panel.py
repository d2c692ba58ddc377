"""ViewPanel: a card with a view in it, its options, its exports and its explanation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import ValidationError
from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.document.record import RunRecord
from app.language.words import explanation_of, summary_of, title_of, tr
from app.look.style import set_role
from app.look.theme import Theme
from app.painters.axes import Range
from app.painters.canvases.canvas import Canvas
from app.panels.exports import Exports, Shown
from app.panels.options import OptionButton, add_option, shown_fields
from app.views.drawing import Drawing, Nothing, Viewport
from app.views.moments import is_behind, moment_words
from app.views.view import View
from app.widgets.labels import ElidedLabel
from app.widgets.popover import Popover
from app.widgets.tips import plain

_UNMEASURED = "Nobody watched this in training. Look back, below, shows it."
_HEAD_BUTTONS = 100
"""Pixels of the head that the buttons at its right take, with the space around them."""
_MARGIN = 8
_HAND = 16
"""Milliseconds between drawings while the person zooms or turns a knob."""


def _of_whom(record: RunRecord) -> object:
    """Return whose record it is and where it begins: in a tree, records are made anew of the same runs."""
    # never ==, which would compare all their series
    return record.folder or id(record), None if record.beginning is None else record.beginning.steps


class ViewPanel(QFrame):
    """Shows a view of some records. It draws only what is seen, and only when something has changed.

    `movable` offers to hide and to maximise it, which whoever holds the panel then does. `told` says that
    something was done ("Saved loss.svg"), `failed` that it was not, and why.
    """

    view_changed = Signal()
    """The view or its options are different; its probe may be too."""
    visibility_changed = Signal()
    x_chosen = Signal(object)
    """A hand has chosen another part along x; None: all of it."""
    hide_asked = Signal()
    show_all_asked = Signal()
    maximise_asked = Signal()
    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self, view: View, theme: Theme, parent: QWidget | None = None, *, movable: bool = False
    ) -> None:
        super().__init__(parent)
        self._view, self._theme = view, theme
        self._records: tuple[RunRecord, ...] = ()
        self._plan: RunRecord | None = None
        self._preparing = False
        self._range: tuple[Range, Range] = (None, None)
        self._drawn: object = None
        self._offered: object = None
        """What the option buttons offer now."""
        self._others: Callable[[], Sequence[type[View]]] = list
        self.maximised = False
        self._movable = movable
        self._hand = QTimer(self)
        self._hand.setSingleShot(True)
        self._hand.setInterval(_HAND)
        self._hand.timeout.connect(self.refresh)
        self._cost = 0.0
        self.exports = Exports(self._as_saved, theme, self)
        self.exports.told.connect(self.told)
        self.exports.failed.connect(self.failed)
        self._build()
        self._dress()

    # --- what it shows ------------------------------------------------------------------------------------

    @property
    def view(self) -> View:
        return self._view

    @property
    def drawing(self) -> Drawing:
        return self.canvas.drawing

    @property
    def moment(self) -> str:
        """Return what the panel says of the step its picture is of; "" for what is drawn of all steps."""
        shown = self._moment if self._below.isHidden() else self._below
        return shown.text()

    def set_view(self, view: View) -> None:
        """Show the records in another way."""
        if view != self._view:
            other = type(view) is not type(self._view)
            self._view = view
            self._range = (None, None)
            self._offered = None  # its buttons show the options of the view that was there before
            if other:
                self._dress()
            else:
                self._renew_options()
            self.refresh()

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show these runs, the first in the foreground."""
        if tuple(map(_of_whom, records)) != tuple(map(_of_whom, self._records)):
            self._range = (None, None)
        self._records = tuple(records)
        # also where they are the same: names and colours of records are set without a change that counts
        self._drawn = None
        self.refresh()

    def offer_views(self, others: Callable[[], Sequence[type[View]]]) -> None:
        """Let the title be a menu of these views."""
        self._others = others

    def set_plan(self, plan: RunRecord | None) -> None:
        """Show this, a network without any training, where no run is shown and the view can."""
        self._plan = plan
        self.refresh()

    def set_preparing(self, preparing: bool) -> None:
        """Say, where nothing is to be seen yet, that a run is about to begin."""
        # told several times a second: every panel was drawn at once, beside the turns it is given
        if preparing != self._preparing:
            self._preparing = preparing
            self.refresh()

    def refresh(self) -> None:
        """Draw again, if the panel is seen and there is something new."""
        if not self.isVisible() or self.window().isMinimized():
            return
        records = self._shown_records()
        # how often each has changed: to compare what they hold would cost more than to draw it
        changes = tuple((id(record), record.changes) for record in records)
        now = (self._view, self._range, self.canvas.size().toTuple(), changes, self._preparing)
        if now == self._drawn:
            return
        self._drawn = now
        clock = QElapsedTimer()
        clock.start()
        self.canvas.show_drawing(
            self._draw(),
            lambda x: self._view.readout(records, x),
            zoomable=self._view.zoomable,
            whole=self._range == (None, None),
        )
        self._renew_options()
        self._tell_moment()
        self._cost += clock.nsecsElapsed() / 1e6

    def taken(self) -> float:
        """Return the milliseconds that deriving and painting took since this was asked last."""
        cost, self._cost = self._cost + self.canvas.take_cost(), 0.0
        return cost

    def _draw(self) -> Drawing:
        records = self._shown_records()
        x, y = self._range
        size = self.canvas.size()
        # without about what the axes take: views thin their values to the pixels that are left
        drawing = self._view.draw(
            records, Viewport(x, y, max(size.width() - 56, 16), max(size.height() - 40, 16))
        )
        if self._preparing and isinstance(drawing, Nothing):
            return Nothing(tr("Preparing the data. This is seen as soon as training begins."))
        return Nothing(tr(_UNMEASURED)) if self._missed(drawing, records) else drawing

    def _tell_moment(self) -> None:
        """Say of which step the picture is: panels are measured now and then, the curve at every step."""
        record, probe = next(iter(self._shown_records()), None), self._view.probe()
        reading = record.reading(probe) if record is not None and probe is not None else None
        behind, words = False, ""
        if record is not None and reading is not None:
            behind, words = is_behind(record, reading.step), moment_words(record, reading.step)
        for line in (self._moment, self._below):
            set_role(line, "small-warning" if behind else "small")
        if words != self._below.text():
            self._below.setText(words)
            self._fit_options()

    def _missed(self, drawing: Drawing, records: Sequence[RunRecord]) -> bool:
        """Return whether there is nothing to see because the run ended without measuring it."""
        probe = self._view.probe()
        empty = isinstance(drawing, Nothing) and bool(records) and records[0].ended is not None
        return empty and probe is not None and records[0].reading(probe) is None

    def _shown_records(self) -> tuple[RunRecord, ...]:
        if not self._records and self._view.planned and self._plan is not None:
            return (self._plan,)
        return self._records if self._view.overlays else self._records[:1]

    def _as_saved(self) -> Shown:
        records = self._shown_records()
        drawing, name = self.canvas.drawing, records[0].name if records else ""
        return Shown(
            not records or isinstance(drawing, Nothing),
            drawing,
            self.canvas.size(),
            self._view.rows(records),
            name,
            self.heading(),
        )

    def _zoom(self, x: Range, y: Range) -> None:
        """Draw what the hand has asked for: at once, but no more often than a screen shows it."""
        self._look_at(x, y)
        self.x_chosen.emit(x)

    def look_at(self, x: Range) -> None:
        """Show this part: a hand has chosen it in another panel."""
        if x != self._range[0]:
            self._look_at(x, None)

    def _look_at(self, x: Range, y: Range) -> None:
        self._range = (x, y)
        if not self._hand.isActive():
            self.refresh()
            self._hand.start()

    # --- the card -----------------------------------------------------------------------------------------

    def _build(self) -> None:
        set_role(self, "card")
        self.canvas = Canvas(self._theme, self)
        self.canvas.zoomed.connect(self._zoom)
        self.canvas.menu_asked.connect(self.exports.add_to)
        # sizes come many at a time while a splitter is dragged
        self.canvas.resized.connect(lambda: self._hand.isActive() or self._hand.start())
        self._title = QPushButton(self)
        set_role(self._title, "panel-title")
        self._title_menu = QMenu(self)
        self._title_menu.setToolTipsVisible(True)
        self._title_menu.aboutToShow.connect(self._fill_title_menu)
        self._title.setFont(self._theme.font("title", "semibold"))
        self._title.setMenu(self._title_menu)
        self._back = self._icon_button("zoom-out", tr("Show everything again"))
        self._back.clicked.connect(lambda: self._zoom(None, None))
        self._back.hide()
        self._moment = ElidedLabel(role="small")
        self._moment.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._below = ElidedLabel(role="small")
        """The same where the title leaves it no room: on a line of its own."""
        self._below.hide()
        self._help = self._icon_button("circle-help", tr("What am I seeing?"))
        self._help.clicked.connect(self._explain)
        self._more = self._icon_button("ellipsis", tr("More"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        self._explanation = Popover(self)
        self._lay_out()

    def _lay_out(self) -> None:
        self._option_row = QHBoxLayout()
        self._option_row.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self._title)
        head.addWidget(self._moment, 1)
        head.addLayout(self._option_row)
        for button in (self._back, self._help, self._more):
            head.addWidget(button)
        body = QVBoxLayout(self)
        body.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        body.setSpacing(4)
        body.addLayout(head)
        body.addWidget(self._below)
        body.addWidget(self.canvas, 1)

    def _icon_button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton(self)
        set_role(button, "icon")
        button.setToolTip(plain(name))
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme.put_icon(button, icon, "text_muted")
        return button

    def _dress(self) -> None:
        kind = type(self._view)
        self._title.setAccessibleName(tr("{title}: choose what this panel shows", title=title_of(kind)))
        self.setAccessibleName(title_of(kind))
        self.canvas.setAccessibleName(title_of(kind))
        self._offered = None
        self._renew_options()

    def _renew_options(self) -> None:
        """Rebuild the option buttons where what they offer has changed."""
        self._back.setVisible(self._range != (None, None))
        offers = self._view.offers(self._records)
        now = (type(self._view), {name: dict(found) for name, found in offers.items()})
        if now == self._offered:
            self._fit_options()
            return
        self._offered = now
        while (item := self._option_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for field in shown_fields(type(self._view)):
            button = OptionButton(self._view, field, self._choose, self)
            self._option_row.addWidget(button)
        self._fit_options()

    def _fit_options(self) -> None:
        """Show the moment beside the title or below it, and the option buttons that have room.

        All options are in the menu as well.
        """
        words, heading, metrics = self._below.text(), self.heading(), self._title.fontMetrics()
        frame = self._title.sizeHint().width() - metrics.horizontalAdvance(self._title.text())
        title = metrics.horizontalAdvance(heading) + frame
        help_width, more_width = (button.sizeHint().width() + 4 for button in (self._help, self._more))
        short = title + 4 + more_width + 2 * _MARGIN - self.width()  # 4 before the moment, also an empty one
        # a title is the last thing that is cut; the menu explains, too
        self._help.setVisible(short + help_width <= 0)
        # not always: what is as wide as its own words, rounded, is cut at scales between two whole ones
        kept = metrics.horizontalAdvance(heading) - short if short > 0 else self.width()
        self._title.setText(metrics.elidedText(heading, Qt.TextElideMode.ElideRight, kept))
        self._title.setToolTip(plain(f"{heading}\n{summary_of(type(self._view))}"))
        room = self.width() - title - _HEAD_BUTTONS
        wanted = self._below.fontMetrics().horizontalAdvance(words) + 8 if words else 0
        beside = wanted <= room
        self._moment.setText(words if beside else "")
        self._below.setVisible(bool(words) and not beside)
        room -= wanted if beside else 0
        for index in range(self._option_row.count()):
            item = self._option_row.itemAt(index)
            widget = item.widget() if item else None
            if widget is not None:
                room -= widget.sizeHint().width() + 4
                widget.setVisible(room >= 0)

    def _choose(self, name: str, value: object) -> None:
        try:
            view = self._view.replaced(**{name: value})
        except ValidationError:
            return  # a slider between two notches of a narrower bound: the old value stays
        # what is drawn may have other values now, over the same steps
        self._range = (self._range[0], None) if name in type(view).model_fields else self._range
        self._view = view
        if not self._hand.isActive():
            self._hand.start()
        self.view_changed.emit()

    # --- menus --------------------------------------------------------------------------------------------

    def heading(self) -> str:
        """Return the title of the panel: of its view, or of the subject that its view is about."""
        for name, offers in self._view.offers(self._records).items():
            return offers.get(str(getattr(self._view, name)), title_of(type(self._view)))
        return title_of(type(self._view))

    def _fill_title_menu(self) -> None:
        """Offer the subjects of this view (which metric), then the other views."""
        self._title_menu.clear()
        for name, offers in self._view.offers(self._records).items():
            for value, words in offers.items():
                action = self._title_menu.addAction(words)
                action.setCheckable(True)
                action.setChecked(value == getattr(self._view, name))
                action.triggered.connect(lambda _, name=name, value=value: self._choose_in_menu(name, value))
            self._title_menu.addSeparator()
        subjects = bool(self._title_menu.actions())
        for kind in self._others():
            if kind is type(self._view) and subjects:
                continue
            action = self._title_menu.addAction(title_of(kind))
            action.setToolTip(plain(summary_of(kind)))
            action.setCheckable(True)
            action.setChecked(kind is type(self._view))
            action.triggered.connect(lambda _, kind=kind: self._pick(kind()))

    def _pick(self, view: View) -> None:
        self.set_view(view)
        self.view_changed.emit()

    def _fill_menu(self) -> None:
        self._menu.clear()
        for field in shown_fields(type(self._view)):
            add_option(self._menu, self._view, field, self._choose_in_menu)
        self._menu.addSeparator()
        if self._help.isHidden():
            self._menu.addAction(self._theme.icon("circle-help"), tr("What am I seeing?"), self._explain)
        self.exports.add_to(self._menu)
        if self._movable:
            self._menu.addSeparator()
            self._add(self._menu, "maximize-2", self._maximise_words(), self.maximise_asked.emit)
            self._add(self._menu, "eye-off", tr("Hide this panel"), self.hide_asked.emit)
            self._add(self._menu, "eye", tr("Show all panels"), self.show_all_asked.emit)

    def _maximise_words(self) -> str:
        return tr("Back to size") if self.maximised else tr("Fill the page")

    def _add(self, menu: QMenu, icon: str, words: str, do: Callable[[], object]) -> QAction:
        action = menu.addAction(words)
        self._theme.put_icon(action, icon, "text_muted")
        action.triggered.connect(lambda: do())
        return action

    def _choose_in_menu(self, name: str, value: object) -> None:
        # the button in the head has to show the new value, too
        self._offered = None
        self._choose(name, value)

    def _explain(self) -> None:
        kind = type(self._view)
        beside = self._more if self._help.isHidden() else self._help
        self._explanation.show_below(beside, f"{summary_of(kind)}\n{explanation_of(kind)}".strip())

    # --- Qt -----------------------------------------------------------------------------------------------

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.visibility_changed.emit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.visibility_changed.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_options()
