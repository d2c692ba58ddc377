"""Tiny pictures made large enough to be seen, every pixel a square."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

from app.predict.normalized import Pixels


def enlarged(pixels: Pixels, side: int) -> QPixmap:
    """Return pixels (height, width), (height, width, 1) or (height, width, 3) in a square of that side."""
    if pixels.ndim == 3 and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    height, width = pixels.shape[:2]
    colour = pixels.ndim == 3
    form = QImage.Format.Format_RGB888 if colour else QImage.Format.Format_Grayscale8
    data = np.ascontiguousarray(pixels).data
    image = QImage(data, width, height, width * (3 if colour else 1), form)
    # a copy: the image only borrows the memory of the array
    return QPixmap.fromImage(image.copy()).scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
    )
