"""What a file or folder is that was dropped onto the window, or named on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from engine.data.raw import Pictures, Raw, SeriesSet, Timeline
from engine.data.source import Source

Sort = Literal["experiment", "run", "table", "pictures", "series", "texts", "unknown"]
TABLES = frozenset({".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xls", ".parquet", ".pq"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
_MOST_LOOKED_AT = 200


def sort_of(path: Path) -> Sort:
    """Return what a path is, by its name and by what lies in it; of plain text the beginning is looked at."""
    for source in Source.family.values():
        if source.recognizes(path):  # type: ignore[attr-defined]
            return _of_raw(source().holds)  # type: ignore[attr-defined]
    if path.is_dir():
        if (path / "experiment.toml").is_file():
            return "run"
        return "pictures" if _holds_pictures(path) else "unknown"
    if not path.is_file():
        return "unknown"
    suffix = path.suffix.lower()
    if suffix == ".toml":
        return "experiment"
    return "table" if suffix in TABLES else "unknown"


def _of_raw(raw: type[Raw] | None) -> Sort:
    if raw is None or raw is Pictures:
        return "pictures"
    return "series" if raw in (SeriesSet, Timeline) else "texts"


def _holds_pictures(folder: Path) -> bool:
    """Return whether pictures lie in the folder or one below it, looking at the first few entries only."""
    looked = 0
    try:
        for entry in folder.iterdir():
            inside = entry.iterdir() if entry.is_dir() else iter((entry,))
            for file in inside:
                looked += 1
                if file.suffix.lower() in PICTURES:
                    return True
                if looked > _MOST_LOOKED_AT:
                    return False
    except OSError:
        return False
    return False
