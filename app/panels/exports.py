"""What a panel shows, saved to a file or copied: the drawing as a picture, its numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.language.words import tr
from app.look.theme import Theme
from app.painters.export import picture, save_csv, save_png, save_svg
from app.painters.ink import Ink
from app.views.drawing import Drawing
from app.widgets.refusals import refuse
from app.widgets.saving import asked_place, save


@dataclass(frozen=True)
class Shown:
    """What a panel shows: a drawing of some size, the numbers behind it, of which run, under which title.

    `empty`: there is nothing to be saved but words that say so.
    """

    empty: bool
    drawing: Drawing
    size: QSize
    rows: Iterable[Sequence[object]]
    run: str
    title: str


class Exports(QObject):
    """Saves and copies what a panel shows at that moment. `told` and `failed` say what became of it."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, shown: Callable[[], Shown], theme: Theme, panel: QWidget) -> None:
        super().__init__(panel)
        self._shown, self._theme, self._panel = shown, theme, panel
        self._place = Path.home()
        """Where the dialog that saves begins: where something was saved last."""

    def add_to(self, menu: QMenu) -> None:
        """Add what can be saved: to the menu of the panel, and to that of the plot."""
        shown = self._shown()
        menu.addSeparator()
        for icon, words, do in (
            ("image", tr("Save as SVG…"), partial(self._ask, "svg")),
            ("image", tr("Save as PNG…"), partial(self._ask, "png")),
            ("file-text", tr("Save the numbers as CSV…"), partial(self._ask, "csv")),
            ("copy", tr("Copy the picture"), self.copy),
        ):
            action = menu.addAction(words)
            self._theme.put_icon(action, icon, "text_muted")
            action.triggered.connect(lambda _=False, do=do: do())
            refuse(action, tr("Nothing is drawn yet") if shown.empty else "", words)

    def _ask(self, form: str) -> None:
        shown = self._shown()
        name = f"{shown.run} {shown.title}".strip()
        path = asked_place(self._panel, tr("Save as"), self._place / f"{name}.{form}")
        if path is not None:
            self._place = path.parent
            self.save(path if path.suffix else path.with_suffix(f".{form}"))

    def save(self, path: Path) -> None:
        """Write what is shown: the numbers for .csv, else the picture in the form of the suffix."""
        save(path, self._write, self.told, self.failed)

    def _write(self, path: Path) -> None:
        shown, ink = self._shown(), Ink(self._theme)
        if path.suffix.lower() == ".csv":
            save_csv(path, shown.rows)
        elif path.suffix.lower() == ".svg":
            save_svg(path, shown.drawing, _with_title(shown.size), shown.title, ink)
        else:
            save_png(path, picture(shown.drawing, _with_title(shown.size), shown.title, ink))

    def copy(self) -> None:
        """Put the picture into the clipboard."""
        shown = self._shown()
        image = picture(shown.drawing, _with_title(shown.size), shown.title, Ink(self._theme))
        QGuiApplication.clipboard().setImage(image)
        self.told.emit(tr("The picture is in the clipboard."))


def _with_title(size: QSize) -> QSize:
    # for margins and title: the drawing itself keeps its size
    return size + QSize(32, 56)
