"""What a Linux desktop reads of an installed program: menu entry, file type, icons, store page, man pages."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "packaging" / "linux"


def filled(template: str, version: str, date: str) -> str:
    """A template with the version and the date (2026-12-31) put in."""
    return template.replace("@VERSION@", version).replace("@DATE@", date)


def write_share(share: Path, icons: Path, version: str, date: str) -> None:
    """Write everything below a folder that stands for `/usr/share`."""
    for source, destination in (
        ("org.ravine.workbench.desktop", "applications/org.ravine.workbench.desktop"),
        ("ravine.xml", "mime/packages/ravine.xml"),
        ("org.ravine.workbench.metainfo.xml", "metainfo/org.ravine.workbench.metainfo.xml"),
    ):
        _write(share / destination, filled((TEMPLATES / source).read_text("utf-8"), version, date).encode())
    for page in ("ravine.1", "ravine-engine.1"):
        text = filled((TEMPLATES / page).read_text("utf-8"), version, date)
        _write(share / "man" / "man1" / f"{page}.gz", packed(text))
    _write_icons(share / "icons" / "hicolor", icons)


def _write_icons(hicolor: Path, icons: Path) -> None:
    for icon in icons.glob("ravine-*.png"):
        size = icon.stem.removeprefix("ravine-")
        _write(hicolor / f"{size}x{size}" / "apps" / "ravine.png", icon.read_bytes())
    # for the sizes that no PNG was drawn in
    target = hicolor / "scalable" / "apps" / "ravine.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "resources" / "icons" / "ravine.svg", target)


def packed(text: str) -> bytes:
    """Packed with gzip, without a time in it: the same text gives the same bytes."""
    return gzip.compress(text.encode("utf-8"), mtime=0)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
