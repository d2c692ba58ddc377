"""Draw the program's icon in every size: python bundle_icons.py FOLDER (with Qt and Pillow installed)."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_WINDOWS_SIZES = (16, 24, 32, 48, 64, 128, 256)
_MAC_SIZE = 1024


def main(folder: Path) -> None:
    """Write PNGs, the icon file of Windows and that of macOS."""
    folder.mkdir(parents=True, exist_ok=True)
    source = ROOT / "resources" / "icons" / "ravine.svg"
    for size in SIZES:
        drawn(source, size).save(folder / f"ravine-{size}.png", optimize=True)
    windows = [drawn(source, size) for size in _WINDOWS_SIZES]
    windows[-1].save(
        folder / "ravine.ico",
        append_images=windows[:-1],
        sizes=[(size, size) for size in _WINDOWS_SIZES],
        # Windows has read PNG there since Vista; as bitmaps the sizes are many times larger
        bitmap_format="png",
    )
    drawn(source, _MAC_SIZE).save(folder / "ravine.icns")


def drawn(source: Path, size: int) -> Image.Image:
    """The icon as so many pixels wide and high, drawn at that size and not scaled."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs do not know a device here
    with Image.open(io.BytesIO(buffer.data().data())) as image:
        return image.convert("RGBA")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
