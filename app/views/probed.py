"""Reading what probes measured: texts that travel as arrays, names of classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray


def lines_of(array: NDArray[Any]) -> list[str]:
    """Return the texts that a probe wrote as UTF-8, a line each."""
    text = array.tobytes().decode("utf-8", "replace")
    return text.split("\n") if text else []


def name_of(classes: Sequence[str], index: int) -> str:
    """Return the name of a class, or its number where nobody named it."""
    return classes[index] if 0 <= index < len(classes) else str(index)
