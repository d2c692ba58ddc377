"""The workbench: everything a person can ask for, one method each, for menus, buttons, pages and drops."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.run_controls import PACES, RunControls
from app.language.words import tr
from app.look.settings import Scheme, SettingsFile, usual_runs_folder
from app.look.theme import Theme
from app.shell.dialogs import Dialogs
from app.shell.openable import absent_words, blank, reason, unreadable
from app.widgets.notice import Mood, Notice

if TYPE_CHECKING:  # the engine comes after the first paint, when something is opened
    from engine.data.source import Source
    from engine.experiment import Experiment


class Workbench(QObject):
    """Joins document, transport, settings and look; knows no widget."""

    noticed = Signal(object)
    """A `Notice` for the person. It is said here, for the corner that shows it goes with the window."""
    settled = Signal(str)
    """What was said about this holds no more."""
    cleared = Signal()
    """Something new begins: all that was said is about what was before."""
    page_asked = Signal(str)
    card_asked = Signal()
    """The person wants to choose a card of the experiment."""
    help_asked = Signal(str)
    selftest_asked = Signal()
    quit_asked = Signal()
    run_opened = Signal(Path)
    """A run folder was opened: by menu, drop, command line or from the recent ones."""
    recent_changed = Signal()
    runs_folder_changed = Signal(Path)
    queue_asked = Signal()
    """A run of the experiment that is edited is to wait in the queue."""
    finetune_asked = Signal()
    packed_opened = Signal(Path)
    """A run is to be taken out of this file."""
    pack_asked = Signal()
    """The run that is shown is to be packed into a file."""
    prove_asked = Signal()
    """It is to be proved that the run that is shown can be left and gone on with."""
    """The run that is shown is to be trained further, in a new experiment."""

    def __init__(
        self,
        document: Document,
        transport: RunControls,
        settings: SettingsFile,
        theme: Theme,
        dialogs: Dialogs,
        runs_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self.document, self.transport = document, transport
        self.settings, self.theme, self.dialogs = settings, theme, dialogs
        self._runs_folder = runs_folder
        self.trained_beside: Callable[[], int] = lambda: 0
        """How many runs processes beside this window train, which end with it."""
        settings.refused = self._tell_unkept
        # a pace of another version is none
        transport.tell(pace=settings.value.pace if settings.value.pace in PACES else "full")
        self._unread: Path | None = None
        """Data that was opened and has not been read yet."""

    @property
    def runs_folder(self) -> Path:
        """Where runs are kept."""
        return self._runs_folder or Path(self.settings.value.runs_folder or usual_runs_folder())

    # --- experiments ----------------------------------------------------------------------------------------

    def new(self) -> None:
        if self.may_leave():
            self.document.open(blank(), None)
            self.page_asked.emit("data")

    def open(self) -> None:
        path = self.chosen(self.dialogs.experiment_to_open(self.dialog_folder()))
        if path is not None:
            # who is used to other programs chooses data here, too
            self.open_anything(path)

    def open_experiment(self, path: Path) -> None:
        """Edit the experiment in a file."""
        from engine.choices import Invalid
        from engine.experiment_file import read

        try:
            # first: what cannot be read is no reason to ask about unsaved changes
            experiment = read(path)
        except (Invalid, OSError) as error:
            self._refuse(path, error)
            return
        if not self.may_leave():
            return
        self.document.open(experiment.located(path.parent), path)
        self.remember(path)
        self.page_asked.emit("train")

    def open_preset(self, path: Path) -> None:
        """Start from a preset: a copy without a place of its own."""
        from engine.choices import Invalid
        from engine.experiment_file import read

        try:
            experiment = read(path)
        except (Invalid, OSError) as error:
            self._refuse(path, error)
            return
        if self.may_leave():
            self.document.open(experiment.located(path.parent), None)
            self.page_asked.emit("train")

    def edit_copy(self, experiment: Experiment) -> bool:
        """Edit the experiment of a run, a new one that is saved nowhere yet; return whether it is edited."""
        if not self.may_leave():
            return False
        self.document.open(experiment, None, saved=False)
        self.page_asked.emit("train")
        return True

    def save(self) -> bool:
        if self.document.path is None:
            return self.save_as()
        return self._write(self.document.path)

    def save_as(self) -> bool:
        beside = self.dialog_folder() if self.document.path is None else self.document.path.parent
        path = self.chosen(self.dialogs.place_to_save(beside, self.document.experiment.name))
        return path is not None and self._write(path)

    def may_leave(self) -> bool:
        """Return whether the experiment may be left: it is saved, gets saved now, or may be lost."""
        if not self.document.edited:
            return True
        answer = self.dialogs.unsaved(self.document.experiment.name)
        return self.save() if answer == "save" else answer == "discard"

    def _write(self, path: Path) -> bool:
        from engine.choices import Invalid
        from engine.experiment_file import write

        try:
            write(self.document.experiment, path)
        except (Invalid, OSError) as error:
            self.say(tr("{path} could not be saved: {why}", path=path, why=reason(error)), "danger", "saving")
            return False
        self.settled.emit("saving")
        self.document.mark_saved(path)
        self.remember(path)
        if self.document.typed_problems:
            names = ", ".join(problem.path for problem in self.document.typed_problems)
            self.say(tr("Saved without what cannot be read yet: {names}", names=names))
        return True

    # --- data -----------------------------------------------------------------------------------------------

    def open_data(self) -> None:
        path = self.chosen(self.dialogs.data_to_open(self.dialog_folder()))
        if path is not None:
            self.open_source(path)

    def open_pictures(self) -> None:
        path = self.chosen(self.dialogs.folder_to_open(tr("Open data folder"), self.dialog_folder()))
        if path is not None:
            self.open_source(path)

    def choose_data_file(self) -> None:
        """Ask for the file of the kind of data that is chosen."""
        self._fill(self.chosen(self.dialogs.data_to_open(self.dialog_folder())))

    def choose_data_folder(self) -> None:
        """Ask for the folder of the kind of data that is chosen."""
        self._fill(self.chosen(self.dialogs.folder_to_open(tr("Open data folder"), self.dialog_folder())))

    def _fill(self, path: Path | None) -> None:
        """Take a path for the kind of data chosen; a table is only what a new experiment begins with."""
        experiment = self.document.experiment
        if path is None:
            return
        if experiment.data.kind == "table" or "path" not in type(experiment.data).model_fields:
            self.open_source(path)
            return
        # as a whole path: the engine works in another folder
        source = experiment.data.replaced(path=str(path.resolve()))
        self._unread = path
        self.document.edit(experiment.replaced(data=source), "data.path")

    def open_source(self, path: Path) -> None:
        """Begin a new experiment with a data file or a folder of pictures, texts or series."""
        from engine.opening import source_of

        self._begin_with(source_of(path.resolve()), path)

    def _begin_with(self, source: Source | None, path: Path) -> None:
        from engine.opening import why_unknown
        from engine.suggestions import begun

        if source is None:
            self.say(tr(why_unknown(path)), "danger", "opening")
        elif why := unreadable(path):
            self.say(tr("{path} cannot be opened:\n{why}", path=path, why=why), "danger", "opening")
        elif self.may_leave():
            # the name of an experiment has no more letters
            name = (path.stem or "Untitled")[:120]
            self.document.open(begun(source, name), None)
            self._unread = path
            self.page_asked.emit("data")

    def source_was_read(self) -> None:
        """Say that the data that was opened last can be read: only then it is worth remembering."""
        if self._unread is not None:
            path, self._unread = self._unread, None
            self.remember(path)
            # dropped or chosen in a dialog, here data was picked last
            self.chosen(path)

    def open_all(self, paths: Sequence[Path]) -> None:
        """Open what was dropped: one thing, or several that are one source of data together."""
        from engine.opening import together

        if len(paths) == 1:
            self.open_anything(paths[0])
            return
        found = together([path.resolve() for path in paths])
        if found.rest:
            words = tr(
                "{count} things were dropped that are no data together; the first is opened: {name}",
                count=len(paths),
                name=paths[0].name,
            )
            self.say(words)
            self.open_anything(paths[0])
        else:
            self._begin_with(found.source, found.path)

    def open_anything(self, path: Path) -> None:
        """Open what was dropped or named: an experiment, a run, a table or a folder of pictures."""
        from engine.opening import EXPERIMENT, PACKED, RUN, UNKNOWN, sort_of, why_unknown
        from engine.ordinary import as_written

        # Linux takes any bytes for a name: as lone surrogates in a str they fit into no TOML
        if (shown := as_written(str(path))) != str(path):
            words = tr("The name of {path} holds bytes that are no text: rename it, then open it", path=shown)
            self.say(words, "danger", "opening")
            return
        sort = sort_of(path)
        if sort == EXPERIMENT:
            self.open_experiment(path)
        elif sort == RUN:
            self.open_run(path)
        elif sort == PACKED:
            self.packed_opened.emit(path)
        elif sort != UNKNOWN:
            self.open_source(path)
        elif not path.exists():
            self._say_absent(path)
        else:
            self.say(tr(why_unknown(path)), "danger", "opening")

    def _say_absent(self, path: Path) -> None:
        """Say that a path is not there; that it was, only where it was opened before."""
        known = {str(path), str(path.resolve())} & set(self.settings.value.recent)
        for one in known:
            self.forget(Path(one))
        self.say(absent_words(path, known), "danger", "opening")

    # --- runs -----------------------------------------------------------------------------------------------

    def open_run_folder(self) -> None:
        from engine.opening import RUN, sort_of

        path = self.dialogs.folder_to_open(tr("Open run folder"), self.runs_folder)
        if path is None:
            return
        if sort_of(path) == RUN:
            self.open_run(path)
        else:
            self.say(
                tr("{path} is not the folder of a run: it has no experiment.toml", path=path),
                "danger",
                "opening",
            )

    def open_packed(self) -> None:
        """Take a run out of a file that somebody packed it into."""
        path = self.chosen(self.dialogs.packed_to_open(self.dialog_folder()))
        if path is not None:
            self.packed_opened.emit(path)

    def pack(self) -> None:
        self.pack_asked.emit()

    def prove(self) -> None:
        self.prove_asked.emit()

    def open_run(self, folder: Path) -> None:
        self.remember(folder)
        self.settled.emit("opening")
        self.page_asked.emit("runs")
        self.run_opened.emit(folder)

    def train(self, paused: bool = False) -> None:
        # where something is missing, who hears of it leads to that instead
        if self.document.valid:
            self.page_asked.emit("train")
        self.transport.train_asked.emit(paused)

    def train_paused(self) -> None:
        self.train(paused=True)

    def queue(self) -> None:
        """Let a run of the experiment wait for its turn."""
        self.queue_asked.emit()

    def pause_or_continue(self) -> None:
        if self.transport.standing.run == "paused":
            self.transport.continue_asked.emit()
        else:
            self.transport.pause_asked.emit()

    def release(self) -> None:
        self.transport.release_asked.emit()

    def step_batch(self) -> None:
        self.transport.advance_asked.emit(1, False)

    def step_epoch(self) -> None:
        self.transport.advance_asked.emit(0, True)

    def set_pace(self, pace: str) -> None:
        """Let this run and later ones go as fast as one of `PACES`."""
        self.settings.change(pace=pace)
        self.transport.pace_asked.emit(pace)

    def stop(self) -> None:
        self.transport.stop_asked.emit()

    def discard(self) -> None:
        self.transport.discard_asked.emit()

    def branch(self) -> None:
        self.transport.branch_asked.emit()

    def finetune(self) -> None:
        self.finetune_asked.emit()

    # --- the rest -------------------------------------------------------------------------------------------

    def undo(self) -> None:
        self.document.undo()

    def redo(self) -> None:
        self.document.redo()

    def choose_card(self) -> None:
        self.card_asked.emit()

    def help(self, page: str) -> None:
        self.help_asked.emit(page)

    def selftest(self) -> None:
        self.selftest_asked.emit()

    def quit(self) -> None:
        self.quit_asked.emit()

    def choose_runs_folder(self) -> None:
        """Ask for another folder to keep runs in; those there are stay where they are."""
        words = tr("Keep runs in")
        # the folder is made with the first run: a dialog begins on the way to it
        begin = next(
            (folder for folder in (self.runs_folder, *self.runs_folder.parents) if folder.is_dir()),
            Path.home(),
        )
        path = self.dialogs.folder_to_open(words, begin)
        if path is None or path == self.runs_folder:
            return
        # told now, and not by the next run, which would fail
        if not os.access(path, os.W_OK):
            self.say(tr("Nothing can be written into {path}", path=path), "danger", "runs folder")
            return
        self.settled.emit("runs folder")
        self._runs_folder = None  # what was named when the program was started is over
        self.settings.change(runs_folder=str(path))
        self.runs_folder_changed.emit(path)

    def tell_once(self, key: str) -> bool:
        """Return whether the message of that name has never been told; from now on it has."""
        told = self.settings.value.told
        if key in told:
            return False
        self.settings.change(told=(*told, key))
        return True

    def set_scheme(self, scheme: Scheme) -> None:
        self.theme.set_scheme(scheme)
        self.settings.change(scheme=scheme)

    def set_language(self, language: str) -> None:
        self.settings.change(language=language)
        self.say(tr("The language changes when Ravine is started again"))

    def forget(self, path: Path) -> None:
        """Take a path off the recent ones."""
        self.settings.keep(self.settings.value.without_recent(str(path)))
        self.recent_changed.emit()

    def remember(self, path: Path) -> None:
        """Put a path first among the recent ones."""
        self.settings.keep(self.settings.value.with_recent(str(path.resolve())))
        self.recent_changed.emit()

    def say(self, text: str, mood: Mood = "plain", about: str = "") -> None:
        """Tell the person something that offers nothing to do."""
        self.noticed.emit(Notice(text, mood, about=about))

    def _tell_unkept(self, why: str) -> None:
        words = tr(
            "Settings cannot be kept ({why}); Ravine works on, and forgets them when it is closed", why=why
        )
        self.say(words)

    def dialog_folder(self) -> Path:
        """Return where a dialog begins: where the last one ended, else beside what is open or was last."""
        last = Path(self.settings.value.dialog_folder)
        if self.settings.value.dialog_folder and last.is_dir():
            return last
        if self.document.path is not None:
            return self.document.path.parent
        # runs are among the recent ones, too, and no data is looked for beside them
        recent = [Path(path) for path in self.settings.value.recent]
        known = [path.parent for path in recent if self.runs_folder not in path.parents]
        return next((folder for folder in known if folder.is_dir()), Path.home())

    def chosen(self, path: Path | None) -> Path | None:
        """Return what a dialog has answered; the next one begins in the same folder."""
        if path is not None:
            self.settings.change(dialog_folder=str(path.parent))
        return path

    def _refuse(self, path: Path, error: Exception) -> None:
        self.say(tr("{path} cannot be opened:\n{why}", path=path, why=reason(error)), "danger", "opening")
