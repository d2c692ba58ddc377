"""Ravine without a window: `python -m engine --help`, in an installed program `ravine-engine --help`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    # Read when torch is loaded. Threads that wait for each other sleep: where the window or another program
    # wants a core, spinning made a step of four layers of 512 units 50 times slower (528 instead of 9 ms).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # torch counts the memory of a step by its profiler, which says on stderr that it begins and ends
    os.environ.setdefault("KINETO_LOG_LEVEL", "6")
    try:
        from engine.command_line.main import run
        from engine.command_line.output import prepare_streams

        prepare_streams()
        return run(sys.argv[1:])
    except KeyboardInterrupt:  # while the program was still loading
        return 130


if __name__ == "__main__":
    sys.exit(main())
