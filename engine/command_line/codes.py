"""Exit codes of the command line."""

from __future__ import annotations

DONE = 0
BAD_INPUT = 2
FAILED = 3
"""The run failed; its folder says why."""
INTERRUPTED = 130
"""The run was interrupted; it is kept and can be resumed."""
