"""Ravine without a window: `python -m engine --help`, in an installed program `ravine-engine --help`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    from engine.command_line.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
