"""Events as lines of JSON, for scripts that follow a run."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np

from engine.command_line.output import json_text
from engine.events import Event
from engine.runs.folder import finite


def line_of(event: Event) -> str:
    """Return a line {"event": "run_started", ...} with the event's fields; arrays as lists, nan as null."""
    name = re.sub(r"(?<!^)([A-Z])", r"_\1", type(event).__name__).lower()
    fields = {field.name: _plain(getattr(event, field.name)) for field in dataclasses.fields(event)}
    # finite, as Python writes NaN into JSON, which nothing else reads
    return json_text(finite({"event": name, **fields}))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value
