"""The signals with which the system asks a process to end."""

from __future__ import annotations

import signal
import sys


def that_end() -> tuple[signal.Signals, ...]:
    """Return the requests to end that are to be heeded: to terminate, and the end of the terminal.

    The latter not where it was ignored when the process began, as under nohup: then the process is meant to
    live on. To be asked before handlers are installed.
    """
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        return (signal.SIGTERM, signal.SIGHUP)
    return (signal.SIGTERM,)
