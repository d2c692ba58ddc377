"""Notes on the start page: what a person should know once. They stay until they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.document.run_controls import RunStatus
from app.language.words import tr
from app.look.style import set_role
from app.start.nvidia import Probe, has_driver, is_idle
from app.widgets.cards import Card
from app.widgets.labels import ElidedLabel, label

if TYPE_CHECKING:
    from app.shell.workbench import Workbench  # given by the constructor; the shell stands above the pages


class Note(Card):
    """A card that is there until the person has seen it, at this start or an earlier one."""

    def __init__(self, workbench: Workbench, key: str, title: str) -> None:
        super().__init__(title)
        self._workbench, self._key = workbench, key
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addStretch(1)
        seen = QPushButton(tr("Got it"))
        # every note has such a button
        seen.setAccessibleDescription(title)
        seen.clicked.connect(self._leave)
        self._foot.addWidget(seen)
        self.whole.addLayout(self._foot)

    @property
    def wanted(self) -> bool:
        """Whether it has not been seen yet."""
        return self._key not in self._workbench.settings.value.told

    def add_button(self, words: str) -> QPushButton:
        """Offer something beside the button that closes the note."""
        button = QPushButton(words)
        self._foot.insertWidget(self._foot.count() - 1, button)
        return button

    def _leave(self) -> None:
        self._workbench.tell_once(self._key)
        self.hide()


class WelcomeNote(Note):
    """At the first start: where runs are kept, what computes, and what to do next."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench, "welcome", tr("Welcome to Ravine"))
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(6)
        self._rows.setColumnStretch(1, 1)
        self.body.addLayout(self._rows)
        self._folder = ElidedLabel(str(workbench.runs_folder))
        change = QPushButton(tr("Change…"))
        set_role(change, "link")
        change.setAccessibleName(tr("Change where runs are kept"))
        change.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        change.clicked.connect(workbench.choose_runs_folder)
        self._add(tr("Runs are kept in"), self._folder)
        self._rows.addWidget(change, 0, 2)
        self._device = ElidedLabel()
        self._add(tr("Trained on"), self._device)
        next_step = tr(
            "Choose a preset below and press Train, or bring data of your own. "
            "Everything stays on this computer; nothing is sent anywhere."
        )
        self._add(tr("Next"), label(next_step, wrap=True))
        self.add_button(tr("Self-test…")).clicked.connect(workbench.selftest)
        workbench.runs_folder_changed.connect(lambda path: self._folder.setText(str(path)))
        workbench.transport.changed.connect(self._show_device)
        self._show_device(workbench.transport.standing)
        self.setVisible(self.wanted)

    def _add(self, words: str, value: QWidget) -> None:
        # an empty grid says that it has one row
        row = self._rows.rowCount() if self._rows.count() else 0
        one_line = isinstance(value, ElidedLabel)
        place = Qt.AlignmentFlag.AlignVCenter if one_line else Qt.AlignmentFlag.AlignTop
        self._rows.addWidget(label(words, "muted"), row, 0, place)
        self._rows.addWidget(value, row, 1)

    def _show_device(self, standing: RunStatus) -> None:
        self._device.setText(standing.device or tr("looking for a device…"))


class CardNote(Note):
    """Where an NVIDIA card stands idle because this build of Ravine is for processors."""

    def __init__(self, workbench: Workbench, probe: Probe = has_driver) -> None:
        super().__init__(workbench, "nvidia", tr("There is an NVIDIA card in this computer"))
        self._probe = probe
        self._asked = False
        words = tr(
            "This version of Ravine computes on the processor. The version for NVIDIA cards trains large "
            "networks many times faster."
        )
        self.body.addWidget(label(words, wrap=True))
        self.add_button(tr("How to get it")).clicked.connect(lambda: workbench.help("graphics-card"))
        workbench.transport.changed.connect(self._look)
        self.hide()
        self._look(workbench.transport.standing)

    def _look(self, standing: RunStatus) -> None:
        """Look for a card once, when the engine has told what it computes on."""
        if standing.torch and not self._asked and self.wanted:
            self._asked = True
            self.setVisible(is_idle(standing.torch, standing.device, self._probe))
