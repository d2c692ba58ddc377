"""How the engine stands, told to the controls of a run; and what it is told anew whenever it starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.document.run_controls import PACES, RunControls
from app.link.engine_link import EngineLink
from engine.probes.probe import Probe
from engine.serving.protocol import DeviceMemory, Ready, SetPace, Watch


class EngineStanding(QObject):
    """Joins the engine with the controls as far as no run is concerned."""

    is_ready = Signal()

    def __init__(self, transport: RunControls, engine: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transport, self._engine = transport, engine
        self._watched: tuple[Mapping[str, Any], ...] = ()
        engine.became_ready.connect(self._tell_ready)
        engine.memory_told.connect(self._tell_memory)
        engine.starting.connect(self._tell_starting)
        transport.pace_asked.connect(self._set_pace)

    def watch(self, probes: Iterable[Probe]) -> None:
        """Have these probes measured: those of the views on the screen."""
        self._watched = tuple(probe.model_dump() for probe in probes)
        self._engine.tell(Watch(self._watched))

    def _set_pace(self, pace: str) -> None:
        self._transport.tell(pace=pace)
        self._engine.tell(SetPace(PACES[pace]))

    def _tell_starting(self) -> None:
        self._transport.tell(engine="starting", words="")
        # what was said while no engine was there went nowhere; it goes ahead of all that this one is asked
        self._engine.tell(Watch(self._watched))
        self._engine.tell(SetPace(PACES[self._transport.standing.pace]))

    def _tell_ready(self, ready: Ready) -> None:
        self.is_ready.emit()
        self._transport.tell(
            engine="ready",
            device=ready.device,
            torch=ready.torch,
            memory_used=ready.memory_used,
            memory_total=ready.memory_total,
            words="",
        )

    def _tell_memory(self, memory: DeviceMemory) -> None:
        self._transport.tell(memory_used=memory.used, memory_total=memory.total)
