"""What every test gets: no screen, GPU tests only where there is a GPU, no time limit on properties."""

from __future__ import annotations

import os
import signal
import sys

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if sys.platform != "win32":  # under nohup it is ignored, here and in every process that a test starts
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

try:
    from hypothesis import HealthCheck, settings
except ImportError:  # a GPU server runs the engine's other tests without it
    pass
else:
    # The machine may be busy: an example that is slow today is no failure.
    settings.register_profile("ravine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("ravine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    gpu_items = [item for item in items if item.get_closest_marker("gpu")]
    if not gpu_items:
        return
    import torch  # only now: it takes seconds, and most test files do not need it

    if not torch.cuda.is_available():
        for item in gpu_items:
            item.add_marker(pytest.mark.skip(reason="torch sees no NVIDIA card here"))
