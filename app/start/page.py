"""The start page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.modalities.appearance import icon_of
from app.start.notes import CardNote, WelcomeNote
from app.start.pictures import draw_picture
from app.start.presets import FIRST, Preset, group_names, read_presets
from app.widgets.cards import Card
from app.widgets.labels import ElidedLabel, label
from app.widgets.segments import Segments
from app.widgets.tips import plain
from engine.opening import DATA, EXPERIMENT, RUN, UNKNOWN, sort_of

if TYPE_CHECKING:
    from app.shell.workbench import Workbench  # given by the constructor; the shell stands above the pages

PICTURE = 72
CARD_WIDTH, CARD_HEIGHT = 286, 100
_BEGAN = re.compile(r"(\d{4}-\d\d-\d\d)_(\d\d)(\d\d)\d\d_")
"""How the name of a run's folder begins: when the run did."""
_BEGIN, _ALL = "begin", "all"
"""Choices beside the groups of presets."""
_SORT_ICONS = {
    EXPERIMENT: "file-text",
    RUN: "history",
    DATA: "file",
    UNKNOWN: "file",
}


_BESIDE = 1180
"""Width of the page in pixels from which what was opened lately stands beside the presets, not below."""
_LINK_FRAME = 8
"""Pixels around the words of a link."""
_WIDEST = 16_777_215
"""Qt's width of what may be as wide as it likes."""


class StartPage(QScrollArea):
    """Presets to begin with, one's own data, and what was opened lately."""

    def __init__(self, workbench: Workbench, presets: Path) -> None:
        super().__init__()
        self._workbench = workbench
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Start"))
        inside = QWidget()
        set_role(inside, "ground")
        self._columns = columns = QHBoxLayout(inside)
        columns.setContentsMargins(32, 28, 32, 28)
        columns.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(8)
        notes = (WelcomeNote(workbench), CardNote(workbench))
        for note in notes:
            left.addWidget(note)
        if any(note.wanted for note in notes):
            left.addSpacing(8)
        left.addWidget(label(tr("What shall the network learn?"), "large"))
        words = tr(
            "Choose a preset and press Train: it is complete, and may be changed. Or bring your own data."
        )
        left.addWidget(label(words, "muted"))
        left.addSpacing(8)
        left.addLayout(self._ways_in())
        left.addSpacing(16)
        self._cards = [PresetCard(workbench, preset, inside) for preset in read_presets(presets)]
        left.addLayout(self._make_chooser())
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._headings: list[QLabel] = []
        self._nothing = label(tr("No preset says this. Try “LSTM”, “pictures” or “attention”."), "muted")
        self._across = 0
        left.addLayout(self._grid)
        left.addStretch(1)
        columns.addLayout(left, 1)
        self._lay_out(2)  # before the recent ones are there: Tab goes through the presets first
        self._recent = RecentCard(workbench)
        columns.addWidget(self._recent, 0, Qt.AlignmentFlag.AlignTop)
        self.setWidget(inside)

    def _ways_in(self) -> QHBoxLayout:
        workbench = self._workbench
        row = QHBoxLayout()
        row.setSpacing(8)
        ways: tuple[tuple[str, str, Callable[[], None]], ...] = (
            (tr("Open data file…"), "table-2", workbench.open_data),
            (tr("Open data folder…"), "folder", workbench.open_pictures),
            (tr("Open experiment…"), "folder-open", workbench.open),
        )
        for words, icon, act in ways:
            button = QPushButton(words)
            workbench.theme.put_icon(button, icon)
            button.clicked.connect(lambda _, act=act: act())
            row.addWidget(button)
        row.addWidget(label(tr("or drop it anywhere on the window"), "faint"))
        row.addStretch(1)
        return row

    def _make_chooser(self) -> QHBoxLayout:
        """Return the row above the presets: which kind of data, and a field to look for words."""
        known = {card.preset.group for card in self._cards}
        groups = [(key, words, "") for key, words in group_names().items() if key in known]
        begin = (_BEGIN, tr("To begin with"), tr("One of each kind"))
        every = (_ALL, tr("All"), tr("All {count} presets", count=len(self._cards)))
        self.groups = Segments([begin, *groups, every], tr("Kind of data"))
        self.groups.set_value(_BEGIN)
        self.groups.picked.connect(self._choose_group)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search presets"))
        self.search.setAccessibleName(tr("Search presets"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(190)
        self.search.textChanged.connect(lambda _: self._lay_out(self._across))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label(tr("Presets"), "title"))
        row.addWidget(self.groups)
        row.addStretch(1)
        row.addWidget(self.search)
        return row

    def _choose_group(self, _key: object) -> None:
        self.search.clear()
        self._lay_out(self._across)

    def _sections(self) -> list[tuple[str, list[PresetCard]]]:
        """Return the presets to show, in sections under a heading each ("": none)."""
        wanted, chosen = self.search.text(), self.groups.value()
        if wanted.strip():
            return [("", [card for card in self._cards if card.preset.matches(wanted)])]
        if chosen == _BEGIN:
            return [("", [card for card in self._cards if card.preset.path.stem in FIRST])]
        groups = {
            words: [card for card in self._cards if card.preset.group == key]
            for key, words in group_names().items()
            if chosen in (_ALL, key)
        }
        return [(words if chosen == _ALL else "", cards) for words, cards in groups.items() if cards]

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.viewport().width() >= _BESIDE
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._recent.setMaximumWidth(RecentCard.WIDTH if beside else _WIDEST)
        # 64 and 24: the margins, and the space between the columns
        room = self.viewport().width() - 64 - (24 + RecentCard.WIDTH if beside else 0)
        # n cards have n - 1 gaps of 12 pixels between them
        across = max(1, min(4, (room + 12) // (CARD_WIDTH + 12)))
        if across != self._across:
            self._lay_out(across)

    def _lay_out(self, across: int) -> None:
        self._clear()
        for column in range(max(self._across, across)):
            # a grid keeps the stretch of columns that are not used any more
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        self._across = across
        row = 0
        for words, cards in self._sections():
            if words:
                heading = label(words, "muted")
                self._headings.append(heading)
                self._grid.addWidget(heading, row, 0, 1, across)
                row += 1
            for index, card in enumerate(cards):
                self._grid.addWidget(card, row + index // across, index % across)
                self._grid.setRowMinimumHeight(row + index // across, CARD_HEIGHT)
                card.show()
            row += -(-len(cards) // across)
        self._nothing.setVisible(not row)
        if not row:
            self._grid.addWidget(self._nothing, 0, 0, 1, across)

    def _clear(self) -> None:
        """Take everything out of the grid."""
        for row in range(self._grid.rowCount()):
            # a grid forgets no row: an empty one would keep its height
            self._grid.setRowMinimumHeight(row, 0)
        for heading in self._headings:
            heading.hide()
            heading.deleteLater()
        self._headings = []
        for widget in (*self._cards, self._nothing):
            widget.hide()
            self._grid.removeWidget(widget)


class PresetCard(QPushButton):
    """One preset: a picture of its data, its name and a sentence."""

    def __init__(self, workbench: Workbench, preset: Preset, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "link-card")
        self.preset = preset
        self._theme = workbench.theme
        self.setAccessibleName(preset.title)
        self.setToolTip(plain(f"{preset.network} · {preset.text}"))
        self.setAccessibleDescription(preset.text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumHeight(CARD_HEIGHT)
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE, PICTURE)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(preset.title, "strong"))
        text = label(preset.text, "small", wrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        words.addWidget(text, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for child in self.findChildren(QLabel):
            # the button is to get hover and clicks, also above its labels
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(partial(workbench.open_preset, preset.path))
        self._theme.changed.connect(self._draw)
        QTimer.singleShot(0, self, self._draw)

    @override
    def sizeHint(self) -> QSize:
        return QSize(CARD_WIDTH, CARD_HEIGHT)

    # a label that wraps would make the layout ask for another height at each width
    @override
    def heightForWidth(self, width: int) -> int:
        return CARD_HEIGHT

    @override
    def hasHeightForWidth(self) -> bool:
        return False

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(220, CARD_HEIGHT)

    def _draw(self) -> None:
        self._picture.setPixmap(draw_picture(self.preset, self._theme, PICTURE, self.devicePixelRatioF()))


class PathLink(QPushButton):
    """A path to be opened: its middle gives way to "…" where the room is short, for its end tells most."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "link")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._path = ""

    def show_path(self, path: Path) -> None:
        """Show this path from now on."""
        self._path = str(path)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - _LINK_FRAME
        shown = self.fontMetrics().elidedText(self._path, Qt.TextElideMode.ElideMiddle, room)
        self.setText(shown.replace("&", "&&"))  # a single one would underline the next letter


class RecentCard(Card):
    """Files and runs opened lately, and the folder of runs."""

    WIDTH = 300

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(tr("Recent"))
        self.setMinimumWidth(self.WIDTH)
        self._workbench = workbench
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.body.addSpacing(8)
        self.body.addWidget(label(tr("Runs are kept in"), "small"))
        folder = self._folder = PathLink()
        folder.setAccessibleName(tr("Open the folder of runs"))
        folder.clicked.connect(self._open_folder)
        self.body.addWidget(folder)
        self._show_folder(workbench.runs_folder)
        workbench.runs_folder_changed.connect(self._show_folder)
        workbench.recent_changed.connect(self._fill)
        self._fill()

    def _show_folder(self, path: Path) -> None:
        self._folder.show_path(path)
        self._folder.setToolTip(plain(tr("Open {path} in the file manager", path=path)))

    def _open_folder(self) -> None:
        folder = self._workbench.runs_folder
        # it is made with the first run, and there may be none yet
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _fill(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        recent = self._workbench.settings.value.recent[:8]
        for path in recent:
            self._rows.addWidget(_RecentRow(self._workbench, Path(path)))
        if not recent:
            words = tr("Experiments, data and runs that you open are listed here.")
            self._rows.addWidget(label(words, "muted", wrap=True))


def shown_name(path: Path) -> str:
    """Return what a person calls a path: a run by the name of its experiment and when it began."""
    began = _BEGAN.match(path.name)
    if began is None or sort_of(path) != RUN:
        return path.name.removesuffix(".ravine.toml")
    try:
        name = str(tomllib.loads((path / "experiment.toml").read_text("utf-8")).get("name") or path.name)
    # many brackets, one inside the other, bring the parser to Python's limit
    except (OSError, ValueError, RecursionError):
        return path.name
    return tr("{name}, run of {day} {hour}:{minute}", name=name, day=began[1], hour=began[2], minute=began[3])


class _RecentRow(QPushButton):
    """A file opened lately: its name, and below it where it is."""

    def __init__(self, workbench: Workbench, path: Path) -> None:
        super().__init__()
        set_role(self, "card-head")
        self._theme: Theme = workbench.theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(plain(str(path)))
        self.setAccessibleName(tr("Open {path}", path=path))
        icon = QLabel()
        sort = sort_of(path)
        self._theme.put_icon(icon, _SORT_ICONS.get(sort) or icon_of(sort), "text_muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(shown_name(path)))
        words.addWidget(ElidedLabel(str(path.parent), "small"))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.addWidget(icon)
        row.addLayout(words, 1)
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(lambda: workbench.open_anything(path))

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, 46)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
