"""RunPage: a run while it learns. Panels with views in them, arranged as the person likes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

import app.views  # noqa: F401 - fills the family
from app.document.record import RunRecord
from app.document.run_controls import RunStatus
from app.look.theme import Theme
from app.painters.axes import Range
from app.panels.options import shown_fields
from app.panels.panel import ViewPanel
from app.views.view import Slot, View
from engine.events import Facts
from engine.probes.probe import Probe

REDRAW = 100
"""Milliseconds between two drawings of a panel that changes by itself."""

SHARE = 0.05
"""The most of one core that drawing by itself may take; where a machine is slow, it draws less often."""

_TOP: tuple[Slot, ...] = ("main", "side")
_BOTTOM: tuple[Slot, ...] = ("left", "middle", "right")
_SLOTS = (*_TOP, *_BOTTOM)


def views() -> list[type[View]]:
    """Return every registered view, the ones to show first in front."""
    return [kind for kind in View.family.values() if issubclass(kind, View)]


def fitting(facts: Facts) -> list[type[View]]:
    """Return the views that make sense for such data; all of them while nothing is known."""
    return [kind for kind in views() if not facts.target_kind or kind.fits(facts)]


def first_views(facts: Facts, *, planned: bool = False) -> dict[str, View]:
    """Return what each slot shows by itself; `planned`: before there is a run, the network has the most room.

    Views say where they are at home (`slots`) and of what data. A slot takes the first that is not shown yet:
    of those at home there, then of those that may stand there, then of all that fit.
    """
    known = fitting(facts)
    ahead = planned and facts.target_kind != ""
    shown: dict[str, View] = {}
    for slot in _SLOTS:
        there = [kind for kind in known if slot in kind.slots]
        there.sort(key=lambda kind: (kind.planned != ahead, kind.slots.index(slot)))
        views = (*(kind.first(facts, slot) for kind in there), *(kind() for kind in known))
        shown[slot] = next(view for view in views if view is not None and view not in shown.values())
    return shown


class RunPage(QWidget):
    """Shows one run, or several over each other.

    `watch` tells which probes are to be measured: those of the panels that are seen.
    """

    watch = Signal(tuple)
    told = Signal(str)
    failed = Signal(str)
    arranged = Signal()
    """The person moved, hid or changed a panel: `arrangement` is worth saving."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records: tuple[RunRecord, ...] = ()
        self._facts, self._planned = Facts(), False
        self._expected = Facts()
        """What is known of the data that the next run will be of."""
        self._asked = False
        """Whether a new run was asked for whose record is not there yet."""
        self._options: dict[str, dict[str, Any]] = {}
        self._chosen: dict[str, dict[str, Any]] = {}
        self._watched: tuple[Probe, ...] | None = None
        self._maximised: ViewPanel | None = None
        self._hidden: set[str] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._tell_watch)  # panels come and go together: told once, when all have
        self.panels = {
            slot: ViewPanel(view, theme, self, movable=True)
            for slot, view in first_views(self._facts).items()
        }
        self._whole = QSplitter(Qt.Orientation.Vertical)
        self._rows = [self._row(_TOP), self._row(_BOTTOM)]
        self._lay_out()
        self._clock = QTimer(self)
        self._clock.setInterval(REDRAW)
        self._clock.timeout.connect(self._draw_next)
        self._drawn = 0
        """Which panel had its turn last."""

    # --- what is shown ------------------------------------------------------------------------------------

    def set_record(self, record: RunRecord | None) -> None:
        """Show a run, or with None that there is none."""
        self.set_records(() if record is None else (record,))

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show these runs over each other where a view can; the first is in the foreground."""
        self._records, self._asked = tuple(records), False
        self._take_facts()
        for panel in self.panels.values():
            panel.set_records(self._records)
        self._soon.start()

    def follow(self, standing: RunStatus) -> None:
        """Say, where nothing is to be seen yet, whether a run is about to begin."""
        self._asked = self._asked and standing.run == "starting"  # else it was refused
        # at once, not with the next drawing: what panels need is watched from the first word of the run on
        self._take_facts()
        for panel in self.panels.values():
            panel.set_preparing(standing.run == "starting")

    def refresh(self) -> None:
        """Draw what is seen and has changed."""
        self._take_facts()
        for panel in self.panels.values():
            panel.refresh()

    def _draw_next(self) -> None:
        """Draw one panel after the other, so that a click waits for one drawing at most, not for all."""
        self._take_facts()
        seen = [panel for panel in self.panels.values() if panel.isVisible()]
        if not seen:
            return
        spent = sum(panel.taken() for panel in seen)
        # one panel a tick: between them all it is every 100 ms where there is time, and each second at worst
        self._clock.setInterval(round(min(max(REDRAW / len(seen), spent / SHARE), 10 * REDRAW / len(seen))))
        self._drawn = (self._drawn + 1) % len(seen)
        seen[self._drawn].refresh()

    def watched(self) -> tuple[Probe, ...]:
        """Return the probes of the panels that are seen, each once.

        Of a run whose data nobody knows yet, those of all views that stand somewhere by themselves: the
        engine leaves out what does not fit, and the panels will be among the others.
        """
        shown = [panel.view for panel in self.panels.values() if panel.isVisible()]
        if shown and self._is_ahead() and not self._facts.target_kind:
            shown += [kind() for kind in views() if kind.slots]
        probes = (view.probe() for view in shown)
        return tuple(dict.fromkeys(probe for probe in probes if probe is not None))

    def expect(self, facts: Facts) -> None:
        """Show the views that will suit a run on such data, still empty; unknown facts change nothing."""
        self._expected = facts
        if self._is_ahead():
            self._take_facts()
        elif not self._records and facts.target_kind:
            self._suit(facts, planned=True)

    def get_ready(self) -> None:
        """Show the views of the run that is about to be asked for, and say before that what they need."""
        self._asked = True
        self._take_facts()
        self._tell_watch()

    def plan(self, network: RunRecord | None) -> None:
        """Let views that can show the network that would be trained, where there is no run."""
        for panel in self.panels.values():
            panel.set_plan(network)

    def _is_ahead(self) -> bool:
        """Return whether the page belongs to a run that has not said yet what its data is."""
        return self._asked or (bool(self._records) and self._records[0].started is None)

    def _take_facts(self) -> None:
        if self._is_ahead():
            self._suit(self._expected, planned=False)
        elif self._records:
            self._suit(self._records[0].facts, planned=False)

    def _suit(self, facts: Facts, *, planned: bool) -> None:
        if (facts, planned) == (self._facts, self._planned):
            return
        self._facts, self._planned = facts, planned
        chosen = self._chosen.get(self._sort(), {})
        for slot, view in first_views(facts, planned=planned).items():
            self.panels[slot].set_view(self._as_chosen(chosen.get(slot)) or self._with_options(view))
        self._soon.start()

    def _sort(self) -> str:
        """Name the sort of data, for which the person's choice of views is remembered."""
        # one input has views of its own (a curve), and so have two (a plane)
        size = len(self._facts.input_names) if self._facts.input_kind == "vector" else 0
        return f"{self._facts.input_kind} {min(size, 3)} {self._facts.target_kind}"

    def _as_chosen(self, remembered: object) -> View | None:
        """Return the view that was chosen for a slot, or None where it is none of ours any more."""
        try:
            view = View.family.parse(remembered)
        except ValidationError:
            return None
        return view if isinstance(view, View) and type(view) in fitting(self._facts) else None

    def _with_options(self, view: View) -> View:
        try:
            return view.replaced(**self._options.get(view.kind, {}))
        except ValidationError:
            return view  # options of another version of the program

    def _view_changed(self, slot: str) -> None:
        view = self.panels[slot].view
        names = [field.name for field in shown_fields(type(view))]
        self._options[view.kind] = {name: getattr(view, name) for name in names}
        self._chosen.setdefault(self._sort(), {})[slot] = view.model_dump()
        for other in self.panels.values():  # one view in two panels has the same options in both
            if type(other.view) is type(view):
                other.set_view(self._with_options(other.view))
        self._soon.start()
        self.arranged.emit()

    def _tell_watch(self) -> None:
        now = self.watched()
        if now != self._watched:
            self._watched = now
            self.watch.emit(now)

    # --- arrangement --------------------------------------------------------------------------------------

    def _row(self, slots: Sequence[str]) -> QSplitter:
        row = QSplitter(Qt.Orientation.Horizontal)
        for slot in slots:
            panel = self.panels[slot]
            panel.offer_views(lambda: fitting(self._facts))
            panel.view_changed.connect(lambda slot=slot: self._view_changed(slot))
            panel.visibility_changed.connect(lambda: self._soon.start())
            panel.hide_asked.connect(lambda slot=slot: self.set_shown(slot, False))
            panel.show_all_asked.connect(self.show_all)
            panel.maximise_asked.connect(lambda panel=panel: self.maximise(panel))
            panel.x_chosen.connect(lambda x, panel=panel: self._zoom_others(panel, x))
            panel.told.connect(self.told)
            panel.failed.connect(self.failed)
            row.addWidget(panel)
        return row

    def _zoom_others(self, panel: ViewPanel, x: Range) -> None:
        """Show the same part wherever the same runs along x: loss and accuracy of the same epochs."""
        along = panel.view.along_x()
        for other in self.panels.values():
            if along and other is not panel and other.view.along_x() == along:
                other.look_at(x)

    def _lay_out(self) -> None:
        for splitter in (self._whole, *self._rows):
            splitter.setHandleWidth(12)
            splitter.setChildrenCollapsible(False)
            splitter.splitterMoved.connect(lambda: self.arranged.emit())
        for row in self._rows:
            self._whole.addWidget(row)
        self._rows[0].setSizes([600, 400])
        self._rows[1].setSizes([320, 320, 360])
        self._whole.setSizes([400, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self._whole)

    def set_shown(self, slot: str, shown: bool) -> None:
        """Show or hide the panel of a slot; the last one cannot be hidden."""
        if not shown and self._hidden | {slot} == set(_SLOTS):
            return
        (self._hidden.discard if shown else self._hidden.add)(slot)
        self._apply_shown()
        self.arranged.emit()

    def show_all(self) -> None:
        """Show every panel again."""
        self._hidden.clear()
        self._maximised = None
        self._apply_shown()
        self.arranged.emit()

    def maximise(self, panel: ViewPanel) -> None:
        """Let a panel fill the page, or go back to all of them."""
        self._maximised = None if self._maximised is panel else panel
        self._apply_shown()

    def _apply_shown(self) -> None:
        for slot, panel in self.panels.items():
            panel.maximised = panel is self._maximised
            only = self._maximised
            panel.setVisible(slot not in self._hidden if only is None else panel is only)
        for row, slots in zip(self._rows, (_TOP, _BOTTOM), strict=True):
            # isHidden, not isVisible: while another page is shown nothing here is visible
            row.setVisible(any(not self.panels[slot].isHidden() for slot in slots))
        self._soon.start()

    def arrangement(self) -> str:
        """Return where everything stands, as text to be remembered."""
        return json.dumps(
            {
                "sizes": [splitter.sizes() for splitter in (self._whole, *self._rows)],
                "hidden": sorted(self._hidden),
                "options": self._options,
                "chosen": self._chosen,
            }
        )

    def arrange(self, remembered: str) -> None:
        """Restore an arrangement; what cannot be understood of it is left as it is."""
        try:
            found = json.loads(remembered)
        except ValueError:
            return
        if not isinstance(found, dict):
            return
        self._options = _tables(found.get("options"))
        self._chosen = _tables(found.get("chosen"))
        hidden = found.get("hidden")
        self._hidden = {slot for slot in hidden if slot in _SLOTS} if isinstance(hidden, list) else set()
        # all hidden cannot be reached by hand: no panel would be left to bring the others back
        if len(self._hidden) == len(_SLOTS):
            self._hidden = set()
        sizes = found.get("sizes")
        for splitter, wanted in zip(
            (self._whole, *self._rows), sizes if isinstance(sizes, list) else (), strict=False
        ):
            # all 0 is what Qt says of a splitter that was never shown
            if isinstance(wanted, list) and all(isinstance(size, int) for size in wanted) and any(wanted):
                splitter.setSizes(wanted)
        chosen = self._chosen.get(self._sort(), {})
        for slot, panel in self.panels.items():
            panel.set_view(self._as_chosen(chosen.get(slot)) or self._with_options(panel.view))
        self._apply_shown()

    # --- Qt -----------------------------------------------------------------------------------------------

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self.refresh()
        self._soon.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()
        self._soon.start()


def _tables(found: object) -> dict[str, dict[str, Any]]:
    """Return the mappings of a mapping, and nothing else of it."""
    if not isinstance(found, dict):
        return {}
    return {str(key): dict(value) for key, value in found.items() if isinstance(value, dict)}
