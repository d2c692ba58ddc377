"""Control: what others want of a run in training, said from any thread, heeded between two steps."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Condition
from time import monotonic
from typing import Any, Literal, TypeVar

from engine.events import Edited
from engine.probes.probe import Probe

Ending = Literal["stop", "interrupt"]
T = TypeVar("T")


@dataclass(frozen=True)
class Wishes:
    """What is wanted now: `ending` before all else, `hold` to pause, probes to watch, questions to run.

    `release`: to give all memory back while it is paused. `edits`: settings by path that are to have other
    values, each with the future that says what became of it; `rest`: seconds until the next step may be
    taken, where a slower pace is wanted than the run could go.
    """

    ending: Ending | None
    hold: bool
    release: bool
    rest: float
    probes: tuple[Probe, ...] | None
    questions: tuple[Callable[[], None], ...]
    edits: tuple[tuple[Mapping[str, Any], Future[Edited]], ...]


class Control:
    """The levers of one run. Every method may be called from any thread, before or during training.

    The loop looks at `attention` before every step, a plain attribute, and at the rest only when it is set.
    """

    def __init__(self) -> None:
        """Start with nothing wanted: the run goes on until it is done."""
        # read without the lock: a stale value costs one step, a lock before each step would cost time
        self.attention = False
        self._changed = Condition()
        self._paused = self._released = False
        self._steps: int | None = None
        self._to_epoch_end = False
        self._interval, self._stepped_at = 0.0, 0.0
        self._ending: Ending | None = None
        self._probes: tuple[Probe, ...] | None = None
        self._questions: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._edits: list[tuple[Mapping[str, Any], Future[Edited]]] = []
        self._closed = False
        self._news = False
        """Whether anything was said since the loop has asked."""

    # --- what others say -------------------------------------------------------------------------------

    def pause(self) -> None:
        """Hold the run before its next step."""
        with self._changed:
            self._paused, self._steps, self._to_epoch_end = True, None, False
            self._tell()

    def release(self) -> None:
        """Hold the run before its next step, and let it give its memory back until it is to go on."""
        with self._changed:
            self._paused, self._steps, self._to_epoch_end = True, None, False
            self._released = True
            self._tell()

    def resume(self) -> None:
        """Go on with a paused run."""
        with self._changed:
            self._released = False
            # a count of steps that was not used up is forgotten, or the run would stop again by itself
            self._paused, self._steps, self._to_epoch_end = False, None, False
            self._tell()

    def advance(self, steps: int = 1, epoch: bool = False) -> None:
        """Take `steps` more steps and pause then; with `epoch`, go to the end of the epoch under way.

        Said twice before the first was done, it takes the steps of both.
        """
        with self._changed:
            if epoch:
                self._to_epoch_end, self._steps = True, None
            else:
                self._steps = steps + (self._steps or 0)
            self._paused = self._released = False
            self._tell()

    def set_pace(self, steps_per_second: float | None) -> None:
        """Take at most so many steps a second from now on; None: as many as the machine can.

        Steps that are asked for one by one are taken at once.
        """
        with self._changed:
            self._interval = 1 / steps_per_second if steps_per_second else 0.0
            self._tell()

    def stop(self) -> None:
        """End the run and keep what was learnt."""
        self._end("stop")

    def interrupt(self) -> None:
        """End the run at once, to be resumed later."""
        self._end("interrupt")

    def watch(self, probes: Sequence[Probe]) -> None:
        """Measure these probes from now on, and no others."""
        with self._changed:
            self._probes = tuple(probes)
            self._tell()

    def ask(self, question: Callable[[], T]) -> Future[T]:
        """Run `question` in the training thread between two steps; the future carries its result or error.

        Cancelled when the run ends before, or has ended.
        """
        answer: Future[T] = Future()
        with self._changed:
            if self._closed:
                answer.cancel()
            else:
                self._questions.append((question, answer))
                self._tell()
        return answer

    def edit(self, values: Mapping[str, Any]) -> Future[Edited]:
        """Let settings of the experiment, by path, have other values from the next step on, all or none.

        The future carries what was edited, or Invalid with every problem; it is cancelled as in `ask`.
        """
        answer: Future[Edited] = Future()
        with self._changed:
            if self._closed:
                answer.cancel()
            else:
                self._edits.append((values, answer))
                self._tell()
        return answer

    # --- what the loop asks ----------------------------------------------------------------------------

    def wishes(self, *, stands: bool = True) -> Wishes:
        """Return what is wanted before the next step, and take newly watched probes and questions away.

        Not `stands`: the run holds no memory. Probes and edits then wait until it goes on.
        """
        with self._changed:
            self._news = False
            probes, self._probes = (self._probes, None) if stands else (None, self._probes)
            questions = tuple(_answering(*asked) for asked in self._questions)
            self._questions.clear()
            edits, self._edits = (tuple(self._edits), []) if stands else ((), self._edits)
            hold, counted, slow = self._paused, self._steps is not None, self._interval > 0
            # stays set while steps are counted or spaced, as `stepped` is only called while it is
            waits = bool(self._edits) or self._probes is not None
            self.attention = bool(self._ending) or hold or counted or self._to_epoch_end or slow or waits
            # a person who asks for one step waits for it already
            rest = self._stepped_at + self._interval - monotonic() if slow and not counted else 0.0
            return Wishes(self._ending, hold, self._released, max(rest, 0.0), probes, questions, edits)

    def stepped(self, epoch_ended: bool) -> None:
        """Note that a step was taken, which may use up the steps of `advance`."""
        with self._changed:
            # Counted on from when the step was due, or the time that it took would make the pace too slow;
            # but from now where it came early or late, or a hasty row of steps would make up for that.
            due, now = self._stepped_at + self._interval, monotonic()
            self._stepped_at = due if due <= now < due + self._interval else now
            if self._steps is not None:
                self._steps -= 1
            if self._steps == 0 or (self._to_epoch_end and epoch_ended):
                self._paused, self._steps, self._to_epoch_end = True, None, False

    def wait(self, seconds: float | None = None) -> None:
        """Sleep until anything is said, or for so many seconds; at once where it was since `wishes`."""
        with self._changed:
            self._changed.wait_for(lambda: self._news, seconds)

    def close(self) -> None:
        """Take no more questions and edits; those not yet heeded are cancelled."""
        with self._changed:
            self._closed = True
            for _, answer in (*self._questions, *self._edits):
                answer.cancel()
            self._questions.clear()
            self._edits.clear()

    def _end(self, ending: Ending) -> None:
        with self._changed:
            self._ending = ending
            self._tell()

    def _tell(self) -> None:
        self.attention = self._news = True
        self._changed.notify_all()


def _answering(question: Callable[[], T], answer: Future[T]) -> Callable[[], None]:
    def run() -> None:
        # who asked may have given up meanwhile; a result would then raise
        if not answer.set_running_or_notify_cancel():
            return
        try:
            answer.set_result(question())
        except Exception as error:  # noqa: BLE001 - a question may fail in any way; the run goes on
            answer.set_exception(error)

    return run
