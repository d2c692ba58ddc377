"""Ctrl-C in the terminal and the system's requests to end, heeded between two events of the window."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

from engine import signals


class Ends(QObject):
    """Turns signals of the system into the end of the window.

    The first Ctrl-C closes as the cross does, questions included; a second one, and whatever the system asks
    (the end of the terminal or of the session), ends without a question. A run in training is checkpointed
    either way. A handler may run in the midst of any slot, so it only takes note; the wish is done by the
    event loop, which the byte in the socket wakes.
    """

    def __init__(self, close: Callable[[], object], leave: Callable[[], object]) -> None:
        super().__init__()
        self._close, self._leave = close, leave
        self._asked: list[int] = []
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            # `set_wakeup_fd` refuses a blocking one
            end.setblocking(False)
        self._woken = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._woken.activated.connect(self._heed)
        # a full buffer is no loss: one byte in it wakes the event loop
        self._waker = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        numbers = (signal.SIGINT, *signals.that_end())
        self._before = {number: signal.signal(number, self._note) for number in numbers}
        self._closing = False

    def release(self) -> None:
        """Heed the signals no longer: the engine is being ended anyway."""
        self._woken.setEnabled(False)
        signal.set_wakeup_fd(self._waker)
        for number in self._before:
            # not SIG_IGN, which every process that is started from now on would inherit
            signal.signal(number, _nothing)
        self._reading.close()
        self._writing.close()

    def _note(self, number: int, _: FrameType | None) -> None:
        self._asked.append(number)

    def _heed(self) -> None:
        self._reading.recv(4096)
        QTimer.singleShot(0, self, self._end)  # after Python has run the handlers

    def _end(self) -> None:
        asked, self._asked = self._asked, []
        if not asked:
            return
        if asked == [signal.SIGINT] and not self._closing:
            self._closing = True
            try:
                self._close()
            finally:
                self._closing = False
        else:
            self._leave()


def _nothing(number: int, _: FrameType | None) -> None:
    """Do nothing about a signal."""
