"""Where the program's own files are: icons, fonts, presets, samples, help pages, translations."""

from __future__ import annotations

from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
