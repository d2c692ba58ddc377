"""What a file is that is called a picture, or begins as one, and yet cannot be read as grey or colour."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

from PIL.TiffImagePlugin import ImageFileDirectory_v2

from engine.choices import Message

SAMPLES = 277
"""The entry of a TIFF that says how many bands it has."""
_BEGINNING = 512
_SAVE = "save it as PNG or JPEG"
_FORMS: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyphei", "a picture of a telephone (HEIC)"),
    (4, b"ftypmif1", "a picture of a telephone (HEIC)"),
    (4, b"ftyp", "a film"),
    (8, b"AVI ", "a film"),
    (128, b"DICM", "a medical picture (DICOM)"),
    (0, b"8BPS", "a drawing of Photoshop"),
    (0, b"%PDF", "a PDF document"),
    (0, b"<svg", "a drawing made of lines (SVG)"),
    (0, b"<?xml", "a file in XML, perhaps a drawing made of lines (SVG)"),
    (0, b"<!doctype", "a web page that was saved in place of a picture"),
    (0, b"<html", "a web page that was saved in place of a picture"),
)
"""Where in a file which bytes stand, and what it is then; of several that fit, the first."""


def what_it_is(path: Path) -> str:
    """Return what a file is that no picture can be made of, and what to do."""
    with path.open("rb") as file:
        start = file.read(_BEGINNING)
    if not start.strip(b"\0"):
        return "nothing is in it" if not start else "it holds nothing but zeros"
    if start[:4] in (b"II*\0", b"MM\0*"):
        return _of_tiff(path)
    low = start.lstrip().lower() if start.lstrip()[:1] == b"<" else start
    for place, mark, what in _FORMS:
        if low[place : place + len(mark)] == mark:
            return Message("it is {what}: {save}", what=Message(what), save=Message(_SAVE))
    return "no picture format that is known"


def _of_tiff(path: Path) -> str:
    """Return how many bands a TIFF has, where that is why it cannot be read."""
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            # of a cut file, which is told of anyway
            warnings.simplefilter("ignore")
            entries = ImageFileDirectory_v2(file.read(8))
            file.seek(entries.next)
            entries.load(file)
            # within, too: what stands there is worked out when it is asked for
            bands = int(entries.get(SAMPLES, 1))
    # whatever a broken directory raises: it only tells why another reading failed
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error):
        bands = 1
    if bands > 4:
        return Message(
            "it has {bands} bands, of which a picture in colour has three: write three of them as a TIFF or "
            "PNG (with GDAL: gdal_translate -b 4 -b 3 -b 2), or a table with a column for each band",
            bands=bands,
        )
    return "a TIFF of a form that is not read: save it as PNG, or as a TIFF of 8 or 16 bits"
