"""The look: both shades, switched while the window is open."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.look.resources import RESOURCES
from app.look.style import set_role
from app.look.theme import Theme, color, read_tokens


def dominant(widget: QWidget) -> str:
    """Return the colour of a pixel that nothing is written on."""
    return widget.grab().toImage().pixelColor(2, widget.height() // 2).name()


def test_that_both_shades_name_the_same_tokens() -> None:
    both = read_tokens(RESOURCES / "theme.toml")
    assert both["light"].colors.keys() == both["dark"].colors.keys()
    assert both["light"].scales.keys() == both["dark"].scales.keys()


def test_that_the_palette_and_what_is_painted_follow_the_scheme(
    theme: Theme, qapp: QApplication, qtbot: Any
) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    set_role(box, "card")
    box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    box.resize(40, 40)
    box.show()
    for scheme in ("dark", "light", "dark"):
        theme.set_scheme(scheme)
        assert qapp.palette().color(QPalette.ColorRole.Window) == theme.color("ground")
        assert dominant(box) == theme.color("card").name()
    theme.set_scheme("light")


def test_that_an_icon_placed_once_takes_the_colour_of_the_scheme(theme: Theme, qtbot: Any) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    theme.put_icon(button, "square", "text", 48)
    shades = []
    for scheme in ("light", "dark"):
        theme.set_scheme(scheme)
        image = button.icon().pixmap(48, 48).toImage()
        pixels = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
        shades.append({pixel.name() for pixel in pixels if pixel.alpha() == 255})
    assert shades == [{"#111827"}, {"#e8ebf0"}]
    theme.set_scheme("light")


def test_that_icons_of_widgets_that_are_gone_do_no_harm(theme: Theme) -> None:
    button = QPushButton()
    theme.put_icon(button, "play")
    button.deleteLater()
    del button
    theme.apply()


def test_that_opacity_is_read_from_the_end_of_a_colour() -> None:
    assert color("#11182714").alpha() == 0x14
    assert color("#11182714").red() == 0x11


def test_that_figures_are_of_one_width(theme: Theme) -> None:
    metrics = QFontMetricsF(theme.font())
    assert len({round(metrics.horizontalAdvance(figure), 3) for figure in "0123456789"}) == 1
