"""Every icon can be tinted, draws something at the size it is used, and comes from where NOTICE says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

if TYPE_CHECKING:
    from typing import Any

    from PySide6.QtWidgets import QApplication

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"
LUCIDE = sorted(path.stem for path in ICONS.glob("*.svg") if path.stem != "ravine")
ALLOWED = {"svg", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(content: bytes, size: int) -> Any:
    """The pixels of an SVG on a transparent square: shape (size, size, 4), blue, green, red, alpha."""
    renderer = QSvgRenderer(QByteArray(content))
    assert renderer.isValid()
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return np.array(image.constBits()).reshape(size, size, 4)


def test_that_nothing_but_svg_lies_among_the_icons_and_all_is_small() -> None:
    assert {path.suffix for path in ICONS.iterdir()} == {".svg"}
    assert sum(path.stat().st_size for path in ICONS.iterdir()) < 100_000
    assert len(LUCIDE) >= 70


@pytest.mark.parametrize("name", [*LUCIDE, "ravine"])
def test_that_an_icon_holds_only_plain_shapes(name: str) -> None:
    """No script, picture, style or link: Qt draws it the same everywhere."""
    root = ElementTree.fromstring((ICONS / f"{name}.svg").read_bytes())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED


@pytest.mark.parametrize("name", LUCIDE)
def test_that_an_icon_takes_the_colour_it_is_given(qapp: QApplication, name: str) -> None:
    content = (ICONS / f"{name}.svg").read_bytes()
    assert b"lucide-static v" in content
    assert content.count(b"currentColor") >= 1
    pixels = drawn(content.replace(b"currentColor", b"#FF0000"), 16)
    strong = pixels[pixels[..., 3] > 128]
    assert len(strong) > 0
    assert (strong[:, 2] > 240).all()
    assert (strong[:, :2] < 16).all()


@pytest.mark.parametrize("size", [16, 32, 256])
def test_that_the_mark_of_the_program_fills_its_square_with_the_accent(qapp: QApplication, size: int) -> None:
    pixels = drawn((ICONS / "ravine.svg").read_bytes(), size)
    covered = pixels[..., 3] > 128
    assert covered.mean() > 0.8
    assert not covered[0, 0]  # round corners
    blue = (pixels[..., :3] == [0xB2, 0x72, 0x00]).all(axis=-1)
    assert blue.mean() > 0.2
