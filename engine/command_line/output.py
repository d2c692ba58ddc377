"""What becomes of our output when whoever read it has gone (`... | head -1`)."""

from __future__ import annotations

import os


def forget_output() -> None:
    """Let everything that is still written to stdout vanish, so that it raises no further BrokenPipeError."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
