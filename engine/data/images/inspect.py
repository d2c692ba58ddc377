"""What the data page shows of images."""

from __future__ import annotations

from engine.data.description import TargetKind
from engine.data.images.raw import ImageSet
from engine.data.inspection.records import Inspection, evenly, mixed

MOST_IMAGES = 60


def inspect_images(raw: ImageSet, guess: TargetKind | None) -> Inspection:
    """Return images, evenly chosen and mixed, in the size in which the network receives them."""
    chosen = mixed(evenly(len(raw), MOST_IMAGES))
    return Inspection(
        "images",
        len(raw),
        guess=guess,
        candidates=(raw.target,),
        pixels=raw.pixels[chosen],
        labels=tuple(raw.labels[chosen].tolist()),
        names=tuple(raw.names[index] for index in chosen),
    )
