"""Data of a run that lies elsewhere now: noticed, and its new place asked for."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.language.words import tr
from engine.choices import Invalid, fields
from engine.runs.data.lacking import came_without
from engine.runs.data.moved import experiment_of
from engine.runs.folder import RunFolder


def lost_data(folder: str | Path) -> str:
    """Return the path of a run's data where nothing lies any more; "" where the data is there, or none is."""
    try:
        path = getattr(experiment_of(RunFolder(Path(folder))).data, "path", "")
    except (Invalid, OSError):
        return ""
    return str(path) if path and not os.path.lexists(path) else ""


def lost_words(folder: str | Path, path: str) -> str:
    """Return in a sentence that data is gone, or never came with the run, and what to do about it."""
    run = RunFolder(Path(folder))
    try:
        lacking = came_without(run, experiment_of(run))
    except (Invalid, OSError):
        lacking = ()
    if lacking:
        return tr(
            "This run came without its data, {names}. Say where the same data lies: it is compared with what "
            "the run has learnt from.",
            names=", ".join(lacking),
        )
    return tr("The data is not at {path}: put it back, or say where it lies now.", path=path)


def ask_for_place(folder: str | Path, parent: QWidget | None) -> str:
    """Ask where a run's data lies now; "" where the person does not say."""
    data = RunFolder(Path(folder)).read_experiment().data
    roles = {field.name: field.setting.role for field in fields(type(data))}
    before = Path(getattr(data, "path", ""))
    near = str(next((above for above in before.parents if above.is_dir()), Path.home()))
    title = tr("Where is {name} now?", name=before.name)
    # data that may be a file or a folder: an ending in its name is all that is left to tell which it was
    is_file = roles.get("path") == "file" or (roles.get("path") != "folder" and before.suffix != "")
    if is_file:
        return QFileDialog.getOpenFileName(parent, title, near)[0]
    return QFileDialog.getExistingDirectory(parent, title, near)
