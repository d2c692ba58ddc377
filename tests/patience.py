"""How long a test waits for what ends by itself. It measures nothing: only a hang reaches it.

Ordinary waits take seconds; on two cores that ten programs share, one took 97. The limit of pytest itself
(pyproject.toml) is a little longer, so that a wait in vain fails where it waits.
"""

PATIENCE = 480
"""Seconds."""
PATIENCE_MILLISECONDS = 1000 * PATIENCE
"""The same, as Qt counts."""
