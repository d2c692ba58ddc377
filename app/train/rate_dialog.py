"""The learning-rate range test: its curve while it is tried, what it suggests, and one click to take that."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.document.document import Document
from app.language.numbers import number
from app.language.words import tr
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.look.style import set_role
from app.look.theme import Theme
from app.painters.canvases.canvas import Canvas
from app.views.drawing import Axis, Curve, Drawing, Nothing, Plot, Readout, Upright
from app.widgets.labels import label
from app.widgets.refusals import refuse
from engine.serving.protocol import FindRate
from engine.training.finding.tried import RatesTried

_NEAR = 4.0
"""A rate within this factor of another is near it: so far suggestions were from rates set by hand."""
_ABOVE = 0.35
"""The curve is seen up to this share of its fall above where it began: beyond, it only leaves all bounds."""


class RateDialog(QDialog):
    """Tries rates when it is told to begin, and gives up what is under way when it is closed.

    `run`: the folder of a run that is paused, from whose weights the test begins; else it begins with those
    of a new run.
    """

    def __init__(
        self, theme: Theme, document: Document, engine: EngineLink, run: str | None, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._document, self._engine, self._run = document, engine, run
        self._asked = 0
        self.found: RatesTried | None = None
        self.setWindowTitle(tr("Find a learning rate"))
        self.resize(680, 520)
        about = tr(
            "Each step tries a higher rate. Where the loss falls steadily, the network learns well; where it "
            "rises, the rate is too high. The test is thrown away: weights and runs stay as they are."
        )
        self.canvas = Canvas(theme)
        self.canvas.setAccessibleName(tr("Loss by learning rate"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the test"))
        self.words = label("", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(label(about, "muted", wrap=True))
        column.addWidget(self.canvas, 1)
        column.addWidget(self._bar)
        column.addWidget(self.words)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self.turn, self.take = QPushButton(tr("Cancel")), QPushButton(tr("Take"))
        self.turn.clicked.connect(self._stop_or_begin)
        self.take.clicked.connect(self._take)
        self.keep = QPushButton(tr("Close"))
        self.keep.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.turn)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.take)
        for button in (self.turn, self.keep):
            button.setAutoDefault(False)
        return row

    def begin(self) -> None:
        """Try rates from the lowest on."""
        self.found = None
        self._bar.setRange(0, 1000)
        self._bar.setValue(0)
        self._show(tr("Getting ready…"))
        experiment = self._document.located(self._document.experiment)
        command = FindRate(experiment.model_dump(), self._run)
        self._asked = self._engine.ask(
            command, self._end, self._work, asker=self, so_far=lambda tried: self._tell(tried)
        )
        self._dress()

    @property
    def under_way(self) -> bool:
        """Whether rates are being tried."""
        return self._asked != 0

    def _stop_or_begin(self) -> None:
        if not self.under_way:
            self.begin()
            return
        self._engine.cancel(self._asked)
        self._asked = 0
        self._show(tr("Given up."))
        self._dress()

    def _work(self, share: float, words: str) -> None:
        self._bar.setValue(round(1000 * share))

    def _tell(self, tried: RatesTried) -> None:
        self.found = tried
        self._show(tr("Trying {rate}…", rate=number(float(tried.rates[-1]), 2)))

    def _end(self, reply: Reply[RatesTried]) -> None:
        self._asked = 0
        self._bar.setValue(1000)
        if reply.value is not None:
            self.found = reply.value
            self._show(self._verdict(reply.value))
        else:
            self._show(reply.why or tr("The engine went away."))
        self._dress()

    @property
    def _present(self) -> float:
        return float(self._document.experiment.optimizer.learning_rate)

    def _verdict(self, tried: RatesTried) -> str:
        whence = tr("From the weights after step {step}.", step=tried.step) if tried.step else ""
        return " ".join(filter(None, (whence, verdict(tried, self._present))))

    def _show(self, words: str) -> None:
        self.words.setText(words)
        found = self.found
        if found is None or not len(found.rates):
            self.canvas.show_drawing(Nothing(tr("The curve appears here.")))
        else:
            self.canvas.show_drawing(drawing(found, self._present), lambda x: readouts(found, x))

    def _dress(self) -> None:
        """Let the buttons say what they do now."""
        self.turn.setText(tr("Cancel") if self.under_way else tr("Try again"))
        rate = None if self.under_way or self.found is None else self.found.suggested
        present = f"{self._present:g}"
        why = tr("The test is not over yet") if self.under_way else tr("No rate is suggested")
        tip = tr("Let this rate stand in the form; undo takes it back")
        refuse(self.take, why if rate is None else "", tip)
        self.take.setText(tr("Take") if rate is None else tr("Take {rate}", rate=number(rate, 2)))
        self.keep.setText(tr("Close") if rate is None else tr("Keep {rate}", rate=present))
        # a test of some steps is no reason to leave a rate for one near or below it
        better = rate is not None and rate > _NEAR * self._present
        set_role(self.take, "primary" if better else "")
        set_role(self.keep, "primary" if rate is not None and not better else "")

    def _take(self) -> None:
        rate = None if self.found is None else self.found.suggested
        if rate is not None:
            chosen = self._document.experiment
            optimizer = chosen.optimizer.replaced(learning_rate=float(f"{rate:.2g}"))
            self._document.edit(chosen.replaced(optimizer=optimizer))
        self.close()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._engine.cancel(self._asked)
        super().closeEvent(event)


def verdict(tried: RatesTried, present: float) -> str:
    """Return what the test says of the present rate, and what it cannot say."""
    rate, lowest = tried.suggested, tried.lowest_loss
    if rate is None or lowest is None:
        return tr("The loss did not fall: no rate is suggested. Other settings may help first.")
    words = tr("Suggested: {rate}.", rate=number(rate, 2))
    if tried.diverged and present > lowest:
        return f"{words} " + tr(
            "At the present rate, {present}, the loss rose in this test: it may be too high.",
            present=f"{present:g}",
        )
    if rate > _NEAR * present:
        return f"{words} " + tr(
            "It is above the present rate, {present}: the network may learn faster. Only a run can tell.",
            present=f"{present:g}",
        )
    if rate < present / _NEAR:
        return f"{words} " + tr(
            "It is below the present rate, {present}, which was within bounds here: a lower rate learns more "
            "slowly, and so short a test cannot tell that it is better.",
            present=f"{present:g}",
        )
    return f"{words} " + tr(
        "It is near the present rate, {present}: so short a test cannot tell which of them is better.",
        present=f"{present:g}",
    )


def drawing(tried: RatesTried, present: float) -> Drawing:
    """Return the curve of a test, over the logarithm of the rate, with the present and the suggested one."""
    smooth = tried.smooth
    known = smooth[np.isfinite(smooth)]
    low, begun = (float(known.min()), float(known[: len(known) // 4 + 1].max())) if len(known) else (0.0, 1.0)
    fall = max(begun - low, abs(begun) * 0.1, 1e-9)
    top = begun + _ABOVE * fall
    raw, line = (np.where(values <= top, values, np.nan) for values in (tried.losses, smooth))
    uprights = [Upright(present, tr("present {rate}", rate=f"{present:g}"), "accent")]
    if tried.why and tried.suggested is not None:
        said = tr("suggested {rate}", rate=number(tried.suggested, 2))
        uprights.append(Upright(tried.suggested, said, "success"))
        if tried.lowest_loss is not None:
            uprights.append(Upright(tried.lowest_loss, tr("lowest loss"), "text_muted"))
    return Plot(
        Axis(tr("Learning rate η"), tried.span.lowest, tried.span.highest, log=True),
        Axis(tr("Loss"), low - 0.1 * fall, top),
        (
            Curve(tr("each step"), tried.rates, raw, "text_muted", 0, legend=tr("each step")),
            Curve(tr("smoothed"), tried.rates, line, "series.0", 2, legend=tr("smoothed")),
        ),
        uprights=tuple(line for line in uprights if tried.span.lowest <= line.x <= tried.span.highest),
    )


def readouts(tried: RatesTried, rate: float) -> tuple[Readout, ...]:
    """Return what is told under the cursor: the smoothed loss at the nearest rate that was tried."""
    if rate <= 0:
        return ()
    at = int(np.abs(np.log(tried.rates) - np.log(rate)).argmin())
    loss = float(tried.smooth[at])
    name = tr("loss at {rate}", rate=number(float(tried.rates[at]), 2))
    return (Readout(name, number(loss), "series.0", y=loss),)
