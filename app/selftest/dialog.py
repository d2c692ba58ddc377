"""Help > Self-test: what is being tried, how each check ended, and a report to copy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.language.words import tr
from app.look.style import set_mark
from app.look.theme import Theme
from app.selftest.trial import Trial
from app.widgets.labels import ElidedLabel, label
from app.widgets.refusals import refuse
from app.widgets.tips import plain

_ICON = 16


class SelfTestDialog(QDialog):
    """Begins when it is shown, and ends what is under way when it is closed. The window stays usable."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trial: Trial | None = None
        self.setWindowTitle(tr("Self-test"))
        self.resize(720, 560)
        self._words = ElidedLabel("", "strong")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the self-test"))
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Checks"))
        self._list.setIconSize(QSize(_ICON, _ICON))
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        about = tr(
            "Tries what training needs, on small data that comes with Ravine: about a minute. Your runs and "
            "settings are not touched."
        )
        column.addWidget(label(about, "muted", wrap=True))
        column.addWidget(self._words)
        column.addWidget(self._bar)
        column.addWidget(self._list, 1)
        column.addLayout(self._buttons())
        theme.changed.connect(self._refill)

    @property
    def trial(self) -> Trial | None:
        """Return the self-test that is under way, or was last."""
        return self._trial

    def begin(self) -> None:
        """Start from the beginning."""
        self.stop()
        self._list.clear()
        trial = self._trial = Trial(self._theme, self)
        trial.changed.connect(self._show)
        trial.ended.connect(self._show)
        trial.start()

    def stop(self) -> None:
        if self._trial is not None:
            self._trial.stop()

    def _buttons(self) -> QHBoxLayout:
        self._copy = QPushButton(tr("Copy report"))
        self._copy.clicked.connect(self._copy_report)
        self._theme.put_icon(self._copy, "copy")
        self._turn = QPushButton()
        self._turn.clicked.connect(self._stop_or_begin)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        for button in (self._copy, self._turn, close):
            # in a dialog Enter would press the first of them
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._copy)
        row.addStretch(1)
        row.addWidget(self._turn)
        row.addWidget(close)
        return row

    def _stop_or_begin(self) -> None:
        if self._trial is None or self._trial.over:
            self.begin()
        else:
            self.stop()

    def _copy_report(self) -> None:
        if self._trial is not None:
            QGuiApplication.clipboard().setText(self._trial.report())
            self._copy.setText(tr("Copied"))

    def _show(self) -> None:
        trial = self._trial
        if trial is None:
            return
        # it may still say "Copied", of the report before
        self._copy.setText(tr("Copy report"))
        tip = tr("For a bug report. It holds no name and no path of yours.")
        refuse(self._copy, "" if trial.over else tr("The report is complete when the test is over"), tip)
        self._turn.setText(tr("Try again") if trial.over else tr("Cancel"))
        self._bar.setRange(0, trial.count)
        self._bar.setValue(len(trial.outcomes))
        self._bar.setVisible(not trial.over)
        self._words.setText(_words(trial))
        set_mark(self._words, "role", _role(trial))
        for name, trouble in trial.outcomes[self._list.count() :]:
            self._add(name, trouble)
        if trial.over:
            self._show_first_failure(trial)
        else:
            self._list.scrollToBottom()

    def _add(self, name: str, trouble: str) -> None:
        icon = ("circle-x", "danger") if trouble else ("circle-check", "success")
        item = QListWidgetItem(self._theme.icon(*icon, _ICON), f"{name}\n{trouble}" if trouble else name)
        item.setToolTip(plain(f"{name}\n{trouble}".strip()))
        outcome = tr("failed") if trouble else tr("passed")
        # else the icon alone says whether it passed
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{outcome}: {item.text()}")
        self._list.addItem(item)

    def _show_first_failure(self, trial: Trial) -> None:
        failures = [row for row, (_, trouble) in enumerate(trial.outcomes) if trouble]
        if failures:
            self._list.scrollToItem(self._list.item(failures[0]))

    def _refill(self) -> None:
        self._list.clear()
        self._show()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # a window that was minimised comes back by itself: nothing begins anew then
        if not event.spontaneous():
            self.begin()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.stop()


def _words(trial: Trial) -> str:
    done, count = len(trial.outcomes), trial.count
    if not trial.over:
        name = trial.trying
        return (
            tr("{done} of {count}: {name}", done=done + 1, count=count, name=name) if count else name + " …"
        )
    if not count:
        return tr("Stopped before the first check")
    if trial.trying:
        return tr(
            "Stopped after {done} of {count} checks; {failed} failed",
            done=done,
            count=count,
            failed=trial.failed,
        )
    if trial.failed:
        return tr("{failed} of {count} checks failed", failed=trial.failed, count=count)
    return tr("All {count} checks passed", count=count)


def _role(trial: Trial) -> str:
    if trial.failed:
        return "danger"
    return "success" if trial.over and not trial.trying else "strong"
