"""The largest batch that fits: time and memory by size while sizes are tried, and one click to take one."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from app.document.document import Document
from app.language.numbers import number, whole
from app.language.words import tr
from app.link.engine_link import EngineLink
from app.look.style import set_role
from app.look.theme import Theme
from app.train.finding_dialog import FindingDialog, Words
from app.views.drawing import Axis, Curve, Drawing, Plot, Readout, Upright
from app.widgets.refusals import refuse
from engine.serving.protocol import FindBatch
from engine.training.finding.sizes_tried import SizesTried, SizeTried

_ROOM = 1.2
"""The axis of time reaches so many times as far as the slowest size, and below the fastest."""


class BatchDialog(FindingDialog[SizesTried]):
    """Tries batch sizes when it is told to begin, and gives up what is under way when it is closed."""

    def __init__(self, theme: Theme, document: Document, engine: EngineLink, parent: QWidget | None) -> None:
        about = tr(
            "Steps with ever larger batches are tried until memory is not enough. What they learn is thrown "
            "away: weights and runs stay as they are."
        )
        words = Words(tr("Find a batch size"), about, tr("Time of an example by batch size"))
        super().__init__(theme, document, engine, words, parent)

    @override
    def _buttons(self) -> QHBoxLayout:
        row = super()._buttons()
        self.take_largest = QPushButton(tr("Take the largest"))
        self.take_largest.setAutoDefault(False)
        self.take_largest.clicked.connect(self._take_largest)
        row.insertWidget(row.count() - 1, self.take_largest)
        return row

    @property
    def _over(self) -> SizesTried | None:
        """What was found, once the search is over."""
        return None if self.under_way else self.found

    @override
    def _command(self) -> FindBatch:
        return FindBatch(self._document.located(self._document.experiment).model_dump())

    @override
    def _telling(self, tried: SizesTried) -> str:
        return tr("Tried {size}…", size=whole(tried.tried[-1].size))

    @override
    def _verdict(self, tried: SizesTried) -> str:
        return verdict(tried, self._document.experiment.training.batch_size)

    @override
    def _drawing(self, tried: SizesTried) -> Drawing | None:
        return drawing(tried, self._document.experiment.training.batch_size) if tried.ordered else None

    @override
    def _readouts(self, tried: SizesTried, x: float) -> tuple[Readout, ...]:
        return readouts(tried, x)

    @override
    def _dress(self) -> None:
        super()._dress()
        over = self._over
        size, largest = (None, None) if over is None else (over.suggested, over.largest)
        why = tr("The search is not over yet") if self.under_way else tr("No size is suggested")
        tip = tr("Let this size stand in the form; undo takes it back")
        refuse(self.take, why if size is None else "", tip)
        self.take.setText(tr("Take") if size is None else tr("Take {size}", size=whole(size)))
        # fewer steps learn less: who takes them should want it, but where the present size does not fit
        present = self._document.experiment.training.batch_size
        kept: int | None = None
        if size is not None and largest is not None and present != "all":
            kept = present if present < size and present <= largest else None
        set_role(self.take, "primary" if size is not None and kept is None else "")
        set_role(self.keep, "" if kept is None else "primary")
        self.keep.setText(tr("Close") if kept is None else tr("Keep {size}", size=whole(kept)))
        self.take_largest.setVisible(size != largest)
        if largest is not None:
            self.take_largest.setText(tr("Take the largest, {size}", size=whole(largest)))

    @override
    def _take(self) -> None:
        self._take_size(None if self._over is None else self._over.suggested)

    def _take_largest(self) -> None:
        self._take_size(None if self._over is None else self._over.largest)

    def _take_size(self, size: int | None) -> None:
        if size is not None:
            chosen = self._document.experiment
            training = chosen.training.replaced(batch_size=size)
            self._document.edit(chosen.replaced(training=training))
        self.close()


def verdict(tried: SizesTried, present: int | str) -> str:
    """Return what the search found, what speaks for the size that is suggested, and what it costs."""
    size, largest = tried.suggested, tried.largest
    if size is None or largest is None:
        return tr(tried.why)
    words = [tr(tried.why), tr("Suggested: {size}.", size=whole(size))]
    if size != largest:
        words.append(tr("Larger batches save no time on this processor."))
    steps, now = (-(-tried.most // one) for one in (size, present if isinstance(present, int) else size))
    if steps < now:
        words.append(
            tr(
                "Steps an epoch: {steps} instead of {now}: in the same epochs less is learnt. It is no "
                "better by itself, and wants more epochs, or a higher learning rate.",
                steps=whole(steps),
                now=whole(now),
            )
        )
    return " ".join(words)


def drawing(tried: SizesTried, present: int | str) -> Drawing:
    """Return the time of an example over the size of the batch, with the present and the suggested one."""
    ordered = tried.ordered
    sizes = np.array([one.size for one in ordered], float)
    times = np.array([one.each for one in ordered]) * 1e3
    uprights = []
    if isinstance(present, int) and present <= tried.most:
        uprights.append(Upright(present, tr("present {size}", size=whole(present)), "accent"))
    if tried.why and tried.suggested is not None:
        said = tr("suggested {size}", size=whole(tried.suggested))
        uprights.append(Upright(tried.suggested, said, "success"))
    beyond = [one.size for one in tried.tried if not one.fits]
    if beyond:
        uprights.append(Upright(min(beyond), tr("too large"), "text_muted"))
    curve = Curve(tr("an example"), sizes, times, "series.0", 2, marked=True)
    right = float(max(tried.tried, key=lambda one: one.size).size)
    return Plot(
        Axis(tr("Batch size"), 1, max(right, 2.0), log=True, whole=True),
        Axis(tr("Time of an example, ms"), float(times.min()) / _ROOM, float(times.max()) * _ROOM, log=True),
        (curve,),
        uprights=tuple(uprights),
    )


def readouts(tried: SizesTried, size: float) -> tuple[Readout, ...]:
    """Return what is told under the cursor: time and memory of the nearest size that was tried."""
    if size <= 0 or not tried.ordered:
        return ()
    near: SizeTried = min(tried.ordered, key=lambda one: abs(np.log(one.size / size)))
    time = tr("{size} examples: a step", size=whole(near.size))
    return (
        Readout(time, tr("{time} ms", time=number(near.seconds * 1e3, 3)), "series.0", y=near.each * 1e3),
        Readout(tr("memory"), tr("{memory} MB", memory=whole(near.memory / 1e6)), "text_muted"),
    )
