"""Saving a file that a person asked for, and saying that it was done or why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget

from app.language.words import tr


def reason_of(error: OSError) -> str:
    """Return why the system refused, in its words."""
    # str() would add a number and repeat the path; libraries raise OSError with words alone
    return error.strerror or str(error)


def save(path: Path, write: Callable[[Path], object], told: SignalInstance, failed: SignalInstance) -> None:
    """Let `write` make the file; tell that it is there, or why not."""
    try:
        write(path)
    except OSError as error:
        failed.emit(tr("{path} could not be saved: {why}", path=path, why=reason_of(error)))
    else:
        told.emit(tr("Saved {path}", path=path))


def asked_place(parent: QWidget, title: str, start: Path) -> Path | None:
    """Ask where to save, beginning with `start`, whose ending says the form; None: not at all."""
    form = start.suffix.removeprefix(".")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(start), f"{form.upper()} (*.{form})")
    return Path(chosen) if chosen else None
