"""Test: what the kept weights are worth on the part of the data that nobody has looked at."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.language.numbers import whole
from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.modalities.wanted import Wanted
from app.painters.canvases.canvas import Canvas
from app.predict.score_table import ScoreTable, baseline_title
from app.predict.scores_file import save_scores
from app.runs.scores import score_title, score_words
from app.views.drawing import Drawing, Nothing
from app.views.headline import more_is_better, most_telling
from app.views.predictions.confusion import confusion_matrix
from app.views.predictions.predicted_against_true import against_diagonal
from app.widgets.cards import Card
from app.widgets.labels import label
from app.widgets.refusals import refuse
from app.widgets.saving import asked_place, save
from app.widgets.tips import plain
from engine.runs.scoring.scores import Evaluated

_WHY = (
    "The test part was kept aside: neither training nor the choice of the best weights has seen it. "
    "Look at it once, when everything is chosen. Whoever compares settings by their test score fits the test "
    "too, and the score no longer tells how the network does on new data."
)


_LEAST_WIDTH = 360
"""So narrow a card still shows a network beside two simpler models."""
_MOST_TARGETS = 8
"""So many targets have a line of scores."""


class TestCard(Card):
    """Asks before the first look, then shows scores, baselines and the confusion matrix."""

    __test__ = False  # no test class of pytest's, in spite of its name
    asked = Signal()
    """The person wants to see the test scores."""
    file_chosen = Signal(object)
    """The Path of a new file whose answers are known, to be scored."""
    told = Signal(str)
    failed = Signal(str)
    reading_asked = Signal()
    """The person wants to see how files are read, and may want it otherwise."""
    place_asked = Signal()
    """The data of the run is gone, and the person wants to say where it lies now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Test"), parent)
        self._theme = theme
        self._looked = self._busy = self._folders = False
        self._place = Path.home()
        """Where dialogs begin: beside the file that was scored last, else beside the data of the run."""
        self.button = QPushButton(tr("Test…"))
        self.button.clicked.connect(self._press)
        self.file = QPushButton(tr("Score a file…"))
        self.file.clicked.connect(self._ask_what)
        self.sorts = QMenu(self.file)
        self.sorts.addAction(tr("A file…"), self._ask_for_file)
        self.sorts.addAction(tr("A folder…"), self._ask_for_folder)
        self.save = QPushButton()
        self.save.setToolTip(tr("Save these scores as CSV…"))
        self.save.setAccessibleName(tr("Save the scores"))
        theme.put_icon(self.save, "download")
        self.save.clicked.connect(self._ask_where_to_save)
        self._found: Evaluated | None = None
        self.head.addWidget(self.save)
        self.head.addWidget(self.file)
        self.head.addWidget(self.button)
        self._why = label(tr(_WHY), "muted", wrap=True)
        self.body.addWidget(self._why)
        self.reading = QPushButton()
        set_role(self.reading, "link")
        self.reading.setToolTip(
            tr("Sheet, separator, missing values and the like of new files: scored and predicted alike")
        )
        self.reading.clicked.connect(self.reading_asked)
        self.body.addWidget(self.reading, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_reading("")
        self.body.addWidget(self._make_question())
        self._state = label("", "small", wrap=True)
        self._state.setVisible(False)
        self.body.addWidget(self._state)
        self.place = QPushButton(tr("Where is it now…"))
        self.place.clicked.connect(self.place_asked)
        self.place.setVisible(False)
        self.body.addWidget(self.place, 0, Qt.AlignmentFlag.AlignLeft)
        self.scores = ScoreTable(theme)
        self.body.addWidget(self.scores)
        self.canvas = Canvas(theme)
        self.canvas.setAccessibleName(tr("Confusion on the test part"))
        self.body.addWidget(self.canvas, 1)
        # of 0: it takes the room only while the canvas, of 1, is hidden
        self.body.addStretch(0)
        self.setMinimumWidth(_LEAST_WIDTH)
        self.reset(ready=False, looked=False)

    def reset(self, *, ready: bool, looked: bool) -> None:
        """Forget what is shown. `ready`: there are weights to test; `looked`: the scores were seen before."""
        self._looked, self._busy = looked, False
        why = "" if ready else tr("The run has no weights yet")
        refuse(self.button, why, tr("Scores on the test part, which nothing was chosen by"))
        refuse(self.file, why, tr("Scores on a new file that has the answers, read as the data of training"))
        self.button.setText(tr("Test again") if looked else tr("Test…"))
        self._clear()
        for widget in (self._question, self._state, self.place):
            widget.setVisible(False)

    def _clear(self) -> None:
        """Show no scores: there are none, or not of what is told now."""
        self._found = None
        self._why.setVisible(True)
        for widget in (self.scores, self.canvas, self.save):
            widget.setVisible(False)

    def ask_for(self, wanted: Wanted) -> None:
        """Offer to score files; where each input is a file of its own, folders of them too."""
        self._folders = wanted.folders
        self._place = wanted.place or self._place
        self.file.setText(tr("Score new data…") if self._folders else tr("Score a file…"))

    def show_reading(self, words: str) -> None:
        """Say how a file that is scored will be read, and lead there; "" where nothing can be told of it."""
        self.reading.setText(tr("How files are read: {words}…", words=words))
        self.reading.setVisible(bool(words))

    def tell_busy(self) -> None:
        """Say that the test goes on. The button keeps the focus, so that no other gets the next key."""
        self._busy = True
        self.tell(tr("Testing…"))

    def tell(self, words: str, *, wrong: bool = False, lost: bool = False) -> None:
        """Say what came of it, or went wrong. `lost`: the data is gone, and its new place is asked for."""
        self.place.setVisible(lost)
        # words on the way leave the test going on; what went wrong ends it
        self._busy = self._busy and not wrong
        if wrong:  # scores of before would be read as those of what could not be scored
            self._clear()
        set_role(self._state, "problem" if wrong else "small")
        self._state.setText(words)
        self._state.setToolTip(plain(words))
        self._state.setVisible(bool(words))

    def show_scores(self, found: Evaluated) -> None:
        self._busy = False
        self._found = found
        self.save.setVisible(True)
        if found.part == "test":
            self._looked = True
            self.button.setText(tr("Test again"))
            one, many = tr("1 example of the test part"), tr("{count} examples of the test part")
        else:
            one, many = tr("1 example of {file}"), tr("{count} examples of {file}")
        words = (one if found.count == 1 else many).format(count=whole(found.count), file=found.part)
        notes = (note[:1].upper() + note[1:] for note in found.notes)
        # what makes scores mean less comes first: figures of each target may find no room in a low window
        self.tell("\n".join(line for line in (words, *notes, verdict(found), *target_lines(found)) if line))
        self.scores.show_scores(found)
        self.scores.setVisible(True)
        self._why.setVisible(False)

    def show_picture(self, found: Evaluated, classes: tuple[str, ...]) -> None:
        """Draw how classes are taken for one another, or numbers predicted against the true ones."""
        matrix, pairs = found.arrays.get("confusion"), found.pairs
        self.canvas.setVisible(matrix is not None or pairs is not None)
        drawing: Drawing = Nothing("")
        if matrix is not None:
            drawing = confusion_matrix(matrix.astype(np.int64), classes, in_percent=False)
            self.canvas.setAccessibleName(tr("Confusion on the test part"))
        elif pairs is not None:
            drawing = against_diagonal(pairs.names, pairs.truth, pairs.predicted, pairs.rows)
            self.canvas.setAccessibleName(tr("Predicted against true on the test part"))
        self.canvas.show_drawing(drawing)

    def save_scores(self, path: Path) -> None:
        """Write the scores that are shown."""
        if self._found is not None:
            save(path, partial(save_scores, self._found), self.told, self.failed)

    def _ask_where_to_save(self) -> None:
        chosen = asked_place(self, tr("Save the scores"), self._place / "scores.csv")
        if chosen is not None:
            self.save_scores(chosen)

    def _make_question(self) -> QWidget:
        self._question = QWidget()
        words = label(tr("Are all choices made? Then look."), "strong")
        yes, no = QPushButton(tr("Show the test scores")), QPushButton(tr("Not yet"))
        set_role(yes, "primary")
        yes.clicked.connect(self._confirm)
        no.clicked.connect(self._close_question)
        row = QHBoxLayout()
        row.addWidget(yes)
        row.addWidget(no)
        row.addStretch(1)
        column = QVBoxLayout(self._question)
        column.setContentsMargins(0, 4, 0, 4)
        column.addWidget(words)
        column.addLayout(row)
        self.confirm = yes
        return self._question

    def _ask_what(self) -> None:
        """Ask which data to score; no dialog chooses files and folders alike, so a menu asks which first."""
        if self._folders:
            self.sorts.popup(self.file.mapToGlobal(self.file.rect().bottomLeft()))
        else:
            self._ask_for_file()

    def _ask_for_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("File with answers to score"), str(self._place))
        self._take(chosen)

    def _ask_for_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder with answers to score"), str(self._place))
        self._take(chosen)

    def _take(self, chosen: str) -> None:
        # the button is not greyed while a test goes on, which would take the focus away
        if chosen and not self._busy:
            self._place = Path(chosen).parent
            self.file_chosen.emit(Path(chosen))

    def _press(self) -> None:
        if self._busy:
            return
        # asked once: whoever has seen the scores cannot unsee them
        if self._looked:
            self.asked.emit()
        else:
            self._question.setVisible(True)

    def _close_question(self) -> None:
        """Take the question away; the focus goes to the button that asked it, not to whatever is next."""
        self.button.setFocus()
        self._question.setVisible(False)

    def _confirm(self) -> None:
        self._close_question()
        self.asked.emit()


def verdict(found: Evaluated) -> str:
    """Return in a sentence whether the network beats the best baseline; "" where there is none to beat."""
    kinds = [kind for kind in found.metrics if math.isfinite(found.metrics[kind]) and _rivals(found, kind)]
    kind = most_telling(kinds, unequal=found.unequal)
    if not kind:
        return ""
    sign = 1 if more_is_better(kind) else -1
    name, best = max(_rivals(found, kind).items(), key=lambda rival: sign * rival[1])
    own = found.metrics[kind]
    better = sign * (own - best) > 0
    # of a new file the simplest guess alone is known
    one = len(_rivals(found, kind)) == 1
    words = (
        tr("Better than {name}: {title} {own}, {name} {best}.")
        if better and one
        else tr("Better than every simpler model: {title} {own}, {name} {best}.")
        if better
        else tr("No better than a simpler model: {title} {own}, {name} {best}.")
    )
    return words.format(
        title=score_title(kind),
        own=score_words(kind, own),
        name=baseline_title(name)[0],
        best=score_words(kind, best),
    )


def target_lines(found: Evaluated) -> tuple[str, ...]:
    """Return a line of scores for each target, of the first where there are many."""
    lines = [
        tr(
            "{target}: {scores}",
            target=name,
            scores=", ".join(
                f"{score_title(kind)} {score_words(kind, value)}" for kind, value in scores.items()
            ),
        )
        for name, scores in list(found.targets.items())[:_MOST_TARGETS]
    ]
    more = len(found.targets) - _MOST_TARGETS
    return (*lines, tr("and {count} more", count=more)) if more > 0 else tuple(lines)


def _rivals(found: Evaluated, kind: str) -> dict[str, float]:
    """Return what baselines score."""
    known = {name: scores.get(kind, math.nan) for name, scores in found.baselines.items()}
    return {name: value for name, value in known.items() if math.isfinite(value)}
