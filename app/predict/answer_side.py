"""The right side of the Predict card: problems and warnings, the prediction in words and in figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.language.sentences import sentence_of
from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.painters.canvases.canvas import Canvas
from app.predict.answers import ShownAnswer, answer, course_of, forecast_reading, written
from app.predict.normalized import Pixels
from app.predict.preview import enlarged
from app.views.drawing import Drawing, Nothing
from app.widgets.labels import label
from app.widgets.tips import plain
from engine.inference.results import Begun, Predicted

_PREVIEW = 112
_LEAST_WIDTH = 240
_MOST_WARNINGS = 6


class AnswerSide(QWidget):
    """Shows one prediction, or what hinders it."""

    def __init__(self, theme: Theme, head_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = label("", "problem", wrap=True)
        self.warning = label("", "warning", wrap=True)
        for words in (self.problem, self.warning):
            words.setVisible(False)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.seen = QLabel()
        self.seen.setAccessibleName(tr("The picture as the network sees it"))
        self.seen.setToolTip(plain(self.seen.accessibleName()))
        self.seen.setVisible(False)
        self.words, self.bars = Canvas(theme), Canvas(theme)
        self.words.setAccessibleName(tr("Prediction in words"))
        self.bars.setAccessibleName(tr("Prediction"))
        self.words.setVisible(False)
        heading = label(tr("Prediction"), "strong")
        heading.setFixedHeight(head_height)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (heading, self.problem, self.warning, self.seen):
            column.addWidget(widget)
        column.addWidget(self.words, 1)
        column.addWidget(self.bars, 1)
        self._begun: tuple[int, ...] = ()
        self.setMinimumWidth(_LEAST_WIDTH)

    def tell(self, words: str, mood: str = "problem") -> None:
        """Say what goes on, or went wrong."""
        set_role(self.problem, mood)
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def show_prediction(
        self,
        found: Predicted | None,
        row: int,
        *,
        of_file: bool = False,
        keep: bool = False,
        seen: Pixels | None = None,
    ) -> None:
        """Show the prediction of a row, and the words of all unless they are of a file; `keep` the words.

        `seen`: the picture as the network got it, drawn by hand; that of a file comes with the prediction.
        """
        self.warning.setText("\n".join(map(sentence_of, found.warnings[:_MOST_WARNINGS])) if found else "")
        self.warning.setVisible(bool(found and found.warnings))
        # where a reason stands above, no prediction is promised below it
        # what is on its way stands there too, in another role
        wrong = not self.problem.isHidden() and self.problem.property("role") == "problem"
        waiting = "" if wrong else tr("The prediction appears here.")
        shown = answer(found, row, waiting, whole=not of_file)
        self._begun = tuple(one.letters for one in found.behind if isinstance(one, Begun)) if found else ()
        self._show(ShownAnswer(self._drawn(self.words), shown.figures) if keep else shown, found, row)
        if of_file and found is not None and found.pixels is not None and row < len(found.pixels):
            seen = found.pixels[row]
        self.seen.setVisible(seen is not None)
        if seen is not None:
            self.seen.setPixmap(enlarged(seen, _PREVIEW))

    def show_written(self, texts: tuple[str, ...]) -> None:
        """Show texts as far as they are written."""
        # before the first answer nobody has counted the letters that were given
        begun = self._begun[:1] * len(texts) or (0,) * len(texts)
        self.words.setVisible(True)
        self.words.show_drawing(written(texts, begun))

    def _show(self, shown: ShownAnswer, found: Predicted | None, row: int) -> None:
        read = None if found is None else course_of(found, row)
        self.words.setVisible(shown.words != Nothing(""))
        # one of the two is always there, so that the heading does not stand alone
        self.bars.setVisible(shown.figures != Nothing("") or self.words.isHidden())
        for canvas, drawing in ((self.words, shown.words), (self.bars, shown.figures)):
            canvas.show_drawing(drawing, lambda x: forecast_reading(read, x))

    @staticmethod
    def _drawn(canvas: Canvas) -> Drawing:
        return canvas.drawing if not canvas.isHidden() else Nothing("")
