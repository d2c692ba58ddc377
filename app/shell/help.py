"""Help: short pages from resources/help, and the sheet of shortcuts made from the commands."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from app.language.words import tr
from app.look.resources import RESOURCES
from app.look.style import set_role
from app.look.theme import Theme
from app.shell import about
from app.shell.actions import ACTIONS, MENUS
from engine import __version__

PAGES = {
    "getting-started": "Getting started",
    "panels": "What the panels show",
    "keyboard": "Keyboard",
    "graphics-card": "NVIDIA cards",
    "about": "About Ravine",
}


class HelpDialog(QDialog):
    """Pages at the left, text at the right; the window beside it stays usable."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Help"))
        self.resize(820, 600)
        self._list = QListWidget()
        self._list.setFixedWidth(200)
        set_role(self._list, "menu")
        self._list.setAccessibleName(tr("Help pages"))
        for key, title in PAGES.items():
            item = QListWidgetItem(tr(title))
            item.setData(Qt.ItemDataRole.UserRole, key)
            self._list.addItem(item)
        self._text = QTextBrowser()
        self._text.setAccessibleName(tr("Help"))
        # it would look for a licence's link among files
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._follow)
        row = QHBoxLayout(self)
        row.addWidget(self._list)
        row.addWidget(self._text, 1)
        self._list.currentRowChanged.connect(self._show_row)
        theme.changed.connect(self._show_again)

    def show_page(self, key: str) -> None:
        self._list.setCurrentRow(list(PAGES).index(key))
        self.show()
        self.raise_()
        self.activateWindow()

    def _show_row(self, row: int) -> None:
        # the theme changes before any page was shown
        if row < 0:
            return
        key = list(PAGES)[row]
        self._text.setMarkdown(page_text(key))
        space_out(self._text.document())
        if key == "keyboard":
            self._text.append(shortcut_sheet())
        elif key == "about":
            self._text.append(about.sheet())
        # a page is read from its beginning, also where the one before was scrolled down
        self._text.moveCursor(QTextCursor.MoveOperation.Start)

    def _show_again(self) -> None:
        self._show_row(self._list.currentRow())

    def _follow(self, link: QUrl) -> None:
        """Show the licence a link leads to, or go back to the list; other links are for a browser."""
        target = link.toString()
        if target == about.LINK:
            self._show_again()
        elif target.startswith(about.LINK):
            self._text.setHtml(about.licence(target))
        else:
            QDesktopServices.openUrl(link)


def page_text(key: str) -> str:
    """Return a help page in Markdown."""
    text = (RESOURCES / "help" / f"{key}.md").read_text(encoding="utf-8")
    return text.replace("VERSION", __version__)


def space_out(document: QTextDocument) -> None:
    """Put room between paragraphs and above headings, which Qt leaves out of Markdown."""
    document.setDocumentMargin(12)
    cursor = QTextCursor(document)
    block = document.begin()
    while block.isValid():
        cursor.setPosition(block.position())
        form = block.blockFormat()
        heading = form.headingLevel() > 0
        # the title stands at the top of the page, which has a margin of its own
        form.setTopMargin(14 if form.headingLevel() > 1 else 0)
        form.setBottomMargin(4 if heading or block.textList() is not None else 8)
        cursor.setBlockFormat(form)
        block = block.next()


def _native(shortcut: str) -> str:
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


def shortcut_sheet() -> str:
    """Return a table of every command that has a shortcut, in the order of the menus."""
    keys = [key for _, menu in MENUS for key in menu]
    rows = [
        (tr(action.words), " · ".join(_native(given) for given in (action.shortcut, action.also) if given))
        for action in sorted(ACTIONS, key=lambda action: keys.index(action.key))
        if action.shortcut
    ]
    rows += [(tr("Start, Data, Train, Runs, Predict"), f"{_native('Ctrl+1')} … {_native('Ctrl+5')}")]
    cells = "".join(
        f"<tr><td style='padding: 3px 32px 3px 0'>{html.escape(words)}</td>"
        f"<td style='padding: 3px 0'><b>{html.escape(shortcut)}</b></td></tr>"
        for words, shortcut in rows
    )
    return f"<table>{cells}</table>"
