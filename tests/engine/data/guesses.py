"""What is guessed of data that was read."""

from engine.data.description import TargetKind
from engine.data.modality import modality_of
from engine.data.raw import Raw


def guess_task(raw: Raw) -> TargetKind | None:
    """Return which kind of target fits the data."""
    return modality_of(type(raw)).guess(raw)
