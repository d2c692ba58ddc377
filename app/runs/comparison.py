"""Comparing runs: their curves in one plot, what differs between their experiments, and their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.document.record import RunRecord
from app.document.run_reading import read_run
from app.language.words import tr
from app.link.background import Background
from app.look.theme import Theme
from app.painters.short_names import kept_apart
from app.panels.panel import ViewPanel
from app.runs.averages import RunGroup, coloured, drawn, each_alone, over_seeds
from app.runs.branches import RunFamily, Tree, placed
from app.runs.differences import differences, setting_words, short_names, values_words
from app.runs.rows import RunRow
from app.runs.scores import score_lines
from app.views.course.curves import CurvesView
from app.widgets.cards import Card
from app.widgets.labels import label
from app.widgets.tips import plain
from engine.choices import Invalid

MOST = 32
"""So many runs are drawn over each other at most: as many as tones and dashes tell apart."""

_WIDEST_HEAD = 150
"""Pixels."""
_MOST_BESIDE = 4
"""So many runs stand beside each other; of more than that each gets a row, where it is the shorter side."""

Read = tuple[tuple[str, RunRecord | None], ...]


@dataclass(frozen=True)
class _Line:
    """What is compared: its name, its value in each group of runs, and in which of them it is best."""

    name: str
    values: tuple[str, ...]
    tip: str = ""
    best: frozenset[int] = frozenset()
    tips: tuple[str, ...] = ()
    """What each value was in the runs of its group."""

    def item(self) -> QTableWidgetItem:
        made = QTableWidgetItem(self.name)
        made.setToolTip(plain("\n".join(filter(None, (self.name, self.tip)))))
        return made


class Comparison(QWidget):
    """Shows the runs it is given side by side. Reading them happens in another thread."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chosen: tuple[RunRow, ...] = ()
        self._live: RunRecord | None = None
        self._whole = self._tree = Tree(())
        """The chosen runs with all that branched off, and what of it is shown."""
        self._groups: tuple[RunGroup, ...] = ()
        """What has a line in the plot, and a column or a row in the tables."""
        self._records: dict[str, RunRecord] = {}
        self._reader: Background[Read] = Background(self)
        self._reader.done.connect(self._take)
        # one run that is ticked has the colour of its tick, as it will have beside the next
        self.curves = ViewPanel(CurvesView(by_run=True), theme)
        self.curves.told.connect(self.told)
        self.curves.failed.connect(self.failed)
        self.settings, self.scores = _table(tr("What differs")), _table(tr("Scores"))
        tabs = QTabWidget()
        tabs.addTab(self.settings, tr("What differs"))
        tabs.addTab(self.scores, tr("Scores"))
        card = Card(tr("Comparison"))
        card.title.setVisible(False)
        self.caution = label(
            tr("These runs learn from different data or for different tasks: neither their losses nor their "
               "scores can be compared."),
            "warning", wrap=True,
        )  # fmt: skip
        card.body.addWidget(self.caution)
        self.averaging = QCheckBox(tr("Mean and band over seeds"))
        self.averaging.setToolTip(
            plain(
                tr(
                    "Runs that differ in their seed alone are one line and one standard deviation about it, "
                    "as far as a run reaches; their scores are the mean ± one standard deviation"
                )
            )
        )
        self.averaging.toggled.connect(self._group)
        self.branches = QCheckBox(tr("Branches, from where they began"))
        self.branches.setToolTip(
            plain(
                tr(
                    "Draws the branches of these runs, and the runs that they are branches of, as a tree: "
                    "each on the steps of the run it left, named by what was changed"
                )
            )
        )
        self.branches.setChecked(True)
        self.branches.toggled.connect(self._choose)
        card.body.addWidget(self.averaging)
        card.body.addWidget(self.branches)
        card.body.addWidget(tabs)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(self.curves)
        split.addWidget(card)
        split.setSizes([560, 460])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self._clock = QTimer(self, interval=200)
        self._clock.timeout.connect(self._follow_live)

    def compare(self, rows: Sequence[RunRow], live: RunRecord | None, family: RunFamily) -> None:
        """Show these runs, in this order; `live` is drawn as it grows where it is among them.

        `family` knows all runs there are, and which branched off from which.
        """
        self._chosen, self._live, self._whole = tuple(rows), live, family.tree_of(rows)
        self.branches.setVisible(bool(self._whole.origins))
        self._choose()

    def _choose(self) -> None:
        """Show the chosen runs, with their branches where these are wanted."""
        drawn_as_tree = self.branches.isChecked() and bool(self._whole.origins)
        self._tree = (self._whole if drawn_as_tree else Tree(self._chosen)).first(MOST)
        rows, live = self._tree.rows, self._live
        self.caution.setVisible(not alike(rows))
        self.averaging.setVisible(len(over_seeds(rows)) < len(rows))
        # what was read of a run stays: ticking one more must not read the others again
        known = {row.folder: self._records[row.folder] for row in rows if row.folder in self._records}
        # one that was in training when it was read has gone on since: it is read again
        known = {folder: record for folder, record in known.items() if not record.running}
        if live is not None and any(Path(row.folder) == Path(live.folder) for row in rows):
            known[next(row.folder for row in rows if Path(row.folder) == Path(live.folder))] = live
            self._clock.start()
        else:
            self._clock.stop()
        self._records = known
        missing = tuple(row.folder for row in rows if row.folder not in known)
        if missing:
            self._reader.run(lambda: tuple((folder, _read(folder)) for folder in missing))
        self._group()

    def shows(self, rows: Sequence[RunRow], family: RunFamily) -> bool:
        """Return whether these runs, under these names and in this order, are what is shown."""
        now = family.tree_of(rows)
        return _named(rows) == _named(self._chosen) and _named(now.rows) == _named(self._whole.rows)

    def _follow_live(self) -> None:
        """Draw what the run in training has come to; in a tree its record is a copy, and made anew."""
        if self._tree.origins:
            self._draw()
        else:
            self.curves.refresh()

    def _take(self, found: Read) -> None:
        self._records |= {folder: record for folder, record in found if record is not None}
        self._draw()

    def _group(self) -> None:
        """Take runs together that differ in their seed alone, where that is wanted; show all anew."""
        # not isVisible: the page may not be shown
        averaged = self.averaging.isChecked() and not self.averaging.isHidden()
        self._groups = coloured(over_seeds(self._tree.rows)) if averaged else each_alone(self._tree.rows)
        self._fill_settings()
        self._fill_scores()
        self._draw()

    def _draw(self) -> None:
        groups = self._groups
        if len(groups) == len(self._tree.rows):
            # where a run comes from its place in the tree says
            chosen = [self._but_for_the_start(group.experiment) for group in groups]
            names = short_names([group.name for group in groups], chosen)
        else:
            names = tuple(group.name for group in groups)
        for group, name in zip(groups, names, strict=True):
            for row in group.rows:
                record = self._records.get(row.folder)
                if record is not None:
                    record.colour = row.colour
                    if not record.running:  # a live one is shown elsewhere by its plain name
                        record.name = name
        # a mean of runs is no branch of one
        alone = len(groups) == len(self._tree.rows)
        records = placed(self._tree, self._records) if alone else self._records
        self.curves.set_records(drawn(groups, records))

    def _but_for_the_start(self, experiment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what was chosen; without the weights that it began with, where the plot shows these."""
        return {name: one for name, one in experiment.items() if name != "start" or not self._tree.origins}

    def _fill_settings(self) -> None:
        groups = self._groups
        experiments = [group.experiment for group in groups]
        found = differences(experiments) if len(groups) > 1 else ()
        lines = [
            _Line(
                setting_words(one.path, experiments),
                values_words(one, experiments),
                one.path,
                tips=one.values,
            )
            for one in found
        ]
        if len(groups) < len(self._tree.rows):
            lines.append(_Line(tr("Seeds"), tuple(group.seeds for group in groups), "seed"))
        one_alone = tr("Tick another run to see what differs.")
        none = one_alone if len(self._tree.rows) < 2 else tr("Nothing differs.")
        self._fill(self.settings, tr("Setting"), lines, none)

    def _fill_scores(self) -> None:
        # not isVisible: the page may not be shown
        comparable = self.caution.isHidden()
        lines = [
            _Line(one.name, one.values, best=one.best if comparable else frozenset(), tips=one.tips)
            for one in score_lines([group.rows for group in self._groups])
        ]
        self._fill(self.scores, tr("Score"), lines, tr("No scores yet."))

    def _fill(self, table: QTableWidget, title: str, lines: Sequence[_Line], none: str) -> None:
        """Show a column per group; a row per group where there are many and fewer lines."""
        table.clear()
        # `clear` leaves the span of "Nothing differs", which would cover cells
        table.clearSpans()
        across = len(self._groups) > max(len(lines), _MOST_BESIDE) and bool(lines)
        groups, names = [self._group_item(group) for group in self._groups], [line.item() for line in lines]
        heads, firsts = (names, groups) if across else (groups, names)
        table.setColumnCount(len(heads) + 1)
        table.setRowCount(max(len(firsts), 1))
        heads = [QTableWidgetItem(tr("Run") if across else title), *heads]
        for place, head in enumerate(heads):
            table.setHorizontalHeaderItem(place, head)
        for place, first in enumerate(firsts):
            table.setItem(place, 0, first)
        for line, one in enumerate(lines):
            for group, value in enumerate(one.values):
                item = QTableWidgetItem(value)
                item.setToolTip(plain(one.tips[group] if one.tips else value))
                if group in one.best:
                    item.setFont(self._theme.font("text", "semibold"))
                table.setItem(*((group, line + 1) if across else (line, group + 1)), item)
        _fit_columns(table, heads)
        # a sentence in the place of lines needs the whole width
        table.horizontalHeader().setStretchLastSection(not lines)
        if not lines:
            self._say(table, none)

    def _group_item(self, group: RunGroup) -> QTableWidgetItem:
        item = QTableWidgetItem(group.name)
        item.setIcon(_swatch(self._theme.series(group.colour)))
        folders = [row.folder for row in group.rows]
        item.setToolTip(plain("\n".join((group.name, *folders))))
        return item

    def _say(self, table: QTableWidget, words: str) -> None:
        # Qt warns of a span of a single cell
        if table.columnCount() > 1:
            table.setSpan(0, 0, 1, table.columnCount())
        table.setItem(0, 0, QTableWidgetItem(words))


def _fit_columns(table: QTableWidget, heads: Sequence[QTableWidgetItem]) -> None:
    """Give each column what its cells need, and its head no more than a name usually takes.

    Heads are names of runs, which their colours tell as well; a value that is cut off says nothing. A head
    that has no room keeps what tells it from the others.
    """
    header = table.horizontalHeader()
    size = QFontMetricsF(header.font())
    rooms = []
    for place, head in enumerate(heads):
        wanted = header.sectionSizeHint(place)
        width = max(table.sizeHintForColumn(place), min(wanted, _WIDEST_HEAD))
        table.setColumnWidth(place, width)
        # what icon and margins take
        rooms.append(width - (wanted - size.horizontalAdvance(head.text())))
    # the first names what stands below it, and is like none of the others
    for head, words in zip(heads[1:], kept_apart([head.text() for head in heads[1:]], rooms[1:], size),
                           strict=True):  # fmt: skip
        head.setText(words)


def _named(rows: Sequence[RunRow]) -> list[tuple[str, str, bool]]:
    """Return by what it is told whether other runs are shown, or by other names."""
    return [(row.folder, row.entry.name, row.details is None) for row in rows]


def alike(rows: Sequence[RunRow]) -> bool:
    """Return whether the runs learn the same from the same data, as far as is known."""
    known = [row.details.experiment for row in rows if row.details is not None]
    learnt = [(one.get("data"), (one.get("task") or {}).get("kind")) for one in known]
    return all(one == learnt[0] for one in learnt)


def _swatch(shade: QColor) -> QIcon:
    picture = QPixmap(10, 10)
    picture.fill(shade)
    return QIcon(picture)


def _read(folder: str) -> RunRecord | None:
    try:
        return read_run(Path(folder))
    # its line in the tables says what is known; only its curve is missing
    except (Invalid, OSError):
        return None


def _table(name: str) -> QTableWidget:
    table = QTableWidget(0, 1)
    table.setAccessibleName(name)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(26)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setHorizontalScrollMode(QTableWidget.ScrollMode.ScrollPerPixel)
    return table
