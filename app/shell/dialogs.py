"""Questions to the person: which file, and what to do with changes or a run under way."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.language.words import tr
from engine.runs.packed.contents import ENDING

EXPERIMENT_SUFFIX = ".ravine.toml"


class Dialogs:
    """Asks above the window that `parent` is."""

    parent: QWidget | None = None

    def experiment_to_open(self, folder: Path) -> Path | None:
        kinds = tr("Experiments") + " (*.toml)"
        return self._opened(tr("Open experiment"), folder, kinds)

    def data_to_open(self, folder: Path) -> Path | None:
        from engine.data.source import Source  # after the first paint

        endings = dict.fromkeys(ending for source in Source.every() for ending in source.endings)
        known = tr("Data files") + f" ({' '.join(f'*{ending}' for ending in endings)})"
        return self._opened(tr("Open data file"), folder, f"{known};;{tr('All files')} (*)")

    def folder_to_open(self, words: str, folder: Path) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self.parent, words, str(folder))
        return Path(chosen) if chosen else None

    def place_to_save(self, folder: Path, name: str) -> Path | None:
        """Return where to save; a name without extension gets ours."""
        kinds = tr("Experiments") + f" (*{EXPERIMENT_SUFFIX} *.toml)"
        start = str(folder / f"{name}{EXPERIMENT_SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(self.parent, tr("Save experiment"), start, kinds)
        if not chosen:
            return None
        return Path(chosen) if chosen.endswith(".toml") else Path(chosen + EXPERIMENT_SUFFIX)

    def packed_to_open(self, folder: Path) -> Path | None:
        return self._opened(tr("Open packed run"), folder, tr("Packed runs") + f" (*{ENDING})")

    def place_to_pack(self, folder: Path, name: str) -> Path | None:
        """Return the file that a run is to be packed into; a name without ending gets ours."""
        start, kinds = str(folder / f"{name}{ENDING}"), tr("Packed runs") + f" (*{ENDING})"
        chosen, _ = QFileDialog.getSaveFileName(self.parent, tr("Pack the run"), start, kinds)
        if not chosen:
            return None
        return Path(chosen) if chosen.endswith(ENDING) else Path(chosen + ENDING)

    def unsaved(self, name: str) -> Literal["save", "discard", "cancel"]:
        """Ask what to do with changes that are not saved."""
        box = self._question(
            tr("Save the changes to “{name}”?", name=name),
            tr("Otherwise they are lost. Runs that were trained keep the experiment they were trained with."),
        )
        save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(tr("Discard changes"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            return "save"
        return "discard" if box.clickedButton() is discard else "cancel"

    def close_while_training(self, name: str, count: int) -> bool:
        """Ask whether to close although runs are under way, `count` of them; of one it is the name."""
        one = count == 1
        box = self._question(
            tr("“{name}” is still training. Close Ravine?", name=name)
            if one
            else tr("{count} runs are still training. Close Ravine?", count=count),
            tr("Nothing is lost: the run is saved where it stands, and can be resumed from the runs page.")
            if one
            else tr("Nothing is lost: each is saved where it stands, and can be resumed from the runs page."),
        )
        keep = tr("Close and keep the run") if one else tr("Close and keep the runs")
        close = box.addButton(keep, QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        # Enter that was meant for something else must end nothing
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is close

    def _opened(self, words: str, folder: Path, kinds: str) -> Path | None:
        chosen, _ = QFileDialog.getOpenFileName(self.parent, words, str(folder), kinds)
        return Path(chosen) if chosen else None

    def _question(self, text: str, more: str) -> QMessageBox:
        box = QMessageBox(self.parent)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("Ravine"))
        box.setText(text)
        box.setInformativeText(more)
        return box
