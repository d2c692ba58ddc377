"""The learning-rate range test: its curve while it is tried, what it suggests, and one click to take that."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.document.document import Document
from app.language.numbers import number
from app.language.words import tr
from app.link.engine_link import EngineLink
from app.look.style import set_role
from app.look.theme import Theme
from app.train.finding_dialog import FindingDialog, Words
from app.views.drawing import Axis, Curve, Drawing, Plot, Readout, Upright
from app.widgets.refusals import refuse
from engine.serving.protocol import FindRate
from engine.training.finding.tried import RatesTried

_NEAR = 4.0
"""A rate within this factor of another is near it: so far suggestions were from rates set by hand."""
_ABOVE = 0.35
"""The curve is seen up to this share of its fall above where it began: beyond, it only leaves all bounds."""


class RateDialog(FindingDialog[RatesTried]):
    """Tries rates when it is told to begin, and gives up what is under way when it is closed.

    `run`: the folder of a run that is paused, from whose weights the test begins; else it begins with those
    of a new run.
    """

    def __init__(
        self, theme: Theme, document: Document, engine: EngineLink, run: str | None, parent: QWidget | None
    ) -> None:
        self._run = run
        about = tr(
            "Each step tries a higher rate. Where the loss falls steadily, the network learns well; where it "
            "rises, the rate is too high. The test is thrown away: weights and runs stay as they are."
        )
        words = Words(tr("Find a learning rate"), about, tr("Loss by learning rate"))
        super().__init__(theme, document, engine, words, parent)

    @override
    def _command(self) -> FindRate:
        return FindRate(self._document.located(self._document.experiment).model_dump(), self._run)

    @property
    def _present(self) -> float:
        return float(self._document.experiment.optimizer.learning_rate)

    @override
    def _telling(self, tried: RatesTried) -> str:
        return tr("Trying {rate}…", rate=number(float(tried.rates[-1]), 2))

    @override
    def _verdict(self, tried: RatesTried) -> str:
        whence = tr("From the weights after step {step}.", step=tried.step) if tried.step else ""
        return " ".join(filter(None, (whence, verdict(tried, self._present))))

    @override
    def _drawing(self, tried: RatesTried) -> Drawing | None:
        return drawing(tried, self._present) if len(tried.rates) else None

    @override
    def _readouts(self, tried: RatesTried, x: float) -> tuple[Readout, ...]:
        return readouts(tried, x)

    @override
    def _dress(self) -> None:
        super()._dress()
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

    @override
    def _take(self) -> None:
        rate = None if self.found is None else self.found.suggested
        if rate is not None:
            chosen = self._document.experiment
            optimizer = chosen.optimizer.replaced(learning_rate=float(f"{rate:.2g}"))
            self._document.edit(chosen.replaced(optimizer=optimizer))
        self.close()


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
