"""What the self-test tries in the window itself: a figure is drawn, exported, and read again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from app.document.record import RunRecord
from app.look.theme import Theme
from app.painters.export import picture, save_csv, save_png, save_svg
from app.painters.ink import Ink
from app.views.course.curves import CurvesView
from app.views.drawing import Viewport
from engine.events import Block, Facts, Measured, RunStarted

_STEPS = 40
_SIZE = QSize(640, 360)
_TITLE = "Loss"


def figure_checks(theme: Theme) -> Mapping[str, Callable[[Path], None]]:
    """Return the checks by name. Each gets a folder, and raises RuntimeError or OSError if it fails."""
    return {
        "export a figure as PNG": partial(_png, theme),
        "export a figure as SVG": partial(_svg, theme),
        "export the numbers of a figure as CSV": lambda place: _csv(place),
    }


def _records() -> tuple[RunRecord, ...]:
    """Return a run with a falling loss."""
    record = RunRecord()
    record.apply(RunStarted("", "Self-test", 0, 1, _STEPS, "", 0, (), Facts()))
    loss = Block("loss", 1, 1, np.linspace(2, 0.5, _STEPS, dtype=np.float32))
    record.apply(Measured((loss,), _STEPS, 1, 1.0, 1.0))
    return (record,)


def _png(theme: Theme, place: Path) -> None:
    drawing = CurvesView().draw(_records(), Viewport())
    save_png(place / "figure.png", picture(drawing, _SIZE, _TITLE, Ink(theme)))
    image = QImage(str(place / "figure.png"))
    # `picture` makes two pixels of a point
    if image.isNull() or image.width() != 2 * _SIZE.width():
        raise RuntimeError("the picture that was written cannot be read")
    ground = image.pixel(0, 0)
    # a curve goes across, so that one of four pixels is enough to meet it
    if all(
        image.pixel(x, y) == ground for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)
    ):
        raise RuntimeError("the picture that was written is empty")


def _svg(theme: Theme, place: Path) -> None:
    drawing = CurvesView().draw(_records(), Viewport())
    save_svg(place / "figure.svg", drawing, _SIZE, _TITLE, Ink(theme))
    if not QSvgRenderer(str(place / "figure.svg")).isValid():
        raise RuntimeError("the SVG that was written cannot be read")


def _csv(place: Path) -> None:
    save_csv(place / "figure.csv", CurvesView().rows(_records()))
    with (place / "figure.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if len(rows) != _STEPS + 1:
        raise RuntimeError(f"{len(rows)} rows were read where {_STEPS + 1} were written")
