"""The runs page: every run in a table, and below it those that are ticked, compared."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.document.record import RunRecord
from app.language.words import tr
from app.look.style import set_role
from app.look.tab_order import stand_on_line
from app.look.theme import Theme
from app.runs.buttons import MOST_NARROW, RunButtons
from app.runs.comparison import MOST, Comparison
from app.runs.deletion import Deletion
from app.runs.labelling import Labelling
from app.runs.library import Library
from app.runs.model import RunsModel
from app.runs.rows import Details, RunRow
from app.runs.table import RunsTable
from app.widgets.cards import Card
from app.widgets.empty import EmptyState
from app.widgets.labels import label
from app.widgets.refusals import refuse
from app.widgets.tips import plain
from app.widgets.widths import hold_width

_MARGIN, _NARROWEST = 12, 640


class RunsPage(QWidget):
    """Browses, compares, resumes and throws away runs; what is to happen to a run is asked by signals."""

    open_asked = Signal(str)
    resume_asked = Signal(str)
    copy_asked = Signal(str)
    """The experiment of that run is to be edited."""
    later_asked = Signal(list)
    """Those runs are to be gone on with in the queue."""
    finetune_asked = Signal(str)
    """A new experiment is to begin with the weights of that run."""
    predict_asked = Signal(str)
    """That run is to be tested, or asked for predictions."""
    pack_asked = Signal(str)
    """That run is to be packed into a file."""
    prove_asked = Signal(str)
    """It is to be proved that that run can be left and gone on with."""
    told = Signal(str)
    failed = Signal(str)
    arranged = Signal()
    """The columns are others, or in another order."""

    def __init__(
        self, theme: Theme, library: Library, queue: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        """`queue` stands above the runs."""
        super().__init__(parent)
        self._queue = queue
        self._theme, self._library = theme, library
        self._live: RunRecord | None = None
        self._missing = ""
        self.model = RunsModel(theme, parent=self)
        self._labels = Labelling(library, lambda: self.selected, self)
        self._labels.failed.connect(self.failed)
        self._make_table()
        self.comparison = Comparison(theme)
        self.comparison.told.connect(self.told)
        self.comparison.failed.connect(self.failed)
        self.comparison.setVisible(False)
        self._build()
        self.table.fitted.connect(self._tell_ticked)
        self.model.ticked_changed.connect(self._compare)
        self.model.modelReset.connect(self._arranged)  # after the table, which gives its selection back
        library.listed.connect(self._take)
        library.detailed.connect(self._detail)
        library.renewed.connect(self.model.renew_row)
        library.failed.connect(self.failed)
        self._take()
        library.refresh()

    def set_live(self, record: RunRecord | None) -> None:
        """Say which run is in training; its curve grows where it is compared."""
        self._live = record
        if self.model.ticked:
            self._compare()

    def arrange(self, arrangement: str) -> None:
        """Show the columns that `arrangement` returned; the usual ones where it is empty."""
        self.table.arrange(arrangement)

    def arrangement(self) -> str:
        """Return which columns are shown in which order; "" for the usual ones."""
        return self.table.arrangement()

    def tick(self, folders: tuple[str, ...]) -> None:
        """Compare these runs."""
        self.model.set_ticked(folders)

    @property
    def selected(self) -> tuple[RunRow, ...]:
        """Return the runs that are selected, from above."""
        return self.table.selected

    @property
    def chosen(self) -> RunRow | None:
        """Return the run that is selected; None where several are, or none is."""
        rows = self.selected
        return rows[0] if len(rows) == 1 else None

    @override
    def minimumSizeHint(self) -> QSize:
        # not as wide as its words: else it could never become so narrow that they are given up
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let buttons be icons where words have no room."""
        for narrow in range(MOST_NARROW + 1):
            self._buttons.dress(narrow)
            self._head.invalidate()
            # both sides of the page, and of the card in it
            if self.width() - self._head.minimumSize().width() >= 2 * (_MARGIN + Card.SIDE):
                break

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # only now is it dressed, and so as wide as the style makes it
        hold_width(self._all, (tr("Tick all"), tr("Untick all")))
        self._library.refresh()

    # --- parts ----------------------------------------------------------------------------------------

    def _make_table(self) -> None:
        table = RunsTable(self._theme, self.model)
        table.customContextMenuRequested.connect(self._offer)
        table.arranged.connect(self.arranged)
        table.swatches.range_asked.connect(self._tick_selected)
        table.selectionModel().selectionChanged.connect(lambda: self._renew_buttons())
        table.doubleClicked.connect(self._open)
        for keys, act in (
            ("Return", self._open),
            ("Space", self._toggle),
            ("Delete", self._ask_to_delete),
            ("F2", self._labels.name),
            ("S", self._labels.star),
            ("Ctrl+Shift+A", self._untick_all),
        ):
            shortcut = QShortcut(QKeySequence(keys), table)
            # in the table alone: Space and Delete mean something else in the filter
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)
        self.table = table

    def _enter_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.TabFocusReason)
        stand_on_line(self.table)

    def _make_filter(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Filter: name, status, architecture…"))
        self.filter.setAccessibleName(tr("Filter the runs"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(150)
        self.filter.setMaximumWidth(380)
        self.filter.setToolTip(
            plain(
                tr(
                    "Words, and conditions: optimizer.learning_rate < 0.01 and tag:paper; branch:yes, "
                    "parent:name; or, not, ( )"
                )
            )
        )
        self.filter.textChanged.connect(self._filter)
        for key in ("Down", "Return"):
            shortcut = QShortcut(QKeySequence(key), self.filter)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._enter_table)

    def _build(self) -> None:
        card = Card(tr("Runs"))
        self._head = card.head
        self._make_filter()
        # Who comes by the keyboard can filter, or walk the runs by arrows. Not the table: it stands last on
        # the page, and from there Tab would leave the page before anybody has seen what it offers.
        self.setFocusProxy(self.filter)
        self._counted = label("", "small")
        card.head.insertWidget(1, self._counted)
        self._all = QPushButton()
        set_role(self._all, "link")
        self._all.clicked.connect(self._tick_or_untick)
        card.head.insertWidget(2, self._all)
        chosen = QPushButton(tr("Columns…"))
        set_role(chosen, "link")
        chosen.setToolTip(plain(tr("Show other settings and scores of the runs, in an order of your own")))
        chosen.clicked.connect(self.table.choose_columns)
        card.head.insertWidget(3, chosen)
        card.head.addWidget(self.filter)
        self._buttons = RunButtons(self._theme, card.head, self)
        self._buttons.asked.connect(self._do)
        self._question = Deletion(self._library, self.table)
        self._question.told.connect(self.told)
        self._question.failed.connect(self.failed)
        card.body.addWidget(self._question)
        card.body.addWidget(self.table, 1)
        self._what_ticks_do = tr("Tick runs to see their curves in one plot and what differs between them.")
        self._hint = label(self._what_ticks_do, "small")
        card.body.addWidget(self._hint)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(card)
        split.addWidget(self.comparison)
        split.setSizes([380, 420])
        empty = EmptyState(
            self._theme,
            "history",
            tr("No runs yet"),
            tr("Press Train: every run is kept here, with all its numbers."),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(split)
        self._stack.addWidget(empty)
        whole = QVBoxLayout(self)
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        whole.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        whole.setSpacing(12)
        if self._queue is not None:
            whole.addWidget(self._queue)
        whole.addWidget(self._stack)

    # --- what is shown --------------------------------------------------------------------------------

    def _take(self) -> None:
        self.model.set_rows(self._library.rows)
        # before the first reading nobody knows whether there are runs
        empty = self._library.read_once and not self._library.entries
        self._stack.setCurrentIndex(1 if empty else 0)
        self._follow()
        self._renew_buttons()

    def _detail(self, found: list[tuple[str, Details]]) -> None:
        self.model.add_details(found)
        self.table.fit()
        if {folder for folder, _ in found} & set(self.model.ticked):
            self._compare()
        self._renew_buttons()

    def _filter(self, text: str) -> None:
        # while a condition is written, what was found before it stays
        self._missing = self.model.set_filter(text)
        self._tell_ticked()

    def _count(self) -> None:
        shown, there = len(self.model.shown), len(self.model.rows)
        # as wide as it may become: a letter in the filter moves nothing
        most = tr("{shown} of {there}", shown=there, there=there)
        self._counted.setMinimumWidth(self._counted.fontMetrics().horizontalAdvance(most))
        words = str(there) if shown == there else tr("{shown} of {there}", shown=shown, there=there)
        if words != self._counted.text():
            self._counted.setText(words)
            self._fit()

    def _arranged(self) -> None:
        """Follow the table, which shows other runs or another order."""
        self._count()
        self._follow()
        self._tell_ticked()
        self._renew_buttons()

    def _follow(self) -> None:
        """Compare anew where runs have another order or another name."""
        if self.model.ticked and not self.comparison.shows(self.model.ticked_rows, self.model.family):
            self._compare()

    def _compare(self) -> None:
        rows = self.model.ticked_rows
        self.comparison.setVisible(bool(rows))
        self.comparison.compare(rows, self._live, self.model.family)
        self._tell_ticked()

    def _tell_ticked(self) -> None:
        """Say what a person cannot see: ticked runs that are not drawn, or drawn though not in the table."""
        ticked, shown = self.model.ticked, set(self.model.shown)
        hidden = sum(folder not in shown for folder in ticked)
        words = [] if ticked else [self._what_ticks_do, *self.table.gave_way_words]
        if self._missing:
            words = [tr("Filter: {missing}.", missing=self._missing)]
        elif not shown and self.filter.text():
            words = [tr("No run fits the filter.")]
        if len(ticked) > MOST:
            words.append(tr("The first {most} of the {count} ticked runs are compared.",
                            most=MOST, count=len(ticked)))  # fmt: skip
        if hidden:
            one = tr("1 ticked run is compared that the filter hides.")
            many = tr("{count} ticked runs are compared that the filter hides.", count=hidden)
            words.append(one if hidden == 1 else many)
        self._hint.setText(" ".join(words))
        self._hint.setVisible(bool(words))
        turn = tr("Untick all") if ticked else tr("Tick all")
        self._all.setText(turn)
        refuse(self._all, "" if ticked or shown else tr("No run is shown"), turn)

    def _tick_or_untick(self) -> None:
        # only what is seen: nobody means the runs that the filter hides
        self.model.set_ticked(() if self.model.ticked else self.model.shown)

    def _untick_all(self) -> None:
        self.model.set_ticked(())

    def _tick_selected(self) -> None:
        """Tick the selected runs: a click with Shift has just selected all up to that row."""
        chosen = [row.folder for row in self.selected]
        self.model.set_ticked(list(dict.fromkeys((*self.model.ticked, *chosen))))

    def _renew_buttons(self) -> None:
        self._buttons.renew(self.selected)

    def _offer(self, at: QPoint) -> None:
        """Show what can be done with the selected runs as a menu beside the cursor."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._buttons.add_to(menu)
        named = menu.addAction(self._theme.icon("pencil"), tr("Name and note…"), self._labels.name)
        named.setShortcut(QKeySequence("F2"))
        named.setEnabled(self.chosen is not None)
        tagged = menu.addAction(self._theme.icon("tags"), tr("Tags…"), self._labels.tag)
        tagged.setEnabled(bool(self.selected))
        starred = all(row.entry.starred for row in self.selected)
        words = tr("Take the star away") if starred else tr("Star")
        star = menu.addAction(self._theme.icon("star"), words, self._labels.star)
        star.setShortcut(QKeySequence("S"))
        star.setEnabled(bool(self.selected))
        menu.addAction(self._theme.icon("table-2"), tr("Columns…"), self.table.choose_columns)
        menu.addSeparator()
        folders = [row.folder for row in self.selected]
        ticked = set(folders) <= set(self.model.ticked)
        action = menu.addAction(tr("Untick") if ticked and folders else tr("Tick"))
        action.setEnabled(bool(folders))
        action.triggered.connect(lambda _=False: self._toggle())
        if self.model.ticked:
            count = len(self.model.ticked)
            menu.addAction(tr("Select what is ticked ({count})", count=count), self._select_ticked)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _select_ticked(self) -> None:
        """Select the ticked runs, so that what is done next is done with all of them."""
        self.table.select_folders(self.model.ticked)

    # --- what is done ---------------------------------------------------------------------------------

    def _toggle(self) -> None:
        """Tick the selected runs, or take their ticks away where all have one."""
        folders = [row.folder for row in self.selected]
        ticked = self.model.ticked
        if set(folders) <= set(ticked):
            self.model.set_ticked([folder for folder in ticked if folder not in folders])
        else:
            self.model.set_ticked(list(dict.fromkeys((*ticked, *folders))))

    def _open(self) -> None:
        row = self.chosen
        if row is not None and self._buttons["open"].isEnabled():
            self.open_asked.emit(row.folder)
        elif row is not None:
            self.failed.emit(tr("{name} cannot be shown: {why}", name=row.entry.name, why=row.entry.trouble))

    def _do(self, key: str) -> None:
        """Do with the selected runs what a button says."""
        if key == "open":
            self._open()
        elif key == "delete":
            self._ask_to_delete()
        elif key == "later":
            self.later_asked.emit([row.folder for row in self.selected])
        elif key == "reveal" and self.chosen is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self.chosen.folder))
        elif (row := self.chosen) is not None:
            asked = {
                "predict": self.predict_asked,
                "resume": self.resume_asked,
                "copy": self.copy_asked,
                "finetune": self.finetune_asked,
                "pack": self.pack_asked,
                "prove": self.prove_asked,
            }
            asked[key].emit(row.folder)

    def _ask_to_delete(self) -> None:
        rows = self.selected
        if not rows or not self._buttons["delete"].isEnabled():
            return
        self._question.ask(rows)
