"""NVIDIA cards: whether this computer has one that the program, built for processors, leaves idle."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

Probe = Callable[[], bool]


def has_driver() -> bool:
    """Return whether a driver for NVIDIA cards is installed, found out without calling it."""
    # Both branches set one value: mypy, which checks this as on every system, calls what follows a return in
    # a branch for another system unreachable.
    if sys.platform == "win32":
        system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
        found = (system / "nvcuda.dll").is_file()
    else:
        found = Path("/proc/driver/nvidia/version").is_file() or shutil.which("nvidia-smi") is not None
    return found


def is_idle(torch_version: str, device: str, probe: Probe = has_driver) -> bool:
    """Return whether there is a card that only another build of Ravine would use.

    A build for NVIDIA cards ("2.13.0+cu130") that uses the processor has another reason, which its choice of
    the device tells. Without a version the engine is not there yet.
    """
    return bool(torch_version) and "+cu" not in torch_version and device.startswith("CPU") and probe()
