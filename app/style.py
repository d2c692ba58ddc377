"""The style sheet, a template over the tokens. Widgets say what they are through the property `role`."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from PySide6.QtWidgets import QWidget


def style_sheet(colors: Mapping[str, str], measures: Mapping[str, str], pictures: Mapping[str, str]) -> str:
    """Return the style sheet with the tokens filled in."""
    return Template(_SHEET).substitute(colors, **measures, **pictures)


def set_role(widget: QWidget, role: str) -> None:
    """Say what a widget is ("card", "muted", "primary", ...), so that the style sheet dresses it."""
    set_mark(widget, "role", role)


def set_mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and dress the widget anew where it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


_SHEET = """
QMainWindow, QDialog { background: $ground; }
QToolTip { background: $card; color: $text; border: 1px solid $border_strong; padding: 4px 6px; }

/* surfaces */
*[role="card"] { background: $card; border: 1px solid $border; border-radius: ${radius_card}px; }
*[role="card"][wrong="true"] { border-color: $danger; }
*[role="link-card"] { background: $card; border: 1px solid $border; border-radius: ${radius_card}px; text-align: left; }
*[role="link-card"]:hover { border-color: $accent; background: $raised; }
*[role="link-card"]:focus { border: 2px solid $focus; }
*[role="link-card"]:pressed { background: $hover; }
*[role="bar"] { background: $card; border: none; border-bottom: 1px solid $border; }
*[role="rail"] { background: $card; border: none; border-right: 1px solid $border; }
*[role="status"] { background: $card; border: none; border-top: 1px solid $border; }
*[role="ground"] { background: $ground; border: none; }
*[role="chip"] { background: $raised; border: 1px solid $border; border-radius: ${radius_control}px; padding: 0 8px; }
*[role="chip"][state="good"] { background: $success_soft; border-color: $success; color: $success; }
*[role="chip"][state="warning"] { background: $warning_soft; border-color: $warning; color: $warning; }
*[role="chip"][state="danger"] { background: $danger_soft; border-color: $danger; color: $danger; }
*[role="toast"] { background: $card; border: 1px solid $border_strong; border-radius: ${radius_card}px; }
*[role="toast"][state="danger"] { background: $danger_soft; border-color: $danger; }
*[role="toast"][state="good"] { border-color: $success; }
*[role="line"] { background: $border; border: none; }

/* words */
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${font_title}px; font-weight: ${font_semibold}; }
QLabel[role="large"] { font-size: ${font_large}px; font-weight: ${font_semibold}; }
QLabel[role="strong"] { font-weight: ${font_semibold}; }
QLabel[role="muted"] { color: $text_muted; }
QLabel[role="faint"] { color: $text_faint; }
QLabel[role="small"] { color: $text_muted; font-size: ${font_small}px; }
QLabel[role="problem"] { color: $danger; font-size: ${font_small}px; }
QLabel[role="formula"] { color: $accent; }
QLabel[role="success"] { color: $success; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="danger"] { color: $danger; }

/* buttons */
QPushButton, QToolButton[role="button"] {
  background: $raised; color: $text; border: 1px solid $border_strong; border-radius: ${radius_control}px;
  padding: 0 12px; min-height: 26px; }
QPushButton:hover, QToolButton[role="button"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[role="button"]:pressed { background: $pressed; }
QPushButton:focus, QToolButton[role="button"]:focus { border: 2px solid $focus; padding: 0 11px; min-height: 24px; }
QPushButton:disabled, QToolButton[role="button"]:disabled { color: $text_disabled; border-color: $border; }
QPushButton[role="primary"], QPushButton:default[role="primary"] {
  background: $accent; color: $accent_text; border: 1px solid $accent; font-weight: ${font_semibold}; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $hover; color: $text_disabled; border-color: $border; }
QPushButton[role="danger"] { color: $danger; border-color: $danger; }
QPushButton[role="link"], QToolButton[role="link"] {
  background: transparent; border: 2px solid transparent; border-radius: ${radius_small}px; color: $accent; padding: 0 2px;
  min-height: 20px; text-align: left; }
QPushButton[role="link"]:hover, QToolButton[role="link"]:hover { color: $accent_hover; text-decoration: underline; }
QPushButton[role="link"]:focus, QToolButton[role="link"]:focus { border-color: $focus; }
QPushButton[role="link"]:disabled { color: $text_disabled; }
QPushButton[role="quiet"], QToolButton[role="quiet"] {
  background: transparent; border: 2px solid transparent; border-radius: ${radius_control}px; padding: 0 6px;
  min-height: 20px; color: $text_muted; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $hover; color: $text; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border-color: $focus; }
QToolButton[role="icon"] { background: transparent; border: 2px solid transparent; border-radius: ${radius_small}px;
  padding: 1px; min-width: 16px; min-height: 16px; }
QToolButton[role="icon"]:hover { background: $hover; }
QToolButton[role="icon"]:pressed, QToolButton[role="icon"]:checked { background: $pressed; }
QToolButton[role="icon"]:focus { border-color: $focus; }
QToolButton[role="panel-title"] { background: transparent; border: 2px solid transparent; text-align: left;
  border-radius: ${radius_small}px; font-size: ${font_title}px; font-weight: ${font_semibold}; padding: 0 18px 0 2px; }
QToolButton[role="panel-title"]:hover { background: $hover; }
QToolButton[role="panel-title"]:focus { border-color: $focus; }
QToolButton[role="rail"] { background: transparent; border: 2px solid transparent; border-radius: ${radius_card}px;
  color: $text_muted; font-size: ${font_small}px; padding: 4px 2px; }
QToolButton[role="rail"]:hover { background: $hover; color: $text; }
QToolButton[role="rail"]:checked { background: $accent_soft; color: $accent; font-weight: ${font_semibold}; }
QToolButton[role="rail"]:focus { border-color: $focus; }
QToolButton::menu-indicator, QPushButton::menu-indicator {
  image: url("$arrow_down"); width: 12px; height: 12px; subcontrol-position: right center;
  subcontrol-origin: padding; right: 6px; }
QPushButton[menu="true"], QToolButton[menu="true"] { padding-right: 24px; }
QFrame[role="segments"] { background: $hover; border: 1px solid $border; border-radius: ${radius_control}px; }
QToolButton[role="segment"] { background: transparent; border: 1px solid transparent; border-radius: ${radius_small}px;
  color: $text_muted; padding: 0 8px; min-height: 22px; }
QToolButton[role="segment"]:hover { color: $text; }
QToolButton[role="segment"]:checked { background: $card; color: $text; border-color: $border_strong; }
QToolButton[role="segment"]:focus { border: 2px solid $focus; padding: 0 7px; min-height: 20px; }
QToolButton[role="segment"]:disabled { color: $text_disabled; }
QPushButton[role="card-head"] { background: transparent; border: 2px solid transparent;
  border-radius: ${radius_card}px; text-align: left; padding: 0; }
QPushButton[role="card-head"]:hover { background: $raised; }
QPushButton[role="card-head"]:focus { border-color: $focus; }

/* fields */
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {
  background: $raised; color: $text; border: 1px solid $border; border-radius: ${radius_control}px; padding: 0 8px;
  selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox { min-height: 24px; }
QLineEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: $border_strong; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {
  border: 2px solid $focus; background: $card; padding: 0 7px; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus { min-height: 22px; }
QLineEdit:disabled, QComboBox:disabled { color: $text_disabled; background: $ground; }
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border: 1px solid $danger; background: $danger_soft; }
QLineEdit[wrong="true"]:focus, QComboBox[wrong="true"]:focus { border: 2px solid $danger; }
QLineEdit[role="heading"] { background: transparent; border: 1px solid transparent; font-size: ${font_title}px;
  font-weight: ${font_semibold}; }
QLineEdit[role="heading"]:hover { border-color: $border; }
QLineEdit[role="heading"]:focus { border: 2px solid $focus; background: $card; }
QComboBox { padding-right: 20px; }
QComboBox::drop-down { border: none; width: 22px; subcontrol-origin: padding; subcontrol-position: right center; }
QComboBox::down-arrow { image: url("$arrow_down"); width: 14px; height: 14px; }
QComboBox::down-arrow:disabled { image: url("$arrow_down_disabled"); }
QComboBox QAbstractItemView { background: $card; border: 1px solid $border_strong; outline: none; padding: 4px;
  selection-background-color: $accent_soft; selection-color: $text; }
QCheckBox { spacing: 8px; background: transparent; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $border_strong; border-radius: ${radius_small}px;
  background: $raised; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick"); }
QCheckBox::indicator:focus { border: 2px solid $focus; }
QCheckBox::indicator:disabled { background: $ground; border-color: $border; }
QSlider { min-height: 22px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 7px; background: $card;
  border: 1px solid $border_strong; }
QSlider::handle:horizontal:hover { border-color: $accent; }
QSlider::handle:horizontal:focus { border: 2px solid $focus; width: 10px; height: 10px; }
QSlider::sub-page:horizontal:disabled { background: $border_strong; }
QProgressBar { background: $hover; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[state="paused"]::chunk { background: $border_strong; }

/* lists and tables */
QAbstractItemView { background: $card; color: $text; border: none; outline: none; alternate-background-color: $raised;
  selection-background-color: $selection; selection-color: $text; gridline-color: $border; }
QHeaderView { background: $card; border: none; }
QHeaderView::section { background: $card; color: $text_muted; border: none; border-bottom: 1px solid $border;
  padding: 4px 8px; }
QTableCornerButton::section { background: $card; border: none; }
QTabBar::tab { background: transparent; color: $text_muted; padding: 6px 12px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $accent; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $text; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }

/* menus */
QMenuBar { background: $card; color: $text; border-bottom: 1px solid $border; padding: 2px 8px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: ${radius_small}px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $card; color: $text; border: 1px solid $border_strong; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: ${radius_small}px; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenu::indicator:checked { image: url("$tick_menu"); }
QMenu::right-arrow { image: url("$arrow_right"); width: 12px; height: 12px; }

/* scrolling and splitting */
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="ground"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $border_strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $border; }
QTextBrowser { background: $card; border: none; padding: 8px; }
QGroupBox { border: 1px solid $border; border-radius: ${radius_control}px; margin-top: 12px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; color: $text_muted; }
"""
