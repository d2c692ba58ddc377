"""What the training images say: the scaling of every channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.data.images.encode import ImageEncoder
from engine.data.images.raw import ImageSet
from engine.data.memory import blocks
from engine.data.preprocessing import Preprocessing


def fit_images(raw: ImageSet, train: NDArray[np.int64], preprocessing: Preprocessing) -> ImageEncoder:
    """Return the encoder that the training images say."""
    offset, scale = _fit_pixels(raw, train, preprocessing)
    _, height, width, channels = raw.pixels.shape
    # validated, as `channels` is any whole number here and must be 1 or 3
    return ImageEncoder.model_validate(
        {"height": height, "width": width, "channels": channels, "offset": offset, "scale": scale}
    )


def _fit_pixels(
    images: ImageSet, rows: NDArray[np.int64], choices: Preprocessing
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return (offset, scale) per channel of the pixels (0 to 255), found in the training rows.

    "standardize" is the mean and standard deviation over all training pixels of a channel, "unit_range" is
    0 and 255.
    """
    channels = images.pixels.shape[-1]
    if choices.scaling == "none":
        return (0.0,) * channels, (1.0,) * channels
    if choices.scaling == "unit_range":
        return (0.0,) * channels, (255.0,) * channels
    offsets, scales = [], []
    # counted by level, so that the sums are exact and no pixel has to become a float
    levels = np.arange(256)
    for channel in range(channels):
        counts = np.zeros(256, np.int64)
        for block in blocks(len(rows)):
            counts += np.bincount(images.pixels[rows[block], ..., channel].ravel(), minlength=256)
        mean = float((counts * levels).sum() / counts.sum())
        variance = float((counts * (levels - mean) ** 2).sum() / counts.sum())
        offsets.append(mean)
        scales.append(variance**0.5 if variance > 0 else 255.0)
    return tuple(offsets), tuple(scales)
