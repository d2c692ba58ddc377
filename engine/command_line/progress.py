"""The progress bar of the command line."""

from __future__ import annotations

import json
import time
from typing import TextIO

from engine.choices import Message
from engine.command_line.output import tell
from engine.events import Edited, Event, Measured, RunEnded, RunStarted, Scoring, Warned, WentBack
from engine.timetable import Timetable

_WIDTH = 24
_EVERY = 0.1
"""Seconds between two drawings on a terminal; elsewhere a line each ten seconds is enough for a log."""
_EVERY_IN_LOG = 10.0


class Progress:
    """Shows a run on a terminal as one line that is drawn over and over, elsewhere as a line now and then."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()
        # without a RunStarted nothing is known: no epochs, no steps
        self._timetable, self._epochs = Timetable.even(1), 0
        self._loss: float | None = None
        # in the past, so that the first numbers are shown at once: the clock may begin at 0
        self._shown = -_EVERY_IN_LOG
        self._length = 0

    def show(self, event: Event) -> None:
        """Show what an event says."""
        match event:
            case RunStarted():
                self._timetable, self._epochs = event.timetable, event.epochs
                frozen = Message(", {frozen:,} of them frozen,", frozen=event.frozen) if event.frozen else ""
                self._line(
                    Message(
                        "{name}: {parameters:,} parameters{frozen} on {device}",
                        name=event.name,
                        parameters=event.parameters,
                        frozen=frozen,
                        device=event.device,
                    )
                )
                if event.start:
                    self._line(event.start)
            case Measured():
                self._read(event)
                if time.monotonic() - self._shown >= (_EVERY if self._live else _EVERY_IN_LOG):
                    self._draw(bar(event, self._timetable.end(self._epochs), self._epochs, self._loss))
            case Edited():
                self._edit(event)
            case Warned(text=text) | WentBack(text=text):
                self._line(Message("warning: {text}", text=text))
            case Scoring():
                if self._live:
                    self._draw(Message("{words} ({share:.0%} done)", words=event.words, share=event.share))
            case RunEnded():
                self._end(event)

    def _end(self, event: RunEnded) -> None:
        self._line(f"{event.state}: {event.why}")
        for part, scores in event.scores.items():
            numbers = ", ".join(f"{kind} {value:.4g}" for kind, value in scores.items())
            self._line(f"  {part}: {numbers}")

    def _edit(self, event: Edited) -> None:
        self._timetable, self._epochs = self._timetable.recut(event.recut), event.epochs
        for edit in event.edits:
            self._line(
                Message(
                    "{setting}: {before} -> {value} from step {step}",
                    setting=edit.setting,
                    before=json.dumps(edit.before),
                    value=json.dumps(edit.value),
                    step=edit.step,
                )
            )

    def _read(self, event: Measured) -> None:
        for block in event.blocks:
            if block.series == "loss":
                self._loss = float(block.values[-1])

    def _draw(self, text: str) -> None:
        self._shown = time.monotonic()
        if not self._live:
            self._line(text)
            return
        # \r goes back and clears nothing: blanks cover the rest of a longer line
        tell(self._out, "\r" + text.ljust(self._length))
        self._length = len(text)

    def _line(self, text: str) -> None:
        start = "\r" + " " * self._length + "\r" if self._length else ""
        tell(self._out, start + text + "\n")
        self._length = 0


def bar(event: Measured, total: int, epochs: int, loss: float | None) -> str:
    """Return the line: share done, epoch, loss, steps per second and time left."""
    # without a RunStarted nothing is known of the total
    share = min(1.0, event.step / total) if total else 0.0
    filled = int(share * _WIDTH)
    left = (total - event.step) / event.steps_per_second if event.steps_per_second > 0 else None
    parts = [
        f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}",
        Message("epoch {epoch}/{epochs}", epoch=event.epoch, epochs=epochs),
        *([Message("loss {loss:.4g}", loss=loss)] if loss is not None else []),
        Message("{steps_per_second:,.0f} steps/s", steps_per_second=event.steps_per_second),
        *([Message("{duration} left", duration=duration(left))] if left is not None else []),
    ]
    return "  ".join(parts)


def duration(seconds: float) -> str:
    """Return seconds as a person says them: 45 s, 3:05 min, 2:10 h."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02} h"
