"""The controls of a run: how the training stands, for every control that shows or steers it.

The engine link calls `tell`, and listens to the `..._asked` signals; the window does the reverse. Neither
knows the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from app.document.runs_meant import RunsMeant

EngineState = Literal["absent", "starting", "ready", "lost"]
RunState = Literal["none", "starting", "running", "paused", "stopping", "discarding"]
ENDING: tuple[RunState, ...] = ("stopping", "discarding")
"""The run was told to end, and has not yet."""
PACES: Mapping[str, float | None] = {"full": None, "30": 30.0, "5": 5.0, "1": 1.0}
"""How fast steps may follow each other, in steps a second, by the name under which it is remembered."""


@dataclass(frozen=True)
class RunStatus:
    """Where the engine and its run are. Times in seconds, memory in bytes; `seconds_left` None: not known."""

    engine: EngineState = "absent"
    run: RunState = "none"
    run_name: str = ""
    step: int = 0
    steps: int = 0
    epoch: int = 0
    epochs: int = 0
    steps_per_second: float = 0.0
    freed: int | None = None
    """How many bytes the paused run has given back, None where it holds its memory."""
    pace: str = "full"
    """How fast the person wants it to go at most (`PACES`)."""
    takes_edits: bool | None = None
    """Whether the run takes up what is edited in the form; None: it was not begun with what stands there."""
    meant: RunsMeant = field(default_factory=RunsMeant)
    """Which run is trained here, shown, edited while it waits, and what else is in training."""
    left: tuple[str, ...] = ()
    """The settings that were edited and do not reach the run, by path."""
    seconds_left: float | None = None
    device: str = ""
    torch: str = ""
    """The version of torch in the engine; "" before it is ready."""
    memory_used: int = 0
    memory_total: int = 0
    outcome: str = ""
    """How the last run ended, while nothing is in training."""
    words: str = ""
    """What the engine is busy with besides, or why it is lost; shown in the status bar."""

    @property
    def under_way(self) -> bool:
        """Whether a run would be interrupted if the engine went away now."""
        # not only while it steps: preparing and working out the scores end with the engine, too
        return self.run != "none"


class RunControls(QObject):
    """The standing, and the wishes of the person."""

    changed = Signal(object)
    train_asked = Signal(bool)
    """Begin a run; where true, it waits before its first step."""
    pause_asked = Signal()
    continue_asked = Signal()
    release_asked = Signal()
    """Hold the run, and let it give its memory back until it goes on."""
    advance_asked = Signal(int, bool)
    """Steps to take; or, where true, up to the end of the epoch."""
    pace_asked = Signal(str)
    """Go as fast as one of `PACES` from now on."""
    follow_asked = Signal(bool)
    """Let the run take up what is edited, or leave that to the next one."""
    stop_asked = Signal()
    """End the run and keep what was learnt."""
    branch_asked = Signal()
    """Begin a run with the weights of the run that is shown, at the moment that is shown."""
    find_asked = Signal(str)
    """Find the value of a setting by trying, by the name of its finder."""
    discard_asked = Signal()
    """End the run and throw it away."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.standing = RunStatus()

    def tell(self, **changes: Any) -> None:
        """Change some entries of the standing."""
        standing = replace(self.standing, **changes)
        # head, menus and status are all dressed anew by it, and most of what is told is as before
        if standing != self.standing:
            self.standing = standing
            self.changed.emit(standing)

    def mean(self, **changes: Any) -> None:
        """Change some entries of which runs are meant."""
        self.tell(meant=replace(self.standing.meant, **changes))
