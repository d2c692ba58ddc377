"""The order of the Tab key: as the eye goes, from above down, from left to right, one region after the other.

Qt goes in the order in which widgets were made. Pages here are made when they are first shown and forms anew
when a kind is chosen, so that order says nothing; where widgets stand does.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cmp_to_key
from itertools import takewhile

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QWidget


def move_focus(window: QWidget, *, forward: bool) -> bool:
    """Give the focus to the widget after (or before) the one that has it; return whether there is one.

    Where that one is hidden or cannot be used any more, as Qt asks this then, too, the focus stays where it
    was, on what holds it: the button beside it, which may throw a run away, is not what the next key means.
    """
    here = window.focusWidget()
    if here is not None and not (here.isEnabled() and here.isVisible()):
        return _rest(here)
    stops = stops_of(window)
    if not stops:
        return False
    place = stops.index(here) if here in stops else _place_of(here, window, forward=forward)
    found = stops[(place + (1 if forward else -1)) % len(stops)]
    found.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    if isinstance(found, QAbstractItemView):
        stand_on_line(found)
    _show(found)
    return True


def _rest(gone: QWidget) -> bool:
    """Give the focus to the nearest of what holds a widget that is seen and can be used."""
    above = gone.parentWidget()
    # a group of buttons hands the focus to one of them
    while above is not None and not (above.isEnabled() and above.isVisible() and above.focusProxy() is None):
        above = above.parentWidget()
    if above is None:
        return False
    above.setFocus(Qt.FocusReason.OtherFocusReason)
    return True


def stops_of(window: QWidget) -> list[QWidget]:
    """Return every widget that Tab stops at, in order."""
    return [widget for widget in _walk(window) if _is_stop(widget)]


def _walk(widget: QWidget) -> Iterator[QWidget]:
    """Yield a widget that can be used, then those in it as they stand."""
    if not widget.isVisible() or not widget.isEnabled():
        return
    yield widget
    for child in _children(widget):
        yield from _walk(child)


def _is_stop(widget: QWidget) -> bool:
    takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    # What scrolls a form follows the focus inside by itself: a stop of its own would be a key for nothing.
    return bool(takes) and widget.focusProxy() is None and not isinstance(widget, QScrollArea)


def _children(widget: QWidget) -> list[QWidget]:
    found = [child for child in widget.children() if isinstance(child, QWidget) and not child.isWindow()]
    return sorted(found, key=cmp_to_key(_before))


def _before(first: QWidget, second: QWidget) -> int:
    """Compare places: side by side the left one comes first, else the upper one."""
    one, other = first.geometry(), second.geometry()
    shared = min(one.bottom(), other.bottom()) - max(one.top(), other.top())
    beside = shared > 0.5 * min(one.height(), other.height())
    return one.left() - other.left() if beside else one.top() - other.top()


def _place_of(here: QWidget | None, window: QWidget, *, forward: bool) -> int:
    """Return the place to go on from where the focus is on what Tab does not stop at, such as a page.

    Forward is into the page; where that has no stop, as a page without runs, it is what comes after it.
    """
    before = sum(1 for widget in takewhile(lambda one: one is not here, _walk(window)) if _is_stop(widget))
    return before - 1 if forward else before


def stand_on_line(view: QAbstractItemView) -> None:
    """Select the line that arrow keys would leave, else the first: without one nobody sees the focus."""
    model, chosen = view.model(), view.selectionModel()
    if model is None or chosen is None or chosen.hasSelection() or not model.rowCount():
        return
    here = view.currentIndex()
    view.setCurrentIndex(here if here.isValid() and here.row() > 0 else model.index(0, 0))


def _show(widget: QWidget) -> None:
    """Scroll whatever the widget stands in, so that it is seen."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 12, 24)
        above = above.parentWidget()
