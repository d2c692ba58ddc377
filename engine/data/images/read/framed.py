"""Pictures that are arrays already, brought to the size and the colours that were chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.images.read.decoding import Frame
from engine.data.images.read.files import in_colours, is_grey, resized
from engine.data.images.read.survey import small_size

if TYPE_CHECKING:
    from engine.data.images.sources.images import Images


def in_frame(source: Images, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], dict[str, object]]:
    """Return pixels (N, height, width, channels) as chosen, and what was found out of what was left to be."""
    height, width = small_size(*pixels.shape[1:3])
    frame = Frame(
        height if source.height == "auto" else source.height,
        width if source.width == "auto" else source.width,
        # all are of one size, so that only a person who says another sees what Fit does
        "pad" if source.fit == "auto" else source.fit,
    )
    # three equal channels say nothing more than one, and cost three times the work
    grey = source.colour == "grey" or (source.colour == "auto" and is_grey(pixels))
    found: dict[str, object] = {
        "height": frame.height,
        "width": frame.width,
        "fit": frame.fit,
        "colour": "grey" if grey else "colour",
    }
    found = {name: value for name, value in found.items() if getattr(source, name) == "auto"}
    return in_colours(resized(pixels, frame), 1 if grey else 3), found
