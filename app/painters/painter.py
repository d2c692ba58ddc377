"""What every painter can do, and how the painter of a drawing is found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.painters.ink import Ink
from app.views.drawing import Drawing

D = TypeVar("D", bound=Drawing)


class Painter(ABC, Generic[D]):
    """Paints drawings of one kind into any area of any paint device: a screen, a picture, an SVG file."""

    by_drawing: ClassVar[dict[type[Drawing], Painter[Any]]] = {}

    def __init_subclass__(cls, *, of: type[Drawing] | None = None) -> None:
        """Register the painter for its kind of drawing; one without is the base of others."""
        super().__init_subclass__()
        if of is not None:
            # one for all drawings of the kind: a painter holds nothing
            Painter.by_drawing[of] = cls()

    @abstractmethod
    def paint(self, painter: QPainter, area: QRectF, drawing: D, ink: Ink) -> None:
        """Paint the drawing; the ground is there already."""

    @abstractmethod
    def words(self, drawing: D) -> str:
        """Say in a sentence what the drawing shows, for those who do not see it."""

    def note(self, area: QRectF, drawing: D, ink: Ink, at: QPointF) -> str:
        """Return what is to be said of the thing under the cursor, or ""."""
        return ""

    def last_first(self, area: QRectF, drawing: D, ink: Ink) -> int:
        """Return how far a list can be scrolled: the first row when the last is seen, else 0."""
        return 0


def painter_of(drawing: D) -> Painter[D]:
    """Return the painter for a drawing."""
    return Painter.by_drawing[type(drawing)]
