"""The rooms behind the pages: links to the engine, the session, the watch over the data, the library of runs.

Made once, after the first paint, because what they import is not needed for it. The pages built on them are
made here too; joining them is all that this file does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from typing_extensions import override

from app.data.augmented_preview import AugmentedPreview
from app.data.page import DataPage
from app.data.watch import DataWatch
from app.document.moved_data import ask_for_place
from app.document.record import RunRecord
from app.language.words import tr
from app.link.background import Background, finish_work
from app.link.engine_link import EngineLink
from app.link.inspector_link import InspectorLink
from app.predict.page import PredictPage
from app.runs.library import Library, NoWasteBasket
from app.runs.page import RunsPage
from app.runs.rows import ENDED
from app.runs.strip import RunsStrip
from app.shell.queueing import Queueing
from app.shell.run_files import RunFiles
from app.shell.workbench import Workbench
from app.train.looking_back import LookingBack
from app.train.page import RunPage
from app.train.run_line import RunLine
from app.train.session import TrainingSession
from engine.choices import Invalid
from engine.events import Facts
from engine.experiment import Experiment
from engine.runs.folder import opened
from engine.runs.recipe import as_edited
from engine.runs.start import finetuning
from engine.runs.temporary import remove_abandoned

if TYPE_CHECKING:
    from app.train.finding_dialog import FindingDialog

_STRIP_FROM = 640
"""Height of the training page in pixels from which the strip of runs has room for a table."""
_LAYOUT, _RUNS_LAYOUT = "train", "runs"
_BY_HAND = "by hand"
"""What was last saved or deleted on a page: that it worked settles that it did not before."""
_PATIENCE = 2.0
"""Seconds that the end of the program waits for what reads in other threads."""


class Rooms(QObject):
    """Everything that stands behind the pages, joined to the workbench."""

    predict_chosen = Signal(str)
    """A run is to be tested, or asked for predictions, on the page for that."""

    def __init__(self, workbench: Workbench, reveal: Callable[[str], None]) -> None:
        super().__init__(workbench)
        self._workbench, self._reveal = workbench, reveal
        self.engine = EngineLink(parent=self)
        self.inspector = InspectorLink(parent=self)
        runs = workbench.runs_folder.absolute()  # the engine works in another folder
        self.library = Library(runs, self)
        self.session = TrainingSession(
            workbench.document, workbench.transport, self.engine, runs, self.library.name_of, self
        )
        self.queueing = Queueing(workbench, self.library, self.session, self)
        self.queueing.noticed.connect(workbench.noticed)
        self.watch = DataWatch(workbench.document, self.inspector, self.engine, self)
        self._clearing = Background[None](self)
        self.preview = AugmentedPreview(workbench.document, self.watch, self.engine, self)
        self.session.noticed.connect(workbench.noticed)
        self.session.may_leave = workbench.may_leave
        self.session.settled.connect(workbench.settled)
        self.session.test_asked.connect(lambda: workbench.page_asked.emit("predict"))
        self.session.problems_found.connect(self._show_problem)
        self.session.place_asked.connect(self._give_place)
        self.session.discarded.connect(self._throw_away)
        self.session.runs_changed.connect(self.library.refresh)
        self.session.cleared.connect(workbench.cleared)
        workbench.document.replaced.connect(workbench.cleared)
        self.session.live_changed.connect(self.library.set_live)
        self.session.live_changed.connect(self._remember_run)
        workbench.run_opened.connect(self._open_folder)
        workbench.finetune_asked.connect(self._finetune_shown)
        self.run_files = RunFiles(workbench, self.library, self)
        self.run_files.noticed.connect(workbench.noticed)
        self.run_files.unpacked.connect(lambda folder: workbench.open_run(Path(folder)))
        workbench.packed_opened.connect(self.run_files.unpack)
        workbench.pack_asked.connect(lambda: self._with_shown(self.run_files.pack))
        workbench.prove_asked.connect(lambda: self._with_shown(self._prove))
        workbench.runs_folder_changed.connect(self._keep_runs_in)
        workbench.transport.find_asked.connect(self._find)
        self.watch.changed.connect(self._remember_data)
        self.watch.reread.connect(self._tell_reread)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._come_back)

    def _find(self, finder: str) -> None:
        """Find the value that a field asks for by trying."""
        dialog = self._finders[finder]()
        # else one more is left below the window each time
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.begin()

    @property
    def _finders(self) -> dict[str, Callable[[], FindingDialog[Any]]]:
        return {"rate": self._rate_dialog, "batch": self._batch_dialog}

    def _batch_dialog(self) -> FindingDialog[Any]:
        from app.train.batch_dialog import BatchDialog  # as below

        workbench = self._workbench
        return BatchDialog(workbench.theme, workbench.document, self.engine, QApplication.activeWindow())

    def _rate_dialog(self) -> FindingDialog[Any]:
        from app.train.rate_dialog import RateDialog  # the plot is not needed for the first paint

        workbench, live = self._workbench, self.session.live
        # a run that waits has its newest checkpoint where it stands
        paused = live is not None and workbench.transport.standing.run == "paused"
        run = live.folder if live is not None and paused and self.session.edits.under_way else None
        return RateDialog(workbench.theme, workbench.document, self.engine, run, QApplication.activeWindow())

    def _with_shown(self, act: Callable[[str], None]) -> None:
        """Do something with the run that is shown."""
        shown = self.session.shown
        if shown is not None and shown.folder:
            act(shown.folder)
        else:
            self._workbench.say(tr("Open a run first: none is shown on the Train page."))

    def _prove(self, folder: str) -> None:
        from app.runs.dialogs.proof_dialog import ProofDialog

        name = self.library.name_of(folder) or Path(folder).name
        dialog = ProofDialog(self.engine, folder, name, QApplication.activeWindow())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.begin()

    def start(self) -> None:
        """Start the processes; for the first time just after the first paint."""
        self.engine.start()
        self.watch.start()
        self.library.refresh()
        self._clearing.run(remove_abandoned)

    def shut_down(self) -> None:
        """End the processes; a run in training is checkpointed and can be resumed."""
        self.queueing.shut_down()
        self.inspector.shut_down()
        self.engine.shut_down()
        finish_work(_PATIENCE)  # what still reads then ends with the program

    # --- pages ----------------------------------------------------------------------------------------

    def data_page(self) -> DataPage:
        workbench = self._workbench
        page = DataPage(workbench.theme, workbench.document, self.watch, self.preview)
        page.open_file_asked.connect(workbench.choose_data_file)
        page.open_folder_asked.connect(workbench.choose_data_folder)
        return page

    def _predict_with(self, folder: str) -> None:
        self._workbench.page_asked.emit("predict")
        self.predict_chosen.emit(folder)

    def train_page(self) -> TrainPage:
        run = RunPage(self._workbench.theme)
        run.arrange(self._workbench.settings.value.layouts.get(_LAYOUT, ""))
        # after `arrange`: what is restored is no news worth saving
        run.arranged.connect(lambda: self._remember(_LAYOUT, run.arrangement()))
        run.watch.connect(self.session.watch)
        self.session.begins.connect(run.get_ready)
        run.told.connect(self._say_done)
        run.failed.connect(self._say_failed)
        self.session.shown_changed.connect(run.set_record)
        # pages are made when they are first shown: what was told before is asked for
        run.set_record(self.session.shown)
        self._workbench.transport.changed.connect(run.follow)
        self.watch.changed.connect(lambda: self._expect(run))
        self.watch.sketched.connect(lambda: self._expect(run))
        self._expect(run)
        strip = RunsStrip(self._workbench.theme, self.library)
        strip.open_asked.connect(self.open_run)
        strip.all_asked.connect(lambda: self._workbench.page_asked.emit("runs"))
        strip.follow(self.queueing.queue)
        line = RunLine(self._workbench.theme, self._workbench.document, lambda: self.session.edits.fixed)
        self._workbench.transport.changed.connect(line.follow)
        line.follow(self._workbench.transport.standing)
        line.resume_asked.connect(self.session.resume)
        line.copy_asked.connect(self._copy)
        line.finetune_asked.connect(lambda _: self._finetune_shown())
        self.session.shown_changed.connect(line.set_record)
        line.more_asked.connect(lambda folder, epochs: self.session.resume(folder, epochs=epochs))
        self.session.edits.differs_changed.connect(lambda _: line.refresh())
        line.set_record(self.session.shown)
        back = LookingBack(self.engine, run.watched)
        back.shown.connect(run.set_record)
        back.went.connect(self.session.look_back)
        # other panels are seen, which need other probes
        run.watch.connect(lambda _: back.look_again())
        self.session.shown_changed.connect(back.set_record)
        back.set_record(self.session.shown)
        return TrainPage(run, strip, line, back)

    def runs_page(self) -> RunsPage:
        queue = self.queueing.card()
        queue.edit_asked.connect(self._edit_waiting)
        page = RunsPage(self._workbench.theme, self.library, queue)
        page.later_asked.connect(self.queueing.put)
        page.arrange(self._workbench.settings.value.layouts.get(_RUNS_LAYOUT, ""))
        page.arranged.connect(lambda: self._remember(_RUNS_LAYOUT, page.arrangement()))
        page.open_asked.connect(self.open_run)
        page.resume_asked.connect(self._resume)
        page.copy_asked.connect(self._copy)
        page.finetune_asked.connect(self._finetune)
        page.predict_asked.connect(self._predict_with)
        page.pack_asked.connect(self.run_files.pack)
        page.prove_asked.connect(self._prove)
        page.told.connect(self._say_done)
        page.failed.connect(self._say_failed)
        self.session.live_changed.connect(page.set_live)
        page.set_live(self.session.live)
        return page

    def predict_page(self) -> PredictPage:
        page = PredictPage(self._workbench.theme, self.engine, self.library)
        page.told.connect(self._say_done)
        page.failed.connect(self._say_failed)
        self.session.shown_changed.connect(page.set_record)
        # once more when it ends: only then it has weights to work with
        self.session.run_ended.connect(page.set_record)
        page.set_record(self.session.shown)
        page.other.set_document(self._workbench.document)
        self.predict_chosen.connect(page.choose)
        return page

    # --- what they ask for ----------------------------------------------------------------------------

    def open_run(self, folder: str) -> None:
        """Show the curves and predictions of a run."""
        self._workbench.page_asked.emit("train")
        self.session.open_run(folder)
        if not Path(folder).is_dir():  # somebody deleted it: the lists still have it
            self.library.refresh()

    def _expect(self, run: RunPage) -> None:
        """Let the empty training page show the views that will suit the data."""
        found = self.watch.inspection
        if found is None or found.description is None:
            run.expect(Facts())
        else:
            task = self._workbench.document.experiment.task.kind
            sketch = self.watch.sketch
            network = None if sketch is None else sketch.parts
            facts = replace(found.description.facts(), task=task, network=network)
            run.expect(facts)
            if sketch is not None:
                run.plan(RunRecord.planned(sketch.layers, sketch.parameters, facts))

    def _come_back(self, state: Qt.ApplicationState) -> None:
        """The person was elsewhere, perhaps in an editor of the data."""
        if state == Qt.ApplicationState.ApplicationActive:
            self.watch.look()

    def _tell_reread(self) -> None:
        self._workbench.say(tr("The data has changed on disk since it was read: it is read again."))

    def _remember_data(self) -> None:
        if self.watch.inspection is not None and not self.watch.busy:
            self._workbench.source_was_read()

    def _remember_run(self, live: RunRecord | None) -> None:
        """Let a run that begins be found among the recent ones on the next day."""
        if live is not None and live.folder:
            self._workbench.remember(Path(live.folder))

    def _open_folder(self, folder: Path) -> None:
        self.open_run(str(folder.resolve()))

    def _keep_runs_in(self, folder: Path) -> None:
        self.session.runs = folder.absolute()
        self.library.set_folder(folder.absolute())

    def _resume(self, folder: str) -> None:
        self._workbench.page_asked.emit("train")
        self.session.resume(folder)

    def _give_place(self, folder: str, epochs: int | None) -> None:
        """Go on as was asked with a run whose data was moved, from where the person says it lies now."""
        place = ask_for_place(folder, self._workbench.dialogs.parent)
        if place:
            self.session.resume(folder, place, epochs)

    def _throw_away(self, folder: str) -> None:
        """Put a run that was discarded into the waste basket; say so, or why it is kept."""
        name = self.library.name_of(folder) or Path(folder).name
        try:
            why = self.library.discard(folder)
        except NoWasteBasket:
            why = tr("there is no waste basket for this disk; the Runs page can delete it for good")
        if why:
            self._workbench.say(tr("{name} is kept, interrupted: {why}", name=name, why=why), "danger")
        else:
            self._workbench.say(tr("{name} was discarded; it lies in the waste basket.", name=name))

    def _copy(self, folder: str) -> None:
        # with the edits of the run, of which its last steps were made
        if self._edit(lambda: as_edited(opened(folder))):
            self.session.tell_edited(folder)

    def _edit_waiting(self, folder: str) -> None:
        """Let the person edit what a waiting run will be trained with; it waits meanwhile."""
        if self._edit(lambda: opened(folder).read_experiment()):
            self.queueing.edit(folder)

    def _finetune(self, folder: str, step: int | None = None) -> None:
        """Edit an experiment that begins with the kept weights of a run, or with those after a step."""
        self._edit(lambda: finetuning(opened(folder), lambda name: tr("{name}, fine-tuned", name=name), step))

    def _finetune_shown(self) -> None:
        shown, step = self.session.shown, self.session.moment
        # what was not kept at its end has weights at each of its steps all the same
        if shown is not None and (shown.state in ENDED or step is not None):
            self._finetune(shown.folder, step)
        else:
            self._workbench.say(
                tr("Open a run that has ended first: its weights are what is trained further.")
            )

    def _edit(self, read: Callable[[], Experiment]) -> bool:
        """Let the person edit an experiment that is read from a run; return whether it is edited now."""
        try:
            experiment = read()
        except (Invalid, OSError) as error:
            self._workbench.say(
                tr("The experiment of this run cannot be read: {why}", why=str(error)), "danger"
            )
            return False
        return self._workbench.edit_copy(experiment)

    def _show_problem(self) -> None:
        """Lead to the first problem: what the data lacks is asked for on its own page."""
        problems = self._workbench.document.problems
        if not problems:
            return
        if problems[0].path.split(".")[0] == "data":
            self._workbench.page_asked.emit("data")
        self._reveal(problems[0].path)

    def _say_done(self, text: str) -> None:
        self._workbench.say(text, "good", _BY_HAND)

    def _say_failed(self, text: str) -> None:
        self._workbench.say(text, "danger", _BY_HAND)

    def _remember(self, page: str, arrangement: str) -> None:
        layouts = {**self._workbench.settings.value.layouts, page: arrangement}
        self._workbench.settings.change(layouts=layouts)


class TrainPage(QWidget):
    """The panels of a run, and below them the strip of runs, one line where there is little room."""

    def __init__(self, run: RunPage, strip: RunsStrip, line: RunLine, back: LookingBack) -> None:
        super().__init__()
        self.run, self.line, self.back = run, line, back
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addWidget(run, 1)
        column.addWidget(back)
        self._strip = strip
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(12, 0, 12, 12)
        inside.addWidget(strip)
        column.addWidget(holder)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._strip.set_low(self.height() < _STRIP_FROM)
