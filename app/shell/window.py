"""The window: menus and header above, rail and experiment at the left, pages in the middle, status below."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.document.branch_words import branch_words
from app.document.document import DataFacts
from app.language.mnemonics import mark_letters, with_mnemonics
from app.language.words import languages, tr
from app.look.resources import RESOURCES
from app.look.style import set_role
from app.look.tab_order import move_focus
from app.shell.actions import ACTIONS, MENUS, STEERING, Action, Situation
from app.shell.header import Header
from app.shell.pacing import pace_menu
from app.shell.pages import Page
from app.shell.rail import Rail
from app.shell.status import StatusBar, scheme_menu
from app.shell.workbench import Workbench
from app.widgets.drop_hint import DropHint
from app.widgets.refusals import refuse
from app.widgets.toasts import Toasts

if TYPE_CHECKING:
    from app.selftest.dialog import SelfTestDialog
    from app.shell.experiment_column import ExperimentColumn
    from app.shell.help import HelpDialog

USUAL_SIZE = QSize(1440, 900)
LEAST_SIZE = QSize(1000, 600)
_FRAME = QSize(0, 40)
"""Room for the frame that the system draws around the window."""


class MainWindow(QMainWindow):
    """Shows the pages it is given; all commands go to the workbench."""

    painted = Signal()
    """The first picture is on the screen: what is heavy may begin now."""

    def __init__(self, workbench: Workbench, pages: Sequence[Page]) -> None:
        super().__init__()
        self._workbench = workbench
        self._pages = {page.key: page for page in pages}
        self._built: dict[str, QWidget] = {}
        self._was_beside = ""
        """The last page that was shown with the column of the experiment beside it."""
        self._was_painted = False
        self._help: HelpDialog | None = None
        self._selftest: SelfTestDialog | None = None
        self.setObjectName("main")
        self.setMinimumSize(LEAST_SIZE)
        self.setAcceptDrops(True)
        self.setWindowIcon(workbench.theme.icon("ravine", "accent", 48))
        workbench.dialogs.parent = self
        self._tips: dict[str, str] = {}
        """What each command does, with its keys."""
        self._actions = {action.key: self._make_action(action) for action in ACTIONS}
        # one menu in two places: in the menu bar and below the button Step
        self._paces = pace_menu(workbench, self)
        workbench.theme.put_icon(self._paces.menuAction(), "gauge")
        self._make_menus()
        self._arrange(pages)
        self.toasts = Toasts(workbench.theme, self)
        self._drop_hint = DropHint(workbench.theme, self)
        self._join()
        self._restore()
        self._header.show_standing(workbench.transport.standing)
        if workbench.document.begun:
            self._refresh()
        else:
            self._stack.setFocus()  # else it falls on the first button that can be pressed
            self.painted.connect(self._refresh)

    # --- parts ----------------------------------------------------------------------------------------------

    def _arrange(self, pages: Sequence[Page]) -> None:
        workbench = self._workbench
        self._header = Header(workbench.theme, self._actions, self._paces)
        self._rail = Rail(workbench.theme, pages)
        self._stack = QStackedWidget()
        set_role(self._stack, "ground")
        self._stack.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stack.setAccessibleName(tr("Page"))
        self._middle = middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self._rail)
        middle.addWidget(self._stack, 1)
        centre = QWidget()
        whole = QVBoxLayout(centre)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._header)
        whole.addLayout(middle, 1)
        whole.addWidget(StatusBar(workbench))
        self.setCentralWidget(centre)

    def _make_action(self, action: Action) -> QAction:
        made = QAction(tr(action.words), self)
        standard = getattr(QKeySequence.StandardKey, action.standard, None) if action.standard else None
        keys = QKeySequence.keyBindings(standard) if standard is not None else []
        own = [QKeySequence(given) for given in (action.shortcut, action.also) if given]
        keys += [key for key in own if key not in keys]
        # the system's own first: menus and tips show that one
        made.setShortcuts(keys)
        shown = f" ({keys[0].toString(QKeySequence.SequenceFormat.NativeText)})" if keys else ""
        self._tips[action.key] = (tr(action.help) if action.help else tr(action.words)) + shown
        # macOS would move entries by their words: what begins with "About" or "Options", for instance
        made.setMenuRole(QAction.MenuRole.QuitRole if action.key == "file.quit" else QAction.MenuRole.NoRole)
        made.triggered.connect(lambda: action.run(self._workbench))
        # until the document is there, which says what can be done
        refuse(made, tr("Ravine is still starting"), self._tips[action.key])
        if action.icon:
            self._workbench.theme.put_icon(made, action.icon)
        self.addAction(made)
        return made

    def _make_menus(self) -> None:
        titles = with_mnemonics([tr(title) for title, _ in MENUS])
        for title, (_, keys) in zip(titles, MENUS, strict=True):
            menu = self.menuBar().addMenu(title)
            menu.setToolTipsVisible(True)
            for key in keys:
                self._add_to(menu, key)
            menu.aboutToShow.connect(partial(mark_letters, menu))  # some entries change their words

    def _add_to(self, menu: QMenu, key: str) -> None:
        if not key:
            menu.addSeparator()
        elif key in self._actions:
            menu.addAction(self._actions[key])
        elif key == "recent":
            self._recent = menu.addMenu(tr("Open recent"))
            self._recent.aboutToShow.connect(self._fill_recent)
        elif key == "pages":
            for number, page in enumerate(self._pages.values(), start=1):
                action = QAction(tr(page.title).replace("&", "&&"), self)
                action.setShortcut(QKeySequence(f"Ctrl+{number}"))
                action.triggered.connect(partial(self.show_page, page.key))
                self._workbench.theme.put_icon(action, page.icon)
                menu.addAction(action)
        elif key == "pace":
            menu.addMenu(self._paces)
        elif key == "theme":
            menu.addMenu(scheme_menu(self._workbench, menu))
        elif key == "language":
            self._add_languages(menu)

    def _add_languages(self, menu: QMenu) -> None:
        known = languages(RESOURCES / "translations")
        if len(known) < 2:
            return
        below = menu.addMenu(tr("Language"))
        for key, name in known.items():
            action = below.addAction(name)
            action.setCheckable(True)
            action.setChecked(key == self._workbench.settings.value.language)
            action.triggered.connect(partial(self._workbench.set_language, key))

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in self._workbench.settings.value.recent:
            action = self._recent.addAction(path.replace("&", "&&"))
            action.triggered.connect(partial(self._workbench.open_anything, Path(path)))
        if self._recent.isEmpty():
            self._recent.addAction(tr("Nothing yet")).setEnabled(False)

    def _join(self) -> None:
        workbench = self._workbench
        document, transport = workbench.document, workbench.transport
        workbench.noticed.connect(self.toasts.say)
        workbench.settled.connect(self.toasts.settle)
        workbench.cleared.connect(self.toasts.clear)
        workbench.page_asked.connect(self.show_page)
        workbench.card_asked.connect(self._choose_card)
        self._rail.picked.connect(self.show_page)
        workbench.help_asked.connect(self._show_help)
        self._header.other_asked.connect(lambda folder: workbench.run_opened.emit(Path(folder)))
        workbench.selftest_asked.connect(self._show_selftest)
        workbench.quit_asked.connect(self.close)
        # Bound methods, which Qt lets go of with the window: engine and document may outlive it.
        document.changed.connect(self._refresh)
        transport.changed.connect(self._show_standing)
        for bare in (document.standing_changed, document.problems_changed):
            bare.connect(self._refresh)
        document.facts_changed.connect(self._tell_doubts)
        escape = QShortcut(QKeySequence("Escape"), self)
        escape.setContext(Qt.ShortcutContext.WindowShortcut)
        escape.activated.connect(lambda: self._stack.setFocus())

    # --- pages ----------------------------------------------------------------------------------------------

    @cached_property
    def column(self) -> ExperimentColumn:
        """The experiment's cards, made when they are first needed: no other part takes so long."""
        from app.shell.experiment_column import ExperimentColumn

        workbench = self._workbench
        made = ExperimentColumn(workbench.document, workbench.theme, workbench.settings)
        made.follow_asked.connect(workbench.transport.follow_asked)
        made.find_asked.connect(workbench.transport.find_asked)
        made.branch_asked.connect(workbench.transport.branch_asked)
        workbench.transport.changed.connect(made.show_standing)
        made.show_standing(workbench.transport.standing)
        self._middle.insertWidget(1, made)
        made.setVisible(self._pages[self.page].beside if self.page else False)
        return made

    @property
    def page(self) -> str:
        """The key of the page shown."""
        return next((key for key, widget in self._built.items() if widget is self._stack.currentWidget()), "")

    def page_widget(self, key: str) -> QWidget:
        """Return the page of that key, building it when it is first asked for."""
        if key not in self._built:
            widget = self._pages[key].build()
            widget.setAccessibleName(widget.accessibleName() or tr(self._pages[key].title))
            self._built[key] = widget
            self._stack.addWidget(widget)
        return self._built[key]

    def show_page(self, key: str) -> None:
        """Go to a page; one that is not there is passed over."""
        if key not in self._pages:
            return
        widget = self.page_widget(key)
        self._stack.setFocus()  # else the focus falls on whatever comes next when a page hides
        self._stack.setCurrentWidget(widget)
        entry = widget.focusProxy()
        # what is hidden would take the focus unseen: a page of runs without any shows no filter
        if entry is not None and entry.isVisible():
            entry.setFocus()
        self._rail.show_page(key)
        if self._pages[key].beside:
            self._was_beside = key
        # looked for, not asked for: asking makes it
        if self._pages[key].beside or "column" in self.__dict__:
            self.column.setVisible(self._pages[key].beside)

    def _tell_doubts(self, facts: DataFacts) -> None:
        """Mark the page of the data where a person should look how it was read."""
        one, several = tr("1 reading in doubt"), tr("{count} readings in doubt", count=facts.doubts)
        self._rail.set_doubts("data", "" if not facts.doubts else one if facts.doubts == 1 else several)

    def _choose_card(self) -> None:
        """Offer the cards of the experiment and their settings."""
        self._show_column()
        self.column.choose()

    def reveal(self, path: str) -> None:
        """Lead to the field of the experiment at `path`."""
        self._show_column()
        self.column.lead_to(path)

    def _show_column(self) -> None:
        """Where the page has no column of the experiment beside it, go to the page that had it last."""
        if not self.column.isVisible():
            first = next((key for key, page in self._pages.items() if page.beside), self.page)
            self.show_page(self._was_beside or first)

    # --- state ----------------------------------------------------------------------------------------------

    def situation(self) -> Situation:
        document, standing = self._workbench.document, self._workbench.transport.standing
        return Situation(
            can_undo=document.can_undo,
            can_redo=document.can_redo,
            engine=standing.engine,
            run=standing.run,
            released=standing.freed is not None,
            meant=standing.meant,
        )

    def _refresh(self, _: object = None) -> None:
        self._show_standing()
        document = self._workbench.document
        self._name_edits()
        self._header.show_document(document)
        # Qt puts a star at [*] while the window is modified
        self.setWindowTitle(tr("{name}[*] – Ravine", name=document.experiment.name))
        self.setWindowModified(document.edited)

    def _name_edits(self) -> None:
        """Say in the menu which edit is undone, and which is done again."""
        from app.shell.edit_words import edit_words

        document = self._workbench.document
        for key, words, edit in (
            ("edit.undo", tr("Undo"), document.undoes),
            ("edit.redo", tr("Redo"), document.redoes),
        ):
            told = edit_words(*edit) if edit is not None else ""
            if key == "edit.undo" and edit is None and document.can_undo:
                told = tr("what cannot be read")
            # a single & would be the mark of a key
            shown = tr("{command}: {edit}", command=words, edit=told) if told else words
            self._actions[key].setText(shown.replace("&", "&&"))

    def _show_standing(self, _: object = None) -> None:
        situation = self.situation()
        for action in ACTIONS:
            why = action.refused(situation)
            refuse(self._actions[action.key], tr(why) if why else "", self._tip(action.key))
        paused = situation.run == "paused"
        self._actions["run.pause"].setText(tr("Continue") if paused else tr("Pause"))
        self._actions["run.branch"].setText(branch_words(situation.meant.moment))
        self._header.show_standing(self._workbench.transport.standing)

    def _tip(self, key: str) -> str:
        """Return what a command does, and to which run where more than one is meant."""
        standing = self._workbench.transport.standing
        meant, name = standing.meant, standing.meant.name or standing.run_name
        several = meant.elsewhere or bool(meant.others)
        if key not in STEERING or not several or standing.run == "none":
            return self._tips[key]
        return tr("{what}. It acts upon {name}.", what=self._tips[key], name=name)

    def _show_help(self, page: str) -> None:
        from app.shell.help import HelpDialog

        if self._help is None:
            self._help = HelpDialog(self._workbench.theme, self)
        self._help.show_page(page)

    def _show_selftest(self) -> None:
        from app.selftest.dialog import SelfTestDialog  # what it tries is not needed for the first paint

        if self._selftest is None:
            self._selftest = SelfTestDialog(self._workbench.theme, self)
        self._selftest.show()
        self._selftest.raise_()
        self._selftest.activateWindow()

    # --- coming and going -----------------------------------------------------------------------------------

    def _restore(self) -> None:
        """Take the place and size of last time, where it still fits on a screen."""
        self.resize(USUAL_SIZE.boundedTo(self._room() - _FRAME))
        kept = self._workbench.settings.value.geometry
        try:
            # without `validate` letters that are none of base64 are passed over, and the rest is taken
            geometry = base64.b64decode(kept, validate=True)
        except ValueError:
            geometry = b""
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
            # what the system draws around a window is known only once it is shown
            self.painted.connect(self._fit_into_screen)

    def _fit_into_screen(self) -> None:
        """Lie within the screen: Qt moves a window that was left on a larger one, but lets it hang out."""
        if self.isMaximized() or self.isFullScreen():
            return
        screen = QGuiApplication.screenAt(self.geometry().center()) or QGuiApplication.primaryScreen()
        whole, inside = self.frameGeometry(), self.geometry()
        room = screen.availableGeometry().adjusted(
            inside.left() - whole.left(),
            inside.top() - whole.top(),
            inside.right() - whole.right(),
            inside.bottom() - whole.bottom(),
        )
        # the least size goes before: on a screen smaller than that the window hangs over right and below
        inside.setSize(inside.size().boundedTo(room.size()).expandedTo(self.minimumSize()))
        inside.moveLeft(max(min(inside.left(), room.right() + 1 - inside.width()), room.left()))
        inside.moveTop(max(min(inside.top(), room.bottom() + 1 - inside.height()), room.top()))
        # where it fits nothing is asked: the system may take even that as a wish to move
        if inside != self.geometry():
            self.setGeometry(inside)

    @staticmethod
    def _room() -> QSize:
        return QGuiApplication.primaryScreen().availableGeometry().size()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            # after this painting has come to its end
            QTimer.singleShot(0, self.painted.emit)

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward=forward)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button in focus, too: outside dialogs Qt knows the space bar alone."""
        button = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(button, QAbstractButton):
            button.click()
        else:
            super().keyPressEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        standing = self._workbench.transport.standing
        dialogs = self._workbench.dialogs
        count = int(standing.under_way) + self._workbench.trained_beside()
        name = standing.run_name if standing.under_way else ""
        if count and not dialogs.close_while_training(name or tr("A run"), count):
            event.ignore()
            return
        if not self._workbench.may_leave():
            event.ignore()
            return
        if self._selftest is not None:
            self._selftest.close()
        geometry = base64.b64encode(self.saveGeometry().data()).decode()
        self._workbench.settings.change(geometry=geometry)
        event.accept()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        names = [url.fileName() for url in event.mimeData().urls() if url.isLocalFile()]
        if not names:
            return
        event.acceptProposedAction()
        more = tr("{count} files", count=len(names)) if len(names) > 1 else names[0]
        self._drop_hint.show_words(tr("Drop to open {what}", what=more))

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_hint.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_hint.hide()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            # not now: the file manager waits for the end of the drop, and a question may come up
            QTimer.singleShot(0, partial(self._workbench.open_all, paths))
