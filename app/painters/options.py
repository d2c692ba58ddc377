"""The options of a view as buttons and menus, made from the view's fields: nobody writes them by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args, get_origin

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget, QWidgetAction

from app.style import set_mark, set_role
from app.views.numbers import number
from app.views.view import View
from app.words import help_of, label_of, option_of
from engine.choices import Field, fields

Change = Callable[[str, object], None]
_NOTCHES = 100


class OptionButton(QToolButton):
    """One option in the head of a panel: its value, and a menu (or a switch) to change it."""

    def __init__(
        self, view: View, field: Field, offers: Mapping[str, str], change: Change, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._field = field
        self._kind = type(view)
        label = label_of(self._kind, field)
        self.setAccessibleName(label)
        self.setToolTip(help_of(self._kind, field))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if field.annotation is bool:
            set_role(self, "segment")
            self.setText(label)
            self.setCheckable(True)
            self.setChecked(bool(getattr(view, field.name)))
            self.toggled.connect(lambda on: change(field.name, on))
        else:
            set_role(self, "quiet")
            set_mark(self, "menu", "true")
            self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            self.setMenu(option_menu(view, field, offers, self._changed_here(change), self))
            self._say(getattr(view, field.name), offers)
        self._offers = offers

    def _changed_here(self, change: Change) -> Change:
        def changed(name: str, value: object) -> None:
            self._say(value, self._offers)
            change(name, value)

        return changed

    def _say(self, value: object, offers: Mapping[str, str]) -> None:
        self.setText(_words(self._kind, self._field, value, offers))


def shown_fields(view: View, offers: Mapping[str, Mapping[str, str]]) -> tuple[Field, ...]:
    """Return the fields that have something to choose; a text without offers has not."""
    return tuple(
        field
        for field in fields(type(view))
        if field.setting.role != "hidden"
        and (field.annotation is not str or len(offers.get(field.name, {})) > 1)
    )


def add_option(menu: QMenu, view: View, field: Field, offers: Mapping[str, str], change: Change) -> None:
    """Add an option to a menu: a switch, or a menu of its own."""
    if field.annotation is bool:
        action = menu.addAction(label_of(type(view), field))
        action.setCheckable(True)
        action.setChecked(bool(getattr(view, field.name)))
        action.toggled.connect(lambda on: change(field.name, on))
    else:
        menu.addMenu(option_menu(view, field, offers, change, menu))


def option_menu(
    view: View, field: Field, offers: Mapping[str, str], change: Change, parent: QWidget
) -> QMenu:
    """Return the menu in which the values of a field are chosen."""
    menu = QMenu(label_of(type(view), field), parent)
    menu.setToolTipsVisible(True)
    if field.annotation in (int, float):
        menu.addAction(_slider(view, field, change, menu))
        return menu
    group = QActionGroup(menu)
    for value, words in _values(view, field, offers).items():
        action = QAction(words, menu)
        action.setCheckable(True)
        action.setChecked(value == getattr(view, field.name))
        action.setToolTip(field.setting.options.get(value, ""))
        action.triggered.connect(lambda _, value=value: change(field.name, value))
        group.addAction(action)
        menu.addAction(action)
    return menu


def _values(view: View, field: Field, offers: Mapping[str, str]) -> Mapping[str, str]:
    if get_origin(field.annotation) is Literal:
        return {value: option_of(type(view), field, value) for value in get_args(field.annotation)}
    return offers


def _words(kind: type[View], field: Field, value: object, offers: Mapping[str, str]) -> str:
    if isinstance(value, int | float):
        return f"{label_of(kind, field)} {number(value, 2)}"
    return offers.get(str(value)) or option_of(kind, field, str(value))


def _slider(view: View, field: Field, change: Change, menu: QMenu) -> QWidgetAction:
    low, high = field.setting.least or 0.0, field.setting.most if field.setting.most is not None else 1.0
    whole = field.annotation is int
    notches = int(high - low) if whole else _NOTCHES
    box = QWidget(menu)
    slider, said = QSlider(Qt.Orientation.Horizontal), QLabel()
    slider.setAccessibleName(label_of(type(view), field))
    slider.setRange(0, notches)
    slider.setValue(round((getattr(view, field.name) - low) / (high - low) * notches))
    slider.setFixedWidth(180)
    said.setFixedWidth(40)
    layout = QHBoxLayout(box)
    layout.setContentsMargins(12, 8, 12, 8)
    layout.addWidget(slider)
    layout.addWidget(said)

    def moved(notch: int) -> None:
        value = low + (high - low) * notch / notches
        said.setText(number(value, 2))
        change(field.name, round(value) if whole else value)

    said.setText(number(getattr(view, field.name), 2))
    slider.valueChanged.connect(moved)
    action = QWidgetAction(menu)
    action.setDefaultWidget(box)
    return action
