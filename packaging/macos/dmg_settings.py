"""The disk image for macOS, as dmgbuild wants it: the program, and a link to where it is dragged."""

from __future__ import annotations

from pathlib import Path

app = Path(defines["app"])  # type: ignore[name-defined]  # noqa: F821 - what was given with -D
files = [str(app)]
symlinks = {"Applications": "/Applications"}
icon = str(app / "Contents" / "Resources" / "ravine.icns")
icon_locations = {app.name: (150, 160), "Applications": (450, 160)}
window_rect = ((200, 200), (600, 360))
icon_size = 96
text_size = 13
format = "ULMO"  # noqa: A001 - dmgbuild's name; LZMA, which macOS opens since 10.15
filesystem = "HFS+"
