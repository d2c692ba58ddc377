"""The look: design tokens, and the palette, style sheet, fonts and icons made from them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from string import Template
from typing import Any, Literal
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from shiboken6 import isValid

from app.look.settings import Scheme
from engine.atomic import write_bytes
from engine.runs.places import cache

Shade = Literal["light", "dark"]


@dataclass(frozen=True)
class Tokens:
    """The values of one shade: colours, lists of colours, and the measures both shades share."""

    shade: Shade
    colors: Mapping[str, str]
    scales: Mapping[str, tuple[str, ...]]
    """`series`, `series_text` (Okabe-Ito, in the order runs get them), `sequential`, `diverging`."""
    font: Mapping[str, Any]
    spacing: Mapping[str, int]
    radius: Mapping[str, int]
    stroke: Mapping[str, float]
    icon: Mapping[str, int]


def read_tokens(file: Path) -> dict[Shade, Tokens]:
    """Return the tokens of both shades."""
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {"light": _tokens("light", read), "dark": _tokens("dark", read)}


def _tokens(shade: Shade, read: Mapping[str, Any]) -> Tokens:
    values = read[shade]
    return Tokens(
        shade,
        {name: value for name, value in values.items() if isinstance(value, str)},
        {name: tuple(value) for name, value in values.items() if isinstance(value, list)},
        read["font"],
        read["spacing"],
        read["radius"],
        read["stroke"],
        read["icon"],
    )


def color(text: str) -> QColor:
    """Return the colour of a token; #RRGGBBAA carries its opacity last, which Qt reads first."""
    return QColor(f"#{text[7:9]}{text[1:7]}" if len(text) == 9 else text)


Iconed = QAbstractButton | QAction | QLabel


class Theme(QObject):
    """The look of the whole application, light or dark, changed while it runs."""

    changed = Signal()
    """Colours are different; whoever paints by hand paints anew."""

    def __init__(self, resources: Path, scheme: Scheme = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._resources = resources
        self._both = read_tokens(resources / "theme.toml")
        self._scheme: Scheme = scheme
        self._placed: WeakKeyDictionary[QObject, tuple[str, str, int]] = WeakKeyDictionary()
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._families = _load_fonts(resources / "fonts")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._screen_added)

    # --- what it is -----------------------------------------------------------------------------------------

    @property
    def scheme(self) -> Scheme:
        """Return what the person chose: light, dark or as the system has it."""
        return self._scheme

    @property
    def shade(self) -> Shade:
        if self._scheme == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return "dark" if dark else "light"
        return self._scheme

    @property
    def tokens(self) -> Tokens:
        return self._both[self.shade]

    def color(self, name: str) -> QColor:
        """Return the colour of that name (a key of resources/theme.toml) in the shade shown now."""
        return color(self.tokens.colors[name])

    def series(self, index: int, *, text: bool = False) -> QColor:
        """Return the colour of the run or class of that number; with `text`, the one to write in."""
        scale = self.tokens.scales["series_text" if text else "series"]
        return color(scale[index % len(scale)])

    def font(self, size: str = "text", weight: str = "regular") -> QFont:
        """Return the application's font; `size` and `weight` are keys of the tokens' font table."""
        table = self.tokens.font
        font = QFont()
        font.setFamilies(list(table["families"]))
        font.setPixelSize(table[size])
        font.setWeight(QFont.Weight(table[weight]))
        for feature in table["features"]:
            font.setFeature(QFont.Tag(feature), 1)
        return font

    # --- applying it ----------------------------------------------------------------------------------------

    def set_scheme(self, scheme: Scheme) -> None:
        if scheme != self._scheme:
            self._scheme = scheme
            self.apply()

    def apply(self) -> None:
        """Dress the application: style, font, palette, style sheet and every icon placed so far."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if application.style().objectName() != "fusion":
            application.setStyle("fusion")
        application.setFont(self.font())
        application.setPalette(palette(self.tokens))
        application.setStyleSheet(self.style_sheet())
        # a list: entries go when their widgets do
        for target, (name, tint, size) in list(self._placed.items()):
            # Qt may have deleted the widget while Python still holds its object
            if isValid(target):
                self._put(target, name, tint, size)
        self.changed.emit()

    def style_sheet(self) -> str:
        """Return the style sheet with the tokens filled in."""
        template = Template((self._resources / "style.qss").read_text(encoding="utf-8"))
        return template.substitute(self.tokens.colors, **self._measures(), **self._pictures())

    def _screen_added(self) -> None:
        self.apply()  # it may be finer than those before, for which the icons were drawn

    def _system_changed(self) -> None:
        if self._scheme == "system":
            self.apply()

    def _measures(self) -> dict[str, str]:
        tokens = self.tokens
        tables = {
            "font": tokens.font,
            "spacing": tokens.spacing,
            "radius": tokens.radius,
            "stroke": tokens.stroke,
        }
        return {
            f"{table}_{name}": str(value)
            for table, values in tables.items()
            for name, value in values.items()
            if isinstance(value, int | float)
        }

    def _pictures(self) -> dict[str, str]:
        """Write the few icons that a style sheet can only take from files, and return their paths.

        They stay in the cache, under names that tell their content: nothing is left over when the window is
        killed. Where nothing can be written, lists have no arrows and ticks are squares.
        """
        wanted = {
            "arrow_down": ("chevron-down", "text_muted"),
            "arrow_down_disabled": ("chevron-down", "text_disabled"),
            "arrow_right": ("chevron-right", "text_muted"),
            "tick": ("check", "accent_text"),
            "tick_menu": ("check", "accent"),
        }
        paths = {}
        for key, (name, tint) in wanted.items():
            drawing = self._tinted(name, tint)
            file = cache() / "icons" / f"{hashlib.blake2b(drawing, digest_size=12).hexdigest()}.svg"
            try:
                if not file.is_file() or file.read_bytes() != drawing:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    write_bytes(file, drawing, durable=False)
                paths[key] = file.as_posix()
            except OSError:
                paths[key] = ""
        return paths

    # --- icons ----------------------------------------------------------------------------------------------

    def icon(self, name: str, tint: str = "text", size: int = 16) -> QIcon:
        """Return the icon in the colours of now; use `put_icon` for one that follows the theme."""
        icon = QIcon()
        for mode, shade in ((QIcon.Mode.Normal, tint), (QIcon.Mode.Disabled, "text_disabled")):
            for ratio in self._ratios():
                icon.addPixmap(self.pixmap(name, shade, size, ratio), mode)
        return icon

    @staticmethod
    def _ratios() -> list[int]:
        """Return how many pixels a point has on the screens there are: others would be drawn for nobody."""
        return sorted({1, *(ceil(screen.devicePixelRatio()) for screen in QGuiApplication.screens())})

    def put_icon(self, target: Iconed, name: str, tint: str = "text", size: int = 16) -> None:
        """Give a button, action or label an icon that keeps its colour right when the theme changes."""
        if self._placed.get(target) != (name, tint, size):
            self._placed[target] = (name, tint, size)
            self._put(target, name, tint, size)

    def pixmap(self, name: str, tint: str = "text", size: int = 16, ratio: float = 1.0) -> QPixmap:
        """Return the icon's picture; each is drawn once, for many fields carry the same few."""
        key = (name, self.tokens.colors[tint], size, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._draw(name, tint, size, ratio)
        return self._pixmaps[key]

    def _draw(self, name: str, tint: str, size: int, ratio: float) -> QPixmap:
        pixmap = QPixmap(QSize(size, size) * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(self._tinted(name, tint))).render(painter)
        painter.end()
        # after painting, which fills the picture by its pixels
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _put(self, target: QObject, name: str, tint: str, size: int) -> None:
        if isinstance(target, QLabel):
            target.setPixmap(self.pixmap(name, tint, size, target.devicePixelRatioF()))
        elif isinstance(target, QAbstractButton):
            target.setIcon(self.icon(name, tint, size))
            target.setIconSize(QSize(size, size))
        elif isinstance(target, QAction):
            target.setIcon(self.icon(name, tint, size))

    def _tinted(self, name: str, tint: str) -> bytes:
        drawing = (self._resources / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        return drawing.replace("currentColor", self.tokens.colors[tint]).encode()


def palette(tokens: Tokens) -> QPalette:
    """Return Qt's palette for the tokens: some platforms ignore their own dark scheme, none ignores this."""
    roles = {
        QPalette.ColorRole.Window: "ground",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "card",
        QPalette.ColorRole.AlternateBase: "raised",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.PlaceholderText: "text_faint",
        QPalette.ColorRole.Button: "raised",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.BrightText: "danger",
        QPalette.ColorRole.ToolTipBase: "card",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "accent_text",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.LinkVisited: "accent",
        QPalette.ColorRole.Accent: "accent",
        QPalette.ColorRole.Light: "card",
        QPalette.ColorRole.Midlight: "hover",
        QPalette.ColorRole.Mid: "border",
        QPalette.ColorRole.Dark: "border_strong",
        QPalette.ColorRole.Shadow: "border_strong",
    }
    made = QPalette()
    for role, name in roles.items():
        made.setColor(role, color(tokens.colors[name]))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, color(tokens.colors["text_disabled"]))
    return made


def _load_fonts(folder: Path) -> list[str]:
    """Make the shipped fonts known to Qt and return their families."""
    families: list[str] = []
    for file in sorted(folder.glob("*.[ot]tf")):
        number = QFontDatabase.addApplicationFont(str(file))
        if number >= 0:
            families += QFontDatabase.applicationFontFamilies(number)
    return families
