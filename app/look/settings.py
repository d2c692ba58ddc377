"""Settings: what the window remembers between two starts. A file that cannot be read is as good as none."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, cast

Scheme = Literal["system", "light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")
MOST_RECENT = 12


@dataclass(frozen=True)
class Settings:
    """Everything that is remembered. Every entry has a default, and only a value of its own sort is taken."""

    scheme: Scheme = "system"
    language: str = "en"
    runs_folder: str = ""
    """Where runs are kept; "" is the usual place."""
    dialog_folder: str = ""
    """The folder in which the last dialog of files ended."""
    recent: tuple[str, ...] = ()
    """Files and run folders opened lately, the newest first."""
    geometry: str = ""
    """Place and size of the window, as Qt's bytes in base64."""
    open_cards: tuple[str, ...] = ("architecture", "optimizer")
    told: tuple[str, ...] = ()
    """Names of what was said once and need not be said again: "welcome", "nvidia"."""
    pace: str = "full"
    """How fast runs may go, by the name that the controls of a run give it."""
    queue_at_once: str = "1"
    """How many runs of the queue are trained at the same time."""
    queue_after_failure: str = "go on"
    """What the queue does when a run fails: go on, or stop."""
    layouts: Mapping[str, str] = field(default_factory=dict)
    """How pages arranged their panels, by a name of theirs."""

    def with_recent(self, path: str) -> Settings:
        """Return the same settings with `path` as the file opened last."""
        others = tuple(other for other in self.recent if other != path)
        return replace(self, recent=(path, *others)[:MOST_RECENT])

    def without_recent(self, path: str) -> Settings:
        return replace(self, recent=tuple(other for other in self.recent if other != path))


def understood(value: object) -> Settings:
    """Return settings from parsed JSON, taking the default for every entry that is not of its sort."""
    if not isinstance(value, Mapping):
        return Settings()
    kept: dict[str, Any] = {}
    for entry in fields(Settings):
        given = value.get(entry.name)
        if entry.name == "scheme":
            if given in SCHEMES:
                kept["scheme"] = cast("Scheme", given)
        elif entry.name in ("recent", "open_cards", "told"):
            if isinstance(given, list):
                kept[entry.name] = tuple(item for item in given if isinstance(item, str))[: 8 * MOST_RECENT]
        elif entry.name == "layouts":
            if isinstance(given, Mapping):
                kept["layouts"] = {str(key): item for key, item in given.items() if isinstance(item, str)}
        elif isinstance(given, str):
            kept[entry.name] = given
    return Settings(**kept)


class SettingsFile:
    """The settings on disk: read once, written whole whenever they change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.refused: Callable[[str], object] | None = None
        """Called once, with the reason, when the settings cannot be written."""
        self.value = self._read()

    def change(self, **changes: Any) -> None:
        """Take the changed entries and write them; a disk that cannot be written costs only the memory."""
        self.keep(replace(self.value, **changes))

    def keep(self, value: Settings) -> None:
        if value == self.value:
            return
        self.value = value
        try:
            self._write()
        except OSError as error:  # the program works without remembering
            if self.refused is not None:
                refused, self.refused = self.refused, None
                refused(error.strerror or str(error))

    def _read(self) -> Settings:
        try:
            return understood(json.loads(self._path.read_text(encoding="utf-8")))
        # many brackets, one inside the other, bring the parser to Python's limit
        except (OSError, ValueError, RecursionError):
            return Settings()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # written aside, then put in its place at once: a window that is killed leaves the old file whole
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".settings-", suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(self.value), file, indent=1, ensure_ascii=False)
        Path(name).replace(self._path)


def usual_settings_file() -> Path:
    from platformdirs import user_config_path

    return user_config_path("ravine", appauthor=False) / "settings.json"


def usual_runs_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("ravine", appauthor=False) / "runs"
