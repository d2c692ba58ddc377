"""Images: shown as the network receives them; one is drawn to be predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.language.words import tr
from app.modalities.appearance import Appearance, Group, appears
from app.modalities.wanted import Wanted
from app.views.drawing import Drawing, Nothing, Picture, Pictures
from engine.data.inspection.records import Inspection
from engine.experiment import Experiment


def _wants(inputs: Mapping[str, Any], experiment: Experiment) -> Wanted:
    files = tr("A picture, or a folder of pictures.")
    height, width, channels = (_side(inputs.get(name)) for name in ("height", "width", "channels"))
    # the run may be damaged or from elsewhere: without a size there is no board
    if not height * width * channels:
        return Wanted(files=files, tab="files", folders=True)
    colour = tr("grey") if channels == 1 else tr("colour")
    return Wanted(
        tr("takes pictures of {width}×{height}, {colour}", width=width, height=height, colour=colour),
        files,
        "drawing",
        folders=True,
        picture=(height, width, channels),
    )


def _side(value: object) -> int:
    return value if isinstance(value, int) and 0 < value <= 4096 else 0


def _pictures(found: Inspection) -> Drawing:
    """Return a grid of pictures as the network receives them, each with its label."""
    if found.pixels is None:
        return Nothing("")
    made = []
    for pixels, label, name in zip(found.pixels, found.labels, found.names, strict=False):
        # a grey picture is drawn from two axes
        shown = pixels[..., 0] if pixels.ndim == 3 and pixels.shape[-1] == 1 else pixels
        made.append(Picture(shown, label, note=f"{label}\n{name}"))
    return Pictures(tuple(made))


def _size(found: Inspection) -> str:
    if found.pixels is None or not len(found.pixels):
        return ""
    height, width = found.pixels.shape[1:3]
    # with a space: it goes on after the count
    return f" {width}×{height}"


appears(
    Appearance(
        "images",
        Group("images", lambda: tr("Pictures"), 3),
        "images",
        lambda: tr("1 picture"),
        lambda count: tr("{count} pictures", count=count),
        lambda: tr("Pictures as the network receives them"),
        _pictures,
        _wants,
        _size,
    )
)
