"""The options of a view as buttons and menus, made from the view's fields: nobody writes them by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget, QWidgetAction

from app.language.numbers import number
from app.language.words import help_of, label_of, option_help_of, option_of
from app.look.style import set_mark, set_role
from app.views.view import View
from app.widgets.tips import plain
from engine.choices import Field, fields

Change = Callable[[str, object], None]
_NOTCHES = 100


class OptionButton(QToolButton):
    """One option in the head of a panel: its value, and a menu (or a switch) to change it."""

    def __init__(self, view: View, field: Field, change: Change, parent: QWidget) -> None:
        super().__init__(parent)
        self._field, self._kind, self._change = field, type(view), change
        label = label_of(self._kind, field)
        self.setAccessibleName(label)
        self.setToolTip(plain(help_of(self._kind, field)))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if field.annotation is bool:
            set_role(self, "segment")
            self.setText(label)
            self.setCheckable(True)
            self.setChecked(bool(getattr(view, field.name)))
            # after `setChecked`: to show a value is not to choose it
            self.toggled.connect(lambda on: change(field.name, on))
        else:
            set_role(self, "quiet")
            set_mark(self, "menu", "true")
            # by itself a button opens its menu only while it is held down
            self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            self.setMenu(option_menu(view, field, self._changed, self))
            self._say(getattr(view, field.name))

    def _changed(self, name: str, value: object) -> None:
        self._say(value)
        self._change(name, value)

    def _say(self, value: object) -> None:
        if isinstance(value, int | float):
            self.setText(f"{label_of(self._kind, self._field)} {_short(value)}")
        else:
            self.setText(option_of(self._kind, self._field, str(value)))


def shown_fields(kind: type[View]) -> tuple[Field, ...]:
    """Return the fields that are options; texts say what the view is about: the panel's title offers them."""
    return tuple(
        field for field in fields(kind) if field.setting.role != "hidden" and field.annotation is not str
    )


def add_option(menu: QMenu, view: View, field: Field, change: Change) -> None:
    """Add an option to a menu: a switch, or a menu of its own."""
    if field.annotation is bool:
        action = menu.addAction(label_of(type(view), field))
        action.setCheckable(True)
        action.setChecked(bool(getattr(view, field.name)))
        action.toggled.connect(lambda on: change(field.name, on))
    else:
        menu.addMenu(option_menu(view, field, change, menu))


def option_menu(view: View, field: Field, change: Change, parent: QWidget) -> QMenu:
    """Return the menu in which the values of a field are chosen: a slider for numbers, else a list."""
    menu = QMenu(label_of(type(view), field), parent)
    menu.setToolTipsVisible(True)
    if field.annotation in (int, float):
        menu.addAction(_slider(view, field, change, menu))
        return menu
    group = QActionGroup(menu)
    for value in get_args(field.annotation):
        action = QAction(option_of(type(view), field, value), menu)
        action.setCheckable(True)
        action.setChecked(value == getattr(view, field.name))
        action.setToolTip(plain(option_help_of(type(view), field, value)))
        action.triggered.connect(lambda _, value=value: change(field.name, value))
        group.addAction(action)
        menu.addAction(action)
    return menu


def _short(value: float) -> str:
    return number(value, 2) if isinstance(value, float) else str(value)


def _slider(view: View, field: Field, change: Change, menu: QMenu) -> QWidgetAction:
    low = field.setting.least or 0.0
    high = 1.0 if field.setting.most is None else field.setting.most
    whole = field.annotation is int
    notches = int(high - low) if whole else _NOTCHES
    box = QWidget(menu)
    slider, said = QSlider(Qt.Orientation.Horizontal), QLabel()
    slider.setAccessibleName(label_of(type(view), field))
    slider.setRange(0, notches)
    slider.setValue(round((getattr(view, field.name) - low) / (high - low) * notches))
    slider.setFixedWidth(180)
    # the slider must not move under the hand while figures come and go
    said.setFixedWidth(40)
    layout = QHBoxLayout(box)
    layout.setContentsMargins(12, 8, 12, 8)
    layout.addWidget(slider)
    layout.addWidget(said)

    def moved(notch: int) -> None:
        value = low + (high - low) * notch / notches
        value = round(value) if whole else value
        said.setText(_short(value))
        change(field.name, value)

    said.setText(_short(getattr(view, field.name)))
    # after `setValue`: to show a value is not to choose it
    slider.valueChanged.connect(moved)
    action = QWidgetAction(menu)
    action.setDefaultWidget(box)
    return action
